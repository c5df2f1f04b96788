package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"anning/bot/casefile"
	"anning/storage"
)

// Kept is everything kept for one person.
type Kept struct {
	User      UserID
	Turns     int               // messages answered
	Last      time.Time         // when the latest was sent
	Slots     map[string]string // what they told us, as kept
	Answers   []string          // the same, as people read it: 「债权人：银行信用卡」
	Entries   []casefile.Entry  // the case file
	Files     []KeptFile        //
	Reminders []storage.Reminder
}

// KeptFile is a kept picture or paper.
type KeptFile struct {
	Name, MIME, Sum string
	At              time.Time
	Data            []byte
}

// Empty says that nothing is kept.
func (k Kept) Empty() bool { return k.User == "" }

// Kept reads everything kept for a person; for a stranger it is Empty.
func (b *Bot) Kept(ctx context.Context, user UserID) (Kept, error) {
	st, err := b.store.Load(ctx, string(user))
	if err != nil {
		return Kept{}, fmt.Errorf("load session: %w", err)
	}
	if st.Rev == 0 {
		return Kept{}, nil
	}
	t, err := b.begin(ctx, st, Message{From: user, At: b.clock()})
	if err != nil {
		return Kept{}, err
	}
	return t.everythingKept()
}

func (t *turn) everythingKept() (Kept, error) {
	records, err := t.kept()
	if err != nil {
		return Kept{}, fmt.Errorf("read records: %w", err)
	}
	due, err := t.due()
	if err != nil {
		return Kept{}, fmt.Errorf("read reminders: %w", err)
	}
	k := Kept{User: t.m.From, Turns: t.s.Turn, Last: t.s.sent(), Slots: maps.Clone(t.s.Slots), Reminders: due}
	for _, d := range t.told(t.s.Slots, t.people) {
		k.Answers = append(k.Answers, d.name+"："+d.value)
	}
	slices.SortFunc(records, func(a, b storage.Record) int { return strings.Compare(a.ID, b.ID) })
	for _, r := range records {
		if casefile.IsEntry(r.ID) {
			e, err := casefile.Read(r.Data)
			if err != nil {
				return Kept{}, err
			}
			k.Entries = append(k.Entries, e)
			continue
		}
		head, data, ok := bytes.Cut(r.Data, []byte("\n"))
		var f fileRecord
		if !ok || json.Unmarshal(head, &f) != nil {
			return Kept{}, fmt.Errorf("read record %s", r.ID)
		}
		k.Files = append(k.Files, KeptFile{Name: f.Name, MIME: f.MIME, Sum: f.Sum, At: f.At, Data: data})
	}
	return k, nil
}

// told is a slot with its name and value as people read them.
type told struct{ name, value string }

// told lists the slots that have a name for people, in the order of their ids.
func (t *turn) told(slots map[string]string, people func(slot, value string) string) []told {
	var out []told
	for _, slot := range slices.Sorted(maps.Keys(slots)) {
		if name := t.g.words["slot_"+slot]; name != "" && slots[slot] != "" {
			out = append(out, told{name, people(slot, slots[slot])})
		}
	}
	return out
}

// count is what is kept in numbers, by kind.
func (k Kept) count() (events, evidence, complaints int) {
	for _, e := range k.Entries {
		switch e.Kind {
		case "event":
			events++
		case "evidence":
			evidence++
		case "complaint":
			complaints++
		}
	}
	return
}

func (t *turn) showKept(string) error {
	k, err := t.everythingKept()
	if err != nil {
		return err
	}
	events, evidence, complaints := k.count()
	c := Card{Kind: "kept", Head: "我记着的"}
	for _, a := range k.Answers {
		c.marked("dot", cutRunes(a, 40))
	}
	c.row("记下的事", itoa(events)+" 件")
	c.row("证据", itoa(evidence)+" 件，其中图和文件 "+itoa(len(k.Files))+" 个")
	c.row("投诉", itoa(complaints)+" 件")
	c.row("提醒", itoa(len(k.Reminders))+" 个")
	c.Foot = t.g.words.say("kept_how_long")
	if t.s.Slots["consent"] == "no" {
		c.Foot = t.g.words.say("kept_a_day")
	}
	t.card("", c)
	return nil
}
