package bot

import (
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
		if len(text) > maxSlotBytes {
			t.reply(Reply{Text: t.g.words.say("too_long")})
		}
		return true, t.answered(f, step, text, nil)
	case flows.AcceptPhoto, flows.AcceptFile:
		return t.nearly(f, step, key)
	case flows.AcceptChoice:
		return t.nearly(f, step, key)
	}
	a := t.parse(q, text)
	if a.OK() {
		return true, t.answered(f, step, a.Value, nil)
	}
	if a.Reason == answer.Ambiguous && len(a.Candidates) > 1 {
		t.ambiguous(q, a.Candidates)
		return true, nil
	}
	if done, err := t.nearly(f, step, key); done {
		return true, err
	}
	if word := complaint(q.Accept, a.Reason); word != "" {
		return true, t.miss(f, step, t.g.words.say(word))
	}
	return false, nil
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
func (t *turn) ambiguous(q *flows.Question, values []string) {
	var choices []Choice
	for _, v := range values[:min(len(values), 4)] {
		label := v
		switch q.Accept {
		case flows.AcceptMoney:
			label = answer.PeopleMoney(v)
		case flows.AcceptDate, flows.AcceptTime, flows.AcceptMoment:
			label = answer.PeopleMoment(v, t.now)
		}
		choices = append(choices, Choice{Value: valueIs + v, Label: label})
	}
	t.offer(t.g.words.say("ambiguous_time"), choices)
}

// nearly takes an answer that is close to one choice only: its beginning, or a short text around it.
func (t *turn) nearly(f *flows.Flow, step *flows.Step, key string) (done bool, err error) {
	q := step.Ask
	if key == "" || utf8.RuneCountInString(key) > 20 {
		return false, nil
	}
	fit := t.g.fits[step]
	var options []answer.Option
	if q.From != "" {
		for _, o := range t.list(q.From) {
			options = append(options, answer.Option{ID: o.id, Keys: []string{understand.Key(o.label), understand.Key(o.name)}})
		}
		if q.From == "creditors" {
			for i, c := range t.g.lib.Creditors {
				for _, p := range c.Phrases {
					options[i].Keys = append(options[i].Keys, understand.Key(p))
				}
			}
		}
	}
	listed := len(options)
	for i := range q.Choices {
		if q.Choices[i].When.Holds(t.s.Slots) {
			options = append(options, answer.Option{ID: q.Choices[i].ID, Keys: fit.by[i]})
		}
	}
	a := answer.Choice(key, options...)
	switch {
	case a.Reason == answer.Ambiguous && len(a.Candidates) == 2:
		t.either(f, step, options, a.Candidates)
		return true, nil
	case !a.OK():
		return false, nil
	}
	for i, o := range options {
		if o.ID != a.Value {
			continue
		}
		if i < listed {
			return true, t.choseListed(f, step, t.list(q.From)[i])
		}
		return true, t.choose(f, step, q.Choice(o.ID))
	}
	return false, nil
}

// either asks which of two choices was meant.
func (t *turn) either(f *flows.Flow, step *flows.Step, options []answer.Option, ids []string) {
	var labels []string
	var choices []Choice
	for _, c := range t.choices(f, step) {
		for _, id := range ids {
			if c.Value == f.ID+"/"+step.ID+"="+id {
				choices, labels = append(choices, c), append(labels, c.Label)
			}
		}
	}
	if len(choices) < 2 {
		t.ask(f, step, "")
		return
	}
	t.offer(t.g.words.say("ambiguous_choice", "a", labels[0], "b", labels[1]), choices)
}
