package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/reminders"
	"anning/bot/telegram"
	"anning/bot/telegram/telegramtest"
	"anning/bot/transcript"
	"anning/storage"
	"anning/storage/sqlitestore"
)

// TestTranscripts plays every shipped conversation through Telegram: what the person says goes the whole way in, what
// the engine answers is what they see, and no message is one that Telegram refuses.
func TestTranscripts(t *testing.T) {
	dir := os.DirFS("../../flows/transcripts")
	names, err := fs.Glob(dir, "*.txt")
	if err != nil || len(names) < 50 {
		t.Fatalf("%d transcripts, %v", len(names), err)
	}
	inTime(t, func(t *testing.T) {
		time.Sleep(5 * 365 * 24 * time.Hour) // Telegram's clock is far from the transcripts', so theirs counts
		s := newStage(t, dir)
		for i, name := range names {
			s.play(name, int64(100+i))
		}
		s.r.fake.Fail(nil)
		s.m.stop()
		for _, what := range []string{"not sent", "failed", "broken", "left out"} {
			if n := s.r.counted(what); n > 0 {
				t.Errorf("%s: %d", what, n)
			}
		}
		longest, most, data := 0, 0, 0
		for i := range names {
			for _, m := range s.r.fake.Person(int64(100 + i)).Shown() {
				longest = max(longest, telegramtest.Units(m.Text))
				most = max(most, len(m.Keys))
				for _, row := range m.Keys {
					for _, b := range row {
						data = max(data, len(b.Data))
					}
				}
			}
		}
		t.Logf("%d conversations, %d turns; the longest message has %d units, the largest keyboard %d rows, a button at most %d bytes",
			len(names), s.turns, longest, most, data)
	})
}

// stage is a Telegram with the real engine on a transcript's clock.
type stage struct {
	r     *rig
	m     *process
	dir   fs.FS
	clock *transcript.Clock
	turns int
	got   chan heard
}

type heard struct {
	m       bot.Message
	replies []bot.Reply
}

func newStage(t *testing.T, dir fs.FS) *stage {
	t.Helper()
	s := &stage{r: newRig(t), dir: dir, clock: &transcript.Clock{}, got: make(chan heard, 10)}
	s.clock.Set(transcript.Begin)
	driver, err := sqlitestore.Open(filepath.Join(t.TempDir(), "talk.db"), &sqlitestore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := storage.NewKeyring(bytes.Repeat([]byte{9}, storage.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	store := storage.New(driver, keys, &storage.Options{Clock: s.clock.Now})
	t.Cleanup(func() { _ = store.Close() })
	lib, set := load(t)
	if s.r.bot, err = bot.New(store, lib, set, &bot.Options{Clock: s.clock.Now}); err != nil {
		t.Fatal(err)
	}
	s.r.store, store = store, s.r.store
	_ = store.Close()
	s.m = s.r.start(func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		replies, err := s.r.bot.Handle(ctx, m)
		if err == nil {
			s.got <- heard{m, replies}
		}
		return replies, err
	}, func(o *telegram.Options) { o.Poller, o.Spool = nil, nil; o.PerSecond = 1000 })
	return s
}

func (s *stage) play(name string, id int64) {
	t := s.r.t
	t.Helper()
	data, err := fs.ReadFile(s.dir, name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := transcript.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	user := bot.UserID(fmt.Sprintf("telegram:%d", id))
	p := s.r.fake.Person(id)
	last := 0
	w := transcript.World{User: user, Clock: s.clock, Files: s.dir, Slots: s.r.bot.Slots}
	w.Handle = func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		if err := s.say(p, m); err != nil {
			return nil, err
		}
		select {
		case h := <-s.got:
			if h.m.From != user || h.m.Text != m.Text || len(h.m.Files) != len(m.Files) {
				return nil, fmt.Errorf("%q from %s was heard as %q from %s", m.Text, user, h.m.Text, h.m.From)
			}
			s.turns++
			s.r.settled()
			last, err = s.shown(p, last, h.replies)
			return h.replies, err
		case <-time.After(time.Minute):
			return nil, errors.New("nothing was heard")
		}
	}
	w.Next, w.Wake = s.reminders(user, p, &last)
	res, err := transcript.Play(t.Context(), file, w)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if len(res.Faults) > 0 {
		t.Errorf("%s through Telegram goes another way:\n%v", name, res.Faults)
	}
}

// say sends what a transcript's person says, as a press where it is the value of a button that is shown.
func (s *stage) say(p *telegramtest.Person, m bot.Message) error {
	if len(m.Files) == 0 {
		if !p.Tap(m.Text) {
			p.Text(m.Text)
		}
		return nil
	}
	r, err := m.Files[0].Open(context.Background())
	if err != nil {
		return err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	p.Message(map[string]any{"caption": m.Text, "document": map[string]any{"file_id": p.Store(data), "file_name": m.Files[0].Name,
		"mime_type": m.Files[0].MIME, "file_size": len(data)}})
	return nil
}

// shown holds what a person sees since the last turn against the replies, and returns how much they have seen.
func (s *stage) shown(p *telegramtest.Person, last int, replies []bot.Reply) (int, error) {
	var want, labels, values string
	for _, r := range replies {
		want += squash(r.Text)
		for _, c := range r.Choices {
			labels += "[" + c.Label + "]"
			values += c.Value + " "
		}
	}
	var got, buttons, data string
	var all []telegramtest.Shown
	see := func() bool {
		got, buttons, data = "", "", ""
		all = p.Shown()
		seen(all[last:], &got, &buttons, &data)
		return got == want && buttons == labels && data == values
	}
	if !s.r.fake.Until(time.Minute, see) { // the chat has its rate
		return last, fmt.Errorf("the engine said\n%s%s %s\nand the person sees\n%s%s %s", want, labels, values, got, buttons, data)
	}
	return len(all), nil
}

func squash(text string) string { return strings.Join(strings.Fields(text), "") }

// seen adds what messages show: their words, what their buttons read, and what those send.
func seen(all []telegramtest.Shown, got, buttons, data *string) {
	for _, m := range all {
		*got += squash(m.Text)
		for _, row := range m.Keys {
			for _, b := range row {
				if b.Copy == nil {
					*buttons += "[" + b.Text + "]"
					*data += b.Data + " "
				}
			}
		}
	}
}

// reminders are said through Push.
func (s *stage) reminders(user bot.UserID, p *telegramtest.Person, last *int) (
	next func(context.Context, bot.UserID) (time.Time, bool, error), wake func(context.Context) ([]bot.Reply, error)) {
	var said []bot.Reply
	var failed error
	runner := reminders.New(s.r.store, func(ctx context.Context, d storage.Due) error {
		if d.User != string(user) {
			return nil // of a conversation that is over
		}
		to, replies, err := s.r.bot.Wake(ctx, d)
		if err == nil && len(replies) > 0 {
			if err = s.m.Push(ctx, to, replies); err == nil {
				*last, err = s.shown(p, *last, replies)
			}
		}
		said, failed = append(said, replies...), errors.Join(failed, err)
		return err
	}, &reminders.Options{Clock: s.clock.Now})
	next = func(ctx context.Context, user bot.UserID) (time.Time, bool, error) {
		due, err := s.r.store.Reminders(ctx, string(user))
		if err != nil || len(due) == 0 {
			return time.Time{}, false, err
		}
		return due[0].At, true, nil
	}
	wake = func(ctx context.Context) ([]bot.Reply, error) {
		said, failed = nil, nil
		_, err := runner.Once(ctx)
		return said, errors.Join(err, failed)
	}
	return next, wake
}
