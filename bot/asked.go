package bot

import (
	"unicode/utf8"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
)

// questionFlow answers the question in the slot of that name, faqFlow lists the questions.
const (
	questionFlow = "question"
	faqFlow      = "faq"
)

// Words without one of asking are a question where nothing else is heard in them and they are little else: 「起诉流程」.
const (
	bareQuestion = 40  // characters at most
	bareScore    = 0.4 // the part of them that the question's words cover at least
)

// asked is the question that a text puts: where it really asks, and nothing else that it says is more telling. What it
// tells as having happened or as threatened goes first, and so do signals that go before a conduct, unless they are only
// asked about in general or the question leads on to the very same flow; a flow that begins by asking after somebody's
// safety always does. What is only asked about, or wished for, goes first where it takes up more of the text.
func (t *turn) asked(text string, m understand.Meaning) *content.Question {
	if len(m.Questions) == 0 || t.g.set.Flow(questionFlow) == nil {
		return nil
	}
	best, telling := m.Questions[0], m.Questions[0].Covers()
	if !m.Asks {
		if utf8.RuneCountInString(text) > bareQuestion || best.Score < bareScore {
			return nil
		}
		telling = 0 // anything else that is heard goes first
	}
	for _, c := range m.Conducts {
		if ofModel(c, m) && len(clausesOf(text)) == 1 && !t.asksSafety(t.flowFor(c.ID)) { // the whole text is the question
			continue
		}
		if c.Stands() && (!c.General || t.asksSafety(t.flowFor(c.ID))) || !c.Negated && c.Covers() > telling {
			return nil
		}
	}
	q := t.question(best.ID)
	for _, match := range m.Signals {
		sig := t.g.lib.Signal(match.ID)
		if sig == nil || match.Negated || t.g.set.Flow(sig.Flow) == nil {
			continue
		}
		first := sig.First && !match.General && (q == nil || q.Flow != sig.Flow)
		if sig.Urgent || sig.Firm || first || t.asksSafety(sig.Flow) || match.Covers() > telling {
			return nil
		}
	}
	return q
}

// Beside a step that takes any words, only a short text that is mostly a question is one.
const (
	asideQuestion = 40  // characters at most
	asideScore    = 0.4 // the part of them that the question's words cover at least
)

// answerAside answers a question put in the middle of a conversation, and asks again what waits. The menu, the lists of
// questions and the answer before have no place to keep: there the answer opens its own flow.
func (t *turn) answerAside(f *flows.Flow, step *flows.Step, text string, m understand.Meaning) (done bool, err error) {
	if !m.Asks || t.g.urgent[f.ID] || step.Danger || step.Ask.Quotes {
		return false, nil
	}
	q := t.asked(text, m)
	if q == nil && step.Ask.Accept != flows.AcceptText && len(m.Signals) == 0 && f.ID != menuFlow && f.ID != identifyID {
		if c := t.wondered(m); c != nil {
			return true, t.aside(f, step, &flows.View{Name: "conduct", Of: flows.Template{Text: c.ID, Parts: []flows.Part{{Fixed: c.ID}}}})
		}
	}
	if q == nil {
		return false, nil
	}
	if f.ID == menuFlow {
		return t.meant(text, m)
	}
	if step.Ask.Accept == flows.AcceptText && (utf8.RuneCountInString(text) > asideQuestion || m.Questions[0].Score < asideScore) {
		return false, nil
	}
	t.set("question", q.ID)
	switch f.ID {
	case questionFlow, faqFlow:
		return true, t.goTo(f, questionFlow+"/")
	case startFlow: // what it rests on comes after the hello
		if then := frame(questionFlow, "then", false); len(t.s.Stack) == 0 || t.s.Stack[len(t.s.Stack)-1] != then {
			t.s.push(then)
		}
	default:
		t.shown(answeredKey, 1)
	}
	return true, t.aside(f, step, &flows.View{Name: "question"})
}

// answeredKey marks in Session.Shown that a question was answered beside the one that waits.
const answeredKey = "answered"

// furtherOf adds to the choices of the waiting question, after a question was answered beside it, the way to what the
// answer rests on.
func (t *turn) furtherOf(out []Choice) []Choice {
	q := t.g.lib.Question(t.s.Slots["question"])
	if t.s.Shown[answeredKey] == 0 || q == nil || len(q.Laws)+len(q.More) == 0 {
		return out
	}
	return append(out, Choice{Value: valueGo + questionFlow, Label: t.g.words.say("further_label")})
}

// wondered shows what a conduct is and is not where a text only asks about one and no question of the content answers it.
func (t *turn) wondered(m understand.Meaning) *content.Conduct {
	for _, match := range m.Conducts {
		if !match.Asked {
			return nil
		}
	}
	c, _ := t.conducts(m)
	if c == nil || t.asksSafety(t.flowFor(c.ID)) {
		return nil
	}
	return c
}
