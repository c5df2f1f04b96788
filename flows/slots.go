package flows

// Slot is what all flows together know of one slot: how it is filled, so that it can be shown as people read it.
type Slot struct {
	Name   string
	Accept Accept            // the kind of answer it keeps; "" where only set steps fill it
	From   string            // the content list its values are ids of ("creditors"), or ""
	Labels map[string]string // id of a fixed choice → what people read
	Lines  []Place           // where it is filled; none for a well-known slot that no flow fills
	Known  bool              // well-known: the engine fills it too

	values map[string]bool // every value the flows can put in, where all are known
	open   bool            // typed answers, content ids or other slots can go in: values is not all
}

// Place is a line of a file.
type Place struct {
	File string
	Line int
}

// wellKnown are the slots the engine fills by itself.
var wellKnown = []Slot{
	{Name: "conduct", Accept: AcceptChoice, From: "conducts", open: true},
	{Name: "creditor", Accept: AcceptChoice, From: "creditors", open: true},
	{Name: "day", Accept: AcceptDate, open: true},
	{Name: "role", Accept: AcceptChoice, values: map[string]bool{"debtor": true, "relative": true, "stranger": true}},
	{Name: "reporting_channel", Accept: AcceptChoice, From: "reporting_channels", open: true},
	{Name: "evidence", Accept: AcceptChoice, From: "evidence", open: true},
	{Name: "consent", Accept: AcceptYesNo, values: map[string]bool{"yes": true, "no": true}},
	{Name: "said", Accept: AcceptText, open: true},
	{Name: "app", Accept: AcceptText, open: true},
}

// gatherSlots collects what the flows put into slots.
func gatherSlots(set *Set) map[string]*Slot {
	slots := make(map[string]*Slot)
	for _, w := range wellKnown {
		values := make(map[string]bool, len(w.values))
		for v := range w.values {
			values[v] = true
		}
		slots[w.Name] = &Slot{
			Name: w.Name, Accept: w.Accept, From: w.From, Labels: map[string]string{}, Known: true, values: values, open: w.open,
		}
	}
	at := func(name string) *Slot {
		if slots[name] == nil {
			slots[name] = &Slot{Name: name, Labels: map[string]string{}, values: map[string]bool{}}
		}
		return slots[name]
	}
	set.Steps(func(f *Flow, step *Step) {
		for _, a := range step.Set {
			at(a.Slot).assign(a, Place{f.File, step.Line})
		}
		if step.Ask == nil {
			return
		}
		at(step.Ask.Slot).ask(step.Ask, Place{f.File, step.Line})
		for _, c := range step.Ask.Choices {
			for _, a := range c.Set {
				at(a.Slot).assign(a, Place{f.File, c.Line})
			}
		}
	})
	return slots
}

// assign notes that a set fills the slot.
func (s *Slot) assign(a Assign, where Place) {
	s.Lines = append(s.Lines, where)
	if a.Value.Fixed() {
		if !a.Value.Empty() {
			s.values[a.Value.Render(nil)] = true
		}
		return
	}
	s.open = true
}

// ask notes that a question fills the slot. The first kind of answer that is more than a choice or free text stays.
func (s *Slot) ask(q *Question, where Place) {
	s.Lines = append(s.Lines, where)
	if !s.Known && (s.Accept == "" || s.Accept.loose() && !q.Accept.loose()) {
		s.Accept = q.Accept
	}
	if s.From == "" {
		s.From = q.From
	}
	for _, c := range q.Choices {
		if c.Show != nil || c.Visit != "" {
			continue
		}
		s.values[c.ID] = true
		if s.Labels[c.ID] == "" {
			s.Labels[c.ID] = c.Label
		}
	}
	switch {
	case q.Accept == AcceptYesNo:
		s.values["yes"], s.values["no"] = true, true
	case q.Accept != AcceptChoice || q.From != "":
		s.open = true
	}
}

// loose reports whether an answer of this kind says little of how to print it.
func (a Accept) loose() bool { return a == AcceptChoice || a == AcceptText || a == AcceptYesNo }
