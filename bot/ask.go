package bot

import (
	"strings"

	"anning/flows"
)

// ask puts a question and waits there. Words before it (a hint, 「接着……」) go into the same reply.
func (t *turn) ask(f *flows.Flow, step *flows.Step, before string) {
	s := t.s
	if s.Flow != f.ID || s.Step != step.ID {
		s.Misses = 0
		s.forgetQuestion()
	}
	if len(t.taken) > 0 && !step.Danger {
		t.shown(otherKey, 1)
	}
	if t.guessed != "" && !step.Danger && f.ID == t.flowFor(t.guessed) {
		t.set(heardNew, frame(f.ID, step.ID, false))
	}
	s.Flow, s.Step, s.Hash = f.ID, step.ID, f.Hash
	text := t.render(step.Text)
	if before != "" {
		text = before + "\n" + text
	}
	kind := step.Ask.Accept
	t.reply(Reply{Text: text, Choices: t.choices(f, step), Source: step.Source, Danger: step.Danger,
		Amount: kind == flows.AcceptMoney || kind == flows.AcceptCount})
}

// askOn puts a question that was just read once more, after something else was told, by its last line only.
func (t *turn) askOn(f *flows.Flow, step *flows.Step) {
	t.ask(f, step, "")
	last := &t.replies[len(t.replies)-1]
	last.Text = last.Text[strings.LastIndexByte(last.Text, '\n')+1:]
}

// forgetQuestion forgets what was marked at one question only. What was told last stays: the next question may be about it.
func (s *Session) forgetQuestion() {
	for _, key := range []string{moreKey, answeredKey, otherKey} {
		delete(s.Shown, key)
	}
}

// again puts the waiting question once more, after words that say why. Where nothing waits, the menu asks.
func (t *turn) again(before string) error {
	f, step := t.waiting()
	if step == nil && t.s.Flow != "" {
		return t.lost(t.g.set.Flow(t.s.Flow), t.s.Step)
	}
	if step == nil {
		if before != "" {
			t.reply(Reply{Text: before})
		}
		return t.enter(menuFlow)
	}
	t.ask(f, step, before)
	return nil
}

// waiting is the question the person is at, nil where there is none.
func (t *turn) waiting() (*flows.Flow, *flows.Step) {
	f := t.g.set.Flow(t.s.Flow)
	if f == nil {
		return nil, nil
	}
	step := f.Step(t.s.Step)
	if step == nil || step.Kind != flows.Ask {
		return nil, nil
	}
	return f, step
}
