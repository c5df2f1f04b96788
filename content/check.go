package content

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// stale is how many days after its last checking a fact has to be looked at again.
const stale = 180

// Stale tells whether the fact was last checked more than 180 days before today.
func (f Fact) Stale(today Date) bool { return f.Checked.Until(today) > stale }

// Check looks at what a library says, as Load looks at its form: days and their order, low confidence, age, what nobody
// uses, and the words we do not use. It returns every fault, by file and line. Named are the entries that are used from
// outside the content, as "laws/<id>", "reporting_channels/<id>".
func Check(lib *Library, today Date, named ...string) Faults {
	c := &checker{lib: lib, today: today, named: named, lines: make(map[[2]string]int, len(lib.leaves))}
	for _, l := range lib.leaves {
		c.lines[[2]string{l.file, l.path}] = l.line
	}
	c.conducts()
	c.laws()
	c.channels()
	c.routes()
	c.creditors()
	c.lenders()
	c.guide()
	c.low()
	c.letters()
	c.holidays()
	c.ages()
	for _, l := range lib.leaves {
		c.words(l)
	}
	return c.faults.sorted()
}

// checker gathers the faults of one Check.
type checker struct {
	lib    *Library
	today  Date
	named  []string
	lines  map[[2]string]int
	faults Faults
}

// must notes what has to be fixed at the leaf that lies at path, or the opening of the file.
func (c *checker) must(file, path, format string, args ...any) {
	c.add(file, path, MustFix, fmt.Sprintf(format, args...))
}

// may notes what an author should look at.
func (c *checker) may(file, path, format string, args ...any) {
	c.add(file, path, MayFix, fmt.Sprintf(format, args...))
}

func (c *checker) add(file, path string, s Severity, text string) {
	line := c.lines[[2]string{file, path}]
	c.faults = append(c.faults, Fault{File: place(file), Line: line, Severity: s, Text: text})
}

// conducts checks that each says what it needs to and can be heard.
func (c *checker) conducts() {
	for _, x := range c.lib.Conducts {
		file := "conducts/" + x.ID + ".yaml"
		seen := map[string]bool{}
		for i, e := range x.Evidence {
			if seen[e.ID] {
				c.must(file, fmt.Sprintf("evidence[%d].id", i), "evidence %q is there twice", e.ID)
			}
			seen[e.ID] = true
		}
		if (x.Category == "lawful") != x.Lawful {
			c.must(file, "category", "category %q and lawful: %t do not agree", x.Category, x.Lawful)
		}
		if !x.Lawful {
			for what, n := range map[string]int{"laws": len(x.Laws), "evidence": len(x.Evidence), "route": len(x.Route)} {
				if n == 0 {
					c.must(file, "", "a conduct that is not lawful needs %q", what)
				}
			}
		}
		if len(x.Phrases) == 0 {
			c.may(file, "", "no phrases: nobody can be heard to mean it")
		}
	}
}

// channels checks who uses each reporting channel, and that it can be found.
func (c *checker) channels() {
	used := map[string]bool{}
	for _, r := range c.lib.Routes {
		for _, o := range r.By {
			if o != nil {
				for _, id := range slices.Concat(o.Primary, o.Secondary, o.Escalate) {
					used[id] = true
				}
			}
		}
	}
	for _, x := range c.lib.Questions {
		used[x.Channel] = true
	}
	for _, x := range c.lib.ReportingChannels {
		for _, s := range x.Plan {
			used[s.Channel] = true
		}
	}
	for _, x := range c.lib.ReportingChannels {
		file := "reporting_channels/" + x.ID + ".yaml"
		if !used[x.ID] && len(x.Names) == 0 && !slices.Contains(c.named, "reporting_channels/"+x.ID) {
			c.may(file, "", "nothing leads to it: no route, no plan, no question, no flow, no names")
		}
		if len(x.Contacts) == 0 && x.Phone == "" && x.Confidence != Low {
			c.must(file, "", "nobody can find it: no contacts and no phone")
		}
	}
}

// routes checks that each answers for every kind of creditor and that a conduct uses it.
func (c *checker) routes() {
	used := map[string]bool{}
	for _, x := range c.lib.Conducts {
		used[x.Route] = true
	}
	for _, x := range c.lib.Routes {
		file := "routes/" + x.ID + ".yaml"
		var missing []string
		for _, creditor := range c.lib.Creditors {
			if x.By[creditor.ID] == nil {
				missing = append(missing, creditor.ID)
			}
		}
		if len(missing) > 0 {
			c.must(file, "by", "no way for creditors %s", strings.Join(missing, ", "))
		}
		if !used[x.ID] {
			c.may(file, "", "no conduct takes this route")
		}
		for _, id := range slices.Sorted(maps.Keys(x.By)) {
			if o := x.By[id]; o != nil {
				c.twice(file, "by."+id, slices.Concat(o.Primary, o.Secondary, o.Escalate))
			}
		}
	}
}

// twice reports a reporting channel that one order names twice.
func (c *checker) twice(file, path string, ids []string) {
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			c.must(file, path, "reporting channel %q is there twice", id)
		}
		seen[id] = true
	}
}

// creditors checks that there is one for those who do not know, and that what people call one is no word for another.
func (c *checker) creditors() {
	if len(c.lib.Creditors) > 0 && c.lib.Creditor(unknownCreditor) == nil {
		c.must("creditors.yaml", "", "no creditor %q for people who do not know", unknownCreditor)
	}
	taken := map[string]string{}
	for i, x := range c.lib.Creditors {
		said := func(key string, words []string) {
			for j, word := range words {
				if of := taken[word]; of != "" {
					c.must("creditors.yaml", fmt.Sprintf("[%d].%s[%d]", i, key, j), "%q is a word for %s already", word, of)
				}
				taken[word] = x.ID
			}
		}
		said("phrases", x.Phrases)
		said("broad", x.Broad)
	}
}
