package bot

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
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
	for _, slot := range slices.Sorted(maps.Keys(t.s.Slots)) {
		if name := t.g.words["slot_"+slot]; name != "" {
			k.Answers = append(k.Answers, name+"："+t.people(slot, t.s.Slots[slot]))
		}
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
	t.card("", c)
	return nil
}

// archive writes everything kept as a zip: a text that a person reads, the entries as JSON, the files as they came in.
func (k Kept) archive(w io.Writer) error {
	z := zip.NewWriter(w)
	if err := addFile(z, "我的记录.txt", []byte(k.text()), k.Last); err != nil {
		return err
	}
	entries, err := json.MarshalIndent(k.Entries, "", "  ")
	if err != nil {
		return err
	}
	if err := addFile(z, "我的记录.json", entries, k.Last); err != nil {
		return err
	}
	for i, f := range k.Files {
		name := fmt.Sprintf("文件/%02d-%s", i+1, path.Base("/"+strings.ReplaceAll(f.Name, "\\", "/")))
		if err := addFile(z, name, f.Data, f.At); err != nil {
			return err
		}
	}
	return z.Close()
}

func addFile(z *zip.Writer, name string, data []byte, at time.Time) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func (k Kept) text() string {
	var b strings.Builder
	b.WriteString("安宁：我的记录\n\n说过的\n")
	for _, a := range k.Answers {
		b.WriteString("  " + a + "\n")
	}
	b.WriteString("\n经过\n")
	for _, e := range k.Entries {
		fmt.Fprintf(&b, "  %d  %s  %s", e.Number, e.At.In(china).Format("2006-01-02 15:04:05"), e.Kind)
		for _, slot := range slices.Sorted(maps.Keys(e.Slots)) {
			fmt.Fprintf(&b, "  %s=%s", slot, strings.ReplaceAll(e.Slots[slot], "\n", " "))
		}
		for _, f := range e.Files {
			fmt.Fprintf(&b, "  %s (SHA-256 %s)", f.Name, f.Sum)
		}
		fmt.Fprintf(&b, "\n      %s\n", e.Hash)
	}
	b.WriteString("\n提醒\n")
	for _, r := range k.Reminders {
		b.WriteString("  " + r.At.In(china).Format("2006-01-02 15:04") + "\n")
	}
	return b.String()
}
