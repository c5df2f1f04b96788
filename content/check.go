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
// uses, the length of cards, and the words we do not use. It returns every fault, by file and line.
func Check(lib *Library, today Date) Faults {
	c := &checker{lib: lib, today: today, lines: make(map[[2]string]int, len(lib.leaves))}
	for _, l := range lib.leaves {
		c.lines[[2]string{l.file, l.path}] = l.line
	}
	c.conducts()
	c.laws()
	c.channels()
	c.routes()
	c.creditors()
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
			c.may(file, "", "no conduct, letter or negotiation names it")
		}
		if n := len(lawCard(x, c.today)); n > cardBytes {
			c.may(file, "text", "its card has %d bytes, WeChat shows %d on one page", n, cardBytes)
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
	for _, x := range c.lib.Conducts {
		use(x.Laws)
	}
	for _, x := range c.lib.Letters {
		use(x.Laws)
	}
	for _, x := range c.lib.Negotiations {
		use(x.Laws)
	}
	return used
}

// channels checks who uses each reporting channel, and how long its card is.
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
	for _, x := range c.lib.ReportingChannels {
		file := "reporting_channels/" + x.ID + ".yaml"
		if !used[x.ID] {
			c.may(file, "", "no route names it")
		}
		card := channelCard(x)
		if n := len([]rune(card)); n > cardCharacters {
			c.may(file, "", "its card has %d characters, a card has at most %d", n, cardCharacters)
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

// creditors checks that there is one for those who do not know.
func (c *checker) creditors() {
	if len(c.lib.Creditors) > 0 && c.lib.Creditor(unknownCreditor) == nil {
		c.must("creditors.yaml", "", "no creditor %q for people who do not know", unknownCreditor)
	}
}

// letters checks that the slots of each are its own, each once, and all used.
func (c *checker) letters() {
	for _, x := range c.lib.Letters {
		file, text, seen := "letters/"+x.ID+".yaml", strings.Join(x.Paragraphs, "\n"), map[string]bool{}
		for i, s := range x.Slots {
			path := fmt.Sprintf("slots[%d].id", i)
			if seen[s.ID] {
				c.must(file, path, "slot %q is there twice", s.ID)
			}
			if seen[s.ID] = true; !strings.Contains(text, "{"+s.ID+"}") {
				c.may(file, path, "no paragraph uses {%s}", s.ID)
			}
		}
		for i, p := range x.Paragraphs {
			for _, m := range slotForm.FindAllStringSubmatch(p, -1) {
				if !seen[m[1]] {
					c.must(file, fmt.Sprintf("paragraphs[%d]", i), "no slot %q", m[1])
				}
			}
		}
	}
}

// holidays checks that each day lies in the year of its file, and that work in exchange falls on weekends.
func (c *checker) holidays() {
	for _, x := range c.lib.Holidays {
		file := "holidays/" + x.Year + ".yaml"
		for i, d := range slices.Concat(x.Holidays, x.Workdays) {
			path := fmt.Sprintf("holidays[%d]", i)
			if i >= len(x.Holidays) {
				path = fmt.Sprintf("workdays[%d]", i-len(x.Holidays))
			}
			if fmt.Sprint(d.Year()) != x.Year {
				c.must(file, path, "%s is not in %s", d, x.Year)
			}
			if weekend := d.Time.Weekday()%6 == 0; i >= len(x.Holidays) && !weekend {
				c.must(file, path, "%s is a working day anyway", d)
			}
			if i >= len(x.Holidays) && slices.ContainsFunc(x.Holidays, d.Equal) {
				c.must(file, path, "%s is a holiday too", d)
			}
		}
	}
}

// ages reports every fact checked too long ago, or tomorrow.
func (c *checker) ages() {
	for _, l := range c.lib.leaves {
		if l.path != "checked" && !strings.HasSuffix(l.path, ".checked") {
			continue
		}
		day, err := ParseDate(l.value)
		switch {
		case err != nil || day.IsZero():
		case day.After(c.today):
			c.must(l.file, l.path, "checked on %s, which has not come yet", day)
		case (Fact{Checked: day}).Stale(c.today):
			c.may(l.file, l.path, "checked on %s, %d days ago: compare it with its source again", day, day.Until(c.today))
		}
	}
}

// low reports facts of low confidence that somebody could read.
func (c *checker) low() {
	for _, x := range c.lib.Laws {
		if x.Confidence == Low {
			c.empty("laws/"+x.ID+".yaml", map[string]string{"text": x.Text, "doc_no": x.DocNo, "article": x.Article, "says": x.Says})
		}
	}
	for _, x := range c.lib.ReportingChannels {
		if x.Confidence == Low {
			c.empty("reporting_channels/"+x.ID+".yaml", map[string]string{"phone": x.Phone, "hours": x.Hours, "takes": x.Takes,
				"receipt": x.Receipt, "contacts": strings.Join(x.Contacts, "")})
		}
	}
	for _, l := range c.lib.leaves {
		kind, _, _ := strings.Cut(l.file, "/")
		last := l.path[strings.LastIndexByte(l.path, '.')+1:]
		if last == "confidence" && l.value == string(Low) && kind != "laws" && kind != "reporting_channels" {
			c.must(l.file, l.path, "low confidence is never shown: find it out or leave it out")
		}
	}
}

// empty reports fields that a fact of low confidence has to leave empty.
func (c *checker) empty(file string, fields map[string]string) {
	for name, value := range fields {
		if value != "" {
			c.must(file, name, "low confidence is never shown: leave %q empty until somebody found it out", name)
		}
	}
}
