package content

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// slotForm is a blank in a letter.
var slotForm = regexp.MustCompile(`\{([^{}]*)\}`)

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
		case day.After(c.today): // may fix: the clock of a simulation, or of a machine, can be behind
			c.may(l.file, l.path, "checked on %s, which has not come yet", day)
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
