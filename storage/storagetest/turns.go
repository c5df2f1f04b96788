package storagetest

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/storage"
)

func roundTrip(t *testing.T, f *fixture) {
	if diff := cmp.Diff(storage.State{}, f.load(t, "telegram:1")); diff != "" {
		t.Fatalf("a stranger has a state:\n%s", diff)
	}
	rev := f.commit(t, storage.Turn{User: "telegram:1", Session: []byte("first"), Answer: []byte("hello")})
	next := f.commit(t, storage.Turn{User: "telegram:1", Session: []byte("second"), Answer: []byte{}})
	if rev == 0 || next == 0 || rev == next {
		t.Errorf("revisions %d and %d, want two that differ and are not 0", rev, next)
	}
	for name, s := range map[string]*storage.Store{"same process": f.store, "another process": f.another(f.keys)} {
		got, err := s.Load(t.Context(), "telegram:1")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(storage.State{Rev: next, Session: []byte("second"), Answer: []byte{}}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := f.load(t, "telegram:2"); got.Rev != 0 {
		t.Errorf("somebody else has revision %d", got.Rev)
	}
}

func conflict(t *testing.T, f *fixture) {
	first := f.commit(t, storage.Turn{User: "u", Session: []byte("1")})
	second := f.commit(t, storage.Turn{User: "u", Session: []byte("2"), Records: []storage.Record{{ID: "kept"}}})
	for name, turn := range map[string]storage.Turn{
		"a stranger's turn": {User: "u"},
		"a stale turn":      {User: "u", Rev: first},
		"a future turn":     {User: "u", Rev: second + 1},
		"no such user":      {User: "nobody", Rev: second},
	} {
		turn.Session, turn.Forget = []byte("lost"), []string{"kept"}
		turn.Records = []storage.Record{{ID: "lost"}}
		turn.Remind = []storage.Reminder{{ID: "lost", At: f.clock.Now()}}
		for _, s := range []*storage.Store{f.store, f.another(f.keys)} {
			if _, err := s.Commit(t.Context(), turn); !errors.Is(err, storage.ErrConflict) {
				t.Errorf("%s: got %v, want ErrConflict", name, err)
			}
		}
	}
	want := storage.State{Rev: second, Session: []byte("2"), Answer: []byte{}}
	if diff := cmp.Diff(want, f.load(t, "u")); diff != "" {
		t.Errorf("a conflict changed the session (-want +got):\n%s", diff)
	}
	got, err := f.store.Records(t.Context(), "u")
	if err != nil || len(got) != 1 || got[0].ID != "kept" {
		t.Errorf("a conflict changed the records: %v, %v", got, err)
	}
	if due := f.claim(t, 10, time.Minute); len(due) != 0 {
		t.Errorf("a conflict set reminders: %v", due)
	}
}

// lifeAfterDelete: a turn walked before Delete never lands in what was begun afterwards.
func lifeAfterDelete(t *testing.T, f *fixture) {
	ctx, other := t.Context(), f.another(f.keys)
	old := f.commit(t, storage.Turn{User: "u", Session: []byte("old")})
	if _, err := other.Load(ctx, "u"); err != nil {
		t.Fatal(err)
	}
	if err := f.store.Delete(ctx, "u"); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Commit(ctx, storage.Turn{User: "u", Rev: old, Session: []byte("ghost")}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("a turn over deleted things: %v, want ErrConflict", err)
	}
	f.commit(t, storage.Turn{User: "u", Session: []byte("new")})
	for _, s := range []*storage.Store{f.store, other} {
		if _, err := s.Commit(ctx, storage.Turn{User: "u", Rev: old, Session: []byte("ghost")}); !errors.Is(err, storage.ErrConflict) {
			t.Errorf("an old turn over new things: %v, want ErrConflict", err)
		}
		st, err := s.Load(ctx, "u")
		if err != nil || string(st.Session) != "new" {
			t.Errorf("session %q, %v; want new", st.Session, err)
		}
	}
}

// concurrentCommits: many goroutines in two processes count one user up; nothing is lost and nothing is doubled.
func concurrentCommits(t *testing.T, f *fixture) {
	const workers, each = 16, 12
	stores := []*storage.Store{f.store, f.another(f.keys)}
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range each {
				if err := countUp(t.Context(), stores[w%2], fmt.Sprintf("turn:%d.%d", w, i)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if got := binary.BigEndian.Uint64(f.load(t, "u").Session); got != workers*each {
		t.Errorf("counted %d turns, want %d", got, workers*each)
	}
	kept, err := f.store.Records(t.Context(), "u")
	if err != nil || len(kept) != workers*each {
		t.Fatalf("%d records, want %d (%v)", len(kept), workers*each, err)
	}
	seen := map[string]bool{}
	for _, r := range kept {
		if seen[string(r.Data)] {
			t.Errorf("two turns counted %x", r.Data)
		}
		seen[string(r.Data)] = true
	}
}

// countUp adds 1 to the session and keeps a record of the new count, again and again until no other turn comes between.
func countUp(ctx context.Context, s *storage.Store, id string) error {
	for {
		st, err := s.Load(ctx, "u")
		if err != nil {
			return err
		}
		count := uint64(1)
		if st.Rev != 0 {
			count = binary.BigEndian.Uint64(st.Session) + 1
		}
		session := binary.BigEndian.AppendUint64(nil, count)
		_, err = s.Commit(ctx, storage.Turn{User: "u", Rev: st.Rev, Session: session, Records: []storage.Record{{ID: id, Data: session}}})
		if !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
}

func names(t *testing.T, f *fixture) {
	users := []string{"telegram:4711", "telegram:47110", "web:安宁", "wechat:oX_-1", "a/b", "a\x00b", "a", "{x}", "' OR 1=1 --", strings.Repeat("长", 85)}
	ids := []string{"event:2026", "file:截图 1.png", "a/b", "a", "\x00", "🙏", "*", strings.Repeat("x", storage.MaxID)}
	for _, user := range users {
		turn := storage.Turn{User: user, Session: []byte(user)}
		for _, id := range ids {
			turn.Records = append(turn.Records, storage.Record{ID: id, Data: []byte(user + id)})
			turn.Remind = append(turn.Remind, storage.Reminder{ID: id, At: f.clock.Now(), Data: []byte(id)})
		}
		f.commit(t, turn)
	}
	due := map[string]bool{}
	for _, d := range f.claim(t, 1000, time.Minute) {
		due[d.User+"|"+d.ID] = true
	}
	for _, user := range users {
		if got := f.load(t, user); string(got.Session) != user {
			t.Errorf("%q has the session of %q", user, got.Session)
		}
		for _, id := range ids {
			r, err := f.store.Record(t.Context(), user, id)
			if err != nil || r.ID != id || string(r.Data) != user+id {
				t.Errorf("record %q of %q: %q %q, %v", id, user, r.ID, r.Data, err)
			}
			if !due[user+"|"+id] {
				t.Errorf("reminder %q of %q did not fall due", id, user)
			}
		}
	}
	if len(due) != len(users)*len(ids) {
		t.Errorf("%d reminders, want %d", len(due), len(users)*len(ids))
	}
}

func limits(t *testing.T, f *fixture) {
	now, long := f.clock.Now(), strings.Repeat("x", storage.MaxID+1)
	for want, turn := range map[string]storage.Turn{
		"user name of 0 bytes":        {},
		"user name of 300 bytes":      {User: strings.Repeat("u", 300)},
		"session of 65537 bytes":      {User: "u", Session: make([]byte, storage.MaxSession+1)},
		"answer of 262145 bytes":      {User: "u", Answer: make([]byte, storage.MaxAnswer+1)},
		"record id of 129 bytes":      {User: "u", Records: []storage.Record{{ID: long}}},
		"record id of 0 bytes":        {User: "u", Forget: []string{""}},
		"record big of 25165825":      {User: "u", Records: []storage.Record{{ID: "big", Data: make([]byte, storage.MaxRecord+1)}}},
		"reminder id of 0 bytes":      {User: "u", Remind: []storage.Reminder{{At: now}}},
		"reminder id of 129 bytes":    {User: "u", Cancel: []string{long}},
		"reminder r falls due at":     {User: "u", Remind: []storage.Reminder{{ID: "r"}}},
		"reminder r of 65537 bytes":   {User: "u", Remind: []storage.Reminder{{ID: "r", At: now, Data: make([]byte, storage.MaxReminder+1)}}},
		"time to live -1s is negativ": {User: "u", TTL: -time.Second},
	} {
		if _, err := f.store.Commit(t.Context(), turn); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	if st := f.load(t, "u"); st.Rev != 0 {
		t.Errorf("a refused turn was kept")
	}
	full := storage.Turn{User: "u", Session: bytes.Repeat([]byte("s"), storage.MaxSession), Answer: bytes.Repeat([]byte("a"), storage.MaxAnswer)}
	f.commit(t, full)
	if st := f.load(t, "u"); !bytes.Equal(st.Session, full.Session) || !bytes.Equal(st.Answer, full.Answer) {
		t.Errorf("a turn at the limits came back changed")
	}
}

func endedContext(t *testing.T, f *fixture) {
	f.commit(t, storage.Turn{User: "u", Session: []byte("before")})
	st := f.load(t, "u")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := f.store.Commit(ctx, storage.Turn{User: "u", Rev: st.Rev, Session: []byte("after")})
	if !errors.Is(err, context.Canceled) || !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("Commit: %v, want context.Canceled as ErrUnavailable", err)
	}
	if _, err := f.store.Load(ctx, "u"); !errors.Is(err, context.Canceled) {
		t.Errorf("Load: %v, want context.Canceled", err)
	}
	if got := f.load(t, "u"); string(got.Session) != "before" {
		t.Errorf("session %q, want before", got.Session)
	}
}

func closed(t *testing.T, f *fixture) {
	f.commit(t, storage.Turn{User: "u"})
	for range 2 {
		if err := f.store.Close(); err != nil {
			t.Fatalf("Close: %v", err)
		}
	}
	ctx := t.Context()
	_, load := f.store.Load(ctx, "u")
	_, commit := f.store.Commit(ctx, storage.Turn{User: "u"})
	_, claim := f.store.ClaimDue(ctx, f.clock.Now(), 1, time.Minute)
	for name, err := range map[string]error{"Load": load, "Commit": commit, "ClaimDue": claim,
		"Delete": f.store.Delete(ctx, "u"), "Sweep": f.store.Sweep(ctx, f.clock.Now()), "Ping": f.store.Ping(ctx)} {
		if !errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%s after Close: %v, want ErrUnavailable", name, err)
		}
	}
}
