package content

import (
	"fmt"
	"slices"
)

// guide checks what stands in questions, yardsticks and plans, and that a route leads nobody to an office that does not
// deal with his creditor.
func (c *checker) guide() {
	for _, r := range c.lib.Routes {
		for creditor, o := range r.By {
			if o == nil {
				continue
			}
			for _, id := range slices.Concat(o.Primary, o.Secondary, o.Escalate) {
				if ch := c.lib.ReportingChannel(id); ch != nil && !ch.DealsWith(creditor) {
					c.must("routes/"+r.ID+".yaml", "by."+creditor, "%s does not deal with %s", id, creditor)
				}
			}
		}
	}
	for _, x := range c.lib.ReportingChannels {
		c.plan("reporting_channels/"+x.ID+".yaml", "plan", x.Plan)
	}
	for _, x := range c.lib.ReminderPlans {
		c.plan("reminder_plans/"+x.ID+".yaml", "steps", x.Steps)
	}
	for _, x := range c.lib.Yardsticks {
		file := "yardsticks/" + x.ID + ".yaml"
		if (x.Counts == "hours") != (x.From != "" && x.To != "") {
			c.must(file, "counts", "forbidden hours need counts: hours, from and to, and nothing else has them")
		}
		if (x.Counts == "connected" || x.Counts == "missed" || x.Counts == "visitors") != (x.Most > 0) {
			c.must(file, "most", "what is counted needs a number, and nothing else has one")
		}
	}
	for _, x := range c.lib.Questions {
		if (x.Flow == "") != (x.Go == "") {
			c.must("questions/"+x.ID+".yaml", "flow", "flow and go belong together: where it goes on, and the words on its button")
		}
	}
}

// plan checks that the days counted from one thing go upwards and that each is there once.
func (c *checker) plan(file, path string, steps []PlanStep) {
	last := map[string]int{}
	for i, s := range steps {
		if before, ok := last[s.After]; ok && !s.Working && s.Days < before {
			c.must(file, fmt.Sprintf("%s[%d].days", path, i), "day %d after day %d: put them in order", s.Days, before)
		}
		if !s.Working {
			last[s.After] = s.Days
		}
		if s.Channel != "" && s.Next == "" {
			c.must(file, fmt.Sprintf("%s[%d].channel", path, i), "say in next what to do at %s", s.Channel)
		}
	}
}

// DealsWith tells whether the reporting channel deals with this kind of creditor. Whoever does not know his creditor is
// sent to none by its kind.
func (ch *ReportingChannel) DealsWith(creditorID string) bool {
	return len(ch.Creditors) == 0 || slices.Contains(ch.Creditors, creditorID)
}

// Measures tells whether the yardstick may be held against this kind of creditor. While nobody knows it, every yardstick
// may be looked at.
func (y *Yardstick) Measures(creditorID string) bool {
	return len(y.Binds) == 0 || creditorID == "" || slices.Contains(y.Binds, creditorID)
}
