package bot

import (
	"slices"
	"strings"

	"anning/content/understand"
	"anning/flows"
)

// fit is what is prepared once for matching typed answers to a question.
type fit struct {
	keys  map[string]int // normal form of a label, synonym or id → index of the fixed choice
	by    [][]string     // the normal forms by index
	shown []Choice       // the fixed choices as buttons, by index
	plain bool           // the buttons are always just these
}

func newFits(set *flows.Set) map[*flows.Step]*fit {
	fits := map[*flows.Step]*fit{}
	set.Steps(func(f *flows.Flow, step *flows.Step) {
		if step.Kind != flows.Ask {
			return
		}
		q := step.Ask
		ft := &fit{keys: map[string]int{}, plain: q.From == "" && !q.Skip && (q.Accept != flows.AcceptYesNo || len(q.Choices) > 0)}
		for i, c := range q.Choices {
			ft.by = append(ft.by, nil)
			ft.shown = append(ft.shown, Choice{Value: f.ID + "/" + step.ID + "=" + c.ID, Label: c.Label, Call: c.Call, Style: Style(c.Style)})
			ft.plain = ft.plain && len(c.When) == 0 && (c.Show == nil || !thin[c.Show.Name])
			for _, w := range append([]string{c.Label, c.ID}, c.Also...) {
				if key := understand.Key(w); key != "" {
					ft.by[i] = append(ft.by[i], key)
					if _, taken := ft.keys[key]; !taken {
						ft.keys[key] = i
					}
				}
			}
		}
		ft.shown = slices.Clip(ft.shown) // handed out in replies
		fits[step] = ft
	})
	return fits
}

// option is one entry of a list from the content.
type option struct {
	id, label, name string
	kind            string // what a slot narrows the list by
	to              string // a flow that it leads on to, or a conduct; it is no answer then
}

// choices are the buttons of a question as things stand.
func (t *turn) choices(f *flows.Flow, step *flows.Step) []Choice {
	q, ft := step.Ask, t.g.fits[step]
	if ft.plain && len(t.s.Hints) == 0 && t.s.Shown[answeredKey] == 0 && t.s.Shown[otherKey] == 0 && !t.guessedAt(f, step) && (f.ID != menuFlow || len(t.s.Paused) == 0) {
		return ft.shown
	}
	out := make([]Choice, 0, len(q.Choices)+2)
	here := f.ID + "/" + step.ID
	hint := t.hint(f, step)
	if hint != "" {
		out = append(out, Choice{Value: valueKeep + here, Label: t.keepLabel(q.Slot, hint)})
	}
	if q.From != "" {
		out = t.listed(out, here, q)
	}
	for i := range q.Choices {
		if q.Choices[i].When.Holds(t.s.Slots) && !t.hollow(q.Choices[i].Show) && (hint == "" || q.Choices[i].ID != hint) { // 「还是……」 stands for it
			out = append(out, ft.shown[i])
		}
	}
	if q.Accept == flows.AcceptYesNo && len(q.Choices) == 0 {
		out = append(out, Choice{Value: valueIs + here + "?yes", Label: t.g.words.say("yes_label")}, Choice{Value: valueIs + here + "?no", Label: t.g.words.say("no_label")})
	}
	if q.Skip && !slices.ContainsFunc(q.Choices, func(c flows.Choice) bool { return c.ID == "skip" }) {
		out = append(out, Choice{Value: valueSkip + here, Label: t.g.words.say("skip_label")})
	}
	if f.ID == menuFlow && len(t.s.Paused) > 0 {
		out = append(out, Choice{Value: valueResume, Label: t.g.words.say("resume_label")})
	}
	if t.guessedAt(f, step) {
		out = append(out, Choice{Value: valueNot + t.s.Slots[heardAs], Label: t.g.words.say("not_this")})
	}
	return t.otherThanSaid(t.furtherOf(out))
}

// hint is the answer taken back that fits this question; empty where there is none. Questions of other flows may share
// the slot, so it is held against what this one takes.
func (t *turn) hint(f *flows.Flow, step *flows.Step) string {
	q := step.Ask
	hint := t.s.Hints[q.Slot]
	if hint == "" || f.ID == menuFlow || f.ID == startFlow {
		return ""
	}
	fits := false
	switch q.Accept {
	case flows.AcceptText:
		fits = true
	case flows.AcceptPhoto, flows.AcceptFile:
	case flows.AcceptChoice:
		c := q.Choice(hint)
		fits = c != nil && c.Show == nil && c.Visit == "" && c.When.Holds(t.s.Slots)
		ids := strings.Split(hint, ",")
		for _, o := range t.list(q.From) {
			fits = fits || slices.Contains(ids, o.id)
		}
	default:
		fits = t.plausible(q, hint)
	}
	if !fits {
		return ""
	}
	return hint
}

// moreKey counts in Session.Shown how many entries of a long list were passed over.
const moreKey = "more"

// listed adds the entries of the question's list: those not ticked yet, a handful at a time.
func (t *turn) listed(out []Choice, here string, q *flows.Question) []Choice {
	left := t.left(q)
	from, to := t.page(q, len(left))
	for _, o := range left[from:to] {
		out = append(out, Choice{Value: here + "=" + o.id, Label: o.label})
	}
	if from > 0 || to < len(left) {
		out = append(out, Choice{Value: valueMore + here, Label: t.g.words.say("more_label")})
	}
	return out
}

// left are the entries of a question's list that can still be chosen: not ticked yet, and no fixed choice besides.
func (t *turn) left(q *flows.Question) []option {
	ticked := strings.Split(t.s.Slots[q.Slot], ",")
	return slices.DeleteFunc(t.list(q.From), func(o option) bool {
		fixed := q.Choice(o.id)
		return q.Many && slices.Contains(ticked, o.id) || fixed != nil && len(fixed.When) == 0
	})
}

// page is the part of a long list to show now. No button is spent on leading to a single entry.
func (t *turn) page(q *flows.Question, total int) (from, to int) {
	limit := q.Max
	if limit == 0 {
		limit = 5
	}
	if from = t.s.Shown[moreKey]; from >= total {
		from = 0
	}
	if total-from <= limit+1 {
		return from, total
	}
	return from, from + limit
}

// more shows the next handful of a long list, round and round.
func (t *turn) more(f *flows.Flow, step *flows.Step) error {
	total := len(t.left(step.Ask))
	_, next := t.page(step.Ask, total)
	if next >= total {
		next = 0
	}
	t.shown(moreKey, next)
	t.ask(f, step, "")
	return nil
}

func (t *turn) shown(view string, n int) {
	if t.s.Shown == nil {
		t.s.Shown = map[string]int{}
	}
	t.s.Shown[view] = n
}

// choose takes a fixed choice: a look aside, a visit, or an answer.
func (t *turn) choose(f *flows.Flow, step *flows.Step, c *flows.Choice) error {
	if c.Show != nil {
		return t.aside(f, step, c.Show)
	}
	if c.Visit != "" {
		t.assign(c.Set)
		return t.visit(c.Visit)
	}
	value := c.ID
	if step.Ask.Many { // the choice ends the ticking; what was ticked stays
		value = t.s.Slots[step.Ask.Slot]
	} else if from := step.Ask.From; from != "" && !slices.ContainsFunc(t.everything(from), func(o option) bool { return o.id == c.ID }) {
		value = t.s.Slots[step.Ask.Slot] // 「先到这儿」 beside a list is none of it
	} else if step.Ask.Accept != flows.AcceptChoice && step.Ask.Accept != flows.AcceptYesNo {
		value = "" // a button beside a typed answer is no such answer
	}
	return t.answered(f, step, value, c)
}

// aside shows something and puts the question again.
func (t *turn) aside(f *flows.Flow, step *flows.Step, v *flows.View) error {
	before := len(t.replies)
	if err := t.show(v); err != nil {
		return err
	}
	if len(t.replies) == before { // nothing to show here
		t.ask(f, step, t.g.words.say("no_more_cards"))
		return nil
	}
	t.askOn(f, step)
	return nil
}

// choseListed takes an entry of the question's list.
func (t *turn) choseListed(f *flows.Flow, step *flows.Step, o option) error {
	if o.to != "" {
		return t.leadOn(f, o.to)
	}
	if !step.Ask.Many {
		return t.answered(f, step, o.id, nil)
	}
	return t.again(t.g.words.say("ticked", "item", t.tick(step.Ask.Slot, []option{o})))
}

// answered keeps an answer and walks on.
func (t *turn) answered(f *flows.Flow, step *flows.Step, value string, c *flows.Choice) error {
	s := t.s
	s.Misses, t.moved = 0, true
	delete(s.Hints, step.Ask.Slot)
	s.forgetQuestion()
	delete(s.Shown, toldKey)
	delete(s.Shown, basisKey)
	if step.Ask.Slot == "consent" && value == "no" && s.Slots["consent"] == "" && s.Entries > 0 {
		if err := t.dropKept(); err != nil {
			return err
		}
	}
	if c == nil || value != "" || !step.Ask.Many && len(c.Set) == 0 {
		t.set(step.Ask.Slot, value)
	}
	if step.Private {
		t.private = append(t.private, step.Ask.Slot)
	} else if step.Ask.Accept == flows.AcceptText && c == nil && value != "" {
		s.Joined = step.Ask.Slot
	}
	to := ""
	if c != nil {
		t.assign(c.Set)
		to = c.To
	}
	if to != "" {
		return t.goTo(f, to)
	}
	return t.walk(f, f.Index(step.ID)+1)
}

// miss is the ladder for an answer that does not fit: why we ask, then an example, then other ways on.
func (t *turn) miss(f *flows.Flow, step *flows.Step, why string) error {
	s, w := t.s, t.g.words
	s.Misses++
	n := s.Misses
	switch {
	case t.g.urgent[f.ID]: // nobody is sent away from here, however often
		switch {
		case n > 1 && step.Ask.Example != "":
			why = step.Ask.Example
		case step.Ask.Why != "":
			why = step.Ask.Why
		case why == "":
			why = w.say("not_understood_1")
		}
	case n == 1:
		if why == "" {
			why = w.say("not_understood_1")
		}
		if step.Ask.Why != "" {
			why += "\n" + step.Ask.Why
		}
	case n == 2:
		if why == "" {
			why = w.say("not_understood_2")
		}
		if step.Ask.Example != "" {
			why += "\n" + step.Ask.Example
		}
	default:
		s.Misses = 0
		t.wayOut(f, step)
		return nil
	}
	t.ask(f, step, why)
	s.Misses = n
	return nil
}

// wayOut is the last rung: a person to ask, the menu, or the question once more.
func (t *turn) wayOut(f *flows.Flow, step *flows.Step) {
	w := t.g.words
	choices := []Choice{
		{Value: valueAgain, Label: w.say("again_label"), Style: StyleNext},
		{Value: valueMenu, Label: w.say("menu_label")},
		{Value: valueGo + helpFlow, Label: w.say("help_label")},
	}
	if step.Ask.Skip {
		choices[2] = Choice{Value: valueSkip + f.ID + "/" + step.ID, Label: w.say("skip_label")}
	}
	t.offer(w.say("not_understood_3"), choices)
}
