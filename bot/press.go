package bot

import (
	"strings"

	"anning/flows"
)

// pressed takes the value of a button; done is false where the text is none.
func (t *turn) pressed(text string) (done bool, err error) {
	switch text {
	case valueMenu:
		return true, t.command(cmdMenu)
	case valueResume:
		return true, t.resume()
	case valueAgain, valueGoOn:
		return true, t.again("")
	}
	if !strings.HasPrefix(text, "@") {
		return t.pressedChoice(text)
	}
	name, arg, ok := strings.Cut(text, "=")
	if !ok {
		return false, nil
	}
	switch name += "="; name {
	case valueSkip, valueMore, valueKeep, valueIs:
		return true, t.pressedHere(name, arg)
	case valueFix:
		return true, t.fix(arg)
	case valueNot:
		return true, t.declined(arg)
	case valueGo:
		flow, conduct, _ := strings.Cut(arg, "?")
		if t.g.set.Flow(flow) == nil || conduct != "" && t.g.lib.Conduct(conduct) == nil {
			return true, t.stale()
		}
		return true, t.goThere(flow, conduct)
	}
	return false, nil
}

// pressedHere takes a button of the engine's own that belongs to one question: "flow/step", "flow/step?value".
func (t *turn) pressedHere(name, arg string) error {
	at, value, _ := strings.Cut(arg, "?")
	f, step := t.waiting()
	if step == nil || at != f.ID+"/"+step.ID {
		return t.stale()
	}
	switch {
	case name == valueSkip:
		return t.skip()
	case name == valueMore && step.Ask.From != "":
		return t.more(f, step)
	case name == valueKeep && t.hint(f, step) != "":
		return t.given(f, step, t.hint(f, step))
	case name == valueIs && t.plausible(step.Ask, value):
		return t.given(f, step, value)
	}
	return t.stale()
}

// pressedChoice takes a "flow/step=choice". A button of an older question is told from one of the waiting question.
func (t *turn) pressedChoice(text string) (done bool, err error) {
	flow, stepID, id, ok := cutButton(text)
	if !ok {
		return false, nil
	}
	if flow != t.s.Flow || stepID != t.s.Step {
		if flow != menuFlow || !t.s.Met {
			return true, t.stale()
		}
		t.s.pause() // the menu's doors are open from any older menu
		t.s.Flow, t.s.Step = flow, stepID
	}
	f, step := t.waiting()
	if step == nil {
		return true, t.stale()
	}
	if c := step.Ask.Choice(id); c != nil && c.When.Holds(t.s.Slots) {
		return true, t.choose(f, step, c)
	}
	for _, o := range t.list(step.Ask.From) {
		if o.id == id {
			return true, t.choseListed(f, step, o)
		}
	}
	return true, t.stale()
}

// stale answers a button that is none of the question now waiting.
func (t *turn) stale() error { return t.again(t.g.words.say("old_button")) }

// oldChoice finds the choice that a button stands for, wherever it is from.
func (t *turn) oldChoice(text string) (flows.Choice, bool) {
	flow, stepID, id, ok := cutButton(text)
	if !ok {
		return flows.Choice{}, false
	}
	if f := t.g.set.Flow(flow); f != nil {
		if step := f.Step(stepID); step != nil && step.Kind == flows.Ask {
			if c := step.Ask.Choice(id); c != nil {
				return *c, true
			}
		}
	}
	return flows.Choice{}, true // of a flow that is gone
}

// cutButton takes a "flow/step=choice" apart. What does not look like one was typed.
func cutButton(text string) (flow, step, choice string, ok bool) {
	at, choice, ok1 := strings.Cut(text, "=")
	flow, step, ok2 := strings.Cut(at, "/")
	return flow, step, choice, ok1 && ok2 && isID(flow) && isID(step) && isID(choice)
}

func isID(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return s != ""
}
