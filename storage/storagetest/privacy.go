package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"anning/storage"
)

// someone commits turns with everything in them, replaced once.
func (f *fixture) someone(t testing.TB, user string) {
	t.Helper()
	noise := make([]byte, 30_000)
	random := rand.NewChaCha8([32]byte{1})
	for i := range 2 {
		random.Read(noise)
		f.commit(t, storage.Turn{User: user, Session: noise[:3000], Answer: noise[3000:5000],
			Records: []storage.Record{{ID: "event:1", Data: noise}, {ID: "file:2", Data: noise[:200]}},
			Remind:  []storage.Reminder{{ID: "follow_up", At: f.clock.Now().Add(time.Duration(i) * time.Hour), Data: noise[:300]}}})
	}
}

// found returns which traces the place holds.
func (f *fixture) found(t testing.TB, traces map[string][]byte) (found []string) {
	t.Helper()
	held := f.Bytes(t)
	for what, trace := range traces {
		if bytes.Contains(held, trace) {
			found = append(found, what)
		}
	}
	return found
}

func deleteLeavesNoByte(t *testing.T, f *fixture) {
	f.someone(t, "telegram:stays")
	stays := f.spy.traces()
	f.spy.writes = nil
	f.someone(t, "telegram:4711")
	traces := f.spy.traces()
	if n := len(f.found(t, traces)); n < len(traces)/3 {
		t.Fatalf("only %d of %d traces are there before Delete: the test would find nothing", n, len(traces))
	}
	for range 2 { // deleting what is gone is no error
		if err := f.store.Delete(t.Context(), "telegram:4711"); err != nil {
			t.Fatal(err)
		}
	}
	if left := f.found(t, traces); len(left) > 0 {
		t.Errorf("left behind: %s", strings.Join(left, ", "))
	}
	if n := len(f.found(t, stays)); n < len(stays)/3 {
		t.Errorf("somebody else's things are gone: %d of %d traces left", n, len(stays))
	}
	if st := f.load(t, "telegram:stays"); st.Rev == 0 {
		t.Error("somebody else is gone")
	}
	f.clock.add(48 * time.Hour)
	if due := f.claim(t, 10, time.Minute); len(due) != 1 || due[0].User != "telegram:stays" {
		t.Errorf("claimed %v, want the one of telegram:stays", due)
	}
}

// expiryLeavesNoByte runs on the real clock, which is the one that Redis goes by.
func expiryLeavesNoByte(t *testing.T, f *fixture) {
	s := storage.New(f.spy, f.keys, &storage.Options{TTL: 300 * time.Millisecond})
	_, err := s.Commit(t.Context(), storage.Turn{User: "u", Session: make([]byte, 2000), Records: []storage.Record{{ID: "r", Data: make([]byte, 9000)}}})
	if err != nil {
		t.Fatal(err)
	}
	traces := f.spy.traces()
	if n := len(f.found(t, traces)); n < len(traces)/3 {
		t.Fatalf("only %d of %d traces are there before expiry", n, len(traces))
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(20 * time.Second)
	for {
		if err := s.Sweep(t.Context(), time.Now()); err != nil {
			t.Fatal(err)
		}
		left := f.found(t, traces)
		if len(left) == 0 {
			return
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("left behind: %s", strings.Join(left, ", "))
		}
	}
}

func expiry(t *testing.T, f *fixture) {
	soon := storage.Turn{User: "soon", TTL: time.Hour, Records: []storage.Record{{ID: "r"}}}
	f.commit(t, soon)
	f.commit(t, storage.Turn{User: "later", Records: []storage.Record{{ID: "r"}}})
	is := func(user string, want bool) {
		t.Helper()
		for _, s := range []*storage.Store{f.store, f.another(f.keys)} {
			st, err := s.Load(t.Context(), user)
			if err != nil || (st.Rev != 0) != want {
				t.Errorf("%s is kept: %v, want %v (%v)", user, st.Rev != 0, want, err)
			}
			kept, err := s.Records(t.Context(), user)
			if err != nil || (len(kept) == 1) != want {
				t.Errorf("%s has %d records (%v)", user, len(kept), err)
			}
		}
	}
	f.clock.add(50 * time.Minute)
	f.commit(t, soon) // every turn begins the time anew
	f.clock.add(time.Hour - time.Millisecond)
	is("soon", true)
	rev := f.load(t, "soon").Rev
	f.clock.add(time.Millisecond)
	is("soon", false)
	if _, err := f.store.Commit(t.Context(), storage.Turn{User: "soon", Rev: rev}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("a turn over what expired: %v, want ErrConflict", err)
	}
	if err := f.store.Sweep(t.Context(), f.clock.Now()); err != nil {
		t.Fatal(err)
	}
	is("later", true)
	f.clock.add(storage.DefaultTTL)
	is("later", false)
}

func reminderPutsExpiryOff(t *testing.T, f *fixture) {
	turn := storage.Turn{User: "u", TTL: time.Hour, Remind: []storage.Reminder{{ID: "r", At: f.clock.Now().Add(48 * time.Hour)}}}
	f.commit(t, turn)
	f.commit(t, storage.Turn{User: "u", TTL: time.Hour}) // the reminder set earlier counts too
	f.clock.add(48 * time.Hour)
	if st := f.load(t, "u"); st.Rev == 0 {
		t.Fatal("gone before the reminder fell due")
	}
	if due := f.claim(t, 1, time.Millisecond); len(due) != 1 {
		t.Fatalf("claimed %v", due)
	}
	f.clock.add(storage.Grace)
	if st := f.load(t, "u"); st.Rev != 0 {
		t.Error("kept although nobody acted on the reminder")
	}
	if due := f.claim(t, 1, time.Minute); len(due) != 0 {
		t.Errorf("claimed %v of somebody who expired", due)
	}
	f.commit(t, storage.Turn{User: "v", TTL: time.Hour, Remind: turn.Remind})
	f.clock.add(time.Hour + 48*time.Hour + storage.Grace)
	if err := f.store.Sweep(t.Context(), f.clock.Now()); err != nil {
		t.Fatal(err)
	}
	name := map[string][]byte{"queue": []byte(f.spy.last().User)}
	if left := f.found(t, name); len(left) > 0 {
		t.Errorf("left behind in the queue after Sweep")
	}
}

func beginAnew(t *testing.T, f *fixture) {
	f.commit(t, storage.Turn{User: "u", TTL: time.Hour, Session: []byte("old"), Records: []storage.Record{{ID: "old"}},
		Remind: []storage.Reminder{{ID: "old", At: f.clock.Now()}}})
	f.clock.add(time.Hour + storage.Grace)
	f.commit(t, storage.Turn{User: "u", Session: []byte("new"), Records: []storage.Record{{ID: "new"}}})
	kept, err := f.store.Records(t.Context(), "u")
	if err != nil || len(kept) != 1 || kept[0].ID != "new" {
		t.Errorf("records %v, %v; want only the new one", kept, err)
	}
	left, err := f.store.Reminders(t.Context(), "u")
	if err != nil || len(left) != 0 {
		t.Errorf("reminders %v, %v; want none", left, err)
	}
	if due := f.claim(t, 10, time.Minute); len(due) != 0 {
		t.Errorf("claimed %v of the life before", due)
	}
}

func nothingInClear(t *testing.T, f *fixture) {
	const marker = "爆通讯录marker"
	user := "telegram:" + marker
	f.commit(t, storage.Turn{User: user, Session: []byte(marker), Answer: []byte(marker),
		Records: []storage.Record{{ID: "event:" + marker, Data: []byte(marker)}},
		Remind:  []storage.Reminder{{ID: "remind:" + marker, At: f.clock.Now(), Data: []byte(marker)}}})
	if len(f.claim(t, 1, time.Minute)) != 1 {
		t.Error("nothing claimed")
	}
	held := f.Bytes(t)
	if !bytes.Contains(held, []byte(f.spy.last().User)) {
		t.Fatal("the place does not even hold the user's row: the test would find nothing")
	}
	for _, clear := range []string{marker, "telegram:", "event:", "remind:", "marker"} {
		if bytes.Contains(held, []byte(clear)) {
			t.Errorf("%q can be read in the store", clear)
		}
	}
}

// swapped: what is put in another's place from outside is refused.
func swapped(t *testing.T, f *fixture) {
	ctx := t.Context()
	write := func(user string) storage.Write {
		f.commit(t, storage.Turn{User: user, Session: []byte(user), Records: []storage.Record{{ID: "a", Data: []byte(user)}, {ID: "b", Data: []byte(user)}},
			Remind: []storage.Reminder{{ID: "r", At: f.clock.Now()}}})
		return f.spy.last()
	}
	for i, test := range []struct {
		name string
		swap func(mine *storage.Write, theirs storage.Write)
	}{
		{"state", func(m *storage.Write, th storage.Write) { m.State = th.State }},
		{"whole row", func(m *storage.Write, th storage.Write) {
			m.Key, m.State, m.Records, m.Remind = th.Key, th.State, th.Records, th.Remind
		}},
		{"record of another user", func(m *storage.Write, th storage.Write) { m.Records[0].Data = th.Records[0].Data }},
		{"record of another name", func(m *storage.Write, _ storage.Write) { m.Records[0].Data = m.Records[1].Data }},
		{"record for a reminder", func(m *storage.Write, _ storage.Write) { m.Remind[0].Data = m.Records[1].Data }},
		{"reminder of another user", func(m *storage.Write, th storage.Write) { m.Remind[0].Data = th.Remind[0].Data }},
		{"a flipped bit", func(m *storage.Write, _ storage.Write) { m.State[len(m.State)/2] ^= 1 }},
		{"nothing", func(m *storage.Write, _ storage.Write) {
			m.State, m.Key, m.Records[0].Data, m.Remind[0].Data = []byte{}, []byte{}, []byte{}, []byte{}
		}},
	} {
		me, other := fmt.Sprintf("me%d", i), fmt.Sprintf("other%d", i)
		mine, theirs := write(me), write(other)
		// A sealed state is bound to its revision, so the forger keeps it.
		if err := f.Driver.Delete(ctx, mine.User); err != nil {
			t.Fatal(err)
		}
		mine.Rev = 0
		test.swap(&mine, theirs)
		if err := f.Driver.Commit(ctx, mine); err != nil {
			t.Fatal(err)
		}
		s := f.another(f.keys)
		_, load := s.Load(ctx, me)
		_, list := s.Records(ctx, me)
		_, reminders := s.Reminders(ctx, me)
		if err := errors.Join(load, list, reminders); !errors.Is(err, storage.ErrDamaged) {
			t.Errorf("%s: got %v, want ErrDamaged", test.name, err)
		}
	}
	due, err := f.another(f.keys).ClaimDue(ctx, f.clock.Now(), 1000, time.Minute)
	if !errors.Is(err, storage.ErrDamaged) {
		t.Errorf("claim: got %v, want ErrDamaged", err)
	}
	if len(due) < 8 {
		t.Errorf("claimed %d; the good ones come together with the error", len(due))
	}
}

func wrongKey(t *testing.T, f *fixture) {
	ctx := t.Context()
	f.commit(t, storage.Turn{User: "u", Session: []byte("x"), Remind: []storage.Reminder{{ID: "r", At: f.clock.Now()}}})
	s := f.another(keyring(t, 2))
	_, load := s.Load(ctx, "u")
	_, commit := s.Commit(ctx, storage.Turn{User: "u"})
	_, claim := s.ClaimDue(ctx, f.clock.Now(), 1, time.Minute)
	for name, err := range map[string]error{"Load": load, "Commit": commit, "ClaimDue": claim, "Ping": s.Ping(ctx), "Delete": s.Delete(ctx, "u")} {
		if !errors.Is(err, storage.ErrKey) || !strings.Contains(err.Error(), "give the key file") {
			t.Errorf("%s: %v, want ErrKey with a hint", name, err)
		}
	}
	if st := f.load(t, "u"); string(st.Session) != "x" {
		t.Errorf("session %q after a wrong key", st.Session)
	}
}

func rotated(t *testing.T, f *fixture) {
	ctx := t.Context()
	f.commit(t, storage.Turn{User: "u", Session: []byte("x"), Records: []storage.Record{{ID: "r", Data: []byte("kept")}}})
	f.commit(t, storage.Turn{User: "idle", Session: []byte("idle")})
	s := f.another(keyring(t, 2, 1))
	st, err := s.Load(ctx, "u")
	if err != nil || string(st.Session) != "x" {
		t.Fatalf("Load with a new key in front: %q, %v", st.Session, err)
	}
	before := f.spy.last().Key
	if _, err := s.Commit(ctx, storage.Turn{User: "u", Rev: st.Rev, Session: []byte("y")}); err != nil {
		t.Fatal(err)
	}
	after := f.spy.last().Key
	if bytes.Equal(before[:4], after[:4]) {
		t.Error("the data key is still wrapped with the old master key")
	}
	fresh := f.another(keyring(t, 2, 1))
	if r, err := fresh.Record(ctx, "u", "r"); err != nil || string(r.Data) != "kept" {
		t.Errorf("record after rotation: %q, %v", r.Data, err)
	}
	if st, err := fresh.Load(ctx, "idle"); err != nil || string(st.Session) != "idle" {
		t.Errorf("somebody who has not come by: %q, %v", st.Session, err)
	}
	if _, err := f.another(f.keys).Load(ctx, "u"); !errors.Is(err, storage.ErrKey) {
		t.Errorf("with the old key alone: %v, want ErrKey", err)
	}
}
