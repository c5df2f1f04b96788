package reminders_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"anning/bot/reminders"
	"anning/storage"
	"anning/storage/sqlitestore"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a store with a clock that the test moves.
type world struct {
	store *storage.Store
	mu    sync.Mutex
	now   time.Time
	said  []string
	fail  map[string]int // how often to fail
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) say(_ context.Context, d storage.Due) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fail[d.User] > 0 {
		w.fail[d.User]--
		return errors.New("not delivered")
	}
	w.said = append(w.said, d.User+" "+d.ID+" "+string(d.Data))
	return nil
}

func (w *world) remind(t *testing.T, user, id string, in time.Duration) {
	t.Helper()
	st, err := w.store.Load(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.store.Commit(t.Context(), storage.Turn{User: user, Rev: st.Rev, Session: []byte("s"), Answer: []byte("a"),
		Remind: []storage.Reminder{{ID: id, At: w.clock().Add(in), Data: []byte("!")}}})
	if err != nil {
		t.Fatal(err)
	}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	key := make([]byte, storage.KeySize)
	rand.Read(key)
	keys, err := storage.NewKeyring(key)
	if err != nil {
		t.Fatal(err)
	}
	driver, err := sqlitestore.Open(filepath.Join(t.TempDir(), "a.db"), &sqlitestore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), fail: map[string]int{}}
	w.store = storage.New(driver, keys, &storage.Options{Clock: w.clock})
	t.Cleanup(func() {
		if err := w.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

func (w *world) runner() *reminders.Runner {
	return reminders.New(w.store, w.say, &reminders.Options{Clock: w.clock, Every: time.Millisecond})
}

func once(t *testing.T, r *reminders.Runner, want int) {
	t.Helper()
	if n, err := r.Once(t.Context()); err != nil || n != want {
		t.Fatalf("said %d, %v; want %d", n, err, want)
	}
}

func TestOnce(t *testing.T) {
	w := newWorld(t)
	r := w.runner()
	w.remind(t, "web:1", "follow_up", 15*24*time.Hour)
	w.remind(t, "web:2", "follow_up", time.Hour)
	once(t, r, 0)
	w.pass(time.Hour)
	once(t, r, 1)
	once(t, r, 0)
	w.pass(30 * 24 * time.Hour)
	once(t, r, 1)
	w.pass(time.Hour)
	once(t, r, 0)
	if diff := cmp.Diff([]string{"web:2 follow_up !", "web:1 follow_up !"}, w.said); diff != "" {
		t.Error(diff)
	}
}

func TestMoreThanABatch(t *testing.T) {
	w := newWorld(t)
	for i := range 21 {
		w.remind(t, fmt.Sprintf("web:%d", i), "x", time.Minute)
	}
	w.pass(time.Minute)
	once(t, w.runner(), 21)
}

func TestFailureIsTriedAgainLaterAndLater(t *testing.T) {
	w := newWorld(t)
	r := w.runner()
	w.fail["web:1"] = 3
	w.remind(t, "web:1", "x", 0)
	w.remind(t, "web:2", "x", 0)
	once(t, r, 1)
	var tries []int // minutes at which it was tried
	left := w.fail["web:1"]
	for m := 1; m <= 90 && len(w.said) < 2; m++ {
		w.pass(time.Minute)
		if _, err := r.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if w.fail["web:1"] != left || len(w.said) == 2 {
			tries, left = append(tries, m), w.fail["web:1"]
		}
	}
	if diff := cmp.Diff([]int{10, 30, 70}, tries); diff != "" {
		t.Errorf("minutes of the tries:\n%s", diff)
	}
	w.pass(24 * time.Hour)
	once(t, r, 0)
}

func TestGivenUp(t *testing.T) {
	w := newWorld(t)
	w.fail["web:1"] = 1000
	w.remind(t, "web:1", "x", 0)
	r := w.runner()
	for range 24 * 4 {
		if _, err := r.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.pass(time.Hour)
	}
	left, err := w.store.Reminders(t.Context(), "web:1")
	if err != nil || len(left) != 0 {
		t.Errorf("%d reminders left, %v", len(left), err)
	}
	if tried := 1000 - w.fail["web:1"]; tried < 10 || tried > 20 {
		t.Errorf("tried %d times in three days", tried)
	}
}

func TestTwoRunnersSayEachOnce(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		w.remind(t, fmt.Sprintf("web:%d", i), "x", 0)
	}
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if _, err := w.runner().Once(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	once := map[string]bool{}
	for _, s := range w.said {
		if once[s] {
			t.Errorf("%s was said twice", s)
		}
		once[s] = true
	}
	if len(once) != 40 {
		t.Errorf("said %d of 40", len(once))
	}
}

func TestRunStopsAfterWhatItBegan(t *testing.T) {
	w := newWorld(t)
	w.remind(t, "web:1", "x", 0)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	say := func(ctx context.Context, d storage.Due) error {
		stop()
		if ctx.Err() != nil {
			t.Error("the reminder being said was cut off")
		}
		return w.say(ctx, d)
	}
	go func() { ended <- reminders.New(w.store, say, &reminders.Options{Clock: w.clock}).Run(ctx) }()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	left, err := w.store.Reminders(t.Context(), "web:1")
	if err != nil || len(left) != 0 || len(w.said) != 1 {
		t.Errorf("said %v, %d left, %v", w.said, len(left), err)
	}
}

// flaky is a queue that cannot be reached until it is mended.
type flaky struct {
	reminders.Queue
	asked chan bool
	mu    sync.Mutex
	away  bool
}

func (f *flaky) ClaimDue(ctx context.Context, now time.Time, max int, lease time.Duration) ([]storage.Due, error) {
	f.mu.Lock()
	away := f.away
	f.mu.Unlock()
	select {
	case f.asked <- away:
	default:
	}
	if away {
		return nil, storage.ErrUnavailable
	}
	return f.Queue.ClaimDue(ctx, now, max, lease)
}

func TestRunOutlivesAStoreThatIsAway(t *testing.T) {
	w := newWorld(t)
	w.remind(t, "web:1", "x", 0)
	ctx, stop := context.WithCancel(t.Context())
	q := &flaky{Queue: w.store, asked: make(chan bool), away: true}
	said := make(chan struct{})
	say := func(ctx context.Context, d storage.Due) error { close(said); return w.say(ctx, d) }
	ended := make(chan error, 1)
	go func() {
		ended <- reminders.New(q, say, &reminders.Options{Clock: w.clock, Every: time.Millisecond}).Run(ctx)
	}()
	for range 3 {
		if !<-q.asked {
			t.Fatal("not away")
		}
	}
	q.mu.Lock()
	q.away = false
	q.mu.Unlock()
	<-said
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
