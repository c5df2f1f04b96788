package bot

import "slices"

// guideView says whether the content has what a view of the guide names.
func (c *checker) guideView(view, id string) bool {
	switch view {
	case "question", "question_more", "question_laws":
		return c.lib.Question(id) != nil
	case "phone":
		return c.lib.Phone(id) != nil
	case "negotiation":
		return c.lib.Negotiation(id) != nil
	case "letter":
		return c.lib.Letter(id) != nil
	case "yardsticks":
		return c.lib.Yardstick(id) != nil
	case "plan":
		return c.lib.ReminderPlan(id) != nil || c.lib.ReportingChannel(id) != nil
	}
	return true
}

// guideSource says whether the content has what a claim names as its source.
func (c *checker) guideSource(kind, id string) bool {
	switch kind {
	case "questions":
		return c.lib.Question(id) != nil
	case "yardsticks":
		return c.lib.Yardstick(id) != nil
	case "letters":
		return c.lib.Letter(id) != nil
	case "negotiation":
		return c.lib.Negotiation(id) != nil
	case "phones":
		return c.lib.Phone(id) != nil
	case "reminder_plans":
		return c.lib.ReminderPlan(id) != nil
	}
	return false
}

// questions checks that each leads on to a flow that is there, or to a conduct that one tells of.
func (c *checker) questions() {
	for _, q := range c.lib.Questions {
		if q.Flow != "" && c.set.Flow(q.Flow) == nil && c.lib.Conduct(q.Flow) == nil {
			c.must("content/questions/"+q.ID+".yaml", 0, "flow: no flow and no conduct %q", q.Flow)
		}
	}
}

// guideCards checks the cards and letters of the guide.
func (c *checker) guideCards() {
	blanks := func(string) string { return "" }
	for _, q := range c.lib.Questions {
		if len(q.More) > 0 {
			c.size("content/questions/"+q.ID+".yaml", questionCards(q, c.today)...)
		}
	}
	for _, p := range c.lib.Phones {
		c.size("content/phones.yaml", pages(phoneCard(p, c.today))...)
	}
	for _, n := range c.lib.Negotiations {
		c.size("content/negotiation/"+n.ID+".yaml", negotiationCards(n, blanks, c.today)...)
	}
	for _, y := range c.lib.Yardsticks {
		c.size("content/yardsticks/"+y.ID+".yaml", yardstickCard(c.lib, y, c.today, c.today))
	}
	for _, l := range c.lib.Checklists {
		c.size("content/checklists/"+l.ID+".yaml", checklistCard(l, c.today))
	}
	t := &turn{g: &guide{lib: c.lib, set: c.set, words: words(c.lib.Wording)}, s: newSession("check:check"), now: c.today.Time}
	for _, ch := range c.lib.ReportingChannels {
		file := "content/reporting_channels/" + ch.ID + ".yaml"
		c.size(file, channelMoreCards(ch, c.today)...)
		c.size(file, t.planCards(ch.Name, ch.Plan, ch.Fact)...)
	}
	for _, p := range c.lib.ReminderPlans {
		c.size("content/reminder_plans/"+p.ID+".yaml", t.planCards(p.Name, p.Steps, p.Fact)...)
	}
	for _, l := range c.lib.Letters {
		for _, s := range l.Slots {
			if s.From != "" && c.set.Slots[s.From] == nil && !slices.Contains(engineSlots, s.From) {
				c.may("content/letters/"+l.ID+".yaml", 0, "no step fills the slot %q, from which the blank %q comes", s.From, s.ID)
			}
		}
		paragraphs, _ := t.filledIn(l)
		if n := letterLength(paragraphs); l.Most > 0 && n > l.Most {
			c.may("content/letters/"+l.ID+".yaml", 0, "even empty it has %d characters; the reporting channel takes %d", n, l.Most)
		}
		for _, p := range paragraphs {
			if len(p) > maxLetterBytes {
				c.may("content/letters/"+l.ID+".yaml", 0, "a paragraph of %d bytes is cut in two on WeChat, which takes %d", len(p), maxLetterBytes)
			}
		}
	}
}
