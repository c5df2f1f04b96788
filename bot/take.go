package bot

import (
	"strings"
	"time"
	"unicode/utf8"

	"anning/bot/answer"
	"anning/content/understand"
	"anning/flows"
)

// Values of the engine's own buttons. A flow's buttons are "flow/step=choice", so the two never meet. Those that belong to
// one question name it, so that one pressed late is told from an answer to the question now waiting.
const (
	valueMenu   = "@menu"
	valueResume = "@resume"
	valueAgain  = "@again"
	valueGoOn   = "@on"
	valueSkip   = "@skip=" // "@skip=flow/step"
	valueMore   = "@more=" // "@more=flow/step": the next handful of a long list
	valueKeep   = "@keep=" // "@keep=flow/step": the answer taken back, once more
	valueIs     = "@is="   // "@is=flow/step?value": one reading of an answer with two
	valueFix    = "@fix="  // "@fix=flow/step": correct what was answered there
	valueGo     = "@go="   // "@go=flow" or "@go=flow?conduct": go where the words pointed
	valueNot    = "@not="  // "@not=conduct": what was understood is not what was meant
)

// longText is the number of runes over which a message is no command and no button.
const longText = 40

// take finds out what a message is: a press, a command, an answer, something more urgent, a question.
func (t *turn) take() error {
	s, text := t.s, t.m.Text
	buttons := s.Buttons
	t.joined, s.Joined, s.Buttons = s.Joined, "", nil
	if len(t.m.Files) > 0 {
		return t.takeFiles()
	}
	key := ""
	if utf8.RuneCountInString(text) <= longText {
		key = understand.Key(text)
	}
	c := t.g.commands[key]
	if !s.Met && s.Flow == "" && c != cmdQuit {
		return t.stranger(text, c)
	}
	if done, err := t.pressed(text); done {
		return err
	}
	if value, ok := matchButtons(buttons, key); ok {
		if done, err := t.pressed(value); done {
			return err
		}
	}
	if c == cmdQuit {
		return t.command(c)
	}
	f, step := t.waiting()
	if step != nil {
		if len(buttons) == 0 { // else the numbers are theirs
			if done, err := t.ticks(f, step, text); done {
				return err
			}
		}
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
	if n, ok := bareNumber(key); ok && n <= len(buttons) {
		value, _, _ := strings.Cut(buttons[n-1], "\t")
		return value, true
	}
	for _, b := range buttons {
		if value, label, _ := strings.Cut(b, "\t"); key == understand.Key(label) {
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

// exact takes a typed answer that is one of the question's choices to the letter, or by its number.
func (t *turn) exact(f *flows.Flow, step *flows.Step, key string) (done bool, err error) {
	if key == "" {
		return false, nil
	}
	if key == "下一条" && t.s.Shown[basisKey] > 0 { // the law card just shown said so
		return true, t.aside(f, step, &flows.View{Name: "basis"})
	}
	fit := t.g.fits[step]
	if i, ok := fit.keys[key]; ok && step.Ask.Choices[i].When.Holds(t.s.Slots) {
		return true, t.choose(f, step, &step.Ask.Choices[i])
	}
	shown := t.choices(f, step)
	if i, ok := numbered(step.Ask.Accept, key); ok && i <= len(shown) {
		if t.s.Hash != f.Hash { // the flow was edited since: the number may stand for something else now
			return true, t.again(t.g.words.say("flow_changed"))
		}
		return t.pressed(shown[i-1].Value)
	}
	for _, c := range shown {
		if c.Value[0] == '@' && key == understand.Key(c.Label) {
			return t.pressed(c.Value)
		}
	}
	for _, o := range t.list(step.Ask.From) {
		if key == o.id || key == understand.Key(o.label) || key == understand.Key(o.name) {
			return true, t.choseListed(f, step, o)
		}
	}
	return false, nil
}

// numbered reads the number of a choice. Beside a question for an amount a number is the amount; beside one for a day or
// words only a bare number counts: 2号 is a day.
func numbered(kind flows.Accept, key string) (int, bool) {
	switch kind {
	case flows.AcceptChoice, flows.AcceptYesNo:
		return answer.Number(key)
	case flows.AcceptCount, flows.AcceptMoney:
		return 0, false
	}
	return bareNumber(key)
}

// bareNumber reads a number of a choice with nothing around it: 2, 12, 二, ②.
func bareNumber(key string) (int, bool) {
	if utf8.RuneCountInString(key) > 2 || strings.Trim(key, "0123456789") != "" && utf8.RuneCountInString(key) > 1 {
		return 0, false
	}
	return answer.Number(key)
}

// words takes a typed text that is no button and no command: danger first, then the answer, then what else it says.
func (t *turn) words(f *flows.Flow, step *flows.Step, text, key string) error {
	at := t.s.Step
	m, done, err := t.read(text)
	if done && step != nil && (t.s.Flow != f.ID || t.s.Step != at) {
		t.keepAnswer(f, step, text)
	}
	if done || err != nil {
		return err
	}
	switch {
	case step == nil && t.s.Flow != "":
		return t.lost(t.g.set.Flow(t.s.Flow), t.s.Step)
	case step == nil:
		return t.fresh(text, key, m)
	}
	opener, opens := t.opens(key)
	opens = opens && (!t.g.urgent[f.ID] || t.g.urgent[opener]) // 「好怕」 in danger leads nowhere else
	if opens && opener != f.ID && step.Ask.Accept == flows.AcceptText && !step.Ask.Quotes {
		return t.goThere(opener, "") // any words would do as an answer here
	}
	if !opens {
		if done, err := t.twice(f, step, text); done {
			return err
		}
		if done, err := t.answerAside(f, step, text, m); done {
			return err
		}
	}
	if step.Ask.Accept != flows.AcceptText {
		t.keepTheirs(text)
	}
	if !t.theirs || step.Ask.Accept == flows.AcceptText { // a collector's message is no answer
		if done, err := t.withBesides(t.besidesAnswer(f, step, m), func() (bool, error) { return t.typed(f, step, text, key) }); done {
			return err
		}
	}
	if opens {
		return t.goThere(opener, "")
	}
	joined := t.fragment(text)
	if step.Ask.Accept == flows.AcceptChoice && (f.ID == menuFlow || f.ID == identifyID || f.ID == startFlow) {
		if done, err := t.meant(text, m); done {
			return err
		}
	} else if !t.g.urgent[f.ID] { // no other matter while somebody is in danger
		if !t.theirs {
			if done, err := t.withBesides(t.besidesAnswer(f, step, m), func() (bool, error) { return t.clause(f, step, text) }); done {
				return err
			}
		}
		if done, err := t.heardMore(text, m); done {
			return err
		}
	}
	if joined {
		return t.again(t.g.words.say("added_to_answer"))
	}
	if t.why == "" && t.tellsSame(m) {
		t.why = t.g.words.say("heard_same")
	}
	return t.miss(f, step, t.why)
}

// opens is the flow that a whole message opens from anywhere: by a phrase of the flow, or by the name of a reporting
// channel, whose card then comes.
func (t *turn) opens(key string) (flow string, ok bool) {
	if key == "" {
		return "", false
	}
	if flow, ok := t.g.openers[key]; ok {
		return flow, true
	}
	id, ok := t.g.named[key]
	if ok {
		t.set("named_channel", id)
	}
	return channelFlow, ok
}

// fragmentWindow is how long after a free-text answer a further message still belongs to it.
const fragmentWindow = 8 * time.Second

// fragment joins a message that does not fit the new question to the free text just given, when it came at once.
func (t *turn) fragment(text string) bool {
	s := t.s
	if !t.atOnce() || utf8.RuneCountInString(text) < 4 { // 「没有」 is an answer, not the rest of a story
		return false
	}
	t.set(t.joined, strings.TrimSpace(s.Slots[t.joined]+"\n"+text))
	s.Joined = t.joined
	return true
}

// atOnce says that the message before was a free text, and that this one follows so closely that it may belong to it.
func (t *turn) atOnce() bool {
	return t.joined != "" && t.m.At.Sub(t.s.sent()).Abs() <= fragmentWindow
}

// fresh takes a message while nothing is being asked.
func (t *turn) fresh(text, key string, m understand.Meaning) error {
	if flow, ok := t.opens(key); ok {
		return t.enter(flow)
	}
	t.keepTheirs(text)
	joined := t.fragment(text)
	if done, err := t.meant(text, m); done {
		return err
	}
	if joined {
		t.reply(Reply{Text: t.g.words.say("added_to_answer")})
		return nil
	}
	return t.enter(menuFlow)
}

// stranger greets somebody new, and remembers what they came with. Danger and a running call go before the hello.
func (t *turn) stranger(text string, c command) error {
	if c == cmdLiveCall {
		return t.visit(commandFlows[c])
	}
	if choice, ok := t.oldChoice(text); ok { // of a talk that was erased
		if flow, _, _ := strings.Cut(choice.To, "/"); t.g.urgent[flow] {
			return t.enter(flow)
		}
		text = choice.Label
	} else if strings.HasPrefix(text, "@") {
		text = ""
	}
	m, done, err := t.read(text)
	if done || err != nil {
		return err
	}
	t.s.Met = true
	t.hear(text)
	if flow := t.cameFor(text, c, m); flow != "" {
		t.s.push(frame(flow, "", false))
	}
	return t.enter(startFlow)
}

// cameFor is the flow for what a stranger's first message is about; empty where the menu has to ask.
func (t *turn) cameFor(text string, c command, m understand.Meaning) string {
	if flow, ok := commandFlows[c]; ok {
		return flow
	}
	if flow, ok := t.opens(understand.Key(cutRunes(text, longText))); ok {
		return flow
	}
	if flow, ok := t.heard(text, m); ok {
		return flow
	}
	if utf8.RuneCountInString(text) >= 8 && !strings.HasPrefix(text, "/") {
		t.set("said", text)
		return identifyID
	}
	return ""
}

// goThere leaves the waiting question for another flow, which comes back to it.
func (t *turn) goThere(flow, conduct string) error {
	t.leave(flow)
	if conduct != "" {
		t.set("conduct", conduct)
		t.set(heardNew, "") // they chose it
		t.picked(conduct)
	}
	return t.enter(flow)
}
