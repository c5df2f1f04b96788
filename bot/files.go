package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"anning/bot/casefile"
	"anning/content/understand"
	"anning/flows"
	"anning/storage"
)

// inbox reads the files of a message: each once, however often the turn is walked.
type inbox struct {
	files []File
	limit int64 // bytes of one file
	read  map[int]readFile
}

type readFile struct {
	data []byte // one byte more than the limit where the file is too big
	err  error
}

func newInbox(files []File, limit int64) *inbox { return &inbox{files: files, limit: limit} }

func (in *inbox) open(ctx context.Context, i int) ([]byte, error) {
	r, ok := in.read[i]
	if !ok {
		r.data, r.err = in.files[i].bytes(ctx, in.limit)
		if in.read == nil {
			in.read = map[int]readFile{}
		}
		in.read[i] = r
	}
	return r.data, r.err
}

// bytes reads a file, at most one byte more than the limit.
func (f *File) bytes(ctx context.Context, limit int64) ([]byte, error) {
	if f.Open == nil {
		return nil, errors.New("the file has no content")
	}
	r, err := f.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, limit+1))
}

// fileRecord is a kept file: what it is, then its bytes.
type fileRecord struct {
	Name string    `json:"name"`
	MIME string    `json:"mime"`
	At   time.Time `json:"at"`
	Sum  string    `json:"sha256"` // of the bytes as they came in
}

// filed is what became of the files of a message.
type filed struct {
	ids        []string // of the records kept
	tooBig     int64    // size of the first one that was too big, bytes
	full       bool     // there were too many before
	unreadable bool     // one could not be read
	refused    bool     // the person said not to keep anything
}

// takeFiles takes pictures and papers: as the answer where one is asked for, as evidence anywhere else. Words that came
// with them are heard first: somebody may send a picture and say that he is at the door.
func (t *turn) takeFiles() error {
	got, err := t.keepFiles()
	if err != nil {
		return err
	}
	text := t.m.Text
	m, done, err := t.read(text)
	if done || err != nil {
		return err
	}
	note := t.about(got)
	if !t.s.Met && t.s.Flow == "" {
		return t.strangersFiles(note, text, m)
	}
	f, step := t.waiting()
	switch {
	case step != nil && (step.Ask.Accept == flows.AcceptPhoto || step.Ask.Accept == flows.AcceptFile):
		return t.filesAnswer(f, step, got, note)
	case step == nil && t.s.Flow != "":
		t.reply(Reply{Text: note})
		return t.again("")
	}
	if done, err := t.caption(f, step, note, m); done {
		return err
	}
	if step == nil || f.ID == menuFlow {
		t.s.Flow, t.s.Step = "", ""
		t.set("said", text)
		t.reply(Reply{Text: note})
		return t.enter(pasteFlow)
	}
	return t.again(note)
}

// about is what the person is told of their files.
func (t *turn) about(got filed) string {
	w := t.g.words
	var lines []string
	if len(got.ids) > 0 {
		lines = append(lines, w.say("file_kept"))
	}
	if got.tooBig > 0 {
		lines = append(lines, w.say("file_too_big", "limit", megabytes(t.maxFile), "size", megabytes(got.tooBig)))
	}
	if got.unreadable {
		lines = append(lines, w.say("file_unreadable"))
	}
	if got.full {
		lines = append(lines, w.say("files_full", "n", itoa(maxFiles)))
	}
	if got.refused {
		lines = append(lines, w.say("file_not_kept"))
	}
	return strings.Join(lines, "\n")
}

// strangersFiles greets somebody whose first message is a picture.
func (t *turn) strangersFiles(note, text string, m understand.Meaning) error {
	t.s.Met = true
	flow := t.cameFor(text, 0, m)
	if flow == "" || flow == identifyID {
		flow = pasteFlow
	}
	t.set("said", text)
	t.s.push(frame(flow, "", false))
	t.reply(Reply{Text: note})
	return t.enter(startFlow)
}

// filesAnswer takes files as the answer that was asked for.
func (t *turn) filesAnswer(f *flows.Flow, step *flows.Step, got filed, note string) error {
	if len(got.ids) == 0 && !got.refused {
		return t.again(note)
	}
	if got.tooBig > 0 || got.unreadable || got.full || got.refused {
		t.reply(Reply{Text: note})
	}
	return t.answered(f, step, strings.Join(got.ids, ","), nil)
}

// caption takes the words beside files where they are an answer or tell what the matter is; done is false where they do
// not, and nothing is made of it: the files are what was sent.
func (t *turn) caption(f *flows.Flow, step *flows.Step, note string, m understand.Meaning) (done bool, err error) {
	text := t.m.Text
	if text == "" {
		return false, nil
	}
	before := len(t.replies)
	t.reply(Reply{Text: note})
	if step != nil && step.Ask.Accept != flows.AcceptChoice {
		done, err = t.typed(f, step, text, understand.Key(cutRunes(text, longText)))
	} else if step == nil || f.ID == menuFlow || f.ID == identifyID || f.ID == startFlow {
		done, err = t.meant(text, m)
	} else {
		done, err = t.heardMore(text, m)
	}
	if !done {
		t.replies = t.replies[:before]
	}
	return done, err
}

// keepFiles keeps what came with the message. The error is the context's: the message is to come again.
func (t *turn) keepFiles() (got filed, err error) {
	for i := range t.m.Files {
		if err := t.keepFile(i, &got); err != nil {
			return filed{}, err
		}
	}
	return got, nil
}

// keepFile reads a file and keeps it with an entry in the case file.
func (t *turn) keepFile(i int, got *filed) error {
	f := t.m.Files[i]
	switch {
	case t.s.Slots["consent"] == "no":
		got.refused = true
		return nil
	case t.s.Files >= maxFiles:
		got.full = true
		return nil
	case f.Size > t.maxFile:
		got.tooBig = max(got.tooBig, f.Size)
		return nil
	}
	data, err := t.in.open(t.ctx, i)
	if t.ctx.Err() != nil {
		return fmt.Errorf("read file: %w", t.ctx.Err())
	}
	if err != nil {
		got.unreadable = true
		return nil
	}
	if int64(len(data)) > t.maxFile {
		got.tooBig = max(got.tooBig, int64(len(data)))
		return nil
	}
	id, err := t.fileRecord(f, data)
	if err != nil {
		return err
	}
	got.ids = append(got.ids, id)
	return nil
}

// fileRecord puts a file and its entry among the records of the turn.
func (t *turn) fileRecord(f File, data []byte) (id string, err error) {
	sum := sha256.Sum256(data)
	id = "file:" + hex.EncodeToString(sum[:8])
	name, mime := plainName(f.Name, 80), plainName(f.MIME, 100)
	head, err := json.Marshal(fileRecord{Name: name, MIME: mime, At: t.m.At, Sum: hex.EncodeToString(sum[:])})
	if err != nil {
		return "", fmt.Errorf("write file: %w", err)
	}
	t.s.Files++
	t.records = append(t.records, storage.Record{ID: id, Data: append(append(head, '\n'), data...)})
	slots := map[string]string{}
	if v := t.s.Slots["conduct"]; v != "" {
		slots["conduct"] = v
	}
	if t.m.Text != "" {
		slots["said"] = cutText(t.m.Text, maxSlotBytes)
	}
	kept := casefile.File{Record: id, Name: name, MIME: mime, Sum: hex.EncodeToString(sum[:])}
	if o := t.m.Forwarded; o != nil {
		kept.From = plainName(o.Name, 80)
		if year := o.At.Year(); year > 1 && year < 10000 {
			kept.First = o.At.UTC().Truncate(time.Millisecond)
		}
	}
	t.keep(casefile.Entry{Kind: "evidence", At: t.m.At, Slots: slots, Files: []casefile.File{kept}})
	return id, nil
}

// plainName makes a name that came in one line of at most n characters; the end, with the kind of file, stays.
func plainName(name string, n int) string {
	r := []rune(strings.ReplaceAll(clean(name), "\n", " "))
	return string(r[max(0, len(r)-n):])
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

func megabytes(n int64) string { return strconv.FormatInt((n+(1<<20)-1)>>20, 10) }
