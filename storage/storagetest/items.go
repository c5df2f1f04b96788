package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/storage"
)

func records(t *testing.T, f *fixture) {
	check := func(want ...storage.Record) {
		t.Helper()
		for _, s := range []*storage.Store{f.store, f.another(f.keys)} {
			got, err := s.Records(t.Context(), "u")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		}
	}
	rec := func(id, data string) storage.Record { return storage.Record{ID: id, Data: []byte(data)} }
	check()
	f.commit(t, storage.Turn{User: "u", Records: []storage.Record{rec("b", "2"), rec("a", "1"), rec("c", "")}})
	check(rec("a", "1"), rec("b", "2"), rec("c", ""))
	f.commit(t, storage.Turn{User: "u", Records: []storage.Record{rec("b", "two"), rec("d", "4")}, Forget: []string{"a", "unknown"}})
	check(rec("b", "two"), rec("c", ""), rec("d", "4"))
	f.commit(t, storage.Turn{User: "u", Records: []storage.Record{rec("b", "stays")}, Forget: []string{"b", "c"}})
	check(rec("b", "stays"), rec("d", "4"))
	f.commit(t, storage.Turn{User: "someone else", Records: []storage.Record{rec("b", "theirs")}, Forget: []string{"d"}})
	check(rec("b", "stays"), rec("d", "4"))
	for _, s := range []*storage.Store{f.store, f.another(f.keys)} {
		got, err := s.Record(t.Context(), "u", "b")
		if diff := cmp.Diff(rec("b", "stays"), got); diff != "" || err != nil {
			t.Errorf("record b: %v\n%s", err, diff)
		}
		for _, missing := range [][2]string{{"u", "a"}, {"nobody", "b"}, {"someone else", "d"}} {
			if _, err := s.Record(t.Context(), missing[0], missing[1]); !errors.Is(err, storage.ErrNotFound) {
				t.Errorf("record %v: %v, want ErrNotFound", missing, err)
			}
		}
	}
}

// recordOfNewLife: a process that still holds the data key of a deleted user finds the records of the new one.
func recordOfNewLife(t *testing.T, f *fixture) {
	other := f.another(f.keys)
	f.commit(t, storage.Turn{User: "u", Records: []storage.Record{{ID: "a", Data: []byte("old")}}})
	if _, err := other.Record(t.Context(), "u", "a"); err != nil {
		t.Fatal(err)
	}
	if err := f.store.Delete(t.Context(), "u"); err != nil {
		t.Fatal(err)
	}
	f.commit(t, storage.Turn{User: "u", Records: []storage.Record{{ID: "a", Data: []byte("new")}}})
	got, err := other.Record(t.Context(), "u", "a")
	if err != nil || string(got.Data) != "new" {
		t.Errorf("record %q, %v; want new", got.Data, err)
	}
}

func bigRecord(t *testing.T, f *fixture) {
	big := bytes.Repeat([]byte("0123456789abcdef"), storage.MaxRecord/16)
	f.commit(t, storage.Turn{User: "u", Session: []byte("small"), Records: []storage.Record{{ID: "big", Data: big}}})
	if got := f.load(t, "u"); string(got.Session) != "small" {
		t.Errorf("session %q", got.Session)
	}
	got, err := f.store.Record(t.Context(), "u", "big")
	if err != nil || !bytes.Equal(got.Data, big) {
		t.Errorf("a record of %d bytes came back as %d bytes, %v", len(big), len(got.Data), err)
	}
}

func reminders(t *testing.T, f *fixture) {
	now := f.clock.Now()
	rem := func(id string, in time.Duration, data string) storage.Reminder {
		return storage.Reminder{ID: id, At: now.Add(in), Data: []byte(data)}
	}
	check := func(want ...storage.Reminder) {
		t.Helper()
		got, err := f.store.Reminders(t.Context(), "u")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("reminders (-want +got):\n%s", diff)
		}
	}
	check()
	f.commit(t, storage.Turn{User: "u", Remind: []storage.Reminder{rem("b", 2*time.Hour, "2"), rem("a", time.Hour, "1"), rem("c", 3*time.Hour, "3")}})
	check(rem("a", time.Hour, "1"), rem("b", 2*time.Hour, "2"), rem("c", 3*time.Hour, "3"))
	f.commit(t, storage.Turn{User: "u", Remind: []storage.Reminder{rem("a", 4*time.Hour, "later")}, Cancel: []string{"b", "unknown"}})
	check(rem("c", 3*time.Hour, "3"), rem("a", 4*time.Hour, "later"))
	f.clock.add(3*time.Hour - time.Millisecond)
	if due := f.claim(t, 10, time.Minute); len(due) != 0 {
		t.Errorf("claimed before it fell due: %v", due)
	}
	f.clock.add(time.Millisecond)
	due := f.claim(t, 10, time.Minute)
	if len(due) != 1 || due[0].User != "u" {
		t.Fatalf("claimed %v, want c of u", due)
	}
	if diff := cmp.Diff(rem("c", 3*time.Hour, "3"), due[0].Reminder); diff != "" {
		t.Errorf("claimed (-want +got):\n%s", diff)
	}
	check(rem("c", 3*time.Hour, "3"), rem("a", 4*time.Hour, "later"))
	if err := f.store.Done(t.Context(), due[0]); err != nil {
		t.Fatal(err)
	}
	check(rem("a", 4*time.Hour, "later"))
	f.commit(t, storage.Turn{User: "u", Cancel: []string{"a"}})
	f.clock.add(24 * time.Hour)
	if due := f.claim(t, 10, time.Minute); len(due) != 0 {
		t.Errorf("claimed a cancelled or finished one: %v", due)
	}
}

// reminderSetAgain: Done of an old lease leaves the reminder alone that was set meanwhile.
func reminderSetAgain(t *testing.T, f *fixture) {
	now := f.clock.Now()
	set := func(at time.Time) {
		f.commit(t, storage.Turn{User: "u", Remind: []storage.Reminder{{ID: "r", At: at}}})
	}
	set(now)
	old := f.claim(t, 1, time.Hour)
	if len(old) != 1 {
		t.Fatalf("claimed %v", old)
	}
	set(now.Add(time.Minute))
	if err := f.store.Done(t.Context(), old[0]); err != nil {
		t.Fatal(err)
	}
	f.clock.add(time.Minute)
	if again := f.claim(t, 1, time.Hour); len(again) != 1 || !again[0].At.Equal(now.Add(time.Minute)) {
		t.Errorf("claimed %v, want the one set again", again)
	}
	forged := old[0]
	forged.User = "somebody else"
	if err := f.store.Done(t.Context(), forged); err == nil {
		t.Error("Done took a lease of another user")
	}
}

func leaseEnds(t *testing.T, f *fixture) {
	f.commit(t, storage.Turn{User: "u", Remind: []storage.Reminder{{ID: "r", At: f.clock.Now()}}})
	first := f.claim(t, 10, time.Minute)
	f.clock.add(time.Minute - time.Millisecond)
	if early := f.claim(t, 10, time.Minute); len(first) != 1 || len(early) != 0 {
		t.Fatalf("claimed %d and, within the lease, %d; want 1 and 0", len(first), len(early))
	}
	f.clock.add(time.Millisecond)
	second := f.claim(t, 10, time.Minute)
	if len(second) != 1 || second[0].Lease == first[0].Lease {
		t.Fatalf("claimed %v, want it again under a new lease", second)
	}
	if err := f.store.Done(t.Context(), first[0]); err != nil {
		t.Fatal(err)
	}
	if left, err := f.store.Reminders(t.Context(), "u"); err != nil || len(left) != 1 {
		t.Errorf("the first claimer's Done removed what the second holds (%v)", err)
	}
	if err := f.store.Done(t.Context(), second[0]); err != nil {
		t.Fatal(err)
	}
	if left, err := f.store.Reminders(t.Context(), "u"); err != nil || len(left) != 0 {
		t.Errorf("%d reminders left (%v)", len(left), err)
	}
}

// claimedOnce: several claimers at once get every reminder exactly once.
func claimedOnce(t *testing.T, f *fixture) {
	const users, each, claimers = 40, 5, 4
	for u := range users {
		turn := storage.Turn{User: fmt.Sprintf("u%d", u)}
		for r := range each {
			turn.Remind = append(turn.Remind, storage.Reminder{ID: fmt.Sprint(r), At: f.clock.Now()})
		}
		f.commit(t, turn)
	}
	var mu sync.Mutex
	got := map[string]int{}
	var wg sync.WaitGroup
	for range claimers {
		wg.Go(func() {
			s := f.another(f.keys)
			for empty := 0; empty < 2; {
				due, err := s.ClaimDue(t.Context(), f.clock.Now(), 7, time.Minute)
				if err != nil {
					t.Error(err)
					return
				}
				if len(due) == 0 {
					empty++
				}
				if len(due) > 7 {
					t.Errorf("claimed %d, more than 7", len(due))
				}
				mu.Lock()
				for _, d := range due {
					got[d.User+"/"+d.ID]++
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for id, n := range got {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
	if due := f.claim(t, 1000, time.Minute); len(got)+len(due) != users*each {
		t.Errorf("%d claimed and %d left, want %d", len(got), len(due), users*each)
	}
}

func claimAtMost(t *testing.T, f *fixture) {
	now := f.clock.Now()
	turn := storage.Turn{User: "u"}
	for i := range 9 {
		turn.Remind = append(turn.Remind, storage.Reminder{ID: fmt.Sprint(i), At: now.Add(-time.Duration(i) * time.Minute)})
	}
	f.commit(t, turn)
	var got []string
	for _, n := range []int{2, 3, 4} {
		due := f.claim(t, n, time.Minute)
		if len(due) != n {
			t.Fatalf("claimed %d, want %d", len(due), n)
		}
		for _, d := range due {
			got = append(got, d.ID)
		}
	}
	if diff := cmp.Diff([]string{"8", "7", "6", "5", "4", "3", "2", "1", "0"}, got); diff != "" {
		t.Errorf("the oldest is not first (-want +got):\n%s", diff)
	}
	for _, bad := range []struct {
		max   int
		lease time.Duration
	}{{0, time.Minute}, {1, 0}, {1, time.Microsecond}} {
		if _, err := f.store.ClaimDue(t.Context(), now, bad.max, bad.lease); err == nil {
			t.Errorf("ClaimDue(%d, %v) is no error", bad.max, bad.lease)
		}
	}
}
