package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
)

// twice takes an answer in whose other clauses something more is told or asked: 「1，他们还说要来我家」. Both are heard: what
// was asked is answered first, what was told is remembered, and the answer is taken.
func (t *turn) twice(f *flows.Flow, step *flows.Step, text string) (done bool, err error) {
	if t.g.urgent[f.ID] || step.Danger || step.Ask.Accept == flows.AcceptText || t.theirs {
		return false, nil
	}
	part, rest := t.answerPart(f, step, text)
	if part == "" || utf8.RuneCountInString(rest) < 4 {
		return false, nil
	}
	m := t.g.reader.Read(rest)
	more := t.besides(f, m)
	if i, ok := t.g.fits[step].keys[understand.Key(part)]; ok && declines(&step.Ask.Choices[i]) && len(t.toldOf(m)) > 0 { // 不是，是打给我妈
		t.assign(step.Ask.Choices[i].Set)
		t.moved = true
		return t.meant(rest, m)
	}
	if f.ID == startFlow && t.s.Slots["said"] == "" { // what they came with
		if flow, ok := t.heard(rest, m); ok {
			t.s.push(frame(flow, "", false))
			more = nil
		}
	} else if q := t.asked(rest, m); m.Asks && q != nil && f.ID != menuFlow && f.ID != questionFlow && f.ID != faqFlow {
		if err := t.show(&flows.View{Name: "question", Of: fixed(q.ID)}); err != nil {
			return true, err
		}
	} else if len(more) == 0 {
		return false, nil
	}
	if f.ID == menuFlow || f.ID == identifyID {
		more = nil // the doors lead to one matter; what was told is heard for itself
		if f.ID == menuFlow {
			return false, nil
		}
	}
	key := understand.Key(part)
	return t.withBesides(more, func() (bool, error) {
		if done, err := t.exact(f, step, key); done {
			return true, err
		}
		return t.typed(f, step, part, key)
	})
}

func fixed(of string) flows.Template {
	return flows.Template{Text: of, Parts: []flows.Part{{Fixed: of}}}
}

// declines says that a choice means that something else was meant than what was understood.
func declines(c *flows.Choice) bool {
	return slices.ContainsFunc(c.Set, func(a flows.Assign) bool { return a.Slot == notConducts })
}

// answerPart is the first clause of several that is an answer by itself, and all the others.
func (t *turn) answerPart(f *flows.Flow, step *flows.Step, text string) (part, rest string) {
	clauses := clausesOf(text)
	if len(clauses) < 2 {
		return "", ""
	}
	for i, c := range clauses {
		if t.isAnswer(f, step, strings.Trim(c, clauseEnds)) {
			return strings.Trim(c, clauseEnds), strings.TrimSpace(strings.Join(slices.Delete(slices.Clone(clauses), i, i+1), ""))
		}
	}
	return "", ""
}

// clauseEnds are the signs between clauses.
const clauseEnds = "，。；！？、,;!?\n \t　"

// clausesOf cuts a text into its clauses, each with the signs that end it. A comma inside a number ends none.
func clausesOf(text string) (all []string) {
	runes := []rune(text)
	from := 0
	for i, r := range runes {
		digits := r == ',' && i > 0 && i+1 < len(runes) && isDigit(runes[i-1]) && isDigit(runes[i+1])
		ends := strings.ContainsRune(clauseEnds, r) && !digits
		if ends && (i+1 == len(runes) || !strings.ContainsRune(clauseEnds, runes[i+1])) {
			all, from = append(all, string(runes[from:i+1])), i+1
		}
	}
	if from < len(runes) {
		all = append(all, string(runes[from:]))
	}
	return all
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// isAnswer says that words are an answer to a question: one of its choices or entries to the letter, a number of one, or
// a value of its kind.
func (t *turn) isAnswer(f *flows.Flow, step *flows.Step, text string) bool {
	key := understand.Key(text)
	if key == "" {
		return false
	}
	q := step.Ask
	if i, ok := t.g.fits[step].keys[key]; ok && q.Choices[i].When.Holds(t.s.Slots) {
		return true
	}
	if i, ok := numbered(q.Accept, key); ok && i <= len(t.choices(f, step)) {
		return true
	}
	if slices.ContainsFunc(t.list(q.From), func(o option) bool { return key == understand.Key(o.label) || key == understand.Key(o.name) }) {
		return true
	}
	return q.Accept != flows.AcceptChoice && t.parse(q, text).OK()
}

// besides are the conducts that a text tells of beside what the conversation is about.
func (t *turn) besides(f *flows.Flow, m understand.Meaning) []*content.Conduct {
	known := append(strings.Split(t.s.Slots["also"], ","), t.s.Slots["conduct"])
	return slices.DeleteFunc(t.toldOf(m), func(c *content.Conduct) bool {
		return slices.Contains(known, c.ID) || t.flowFor(c.ID) == f.ID && f.ID != generalID
	})
}

// tellsSame says that a text tells once more of what is known already.
func (t *turn) tellsSame(m understand.Meaning) bool {
	known := append(strings.Split(t.s.Slots["also"], ","), t.s.Slots["conduct"])
	return slices.ContainsFunc(t.toldOf(m), func(c *content.Conduct) bool { return slices.Contains(known, c.ID) })
}

// besidesAnswer are the conducts that a whole text tells of beside being the answer: none whose words are those of a choice.
func (t *turn) besidesAnswer(f *flows.Flow, step *flows.Step, m understand.Meaning) []*content.Conduct {
	if t.g.urgent[f.ID] || step.Danger || f.ID == menuFlow || f.ID == identifyID || f.ID == startFlow ||
		step.Ask.Accept == flows.AcceptText && !t.asksAlso() { // who tells what was asked for is not interrupted
		return nil
	}
	return slices.DeleteFunc(t.besides(f, m), func(c *content.Conduct) bool {
		for _, match := range m.Conducts {
			if match.ID != c.ID {
				continue
			}
			for _, keys := range t.g.fits[step].by {
				for _, key := range keys {
					for _, w := range match.Words {
						if w = understand.Key(w); w != "" && (strings.Contains(w, key) || strings.Contains(key, w)) {
							return true
						}
					}
				}
			}
		}
		return false
	})
}

// withBesides takes an answer beside which something more was told. Where the conversation ends by asking for what else
// there was, it is remembered until then; elsewhere it is offered at once, after the answer was taken.
func (t *turn) withBesides(more []*content.Conduct, take func() (bool, error)) (done bool, err error) {
	if len(more) == 0 {
		return take()
	}
	later, was, before := t.asksAlso(), t.s.Slots["also"], len(t.replies)
	if later {
		ids := was
		for _, c := range more {
			ids = strings.TrimPrefix(ids+","+c.ID, ",")
		}
		t.set("also", ids)
	}
	done, err = take()
	switch {
	case err != nil:
		return done, err
	case !done || len(t.s.Buttons) > 0: // no answer, or one that has to be asked about
		t.set("also", was)
	case later:
		var names []string
		for _, c := range more {
			names = append(names, t.names("conducts", c.ID))
		}
		for i, c := range more {
			if c.Short != "" {
				names[i] = c.Short
			}
		}
		t.replies = slices.Insert(t.replies, before, Reply{Text: t.g.words.say("also_noted", "conduct", strings.Join(names, "、"))})
	default:
		if f, step := t.waiting(); step != nil && !step.Danger && !t.g.urgent[f.ID] && len(t.replies) > before {
			t.replies = t.replies[:len(t.replies)-1] // the next question waits for the answer to this
			t.offerConduct(more[0])
		}
	}
	return done, nil
}

// asksAlso says that the conversation will come to asking for what else was told: flows of conducts do.
func (t *turn) asksAlso() bool {
	c := t.s.Slots["conduct"]
	if c == "" || t.g.set.Flow("also") == nil {
		return false
	}
	own := t.flowFor(c)
	if t.s.Flow == own || t.s.Flow == generalID {
		return true
	}
	return slices.ContainsFunc(t.s.Stack, func(fr string) bool {
		flow, _, _ := cutFrame(fr)
		return flow == own || flow == generalID
	})
}

// offerConduct offers to go to another conduct.
func (t *turn) offerConduct(c *content.Conduct) {
	t.offer(t.g.words.say("heard_more", "conduct", c.Name), []Choice{
		{Value: valueGo + t.flowFor(c.ID) + "?" + c.ID, Label: t.g.words.say("go_there"), Style: StyleNext},
		{Value: valueGoOn, Label: t.g.words.say("go_on")},
	})
}

// keepAnswer keeps what was answered in the same breath as something urgent, to be offered when the question comes again.
func (t *turn) keepAnswer(f *flows.Flow, step *flows.Step, text string) {
	if step.Danger || t.g.urgent[f.ID] || step.Private || step.Ask.Many || step.Ask.Accept == flows.AcceptText {
		return
	}
	part, _ := t.answerPart(f, step, text)
	value := ""
	if part == "" {
		return
	}
	key := understand.Key(part)
	if a := t.parse(step.Ask, part); step.Ask.Accept != flows.AcceptChoice && a.OK() {
		value = a.Value
	} else if i, ok := t.g.fits[step].keys[key]; ok {
		value = step.Ask.Choices[i].ID
	} else if i, ok := numbered(step.Ask.Accept, key); ok && i <= len(t.choices(f, step)) {
		_, _, value, _ = cutButton(t.choices(f, step)[i-1].Value)
	} else {
		for _, o := range t.list(step.Ask.From) {
			if key == understand.Key(o.label) || key == understand.Key(o.name) {
				value = o.id
			}
		}
	}
	if value == "" || step.Ask.Slot == "consent" {
		return
	}
	if t.s.Hints == nil {
		t.s.Hints = map[string]string{}
	}
	t.s.Hints[step.Ask.Slot] = value
}
