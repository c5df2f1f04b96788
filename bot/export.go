package bot

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"anning/bot/casefile"
	"anning/content"
)

// exportRef names the archive of everything kept, which is made anew when it is opened.
const exportRef = "document:export"

// exportDocument hands over the archive.
func (t *turn) exportDocument() {
	t.reply(Reply{Text: t.g.words.say("export_ready"), File: &File{Name: "我的记录-" + t.now.Format("20060102") + ".zip",
		MIME: "application/zip", Ref: exportRef}})
}

// export makes the archive of everything kept for a person.
func (b *Bot) export(ctx context.Context, user UserID) (io.ReadCloser, error) {
	st, err := b.store.Load(ctx, string(user))
	if err != nil {
		return nil, fmt.Errorf("load session: %w", err)
	}
	t, err := b.begin(ctx, st, Message{From: user, At: b.clock()})
	if err != nil {
		return nil, err
	}
	kept, err := t.everythingKept()
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := t.archive(&buf, kept); err != nil {
		return nil, fmt.Errorf("make archive: %w", err)
	}
	return io.NopCloser(&buf), nil
}

// archive writes everything kept as a zip: a text that a person reads, the same as JSON, the files as they came in.
func (t *turn) archive(w io.Writer, k Kept) error {
	z := zip.NewWriter(w)
	if err := addFile(z, "我的记录.txt", []byte(t.keptText(k)), t.now); err != nil {
		return err
	}
	all, err := json.MarshalIndent(struct {
		Slots   map[string]string `json:"slots"`
		Entries []casefile.Entry  `json:"entries"`
	}{k.Slots, k.Entries}, "", "  ")
	if err != nil {
		return err
	}
	if err := addFile(z, "我的记录.json", all, t.now); err != nil {
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

// entryKinds are the kinds of entries in people's words.
var entryKinds = map[string]string{"event": "发生的事", "evidence": "证据", "complaint": "投诉"}

// keptText is everything kept as a person, or an officer at a desk, reads it: whole dates, one thing a line, nothing
// under a heading means no heading.
func (t *turn) keptText(k Kept) string {
	var b strings.Builder
	b.WriteString("安宁：我的记录\n导出：" + t.today().Full() + "\n")
	lines := func(indent string, all []told) {
		for _, d := range all {
			for i, v := range strings.Split(d.value, "\n") {
				if i == 0 {
					v = d.name + "：" + v
				}
				b.WriteString(indent + v + "\n")
			}
		}
	}
	if all := t.told(k.Slots, t.written); len(all) > 0 {
		b.WriteString("\n说过的\n")
		lines("  ", all)
	}
	if len(k.Entries) > 0 {
		b.WriteString("\n经过\n")
	}
	for _, e := range k.Entries {
		fmt.Fprintf(&b, "  %d  %s  %s\n", e.Number, e.At.In(china).Format("2006年1月2日 15:04:05 记下"), entryKinds[e.Kind])
		lines("     ", t.told(e.Slots, t.written))
		for _, f := range e.Files {
			fmt.Fprintf(&b, "     文件：%s\n     SHA-256：%s\n", f.Name, f.Sum)
			if f.From != "" {
				fmt.Fprintf(&b, "     转自：%s\n", f.From)
			}
			if !f.First.IsZero() {
				fmt.Fprintf(&b, "     原来发出：%s\n", f.First.In(china).Format("2006年1月2日 15:04:05"))
			}
		}
		fmt.Fprintf(&b, "     这一条的校验：%s\n", e.Hash)
	}
	if len(k.Reminders) > 0 {
		b.WriteString("\n提醒\n")
	}
	for _, r := range k.Reminders {
		b.WriteString("  " + r.At.In(china).Format("2006年1月2日 15:04") + "\n")
	}
	return b.String()
}

// written is a value as it stands in a paper: a day with its year, one piece of evidence a line.
func (t *turn) written(slot, value string) string {
	if d, err := content.ParseDate(cutText(value, 10)); err == nil && !d.IsZero() {
		return d.Full() + "（" + d.Weekday() + "）" + value[10:]
	}
	if info := t.g.set.Slots[slot]; info != nil && info.From == "evidence" {
		var items []string
		for id := range strings.SplitSeq(value, ",") {
			items = append(items, t.names("evidence", id))
		}
		return strings.Join(items, "\n")
	}
	return t.people(slot, value)
}
