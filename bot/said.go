package bot

import (
	"slices"
	"strings"

	"anning/flows"
)

// creditorFlow asks who lent the money; its slot has the same name.
const creditorFlow = "creditor"

// saidTaken is the slot of the questions which were passed over in one turn because they had been answered before
// anybody asked: "flow/step,flow/step".
const saidTaken = "said_taken"

// taken is a question passed over in this turn because its answer had been said.
type taken struct {
	way  snapshot // back to it
	cut  int      // how many of turn.old are of before it
	item string   // what was taken, for people
}

// fromSaid takes the answer to a question from what the person told unasked, where it was told for certain; it is said
// aloud, and the next question offers to take it back. What was said is emptied when it is taken, so that the same
// words answer once only: who says 换一家 is asked.
func (t *turn) fromSaid(f *flows.Flow, step *flows.Step) (done bool, err error) {
	q := step.Ask
	said := saidSlot(q.Slot)
	value := t.s.Slots[said]
	at := frame(f.ID, step.ID, false)
	if value == "" || t.s.Slots[q.Slot] != "" || step.Danger || t.g.urgent[f.ID] || q.Many || slices.ContainsFunc(t.taken, func(x taken) bool { return x.way.at == at }) {
		return false, nil
	}
	var listed *option
	item := ""
	if q.From != "" {
		all := t.list(q.From)
		i := slices.IndexFunc(all, func(o option) bool { return o.id == value })
		if i < 0 || q.Slot == creditorFlow && f.ID != creditorFlow {
			return false, nil
		}
		listed, item = &all[i], all[i].label
	} else if !t.plausible(q, value) {
		return false, nil
	}
	t.set(said, "")
	if len(t.taken) == 0 {
		t.set(saidTaken, at)
	} else {
		t.set(saidTaken, t.s.Slots[saidTaken]+","+at)
	}
	if listed == nil {
		item = t.brief(q.Slot, value)
	}
	t.taken = append(t.taken, taken{way: snapshot{at: at, stack: strings.Join(t.s.Stack, ">")}, cut: len(t.old), item: item})
	t.sayTaken()
	if listed != nil {
		return true, t.choseListed(f, step, *listed)
	}
	return true, t.given(f, step, value)
}

// sayTaken says what was taken as said; what was taken right before is said along with it.
func (t *turn) sayTaken() {
	items := make([]string, len(t.taken))
	for i, x := range t.taken {
		items[i] = x.item
	}
	all := t.g.words.say("said_taken", "item", spaced(strings.Join(items, "、")))
	if n := len(items); n > 1 {
		before := t.g.words.say("said_taken", "item", spaced(strings.Join(items[:n-1], "、")))
		if last := len(t.replies) - 1; last >= 0 && t.replies[last].Text == before {
			t.replies[last].Text = all
			return
		}
		all = t.g.words.say("said_taken", "item", spaced(items[n-1]))
	}
	t.reply(Reply{Text: all})
}

// keepTaken keeps the ways back to the questions that were passed over.
func (t *turn) keepTaken() {
	for i, x := range t.taken {
		until := len(t.old)
		if i+1 < len(t.taken) {
			until = t.taken[i+1].cut
		}
		x.way.old = t.old[x.cut:until]
		t.s.keepSnapshot(x.way)
	}
}

// otherKey marks in Session.Shown that the waiting question offers to take back what was taken as said.
const otherKey = "other"

// otherThanSaid adds the ways back to the questions that were passed over.
func (t *turn) otherThanSaid(out []Choice) []Choice {
	if t.s.Shown[otherKey] == 0 {
		return out
	}
	for at := range strings.SplitSeq(t.s.Slots[saidTaken], ",") {
		flow, id, _ := cutFrame(at)
		f := t.g.set.Flow(flow)
		if f == nil || f.Step(id) == nil || f.Step(id).Ask == nil {
			continue
		}
		slot := f.Step(id).Ask.Slot
		if value := t.s.Slots[slot]; value != "" {
			out = append(out, Choice{Value: valueFix + at, Label: t.g.words.say("said_other", "item", spaced(t.brief(slot, value)))})
		}
	}
	return out
}
