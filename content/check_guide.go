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
		c.deadlines(x)
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

// deadlines checks that the days of a reporting channel agree: a day that a rule sets has its deadline, a reminder comes
// on a day of the plan, and nobody is sent on to the same place.
func (c *checker) deadlines(x *ReportingChannel) {
	file := "reporting_channels/" + x.ID + ".yaml"
	for i, d := range x.Deadlines {
		if d.Confidence == Low {
			c.must(file, fmt.Sprintf("deadlines[%d].confidence", i), "low confidence is never shown: find it out or leave it out")
		}
	}
	filed, met := 0, false
	for i, s := range x.Plan {
		path := fmt.Sprintf("plan[%d]", i)
		if s.Basis != "" && !slices.ContainsFunc(x.Deadlines, func(d Deadline) bool { return d.After == s.After }) {
			c.must(file, path+".basis", "a rule sets this day: put its days into deadlines, counted from %s", s.After)
		}
		if s.Channel == x.ID {
			c.must(file, path+".channel", "it leads back to itself")
		}
		if to := c.lib.ReportingChannel(s.Channel); to != nil && len(x.Creditors) > 0 && !slices.ContainsFunc(x.Creditors, to.DealsWith) {
			c.must(file, path+".channel", "%s deals with none of the creditors of this one", to.ID)
		}
		if s.After == "filed" {
			filed++
			met = met || fallsOn(s, x.FollowUp)
		}
	}
	if filed > 0 && !met {
		c.must(file, "follow_up", "day %d is no day of the plan", x.FollowUp)
	}
}

// fallsOn tells whether a step is due on that day of the calendar; working days are spread over weeks, with a few days
// for holidays.
func fallsOn(s PlanStep, day int) bool {
	if !s.Working {
		return s.Days == day
	}
	week := (s.Days*7 + 4) / 5
	return week <= day && day <= week+4
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
