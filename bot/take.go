package bot

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"anning/content/understand"
	"anning/flows"
)

// Values of the engine's own buttons. A flow's buttons are "flow/step=choice", so the two never meet.
const (
	valueMenu   = "@menu"
	valueResume = "@resume"
	valueSkip   = "@skip"
	valueMore   = "@more"
	valueAgain  = "@again"
	valueGoOn   = "@on"
	valueKeep   = "@keep" // the answer taken back, once more
	valueGo     = "@go="  // "@go=flow" or "@go=flow?conduct": go where the words pointed
	valueIs     = "@is="  // one reading of an answer with two
	valueFix    = "@fix=" // correct the answer of this snapshot
)

// longText is the number of runes over which a message is no command and no button.
const longText = 40

// take finds out what a message is: a press, a command, an answer, something more urgent, a question.
func (t *turn) take() error {
	s, text := t.s, t.m.Text
	if len(t.m.Files) > 0 {
		return t.takeFiles()
	}
	buttons := s.Buttons
	s.Buttons = nil
	if done, err := t.pressed(text); done {
		return err
	}
	key := ""
	if utf8.RuneCountInString(text) <= longText {
		key = understand.Key(text)
	}
	if value, ok := matchButtons(buttons, key); ok {
		if done, err := t.pressed(value); done {
			return err
		}
	}
	c := t.g.commands[key]
	if c == cmdQuit {
		return t.command(c)
	}
	if !s.Met && s.Flow == "" {
		return t.opening(text)
	}
	f, step := t.waiting()
	if step == nil && s.Flow != "" {
		return t.lost(t.g.set.Flow(s.Flow), s.Step, s.Hash)
	}
	if step != nil {
		if done, err := t.exact(f, step, key); done {
			return err
		}
	}
	if c != 0 {
		return t.command(c)
	}
	return t.words(f, step, text, key)
}

// matchButtons finds what was typed among the engine's own buttons shown last.
func matchButtons(buttons []string, key string) (string, bool) {
	if key == "" {
		return "", false
	}
	for i, b := range buttons {
		value, label, _ := strings.Cut(b, "\t")
		if key == strconv.Itoa(i+1) || key == understand.Key(label) {
			return value, true
		}
	}
	return "", false
}

// offer puts buttons of the engine's own, and remembers them so that they can be typed.
func (t *turn) offer(text string, choices []Choice) {
	t.s.Buttons = make([]string, len(choices))
	for i, c := range choices {
		t.s.Buttons[i] = c.Value + "\t" + c.Label
	}
	t.reply(Reply{Text: text, Choices: choices})
}

// pressed takes the value of a button; done is false where the text is none.
func (t *turn) pressed(text string) (done bool, err error) {
	if !strings.HasPrefix(text, "@") {
		return t.pressedChoice(text)
	}
	name, arg, _ := strings.Cut(text, "=")
	f, step := t.waiting()
	switch {
	case text == valueMenu:
		return true, t.command(cmdMenu)
	case text == valueResume:
		return true, t.resume()
	case text == valueSkip:
		return true, t.skip()
	case text == valueAgain, text == valueGoOn:
		return true, t.again("")
	case text == valueMore && step != nil:
		return true, t.more(f, step)
	case text == valueKeep && step != nil && t.s.Hints[step.Ask.Slot] != "":
		return true, t.answered(f, step, t.s.Hints[step.Ask.Slot], nil)
	case name+"=" == valueIs && step != nil && t.plausible(step.Ask, arg):
		return true, t.answered(f, step, arg, nil)
	case name+"=" == valueGo:
		flow, conduct, _ := strings.Cut(arg, "?")
		if t.g.set.Flow(flow) == nil || conduct != "" && t.g.lib.Conduct(conduct) == nil {
			return false, nil
		}
		return true, t.goThere(flow, conduct)
	case name+"=" == valueFix:
		i, err := strconv.Atoi(arg)
		if err != nil {
			return false, nil
		}
		return true, t.fix(i)
	}
	return false, nil
}

// pressedChoice takes a "flow/step=choice". A button of an older question is told from one of the waiting question.
func (t *turn) pressedChoice(text string) (done bool, err error) {
	at, id, ok := strings.Cut(text, "=")
	if !ok || strings.ContainsAny(text, " \n") {
		return false, nil
	}
	flow, stepID, ok := strings.Cut(at, "/")
	f := t.g.set.Flow(flow)
	if !ok || f == nil {
		return false, nil
	}
	if flow != t.s.Flow || stepID != t.s.Step {
		if step := f.Step(stepID); step == nil || step.Kind != flows.Ask {
			return false, nil
		}
		if flow == menuFlow && t.s.Met { // the menu's doors are open from any older menu
			t.s.pause()
			t.s.Flow, t.s.Step = menuFlow, stepID
		} else {
			return true, t.again(t.g.words.say("old_button"))
		}
	}
	step := f.Step(stepID)
	if step == nil || step.Kind != flows.Ask {
		return false, nil
	}
	for i := range step.Ask.Choices {
		if c := &step.Ask.Choices[i]; c.ID == id && c.When.Holds(t.s.Slots) {
			return true, t.choose(f, step, c)
		}
	}
	for _, o := range t.list(step.Ask.From) {
		if o.id == id {
			return true, t.choseListed(f, step, o)
		}
	}
	return true, t.again(t.g.words.say("old_button"))
}

// exact takes a typed answer that is one of the question's choices to the letter, or by its number.
func (t *turn) exact(f *flows.Flow, step *flows.Step, key string) (done bool, err error) {
	if key == "" {
		return false, nil
	}
	fit := t.g.fits[step]
	if i, ok := fit.keys[key]; ok && step.Ask.Choices[i].When.Holds(t.s.Slots) {
		return true, t.choose(f, step, &step.Ask.Choices[i])
	}
	if i, ok := choiceNumber(key); ok && step.Ask.Accept != flows.AcceptCount && step.Ask.Accept != flows.AcceptMoney {
		if shown := t.choices(f, step); i <= len(shown) {
			return t.pressed(shown[i-1].Value)
		}
	}
	if step.Ask.From != "" {
		for _, o := range t.list(step.Ask.From) {
			if key == o.id || key == understand.Key(o.label) || key == understand.Key(o.name) {
				return true, t.choseListed(f, step, o)
			}
		}
	}
	if step.Ask.Accept == flows.AcceptYesNo || len(step.Ask.Choices) == 0 {
		return false, nil
	}
	return false, nil
}

// words takes a typed text that is no button and no command: danger first, then the answer, then what else it says.
func (t *turn) words(f *flows.Flow, step *flows.Step, text, key string) error {
	m := t.g.reader.Read(text)
	if done, err := t.urgent(m); done {
		return err
	}
	if step == nil {
		return t.fresh(text, key, m)
	}
	if done, err := t.typed(f, step, text, key); done {
		return err
	}
	if flow, ok := t.g.openers[key]; ok && key != "" {
		return t.goThere(flow, "")
	}
	if step.Ask.Accept == flows.AcceptChoice && (f.ID == menuFlow || f.ID == identifyID || f.ID == startFlow) {
		if done, err := t.meant(text, m); done {
			return err
		}
	} else if done, err := t.heardMore(text, m); done {
		return err
	}
	if t.fragment(text) {
		return t.again(t.g.words.say("added_to_answer"))
	}
	return t.miss(f, step, "")
}

// fragmentWindow is how long after a free-text answer a further message still belongs to it.
const fragmentWindow = 8 * time.Second

// fragment joins a message that does not fit the new question to the free text just given, when it came at once.
func (t *turn) fragment(text string) bool {
	s := t.s
	if s.Joined == "" || t.m.At.Sub(s.sent()) > fragmentWindow {
		return false
	}
	t.set(s.Joined, s.Slots[s.Joined]+"\n"+text)
	return true
}

// fresh takes a message while nothing is being asked.
func (t *turn) fresh(text, key string, m understand.Meaning) error {
	if flow, ok := t.g.openers[key]; ok && key != "" {
		return t.enter(flow)
	}
	if done, err := t.meant(text, m); done {
		return err
	}
	return t.enter(menuFlow)
}

// opening greets somebody new, and remembers what they came with.
func (t *turn) opening(text string) error {
	s := t.s
	m := t.g.reader.Read(text)
	if done, err := t.urgent(m); done {
		return err
	}
	s.Met = true
	if flow, ok := t.g.openers[understand.Key(cutRunes(text, longText))]; ok && text != "" {
		s.push(frame(flow, "", false))
	} else if flow, ok := t.heard(text, m); ok {
		s.push(frame(flow, "", false))
	} else if utf8.RuneCountInString(text) >= 8 && !strings.HasPrefix(text, "/") {
		t.set("said", text)
		s.push(frame(identifyID, "", false))
	}
	return t.enter(startFlow)
}

// goThere leaves the waiting question for another flow, which comes back to it.
func (t *turn) goThere(flow, conduct string) error {
	if conduct != "" {
		t.set("conduct", conduct)
	}
	if t.s.Flow == menuFlow {
		t.s.Flow, t.s.Step = "", ""
		return t.enter(flow)
	}
	return t.visit(flow)
}
