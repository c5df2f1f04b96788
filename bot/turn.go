package bot

import (
	"context"
	"fmt"
	"strings"
	"time"

	"anning/flows"
	"anning/storage"
)

// maxSteps bounds the steps walked in one turn, so that a looping flow cannot hang. Check finds such loops before.
const maxSteps = 50

// turn is one message and all it causes, up to the commit. It reads a guide and a session and changes only the session.
type turn struct {
	ctx     context.Context
	g       *guide
	s       *Session
	m       Message
	now     time.Time
	kept    func() ([]storage.Record, error)   // the case file, read only when a view needs it
	due     func() ([]storage.Reminder, error) // likewise
	maxFile int64
	in      *inbox // the files of the message

	replies []Reply
	records []storage.Record
	remind  []storage.Reminder
	cancel  []string
	forget  []string
	erase   bool
	isGrave bool                 // the message speaks of self-harm
	walked  map[*flows.Step]bool // where not nil, every step walked is noted (Explore)
	old     []string             // slots changed by this answer: slot, value before, slot, value before …
	joined  string               // slot of the free-text answer that the message before gave
	private []string             // slots answered in this turn that are never kept
	why     string               // what to say of an answer of the right kind that is none
	moved   bool                 // a question was answered
	began   string               // the question that waited when the message came: "flow/step"
	still   bool                 // the turn is no step on: 返回, 改 and 重来 leave no way back to where they were said
	guessed string               // the conduct that this turn understood from words, and said so
	theirs  bool                 // the text is the collectors' own words
	taken   []taken              // the questions that were passed over, their answers having been said before
	steps   int
}

// run takes the message and walks to the next question.
func (t *turn) run() error {
	s := t.s
	s.Turn++
	t.m.Text = clean(t.m.Text)
	t.late()
	t.began = frame(s.Flow, s.Step, false)
	before := snapshot{at: t.began, stack: strings.Join(s.Stack, ">")}
	_, asked := t.waiting()
	if err := t.take(); err != nil {
		return err
	}
	if t.ctx.Err() != nil {
		return t.ctx.Err()
	}
	if asked != nil && !t.still && !t.erase && (t.moved || before.at != frame(s.Flow, s.Step, false)) {
		before.old = t.old
		if len(t.taken) > 0 {
			before.old = t.old[:t.taken[0].cut]
		}
		s.keepSnapshot(before)
	}
	if !t.erase {
		t.keepTaken()
	}
	for _, slot := range t.private {
		delete(s.Slots, slot)
	}
	if !t.isGrave {
		s.Grave = 0
	}
	s.At = t.m.At.UnixMilli()
	s.remember(t.m.ID)
	if len(t.replies) == 0 && !t.erase {
		t.reply(Reply{Text: t.g.words.say("later_ok")})
	}
	return nil
}

// ttl is how long this person is kept: somebody who did not agree to be kept only for a day.
func (t *turn) ttl() time.Duration {
	if t.s.Slots["consent"] == "no" {
		return 24 * time.Hour
	}
	return 0
}

func (t *turn) reply(r Reply) { t.replies = append(t.replies, r) }

// set changes a slot and remembers what it was, for 返回.
func (t *turn) set(slot, value string) {
	before := t.s.Slots[slot]
	if before == value {
		return
	}
	if len(value) > maxSlotBytes {
		value = cutText(value, maxSlotBytes)
	}
	if t.old == nil {
		t.old = make([]string, 0, 12)
	}
	t.old = append(t.old, slot, strings.ReplaceAll(before, "\t", " "))
	if value == "" {
		delete(t.s.Slots, slot)
	} else {
		t.s.Slots[slot] = value
	}
	switch slot {
	case "day":
		t.late()
	case "said":
		t.hear(value)
		t.set(maybeSlot, "")
		t.set(heardNew, "")
	case "conduct": // what is looked at now is not what else there was
		t.dropAlso(value)
	case "role":
		if value == "relative" || value == "stranger" { // of whom nobody says that they borrowed
			t.dropAlso("not_debtor")
		}
	case notConducts:
		t.guessAgain()
	case creditorFlow: // what they said before is answered, or taken back
		t.set(saidLender, "")
		t.lenderOf(value)
	}
	if slot == "conduct" || slot == "creditor" || slot == "day" {
		t.s.Shown = nil // other cards now
	}
}

// enter walks a flow from its top.
func (t *turn) enter(flow string) error {
	f := t.g.set.Flow(flow)
	if f == nil {
		return fmt.Errorf("no flow %q", flow)
	}
	t.late()
	return t.walk(f, 0)
}

// goTo walks on at a target: "step" of the same flow, "flow/", "flow/step". A jump into another flow hands it the stack:
// where that flow returns, it returns to whoever called this one.
func (t *turn) goTo(here *flows.Flow, target string) error {
	flow, step, other := strings.Cut(target, "/")
	switch {
	case !other:
		return t.walkAt(here, target)
	case flow == here.ID && step != "":
		return t.walkAt(here, step)
	}
	f := t.g.set.Flow(flow)
	if f == nil {
		return fmt.Errorf("no flow %q", flow)
	}
	t.s.unwind(flow)
	if flow == menuFlow || t.g.urgent[flow] && !f.Aside { // nothing goes on by itself after these
		t.s.Flow, t.s.Step = "", ""
		t.s.pause()
	}
	if step == "" {
		return t.walk(f, 0)
	}
	return t.walkAt(f, step)
}

func (t *turn) walkAt(f *flows.Flow, step string) error {
	i := f.Index(step)
	if i < 0 {
		return fmt.Errorf("flow %s has no step %q", f.ID, step)
	}
	return t.walk(f, i)
}

// walk goes from a step to the next question.
func (t *turn) walk(f *flows.Flow, i int) error {
	if i == 0 {
		t.tellHeard(f)
	}
	for ; i < len(f.Steps); i++ {
		if t.steps++; t.steps > maxSteps {
			return fmt.Errorf("flow %s goes round without a question", f.ID)
		}
		step := f.Steps[i]
		if !step.When.Holds(t.s.Slots) {
			continue
		}
		if t.walked != nil {
			t.walked[step] = true
		}
		switch step.Kind {
		case flows.Say:
			t.reply(Reply{Text: t.render(step.Text), Source: step.Source, Danger: step.Danger})
		case flows.Ask:
			if done, err := t.fromSaid(f, step); done {
				return err
			}
			t.ask(f, step, "")
			return nil
		case flows.Show:
			t.fromTheTop(step.Show)
			if err := t.show(step.Show); err != nil {
				return err
			}
		case flows.Document:
			t.document(step.Doc)
		case flows.Remind:
			t.setReminder(step.Remind)
		case flows.Record:
			t.record(step.Record)
		case flows.SetStep:
			t.assign(step.Set)
		case flows.Call:
			callee := step.Call
			if slot, ok := strings.CutPrefix(callee, "{"); ok {
				callee = t.flowFor(t.s.Slots[strings.TrimSuffix(slot, "}")])
			}
			t.s.push(frame(f.ID, step.ID, true))
			return t.enter(callee)
		case flows.Next:
			if to, ok := branch(step.Next, t.s.Slots); ok {
				return t.goTo(f, to)
			}
		case flows.End:
			return t.end(step.End)
		default:
			return fmt.Errorf("flow %s: step %s has no kind", f.ID, step.ID)
		}
	}
	return t.end(flows.EndReturn)
}

func branch(branches []flows.Branch, slots map[string]string) (string, bool) {
	for _, b := range branches {
		if b.When.Holds(slots) {
			return b.To, true
		}
	}
	return "", false
}

func (t *turn) assign(as []flows.Assign) {
	for _, a := range as {
		value := a.Value.Render(t.slotRaw)
		t.set(a.Slot, value)
		if a.Slot == "conduct" && value != "" {
			t.picked(value)
		}
	}
}

// slotRaw is a slot as it is kept; today is a day like any other.
func (t *turn) slotRaw(slot string) string {
	if slot == "today" {
		return t.today().String()
	}
	return t.s.Slots[slot]
}

// flowFor is the flow that tells about a conduct: its own, else the general one.
func (t *turn) flowFor(conduct string) string {
	if t.g.set.Flow(conduct) != nil {
		return conduct
	}
	return generalID
}

// end leaves a flow.
func (t *turn) end(how flows.Ending) error {
	s := t.s
	s.Flow, s.Step, s.Hash = "", "", ""
	switch how {
	case flows.EndErase:
		t.erase = true
		return nil
	case flows.EndRest:
		s.pause()
		return nil
	case flows.EndMenu:
		s.pause()
		return t.enter(menuFlow)
	}
	if back, ok := s.pop(); ok {
		return t.comeBack(back)
	}
	if !s.Met && s.Slots["consent"] == "" { // danger or a call went before the hello
		s.Met = true
		return t.enter(startFlow)
	}
	return t.enter(menuFlow)
}

// comeBack goes on at a frame, about what it was about when it was left.
func (t *turn) comeBack(fr string) error {
	if values := cutMatter(fr); values != nil && values[0] != t.s.Slots[matter[0]] {
		for i, slot := range matter {
			t.set(slot, values[i])
		}
	}
	flow, step, below := cutFrame(fr)
	f := t.g.set.Flow(flow)
	switch {
	case flow == startFlow && t.s.Slots["consent"] != "": // answered meanwhile
		return t.end(flows.EndReturn)
	case f == nil:
		return t.lost(nil, "")
	case step == "":
		return t.walk(f, 0)
	}
	i := f.Index(step)
	if i < 0 {
		return t.lost(f, step)
	}
	if below {
		return t.walk(f, i+1)
	}
	if f.Steps[i].Kind != flows.Ask {
		return t.walk(f, i)
	}
	if frame(flow, step, false) == t.began && !f.Steps[i].Danger && !t.g.urgent[flow] && len(t.replies) > 0 {
		t.askOn(f, f.Steps[i])
	} else {
		t.ask(f, f.Steps[i], "")
	}
	return nil
}

// lost brings a person on whose step or flow is gone: by the flow's moved table, to its nearest checkpoint above where
// the step cannot be placed, else to the menu, with one honest sentence and every answer kept.
func (t *turn) lost(f *flows.Flow, step string) error {
	t.reply(Reply{Text: t.g.words.say("flow_changed")})
	t.s.Flow, t.s.Step, t.s.Hash = "", "", ""
	if f != nil {
		if to, ok := f.Moved[step]; ok && t.exists(f, to) {
			return t.goTo(f, to)
		}
		if check := t.checkpoint(f); check != nil {
			return t.walkAt(f, check.ID)
		}
	}
	t.s.pause()
	return t.enter(menuFlow)
}

// exists says whether a target is there.
func (t *turn) exists(here *flows.Flow, target string) bool {
	flow, step, other := strings.Cut(target, "/")
	if !other {
		return here.Index(target) >= 0
	}
	f := t.g.set.Flow(flow)
	return f != nil && (step == "" || f.Index(step) >= 0)
}

// checkpoint is the one nearest before the last question the person answered in a flow, else the flow's first.
func (t *turn) checkpoint(f *flows.Flow) *flows.Step {
	backs := t.s.backs()
	for i := len(backs) - 1; i >= 0; i-- {
		sn, ok := cutSnapshot(backs[i])
		if flow, step, _ := cutFrame(sn.at); ok && flow == f.ID && f.Index(step) >= 0 {
			if check := f.Checkpoint(f.Index(step)); check != nil {
				return check
			}
		}
	}
	for _, s := range f.Steps {
		if s.Checkpoint {
			return s
		}
	}
	return nil
}
