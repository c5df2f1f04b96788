package flows

import (
	"maps"
	"slices"
)

// checkSlots finds slots that are read but never filled, values a slot never has, and slots filled in two ways.
func (c *checker) checkSlots() {
	known := slices.Sorted(maps.Keys(c.set.Slots))
	known = append(known, c.limits.Slots...)
	printed := map[string]bool{}
	c.set.Steps(func(f *Flow, s *Step) {
		s.Reads(func(line int, key, slot string) {
			if !slices.Contains(known, slot) {
				c.must(f, line, "%s: no step fills the slot %q%s", key, slot, hint(slot, known))
			}
		})
		s.Conditions(func(line int, when Condition) { c.checkCondition(f, line, when, known) })
		for _, slot := range s.Text.Slots() {
			printed[slot] = true
		}
	})
	c.set.Steps(func(f *Flow, s *Step) {
		if s.Ask != nil {
			c.checkFilling(f, s, printed)
		}
	})
}

// checkCondition compares the tests with what their slots can hold.
func (c *checker) checkCondition(f *Flow, line int, when Condition, known []string) {
	for _, t := range when {
		slot := c.set.Slots[t.Slot]
		if slot == nil {
			if !slices.Contains(known, t.Slot) {
				c.must(f, line, "when: no step fills the slot %q%s", t.Slot, hint(t.Slot, known))
			}
			continue
		}
		if t.Op != In && t.Op != NotIn || slot.open || slices.Contains(c.limits.Slots, t.Slot) {
			continue
		}
		for _, v := range t.Args {
			if !slot.values[v] {
				c.must(f, line, "when: the slot %q is never %q%s", t.Slot, v, hint(v, slices.Sorted(maps.Keys(slot.values))))
			}
		}
	}
}

// checkFilling compares one question with what the other flows put into its slot.
func (c *checker) checkFilling(f *Flow, s *Step, printed map[string]bool) {
	slot := c.set.Slots[s.Ask.Slot]
	if !s.Ask.Accept.loose() && slot.Accept != s.Ask.Accept {
		c.may(f, s.Line, "the slot %q keeps a %s here and a %s elsewhere; it is printed as %s", slot.Name, s.Ask.Accept, slot.Accept, slot.Accept)
	}
	if !printed[slot.Name] || slot.From != "" {
		return
	}
	for _, choice := range s.Ask.Choices {
		if l := slot.Labels[choice.ID]; l != "" && l != choice.Label && choice.Show == nil && choice.Visit == "" {
			c.may(f, choice.Line, "{%s} is printed 「%s」 for %q, as another question labels it", slot.Name, l, choice.ID)
		}
	}
}

// Reads calls do with every slot the step reads, conditions apart: the line, and the key it is read under ("say", "of").
func (s *Step) Reads(do func(line int, key, slot string)) {
	template := func(line int, key string, t Template) {
		for _, p := range t.Parts {
			if p.Slot != "" {
				do(line, key, p.Slot)
			}
		}
	}
	assigns := func(line int, as []Assign) {
		for _, a := range as {
			template(line, "set", a.Value)
		}
	}
	template(s.Line, string(s.Kind), s.Text)
	assigns(s.Line, s.Set)
	if s.Show != nil {
		template(s.Line, "of", s.Show.Of)
	}
	if len(s.Call) > 2 && s.Call[0] == '{' {
		do(s.Line, "call", s.Call[1:len(s.Call)-1])
	}
	if s.Remind != nil && s.Remind.Due != "" {
		do(s.Line, "due", s.Remind.Due)
	}
	if s.Record != nil {
		for _, slot := range s.Record.With {
			do(s.Line, "with", slot)
		}
	}
	if s.Ask == nil {
		return
	}
	for _, choice := range s.Ask.Choices {
		assigns(choice.Line, choice.Set)
		if choice.Show != nil {
			template(choice.Line, "of", choice.Show.Of)
		}
	}
}

// Conditions calls do with every condition of the step, its choices and its branches; nil ones included.
func (s *Step) Conditions(do func(line int, when Condition)) {
	do(s.Line, s.When)
	for _, b := range s.Next {
		do(s.Line, b.When)
	}
	if s.Ask != nil {
		for _, choice := range s.Ask.Choices {
			do(choice.Line, choice.When)
		}
	}
}
