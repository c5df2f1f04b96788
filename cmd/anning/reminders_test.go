package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/reminders"
	"anning/bot/web"
	"anning/storage"
)

// house is the real engine over a real store, on a clock that the test moves.
type house struct {
	bot   *bot.Bot
	store *storage.Store
	now   time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	dir := t.TempDir()
	c, err := readConfig(env("ANNING_DATA", dir, "STORE", "sqlite://"+filepath.Join(dir, "a.db")))
	if err != nil {
		t.Fatal(err)
	}
	h := &house{now: time.Date(2026, 11, 23, 10, 0, 0, 0, chinaTime)}
	clock := func() time.Time { return h.now }
	if h.store, err = c.openStore(t.Context(), clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if h.bot, err = c.newBot(h.store, &bot.Options{Clock: clock}); err != nil {
		t.Fatal(err)
	}
	return h
}

// remind lets a person say hello and sets a reminder for tomorrow.
func (h *house) remind(t *testing.T, user bot.UserID) {
	t.Helper()
	for _, text := range []string{"/start", "可以记"} {
		if _, err := h.bot.Handle(t.Context(), bot.Message{From: user, ID: text, Text: text}); err != nil {
			t.Fatal(err)
		}
	}
	st, err := h.store.Load(t.Context(), string(user))
	if err != nil {
		t.Fatal(err)
	}
	_, err = h.store.Commit(t.Context(), storage.Turn{User: string(user), Rev: st.Rev, Session: st.Session, Answer: st.Answer,
		Remind: []storage.Reminder{{ID: "follow_up", At: h.now.Add(24 * time.Hour), Data: []byte(`{"flow":"follow_up"}`)}}})
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) left(t *testing.T, user bot.UserID) int {
	t.Helper()
	left, err := h.store.Reminders(t.Context(), string(user))
	if err != nil {
		t.Fatal(err)
	}
	return len(left)
}

// letters is a Pusher that keeps what it delivered, or fails.
type letters struct {
	got []bot.Reply
	err error
}

func (l *letters) Push(_ context.Context, _ bot.UserID, replies []bot.Reply) error {
	if l.err == nil {
		l.got = append(l.got, replies...)
	}
	return l.err
}

func TestPostSaysWhatFellDue(t *testing.T) {
	broken := errors.New("502")
	for name, tt := range map[string]struct {
		user      bot.UserID
		err       error
		delivered bool // at once
		done      bool
	}{
		"delivered":                  {"web:1", nil, true, true},
		"nobody has the page open":   {"web:1", web.ErrNotConnected, false, true},
		"not delivered, tried again": {"web:1", broken, false, false},
		"this one cannot be called":  {"terminal:1", nil, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.remind(t, tt.user)
			box := &letters{err: tt.err}
			said := 0
			mail := &post{bot: h.bot, log: slog.New(slog.DiscardHandler), said: func(string) { said++ },
				pushers: map[string]pusher{"web": {box, web.ErrNotConnected}}}
			runner := reminders.New(h.store, mail.say, &reminders.Options{Clock: func() time.Time { return h.now }})
			h.now = h.now.Add(25 * time.Hour)
			if _, err := runner.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := len(box.got) > 0; got != tt.delivered {
				t.Errorf("delivered %v, want %v", got, tt.delivered)
			}
			if got := h.left(t, tt.user) == 0; got != tt.done || (said == 1) != tt.done {
				t.Errorf("done %v, counted %d, want %v", got, said, tt.done)
			}
			_, waiting, err := h.bot.Latest(t.Context(), tt.user)
			if err != nil || len(waiting) == 0 {
				t.Fatalf("nothing waits in the conversation, %v", err)
			}
			box.err = nil
			h.now = h.now.Add(time.Hour)
			if _, err := runner.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			if tt.delivered || errors.Is(tt.err, broken) {
				if diff := cmp.Diff(waiting, box.got); diff != "" {
					t.Errorf("delivered otherwise than kept:\n%s", diff)
				}
			}
			if h.left(t, tt.user) != 0 {
				t.Error("it is still to be said")
			}
		})
	}
}

// TestChatSaysWhatFellDue: at the terminal a reminder comes before the answer to the next words, and once.
func TestChatSaysWhatFellDue(t *testing.T) {
	h := newHouse(t)
	h.remind(t, "terminal:1")
	answer := withDue(h.bot, h.store, func() time.Time { return h.now })
	say := func(id string) []bot.Reply {
		replies, err := answer(t.Context(), bot.Message{From: "terminal:1", ID: id, Text: "我在哪"})
		if err != nil {
			t.Fatal(err)
		}
		return replies
	}
	before := len(say("a"))
	h.now = h.now.Add(25 * time.Hour)
	due := say("b")
	if len(due) <= before || h.left(t, "terminal:1") != 0 {
		t.Errorf("%d replies, as before: %d; %d reminders left", len(due), before, h.left(t, "terminal:1"))
	}
	if after := len(say("c")); after != before {
		t.Errorf("%d replies after it was said, %d before", after, before)
	}
}
