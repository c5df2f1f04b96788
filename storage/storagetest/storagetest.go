// Package storagetest holds every storage.Driver to its word, seen through a storage.Store. Only tests import it.
package storagetest

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"anning/storage"
)

// Place is an empty place that a driver keeps things in.
type Place struct {
	Driver storage.Driver
	Bytes  func(testing.TB) []byte // every byte the place holds, names and values: what a thief would get
}

// Run runs the suite. open makes a fresh place for each test, and closes it when that ends.
func Run(t *testing.T, open func(testing.TB) Place) {
	for _, test := range []struct {
		name string
		run  func(*testing.T, *fixture)
	}{
		{"RoundTrip", roundTrip},
		{"Conflict", conflict},
		{"LifeAfterDelete", lifeAfterDelete},
		{"ConcurrentCommits", concurrentCommits},
		{"Records", records},
		{"RecordOfNewLife", recordOfNewLife},
		{"BigRecord", bigRecord},
		{"Names", names},
		{"Limits", limits},
		{"Reminders", reminders},
		{"ReminderSetAgainWhileLeased", reminderSetAgain},
		{"LeaseEnds", leaseEnds},
		{"ClaimedOnce", claimedOnce},
		{"ClaimOldestFirst", claimAtMost},
		{"DeleteLeavesNoByte", deleteLeavesNoByte},
		{"ExpiryLeavesNoByte", expiryLeavesNoByte},
		{"Expiry", expiry},
		{"ReminderPutsExpiryOff", reminderPutsExpiryOff},
		{"BeginAnewAfterExpiry", beginAnew},
		{"NothingInClear", nothingInClear},
		{"SwappedBlobs", swapped},
		{"WrongKey", wrongKey},
		{"RotatedKey", rotated},
		{"EndedContext", endedContext},
		{"Closed", closed},
		{"Model", model},
	} {
		t.Run(test.name, func(t *testing.T) { test.run(t, newFixture(t, open(t))) })
	}
}

// fixture is what a test works with.
type fixture struct {
	Place
	store *storage.Store
	spy   *spy
	clock *clock
	keys  *storage.Keyring
}

func newFixture(t *testing.T, p Place) *fixture {
	f := &fixture{Place: p, spy: &spy{Driver: p.Driver}, clock: &clock{now: time.Now().Truncate(time.Millisecond).UTC()}}
	f.keys = keyring(t, 1)
	f.store = f.another(f.keys)
	return f
}

// another makes a Store as another process would: over the same place, with nothing in memory.
func (f *fixture) another(keys *storage.Keyring) *storage.Store {
	return storage.New(f.spy, keys, &storage.Options{Clock: f.clock.Now})
}

// keyring makes a keyring of fixed keys; the first is the current one.
func keyring(t testing.TB, seeds ...byte) *storage.Keyring {
	t.Helper()
	var keys [][]byte
	for _, seed := range seeds {
		keys = append(keys, bytes.Repeat([]byte{seed}, storage.KeySize))
	}
	r, err := storage.NewKeyring(keys[0], keys[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// commit commits a turn over what is there now.
func (f *fixture) commit(t testing.TB, turn storage.Turn) uint64 {
	t.Helper()
	st := f.load(t, turn.User)
	turn.Rev = st.Rev
	rev, err := f.store.Commit(t.Context(), turn)
	if err != nil {
		t.Fatalf("Commit(%q): %v", turn.User, err)
	}
	return rev
}

func (f *fixture) load(t testing.TB, user string) storage.State {
	t.Helper()
	st, err := f.store.Load(t.Context(), user)
	if err != nil {
		t.Fatalf("Load(%q): %v", user, err)
	}
	return st
}

func (f *fixture) claim(t testing.TB, max int, lease time.Duration) []storage.Due {
	t.Helper()
	due, err := f.store.ClaimDue(t.Context(), f.clock.Now(), max, lease)
	if err != nil {
		t.Fatalf("ClaimDue: %v", err)
	}
	return due
}

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// spy remembers what the Store writes through it.
type spy struct {
	storage.Driver
	mu     sync.Mutex
	writes []storage.Write
}

func (s *spy) Commit(ctx context.Context, w storage.Write) error {
	s.mu.Lock()
	s.writes = append(s.writes, w)
	s.mu.Unlock()
	return s.Driver.Commit(ctx, w)
}

func (s *spy) last() storage.Write {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writes[len(s.writes)-1]
}

// traces cuts what was written into pieces that can be looked for, also where a store spreads a value over pages.
func (s *spy) traces() map[string][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	const size, step = 16, 500
	traces := map[string][]byte{}
	add := func(what string, b []byte) {
		for at := 0; at+size <= len(b); at += step {
			traces[fmt.Sprintf("%s at byte %d", what, at)] = b[at : at+size]
		}
	}
	for i, w := range s.writes {
		add("user name", []byte(w.User))
		add(fmt.Sprintf("key of turn %d", i), w.Key)
		add(fmt.Sprintf("state of turn %d", i), w.State)
		for _, it := range append(append([]storage.Item{}, w.Records...), w.Remind...) {
			add("name of "+it.Name, []byte(it.Name))
			add("data of "+it.Name, it.Data)
		}
	}
	return traces
}
