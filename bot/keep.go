package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"anning/bot/casefile"
	"anning/content"
	"anning/flows"
	"anning/storage"
)

func itoa(n int) string { return strconv.Itoa(n) }

// record keeps something in the case file, linked to what was kept before.
func (t *turn) record(r *flows.Recording) {
	if t.s.Slots["consent"] == "no" {
		t.reply(Reply{Text: t.g.words.say("consent_needed_to_keep")})
		return
	}
	e := casefile.Entry{Kind: r.Kind, At: t.m.At, Slots: map[string]string{}}
	for _, slot := range r.With {
		if v := t.s.Slots[slot]; v != "" {
			e.Slots[slot] = v
		}
	}
	t.keep(e)
}

func (t *turn) keep(e casefile.Entry) {
	s := t.s
	s.Entries++
	e.Number, e.Prev = s.Entries, s.Chain
	s.Chain = e.Seal()
	t.records = append(t.records, storage.Record{ID: e.ID(), Data: e.Bytes()})
}

// fileRecord is a kept file: what it is, then its bytes.
type fileRecord struct {
	Name string    `json:"name"`
	MIME string    `json:"mime"`
	At   time.Time `json:"at"`
	Sum  string    `json:"sha256"` // of the bytes as they came in
}

// takeFiles takes pictures and papers: as the answer where one is asked for, as evidence anywhere else. Words that came
// with them are heard first: somebody may send a picture and say that he is at the door.
func (t *turn) takeFiles() error {
	ids, tooBig, err := t.keepFiles()
	if err != nil {
		return err
	}
	if t.m.Text != "" {
		if done, err := t.urgent(t.g.reader.Read(t.m.Text)); done {
			return err
		}
	}
	if len(ids) == 0 && t.s.Files >= maxFiles {
		return t.again(t.g.words.say("files_full", "n", itoa(maxFiles)))
	}
	if tooBig > 0 {
		return t.again(t.g.words.say("file_too_big", "limit", megabytes(t.maxFile), "size", megabytes(tooBig)))
	}
	if !t.s.Met && t.s.Flow == "" {
		t.s.Met = true
		t.set("said", t.m.Text)
		t.s.push(frame(pasteFlow, "", false))
		t.reply(Reply{Text: t.g.words.say("file_kept")})
		return t.enter(startFlow)
	}
	f, step := t.waiting()
	if step != nil && (step.Ask.Accept == flows.AcceptPhoto || step.Ask.Accept == flows.AcceptFile) {
		return t.answered(f, step, strings.Join(ids, ","), nil)
	}
	word := "file_kept"
	if len(ids) == 0 {
		word = "file_not_kept"
	}
	if paste := t.g.set.Flow(pasteFlow); paste != nil && (step == nil || f.ID == menuFlow) {
		t.s.Flow, t.s.Step = "", ""
		t.reply(Reply{Text: t.g.words.say(word)})
		return t.enter(pasteFlow)
	}
	return t.again(t.g.words.say(word))
}

// keepFiles keeps what came with the message, and tells the size of the first file that was too big.
func (t *turn) keepFiles() (ids []string, tooBig int64, err error) {
	for _, f := range t.m.Files {
		id, size, err := t.keepFile(f)
		if err != nil {
			return nil, 0, err
		}
		if id == "" && size > 0 && tooBig == 0 {
			tooBig = size
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids, tooBig, nil
}

// dropKept forgets what was kept before the person was asked and said no.
func (t *turn) dropKept() error {
	records, err := t.kept()
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	for _, r := range records {
		t.forget = append(t.forget, r.ID)
	}
	t.records, t.s.Entries, t.s.Chain, t.s.Files = nil, 0, "", 0
	t.reply(Reply{Text: t.g.words.say("file_not_kept")})
	return nil
}

// keepFile reads a file and keeps it with an entry in the case file. An empty id with a size: it was too big.
func (t *turn) keepFile(f File) (id string, size int64, err error) {
	if t.s.Slots["consent"] == "no" || t.s.Files >= maxFiles {
		return "", 0, nil
	}
	if f.Size > t.maxFile {
		return "", f.Size, nil
	}
	r, err := f.Open(t.ctx)
	if err != nil {
		return "", 0, fmt.Errorf("open file: %w", err)
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, t.maxFile+1))
	if err != nil {
		return "", 0, fmt.Errorf("read file: %w", err)
	}
	if int64(len(data)) > t.maxFile {
		return "", int64(len(data)), nil
	}
	sum := sha256.Sum256(data)
	id = "file:" + hex.EncodeToString(sum[:8])
	head, err := json.Marshal(fileRecord{Name: f.Name, MIME: f.MIME, At: t.m.At, Sum: hex.EncodeToString(sum[:])})
	if err != nil {
		return "", 0, fmt.Errorf("write file: %w", err)
	}
	t.s.Files++
	t.records = append(t.records, storage.Record{ID: id, Data: append(append(head, '\n'), data...)})
	t.keep(casefile.Entry{Kind: "evidence", At: t.m.At, Slots: map[string]string{"conduct": t.s.Slots["conduct"]},
		Files: []casefile.File{{Record: id, Name: f.Name, MIME: f.MIME, Sum: hex.EncodeToString(sum[:])}}})
	return id, 0, nil
}

func megabytes(n int64) string { return strconv.FormatInt((n+(1<<20)-1)>>20, 10) }

// reminderHour is when reminders come: ten in the morning.
const reminderHour = 10

// reminderData is what a reminder carries.
type reminderData struct {
	Flow  string            `json:"flow"`
	Slots map[string]string `json:"slots,omitempty"` // what the conversation was about, as it was then
}

func (t *turn) setReminder(r *flows.Reminder) {
	id, own := r.Flow, r.Flow+":"+t.s.Slots["reporting_channel"]
	if r.Cancel {
		t.cancel = append(t.cancel, id, own)
		return
	}
	if r.From == "reporting_channel" {
		id = own // several complaints, each with its own day
	}
	if t.s.Slots["consent"] == "no" {
		return
	}
	days, since := r.Days, t.today()
	if r.From == "reporting_channel" {
		if c := t.g.lib.ReportingChannel(t.s.Slots["reporting_channel"]); c != nil {
			days = c.FollowUp
		}
		if filed, err := content.ParseDate(cutText(t.s.Slots["filed_on"], 10)); err == nil && !filed.IsZero() {
			since = filed
		}
	}
	day := since.Add(days)
	if r.Due != "" {
		d, err := content.ParseDate(cutText(t.s.Slots[r.Due], 10))
		if err != nil || d.IsZero() {
			return
		}
		day = d
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), reminderHour, 0, 0, 0, china)
	if !at.After(t.now) {
		return
	}
	data := reminderData{Flow: r.Flow, Slots: map[string]string{}}
	for _, slot := range []string{"conduct", "creditor", "reporting_channel", "filed_on", "complaint_number"} {
		if v := t.s.Slots[slot]; v != "" {
			data.Slots[slot] = v
		}
	}
	b, err := json.Marshal(data)
	if err != nil {
		return
	}
	t.set("remind_on", at.Format(time.DateOnly))
	t.remind = append(t.remind, storage.Reminder{ID: id, At: at, Data: b})
}

// exportRef names the archive of everything kept, which is made anew when it is opened.
const exportRef = "document:export"

// documents are what a document step can hand over.
var documents = map[string]func(*turn){"export": (*turn).exportDocument}

func (t *turn) document(name string) {
	if make, ok := documents[name]; ok {
		make(t)
	}
}

func (t *turn) exportDocument() {
	t.reply(Reply{Text: t.g.words.say("export_ready"), File: &File{Name: "我的记录-" + t.now.Format("20060102") + ".zip",
		MIME: "application/zip", Ref: exportRef}})
}

// export makes the archive of everything kept for a person.
func (b *Bot) export(ctx context.Context, user UserID) (io.ReadCloser, error) {
	kept, err := b.Kept(ctx, user)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := kept.archive(&buf); err != nil {
		return nil, fmt.Errorf("make archive: %w", err)
	}
	return io.NopCloser(&buf), nil
}
