package content

import (
	"fmt"
	"strings"
)

// laws checks the days of every law, what it replaces, its words and who uses it.
func (c *checker) laws() {
	used, replaced := c.usedLaws(), map[string]bool{}
	for _, x := range c.lib.Laws {
		for _, id := range x.Replaces {
			replaced[id] = true
		}
	}
	for _, x := range c.lib.Laws {
		file := "laws/" + x.ID + ".yaml"
		if x.Text == "" && x.Confidence != Low {
			c.must(file, "", `"text" is missing: a law is quoted or not shown at all`)
		}
		switch {
		case x.From.IsZero() && x.Confidence != Low:
			c.may(file, "", "no first day in force: it is cited for any day")
		case !x.To.IsZero() && x.To.Before(x.From):
			c.must(file, "to", "its last day %s is before its first, %s", x.To, x.From)
		}
		if !x.To.IsZero() && !replaced[x.ID] && !x.Gone {
			c.must(file, "to", "it ended on %s and no law replaces it: name it in the newer one's replaces, or say gone: true", x.To)
		}
		if x.Gone && (x.To.IsZero() || replaced[x.ID]) {
			c.must(file, "gone", "gone: true is for a law that ended with nothing in its place")
		}
		c.replacing(x, file)
		if !used[x.ID] {
			c.may(file, "", "nothing that people read names it: no conduct, question, checklist, yardstick, deadline, letter, negotiation, flow")
		}
	}
}

// replacing checks the older citations a law names: they ended before it began, and none leads back to it.
func (c *checker) replacing(x *Law, file string) {
	for i, id := range x.Replaces {
		old, path := c.lib.Law(id), fmt.Sprintf("replaces[%d]", i)
		switch {
		case old == nil:
		case old.To.IsZero():
			c.must(file, path, "it replaces %q, which has no last day", id)
		case !x.From.IsZero() && !old.To.Before(x.From):
			c.must(file, path, "it replaces %q, which is in force until %s, after %s", id, old.To, x.From)
		}
		if c.leadsTo(id, x.ID) {
			c.must(file, path, "%q replaces, step by step, the law that replaces it", id)
		}
	}
}

// leadsTo tells whether the law id replaces, step by step, the law goal, or is it.
func (c *checker) leadsTo(id, goal string) bool {
	seen := map[string]bool{}
	for next := []string{id}; len(next) > 0; next = next[1:] {
		if next[0] == goal {
			return true
		}
		if law := c.lib.Law(next[0]); law != nil && !seen[law.ID] {
			seen[law.ID] = true
			next = append(next, law.Replaces...)
		}
	}
	return false
}

// usedLaws tells which laws somebody names, those they replace among them.
func (c *checker) usedLaws() map[string]bool {
	used := map[string]bool{}
	var use func(ids []string)
	use = func(ids []string) {
		for _, id := range ids {
			if law := c.lib.Law(id); law != nil && !used[id] {
				used[id] = true
				use(law.Replaces)
			}
		}
	}
	for _, x := range c.named {
		if id, ok := strings.CutPrefix(x, "laws/"); ok {
			use([]string{id})
		}
	}
	for _, x := range c.lib.Conducts {
		use(x.Laws)
	}
	for _, x := range c.lib.Letters {
		use(x.Laws)
	}
	for _, x := range c.lib.Negotiations {
		use(x.Laws)
	}
	for _, x := range c.lib.Checklists {
		use(x.Laws)
	}
	for _, x := range c.lib.Questions {
		use(x.Laws)
	}
	for _, x := range c.lib.Yardsticks {
		use(x.Laws)
	}
	for _, x := range c.lib.ReportingChannels {
		for _, d := range x.Deadlines {
			use(d.Laws)
		}
	}
	return used
}
