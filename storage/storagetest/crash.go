package storagetest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"anning/storage"
)

// childEnv, where it is set, makes a test binary a child that commits turns until it is killed: "prefix|place".
const childEnv = "ANNING_STORAGETEST_CHILD"

// Soak says whether the long versions of the tests were asked for (ANNING_SOAK=1).
func Soak() bool { return os.Getenv("ANNING_SOAK") == "1" }

// Main is the TestMain of a driver's package. Crash starts the same binary again as its children. A goroutine that
// outlives the tests makes them fail.
func Main(m *testing.M, open func(place string) (storage.Driver, error)) {
	prefix, place, ok := strings.Cut(os.Getenv(childEnv), "|")
	if !ok {
		flag.Parse()
		if f := flag.Lookup("rapid.checks"); f != nil && f.Value.String() == f.DefValue && !Soak() {
			if err := f.Value.Set("25"); err != nil {
				panic(err)
			}
		}
		code := m.Run()
		if err := goleak.Find(); err != nil {
			fmt.Fprintln(os.Stderr, "left running after the tests:", err)
			code = 1
		}
		os.Exit(code)
	}
	d, err := open(place)
	if err == nil {
		err = hammer(d, prefix)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Crashing says how Crash goes.
type Crashing struct {
	Place    string // where the children keep things, for Main's open
	Children int    // how many processes commit at once
	Open     func(place string) (storage.Driver, error)
	Server   func(kill bool) // kills or revives the server; nil: the children themselves are killed
}

const (
	crashWorkers = 8   // people whom a child serves at once
	crashRecords = 20  // records kept of each
	crashTurns   = 150 // acknowledged turns of a round before the kill
)

// Crash lets processes commit turns as fast as they can and kills them, or the server, again and again. Every turn that
// was acknowledged has to be there afterwards, and none may be half there.
func Crash(t *testing.T, c Crashing) {
	rounds := 5
	if Soak() {
		rounds = 100
	}
	acked := map[string]uint64{}
	for round := range rounds {
		turns := c.round(t, acked)
		d, err := c.Open(c.Place)
		if err != nil {
			t.Fatalf("round %d: open after the crash: %v", round, err)
		}
		verify(t, d, acked)
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		t.Logf("round %d: %v turns acknowledged before the crash", round, turns)
		if t.Failed() {
			return
		}
	}
}

// round starts the children, kills in the middle of their work, and adds what they got acknowledged to acked.
func (c Crashing) round(t *testing.T, acked map[string]uint64) []int {
	r := &tally{acked: acked, turns: make([]int, c.Children), ready: make(chan struct{}, c.Children)}
	var wg sync.WaitGroup
	var children []*child
	for i := range c.Children {
		ch := startChild(t, fmt.Sprintf("child%d|%s", i, c.Place))
		children = append(children, ch)
		wg.Go(func() { r.read(i, ch.out, crashTurns/c.Children) })
	}
	end := time.After(time.Minute)
	for range children {
		select {
		case <-r.ready:
		case <-end:
			t.Errorf("not every child got %d turns acknowledged in a minute", crashTurns/c.Children)
		}
	}
	if c.Server != nil {
		c.Server(true)
	}
	for _, ch := range children {
		ch.end(t, c.Server == nil)
	}
	wg.Wait()
	if c.Server != nil {
		c.Server(false)
	}
	return r.turns
}

// tally counts what the children got acknowledged.
type tally struct {
	mu    sync.Mutex
	acked map[string]uint64 // the last turn of each user
	turns []int             // by child
	ready chan struct{}     // told once by each child: it has enough, or has ended
}

func (r *tally) read(i int, out io.Reader, enough int) {
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		user, text, _ := strings.Cut(lines.Text(), " ")
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			continue // a line cut short by the kill acknowledges nothing
		}
		r.mu.Lock()
		r.acked[user] = max(r.acked[user], n)
		r.turns[i]++
		told := r.turns[i] == enough
		r.mu.Unlock()
		if told {
			r.ready <- struct{}{}
		}
	}
	if r.turns[i] < enough {
		r.ready <- struct{}{}
	}
}

type child struct {
	cmd *exec.Cmd
	out *os.File
	err *bytes.Buffer
}

func startChild(t *testing.T, env string) *child {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	ch := &child{cmd: exec.CommandContext(t.Context(), os.Args[0]), out: r, err: &bytes.Buffer{}}
	ch.cmd.Env = append(os.Environ(), childEnv+"="+env)
	ch.cmd.Stdout, ch.cmd.Stderr = w, ch.err
	if err := ch.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return ch
}

// end kills the child, or waits for the one whose server is gone. A child that ended before that has failed.
func (c *child) end(t *testing.T, kill bool) {
	t.Helper()
	if kill {
		_ = c.cmd.Process.Kill() // one that has ended already is told by how it did
	}
	_ = c.cmd.Wait() // it always ends with an error
	if kill && c.cmd.ProcessState.Exited() {
		t.Errorf("a child ended by itself: %s", c.err)
	}
}

func crashStore(d storage.Driver) (*storage.Store, error) {
	keys, err := storage.NewKeyring(bytes.Repeat([]byte{9}, storage.KeySize))
	if err != nil {
		return nil, err
	}
	return storage.New(d, keys, nil), nil
}

// hammer commits turns for crashWorkers people until one fails, and prints each one that was acknowledged.
func hammer(d storage.Driver, prefix string) error {
	s, err := crashStore(d)
	if err != nil {
		return err
	}
	failed := make(chan error, crashWorkers)
	for w := range crashWorkers {
		go func() { failed <- serve(s, fmt.Sprintf("%s.%d", prefix, w)) }()
	}
	return <-failed
}

func serve(s *storage.Store, user string) error {
	ctx := context.Background()
	st, err := s.Load(ctx, user)
	if err != nil {
		return err
	}
	var n uint64
	if st.Rev != 0 {
		n = binary.BigEndian.Uint64(st.Session)
	}
	for rev := st.Rev; ; {
		n++
		if rev, err = s.Commit(ctx, crashTurn(user, rev, n)); err != nil {
			return err
		}
		fmt.Printf("%s %d\n", user, n) // one write to the pipe
	}
}

// crashTurn is the n-th turn: everything in it tells n, and the records are the last crashRecords turns.
func crashTurn(user string, rev, n uint64) storage.Turn {
	count := binary.BigEndian.AppendUint64(nil, n)
	turn := storage.Turn{User: user, Rev: rev, Session: count, Answer: bytes.Repeat(count, 100),
		Records: []storage.Record{{ID: fmt.Sprintf("turn:%d", n), Data: bytes.Repeat(count, int(n%1000))}},
		Remind:  []storage.Reminder{{ID: "again", At: time.UnixMilli(int64(4e12 + n)), Data: count}}}
	if n > crashRecords {
		turn.Forget = []string{fmt.Sprintf("turn:%d", n-crashRecords)}
	}
	return turn
}

// verify holds what is kept against what was acknowledged.
func verify(t *testing.T, d storage.Driver, acked map[string]uint64) {
	t.Helper()
	s, err := crashStore(d)
	if err != nil {
		t.Fatal(err)
	}
	for user, n := range acked {
		st, err := s.Load(t.Context(), user)
		if err != nil {
			t.Fatalf("%s: %v", user, err)
		}
		if st.Rev == 0 {
			t.Errorf("%s is gone; turn %d was acknowledged", user, n)
			continue
		}
		have := binary.BigEndian.Uint64(st.Session)
		if have != n && have != n+1 { // the turn on its way when it happened may be there or not
			t.Errorf("%s stands at turn %d; %d was acknowledged", user, have, n)
		}
		verifyWhole(t, s, user, st, have)
		acked[user] = have
	}
}

// verifyWhole checks that turn n is there with all its parts.
func verifyWhole(t *testing.T, s *storage.Store, user string, st storage.State, n uint64) {
	t.Helper()
	want := crashTurn(user, st.Rev, n)
	if !bytes.Equal(st.Answer, want.Answer) {
		t.Errorf("%s: the answer is not that of turn %d", user, n)
	}
	kept, err := s.Records(t.Context(), user)
	if err != nil {
		t.Fatalf("%s: %v", user, err)
	}
	if len(kept) != int(min(n, crashRecords)) {
		t.Errorf("%s: %d records after turn %d", user, len(kept), n)
	}
	for _, r := range kept {
		of, err := strconv.ParseUint(strings.TrimPrefix(r.ID, "turn:"), 10, 64)
		if err != nil || of > n || of+crashRecords <= n || !bytes.Equal(r.Data, crashTurn(user, 0, of).Records[0].Data) {
			t.Errorf("%s: record %s (%d bytes) does not belong to turn %d", user, r.ID, len(r.Data), n)
		}
	}
	left, err := s.Reminders(t.Context(), user)
	if err != nil || len(left) != 1 || !left[0].At.Equal(want.Remind[0].At) {
		t.Errorf("%s: reminders %v, %v; want that of turn %d", user, left, err, n)
	}
}
