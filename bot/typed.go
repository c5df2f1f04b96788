package bot

import (
	"strings"
	"time"
	"unicode/utf8"

	"anning/bot/answer"
	"anning/content/understand"
	"anning/flows"
)

// typed takes a typed answer by the kind the question wants; done is false where it is no such answer.
func (t *turn) typed(f *flows.Flow, step *flows.Step, text, key string) (done bool, err error) {
	q := step.Ask
	switch q.Accept {
	case flows.AcceptText:
		if text == "" {
			return false, nil
		}
		if q.Skip && answer.None(key) {
			return true, t.skip()
		}
		if len(text) > maxSlotBytes {
			t.reply(Reply{Text: t.g.words.say("too_long")})
		}
		return true, t.answered(f, step, text, nil)
	case flows.AcceptPhoto, flows.AcceptFile:
		return t.nearly(f, step, key)
	case flows.AcceptChoice:
		if done, err := t.nearly(f, step, key); done {
			return true, err
		}
		return t.lenderTyped(f, step, text)
	}
	a := t.parse(q, text)
	if a.OK() {
		return true, t.given(f, step, a.Value)
	}
	if a.Reason == answer.Ambiguous && len(a.Candidates) > 1 {
		t.ambiguous(f, step, a.Candidates)
		return true, nil
	}
	if done, err := t.nearly(f, step, key); done {
		return true, err
	}
	if word := complaint(q.Accept, a.Reason); word != "" {
		t.why = t.g.words.say(word)
		if !t.atOnce() {
			return true, t.miss(f, step, t.why)
		}
	}
	return false, nil
}

// given takes a value in the form that slots keep: as the choice or the entry it names where there is one, so that the
// way on is the same as by its button.
func (t *turn) given(f *flows.Flow, step *flows.Step, value string) error {
	q := step.Ask
	if q.Many {
		t.set(q.Slot, value)
		t.old = nil
		delete(t.s.Hints, q.Slot)
		return t.again("")
	}
	if q.Accept == flows.AcceptChoice || q.Accept == flows.AcceptYesNo {
		if c := q.Choice(value); c != nil && c.When.Holds(t.s.Slots) {
			return t.choose(f, step, c)
		}
	}
	return t.answered(f, step, value, nil)
}

// parse reads a typed answer.
func (t *turn) parse(q *flows.Question, text string) answer.Answer {
	switch q.Accept {
	case flows.AcceptYesNo:
		return answer.YesNo(text)
	case flows.AcceptDate:
		return answer.Date(text, t.now, q.Past)
	case flows.AcceptTime:
		return answer.Time(text, t.now)
	case flows.AcceptMoment:
		return answer.Moment(text, t.now, q.Past)
	case flows.AcceptMoney:
		return answer.Money(text)
	case flows.AcceptCount:
		return answer.Count(text)
	case flows.AcceptPhone:
		return answer.Phone(text)
	}
	return answer.Answer{Reason: answer.Unclear}
}

// plausible says whether a value is in the form that the question's slot keeps: a button's value comes from outside.
func (t *turn) plausible(q *flows.Question, value string) bool {
	if q.Accept == flows.AcceptYesNo {
		return value == "yes" || value == "no"
	}
	a := t.parse(q, value)
	return a.OK() && a.Value == value
}

// complaint is the sentence for an answer that was of the right kind and yet none.
func complaint(kind flows.Accept, why answer.Reason) string {
	if why == answer.Unclear || why == "" {
		return ""
	}
	switch kind {
	case flows.AcceptDate, flows.AcceptTime, flows.AcceptMoment:
		if why == answer.NotPast {
			return "date_future"
		}
		return "date_unclear"
	case flows.AcceptMoney:
		return "money_unclear"
	case flows.AcceptCount:
		return "count_unclear"
	case flows.AcceptPhone:
		return "phone_unclear"
	}
	return ""
}

// ambiguous asks which of the readings is meant.
func (t *turn) ambiguous(f *flows.Flow, step *flows.Step, values []string) {
	q := step.Ask
	var choices []Choice
	var labels []string
	for _, v := range values[:min(len(values), 4)] {
		label := v
		switch q.Accept {
		case flows.AcceptMoney:
			label = answer.PeopleMoney(v)
		case flows.AcceptDate, flows.AcceptTime, flows.AcceptMoment:
			label = answer.PeopleMoment(v, t.now)
		}
		labels = append(labels, label)
		choices = append(choices, Choice{Value: valueIs + f.ID + "/" + step.ID + "?" + v, Label: label})
	}
	if halfDay(values) {
		t.offer(t.g.words.say("ambiguous_time"), choices)
		return
	}
	last := len(labels) - 1
	t.offer(t.g.words.say("ambiguous_choice", "a", strings.Join(labels[:last], "」「"), "b", labels[last]), choices)
}

// halfDay says that two readings are the same clock time of morning and evening.
func halfDay(values []string) bool {
	if len(values) != 2 || len(values[0]) != len(values[1]) || len(values[0]) < len("15:04") {
		return false
	}
	day := len(values[0]) - len("15:04")
	a, err1 := time.Parse("15:04", values[0][day:])
	b, err2 := time.Parse("15:04", values[1][day:])
	return err1 == nil && err2 == nil && values[0][:day] == values[1][:day] && b.Sub(a).Abs() == 12*time.Hour
}

// nearly takes an answer that is close to one choice only: its beginning, or a short text around it.
func (t *turn) nearly(f *flows.Flow, step *flows.Step, key string) (done bool, err error) {
	if key == "" || utf8.RuneCountInString(key) > 20 {
		return false, nil
	}
	options, listed := t.options(step)
	a := answer.Choice(key, options...)
	switch {
	case a.Reason == answer.Ambiguous && len(a.Candidates) == 2:
		t.either(f, step, a.Candidates)
		return true, nil
	case !a.OK():
		return false, nil
	}
	return t.pick(f, step, options, listed, a.Value)
}

// clause takes an answer with something said around it, where one choice is named in a clause of its own: 打了 他说不行.
// Where life and safety are asked after, only the answer itself counts.
func (t *turn) clause(f *flows.Flow, step *flows.Step, text string) (done bool, err error) {
	switch f.ID {
	case menuFlow, identifyID, startFlow:
		return false, nil
	}
	if step.Ask.Accept != flows.AcceptChoice || step.Danger || t.g.urgent[f.ID] || utf8.RuneCountInString(text) > longText {
		return false, nil
	}
	options, listed := t.options(step)
	a := answer.Clause(text, options...)
	if !a.OK() {
		return false, nil
	}
	return t.pick(f, step, options, listed, a.Value)
}

// options are the choices of a question as typed answers are matched with them; the first of them, as many as listed, are
// the entries of its list.
func (t *turn) options(step *flows.Step) (options []answer.Option, listed int) {
	q, fit := step.Ask, t.g.fits[step]
	if q.From != "" {
		for _, o := range t.list(q.From) {
			keys := []string{understand.Key(o.label), understand.Key(o.name)}
			if q.From == "creditors" {
				keys = append(keys, t.g.called[o.id]...)
			}
			options = append(options, answer.Option{ID: o.id, Keys: keys})
		}
	}
	listed = len(options)
	for i := range q.Choices {
		if q.Choices[i].When.Holds(t.s.Slots) {
			options = append(options, answer.Option{ID: q.Choices[i].ID, Keys: fit.by[i]})
		}
	}
	return options, listed
}

// pick takes the option with an id: an entry of the question's list, or a fixed choice.
func (t *turn) pick(f *flows.Flow, step *flows.Step, options []answer.Option, listed int, id string) (done bool, err error) {
	for i, o := range options {
		if o.ID != id {
			continue
		}
		if i < listed {
			return true, t.choseListed(f, step, t.list(step.Ask.From)[i])
		}
		return true, t.choose(f, step, step.Ask.Choice(o.ID))
	}
	return false, nil
}

// either asks which of two choices was meant.
func (t *turn) either(f *flows.Flow, step *flows.Step, ids []string) {
	var choices []Choice
	for _, id := range ids {
		c := Choice{Value: f.ID + "/" + step.ID + "=" + id, Label: id}
		for _, o := range t.list(step.Ask.From) {
			if o.id == id {
				c.Label = o.label
			}
		}
		for _, fixed := range t.g.fits[step].shown {
			if fixed.Value == c.Value {
				c = fixed
			}
		}
		choices = append(choices, c)
	}
	t.offer(t.g.words.say("ambiguous_choice", "a", choices[0].Label, "b", choices[1].Label), choices)
}
