package bot

import (
	"slices"
	"strconv"
	"strings"

	"anning/flows"
)

// command is something always heard, whatever is being asked.
type command int

const (
	cmdBack command = iota + 1
	cmdCorrect
	cmdRestart
	cmdMenu
	cmdHelp
	cmdWhere
	cmdQuit
	cmdLater
	cmdSkip
	cmdLiveCall
	cmdMyData
	cmdDelete
	cmdResume
	cmdStart
)

// commandWords are the whole messages that are commands. An answer may not be one: Check sees to it.
var commandWords = map[string]command{
	"返回": cmdBack, "上一步": cmdBack, "退回": cmdBack,
	"改": cmdCorrect, "改一下": cmdCorrect, "修改": cmdCorrect, "更正": cmdCorrect,
	"重来": cmdRestart, "重新开始": cmdRestart, "从头来": cmdRestart,
	"菜单": cmdMenu, "主菜单": cmdMenu, "/menu": cmdMenu,
	"帮助": cmdHelp, "/help": cmdHelp,
	"我在哪": cmdWhere, "到哪了": cmdWhere,
	"退出": cmdQuit, "离开": cmdQuit, "/stop": cmdQuit,
	"稍后再说": cmdLater, "先这样": cmdLater, "等会再说": cmdLater,
	"跳过": cmdSkip, "催收来电": cmdLiveCall, "来电了": cmdLiveCall, "/call": cmdLiveCall,
	"我的数据": cmdMyData, "我的记录": cmdMyData,
	"删除我的数据": cmdDelete, "删除数据": cmdDelete, "/delete": cmdDelete,
	"接着刚才的": cmdResume, "接着来": cmdResume, "继续": cmdResume,
	"/start": cmdStart, "开始": cmdStart,
}

// CommandWords lists the words that are always heard; no answer and no phrase of a flow may be one of them.
func CommandWords() []string {
	words := make([]string, 0, len(commandWords))
	for w := range commandWords {
		words = append(words, w)
	}
	slices.Sort(words)
	return words
}

// Flows that commands open beside the question and that come back to it.
var commandFlows = map[command]string{
	cmdHelp: helpFlow, cmdLiveCall: "live_call", cmdMyData: "my_data", cmdDelete: "delete_my_data",
}

func (t *turn) command(c command) error {
	s := t.s
	switch c {
	case cmdBack:
		return t.back()
	case cmdCorrect:
		return t.correct()
	case cmdRestart:
		return t.restart()
	case cmdMenu:
		s.pause()
		return t.enter(menuFlow)
	case cmdStart:
		if s.Flow != "" && s.Flow != menuFlow {
			return t.again(t.g.words.say("come_back", "question", t.title()))
		}
		return t.enter(menuFlow)
	case cmdWhere:
		return t.again(t.g.words.say("where_am_i", "flow", t.title(), "asked", strconv.Itoa(len(s.backs()))))
	case cmdQuit:
		s.pause()
		t.reply(Reply{Text: t.g.words.say("quit")})
		return nil
	case cmdLater:
		s.pause()
		t.reply(Reply{Text: t.g.words.say(t.laterWord())})
		return nil
	case cmdSkip:
		return t.skip()
	case cmdResume:
		if f, _ := t.waiting(); f != nil && f.ID != menuFlow {
			return t.again("") // 继续, said to the question itself
		}
		return t.resume()
	}
	return t.visit(commandFlows[c])
}

// kept through 重来: whether they may be kept, and whether the person is to be asked first how they are.
var keptSlots = []string{"consent", "care"}

// restart forgets every answer. What was put aside goes too: it would go on without the answers it stands on.
func (t *turn) restart() error {
	s := t.s
	slots := map[string]string{}
	for _, slot := range keptSlots {
		if v := s.Slots[slot]; v != "" {
			slots[slot] = v
		}
	}
	s.Slots, s.Stack, s.Paused, s.Back, s.Hints, s.Shown, s.Misses = slots, nil, nil, "", nil, nil, 0
	s.Flow, s.Step, s.Hash = "", "", ""
	t.still = true
	t.reply(Reply{Text: t.g.words.say("restarted")})
	return t.enter(menuFlow)
}

// title names the flow the person is in.
func (t *turn) title() string {
	if f := t.g.set.Flow(t.s.Flow); f != nil {
		return f.Title
	}
	return t.g.set.Flow(menuFlow).Title
}

// visit walks a flow beside the waiting question and comes back to it.
func (t *turn) visit(flow string) error {
	t.leave(flow)
	return t.enter(flow)
}

// leave remembers the waiting question for the time when the flow now entered ends. A flow is on the stack once: where
// it begins anew, its earlier run is over.
func (t *turn) leave(flow string) {
	s := t.s
	s.unwind(flow)
	if s.Flow != "" && s.Flow != menuFlow && s.Flow != flow {
		s.push(s.here())
	}
	s.Flow, s.Step, s.Hash = "", "", ""
}

// resume takes up what was put aside last; what is being asked is put aside instead.
func (t *turn) resume() error {
	s := t.s
	if len(s.Paused) == 0 {
		return t.again("")
	}
	last := s.Paused[len(s.Paused)-1]
	s.Paused = s.Paused[:len(s.Paused)-1]
	s.pause()
	s.Stack = strings.Split(last, ">")
	fr, _ := s.pop()
	return t.comeBack(fr)
}

// laterWord is the key of the words that end a talk for now: somebody who is not kept is not told that all is kept.
func (t *turn) laterWord() string {
	if t.s.Slots["consent"] == "no" {
		return "later_not_kept"
	}
	return "later_ok"
}

func (t *turn) skip() error {
	f, step := t.waiting()
	if step == nil {
		return t.again("")
	}
	if c := step.Ask.Choice("skip"); c != nil && c.When.Holds(t.s.Slots) {
		return t.choose(f, step, c)
	}
	if !step.Ask.Skip {
		return t.miss(f, step, t.g.words.say("no_skip"))
	}
	return t.answered(f, step, "", nil)
}

// back returns to the question before, as it was; the answer taken back is offered again.
func (t *turn) back() error {
	s := t.s
	t.still = true
	for backs := s.backs(); len(backs) > 0; {
		last := backs[len(backs)-1]
		backs = backs[:len(backs)-1]
		s.setBacks(backs)
		sn, ok := cutSnapshot(last)
		if ok && t.restore(sn) {
			return t.again(t.g.words.say("back_done"))
		}
	}
	return t.again(t.g.words.say("back_none"))
}

// restore puts the session back to a snapshot, keeping what was answered since as hints. It fails where the question
// is gone.
func (t *turn) restore(sn snapshot) bool {
	flow, step, _ := cutFrame(sn.at)
	f := t.g.set.Flow(flow)
	if f == nil || f.Step(step) == nil {
		return false
	}
	s := t.s
	for i := len(sn.old) - 2; i >= 0; i -= 2 {
		slot, value := sn.old[i], sn.old[i+1]
		if now := s.Slots[slot]; now != "" && len(now) <= 200 && len(s.Hints) < 8 {
			if s.Hints == nil {
				s.Hints = map[string]string{}
			}
			s.Hints[slot] = now
		}
		if value == "" {
			delete(s.Slots, slot)
		} else {
			s.Slots[slot] = value
		}
	}
	s.Stack = nil
	if sn.stack != "" {
		s.Stack = strings.Split(sn.stack, ">")
	}
	s.Flow, s.Step, s.Hash, s.Misses, s.Shown = flow, step, f.Hash, 0, nil
	s.Paused = slices.DeleteFunc(s.Paused, func(p string) bool { // it goes on here, and is not waiting elsewhere
		last := p[strings.LastIndexByte(p, '>')+1:]
		at, _, _ := strings.Cut(last, "?")
		return at == sn.at
	})
	return true
}

// correct offers the latest answers; the one chosen is asked again.
func (t *turn) correct() error {
	choices := t.corrections()
	if len(choices) == 0 {
		return t.again(t.g.words.say("nothing_to_correct"))
	}
	t.offer(t.g.words.say("correct_which"), choices)
	return nil
}

const maxCorrections = 4

// corrections are the answers that can be corrected, the latest first.
func (t *turn) corrections() []Choice {
	var out []Choice
	backs := t.s.backs()
	for i := len(backs) - 1; i >= 0 && len(out) < maxCorrections; i-- {
		sn, ok := cutSnapshot(backs[i])
		if !ok {
			continue
		}
		flow, id, _ := cutFrame(sn.at)
		f := t.g.set.Flow(flow)
		if f == nil || flow == menuFlow || flow == startFlow {
			continue
		}
		step := f.Step(id)
		if step == nil || step.Kind != flows.Ask || t.s.Slots[step.Ask.Slot] == "" {
			continue
		}
		label := cutRunes(t.brief(step.Ask.Slot, t.s.Slots[step.Ask.Slot]), maxLabelRunes)
		value := valueFix + flow + "/" + id
		if slices.ContainsFunc(out, func(c Choice) bool { return c.Label == label || c.Value == value }) {
			continue
		}
		out = append(out, Choice{Value: value, Label: label})
	}
	if len(out) > 0 {
		out = append(out, Choice{Value: valueGoOn, Label: t.g.words.say("go_on")})
	}
	return out
}

// fix goes back to where a question ("flow/step") was answered last.
func (t *turn) fix(at string) error {
	s := t.s
	backs := s.backs()
	i := len(backs) - 1
	for i >= 0 && !strings.HasPrefix(backs[i], at+"\t") {
		i--
	}
	if i < 0 {
		return t.again(t.g.words.say("nothing_to_correct"))
	}
	t.still = true
	ok := true
	for j := len(backs) - 1; j >= i && ok; j-- {
		var sn snapshot
		if sn, ok = cutSnapshot(backs[j]); ok {
			ok = t.restore(sn)
		}
	}
	s.setBacks(backs[:i])
	if !ok {
		return t.again(t.g.words.say("flow_changed"))
	}
	return t.again("")
}
