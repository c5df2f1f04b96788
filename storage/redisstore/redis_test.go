package redisstore_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"anning/storage"
	"anning/storage/redisstore"
	"anning/storage/redistest"
)

func newStore(t testing.TB, d storage.Driver) *storage.Store {
	t.Helper()
	keys, err := storage.NewKeyring(bytes.Repeat([]byte{1}, storage.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return storage.New(d, keys, nil)
}

// counter notes every round trip: a command alone, or a pipeline.
type counter struct {
	mu    sync.Mutex
	trips []string
}

func (c *counter) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trips = append(c.trips, what)
}

func (c *counter) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	trips := c.trips
	c.trips = nil
	return trips
}

func (c *counter) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (c *counter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() != "hello" { // a new connection introduces itself
			c.add(cmd.Name())
		}
		return next(ctx, cmd)
	}
}

func (c *counter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.add("pipeline of " + cmds[len(cmds)/2].Name())
		return next(ctx, cmds)
	}
}

// TestRoundTrips: a turn is two round trips, and a look for due reminders is one, whatever else is kept.
func TestRoundTrips(t *testing.T) {
	ctx := t.Context()
	server := redistest.Start(t, nil)
	d, trips := open(t, server.URL(), nil), &counter{}
	d.AddHook(trips)
	s := newStore(t, d)
	if err := s.Ping(ctx); err != nil {
		t.Fatal(err)
	}
	trips.take()
	turn := func(user string) {
		t.Helper()
		st, err := s.Load(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Commit(ctx, storage.Turn{User: user, Rev: st.Rev, Session: []byte("s"), Records: []storage.Record{{ID: "a"}, {ID: "b"}},
			Forget: []string{"c"}, Remind: []storage.Reminder{{ID: "r", At: time.Now().Add(time.Hour)}}, Cancel: []string{"q"}}); err != nil {
			t.Fatal(err)
		}
	}
	turn("first")
	if diff := cmp.Diff([]string{"hmget", "evalsha", "eval"}, trips.take()); diff != "" {
		t.Errorf("the first turn a server ever sees brings the script (-want +got):\n%s", diff)
	}
	for _, user := range []string{"second", "first", "second"} {
		turn(user)
		if diff := cmp.Diff([]string{"hmget", "evalsha"}, trips.take()); diff != "" {
			t.Errorf("a turn of %s (-want +got):\n%s", user, diff)
		}
	}
	for _, test := range []struct {
		name string
		do   func() error
		want []string
	}{
		{"idle poll", func() error { _, err := s.ClaimDue(ctx, time.Now(), 100, time.Minute); return err }, []string{"pipeline of zcount"}},
		{"claim", func() error { _, err := s.ClaimDue(ctx, time.Now().Add(2*time.Hour), 100, time.Minute); return err },
			[]string{"pipeline of zcount", "pipeline of eval"}},
		{"records", func() error { _, err := s.Records(ctx, "first"); return err }, []string{"pipeline of hgetall"}},
		{"record", func() error { _, err := s.Record(ctx, "first", "a"); return err }, []string{"pipeline of hmget"}},
		{"sweep", func() error { return s.Sweep(ctx, time.Now()) }, []string{"pipeline of eval"}},
		{"ping", func() error { return s.Ping(ctx) }, []string{"set"}},
	} {
		if err := test.do(); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		got := trips.take()
		for i, trip := range got { // MULTI and EXEC stand around
			if trip == "pipeline of hgetall" || trip == "pipeline of hmget" {
				got[i] = test.want[0]
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestScriptsFlushed: a server that forgot its scripts is taught them again.
func TestScriptsFlushed(t *testing.T) {
	server := redistest.Start(t, nil)
	s := newStore(t, open(t, server.URL(), nil))
	rdb := server.Client()
	defer rdb.Close()
	var rev uint64
	for range 3 {
		var err error
		if rev, err = s.Commit(t.Context(), storage.Turn{User: "u", Rev: rev}); err != nil {
			t.Fatal(err)
		}
		if err := rdb.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSentAgain: a turn whose answer was lost on the way and that is sent again succeeds, and is there once.
func TestSentAgain(t *testing.T) {
	ctx := t.Context()
	server := redistest.Start(t, nil)
	d := open(t, server.URL(), nil)
	w := storage.Write{User: "0123", Next: 7, Now: 1000, Expires: 1e9, Key: []byte("k"), State: []byte("nonce and state")}
	for range 2 {
		if err := d.Commit(ctx, w); err != nil {
			t.Fatal(err)
		}
	}
	w.State = []byte("another turn")
	if err := d.Commit(ctx, w); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("another turn of the same revision: %v, want ErrConflict", err)
	}
}

// TestServerGone: without the server a person soon gets a kind word, and when it is back everything goes on.
func TestServerGone(t *testing.T) {
	ctx := t.Context()
	server := redistest.Start(t, &redistest.Options{AppendOnly: true})
	s := newStore(t, open(t, server.URL(), nil))
	rev, err := s.Commit(ctx, storage.Turn{User: "u", Session: []byte("kept")})
	if err != nil {
		t.Fatal(err)
	}
	server.Kill()
	_, load := s.Load(ctx, "u")
	_, list := s.Records(ctx, "u")
	_, claim := s.ClaimDue(ctx, time.Now(), 1, time.Minute)
	for what, do := range map[string]func() error{
		"Load":     func() error { return load },
		"Records":  func() error { return list },
		"ClaimDue": func() error { return claim },
		"Commit":   func() error { _, err := s.Commit(ctx, storage.Turn{User: "u", Rev: rev}); return err },
		"Delete":   func() error { return s.Delete(ctx, "u") },
		"Ping":     func() error { return s.Ping(ctx) },
		"Sweep":    func() error { return s.Sweep(ctx, time.Now()) },
	} {
		began := time.Now()
		if err := do(); !errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%s without a server: %v, want ErrUnavailable", what, err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s without a server took %v", what, took)
		}
	}
	server.Restart()
	st := awaitLoad(t, s, "u") // the client tries to connect once a second
	if string(st.Session) != "kept" {
		t.Fatalf("after the restart: %q", st.Session)
	}
	if _, err := s.Commit(ctx, storage.Turn{User: "u", Rev: st.Rev}); err != nil {
		t.Fatal(err)
	}
}

// awaitLoad loads until the server can be reached.
func awaitLoad(t testing.TB, s *storage.Store, user string) storage.State {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	end := time.After(30 * time.Second)
	for {
		st, err := s.Load(t.Context(), user)
		if err == nil {
			return st
		}
		if !errors.Is(err, storage.ErrUnavailable) {
			t.Fatalf("got %v, want ErrUnavailable until the server is back", err)
		}
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("still not reachable: %v", err)
		}
	}
}

// TestServerSilent: a server that takes connections and never answers holds nobody up for long.
func TestServerSilent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := newStore(t, open(t, "redis://"+l.Addr().String(), &redisstore.Options{Timeout: 50 * time.Millisecond, Retries: -1}))
	began := time.Now()
	if _, err := s.Load(t.Context(), "u"); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

// TestFailover: the replica takes the master's place, and the store follows.
func TestFailover(t *testing.T) {
	ctx := t.Context()
	servers := redistest.StartSentinel(t)
	s := newStore(t, open(t, servers.URL(), nil))
	if _, err := s.Commit(ctx, storage.Turn{User: "u", Session: []byte("kept")}); err != nil {
		t.Fatal(err)
	}
	servers.AwaitReplica()
	servers.Master.Kill()
	st := awaitLoad(t, s, "u")
	if _, err := s.Commit(ctx, storage.Turn{User: "u", Rev: st.Rev, Session: append(st.Session, " on"...)}); err != nil {
		t.Fatalf("after the failover: %v", err)
	}
	if st, err := s.Load(ctx, "u"); err != nil || string(st.Session) != "kept on" {
		t.Errorf("after the failover: %q, %v", st.Session, err)
	}
}

// TestNotNow: what a server answers when it is there but cannot serve is ErrUnavailable, too; a wrong password is not.
func TestNotNow(t *testing.T) {
	ctx := t.Context()
	master := redistest.Start(t, nil)
	host, port, err := net.SplitHostPort(master.Addr)
	if err != nil {
		t.Fatal(err)
	}
	replica := redistest.Start(t, &redistest.Options{Args: []string{"--replicaof", host + " " + port}})
	if _, err := newStore(t, open(t, replica.URL(), nil)).Load(ctx, "u"); !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), "READONLY") {
		t.Errorf("a replica: %v, want ErrUnavailable", err)
	}
	full := redistest.Start(t, &redistest.Options{Args: []string{"--maxmemory", "1"}})
	if _, err := newStore(t, open(t, full.URL(), nil)).Commit(ctx, storage.Turn{User: "u"}); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("a full server: %v, want ErrUnavailable", err)
	}
	secret := redistest.Start(t, &redistest.Options{Password: "p@ss:w/rd,"})
	if err := newStore(t, open(t, secret.URL(), nil)).Ping(ctx); err != nil {
		t.Errorf("with the password: %v", err)
	}
	err = newStore(t, open(t, "redis://"+secret.Addr, nil)).Ping(ctx)
	if err == nil || errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), "NOAUTH") {
		t.Errorf("without the password: %v, want NOAUTH", err)
	}
}

// TestPrefixes: two stores share a server and see nothing of each other.
func TestPrefixes(t *testing.T) {
	ctx := t.Context()
	server := redistest.Start(t, nil)
	one, two := newStore(t, open(t, server.URL(), nil)), newStore(t, open(t, server.URL(), &redisstore.Options{Prefix: "two:"}))
	if _, err := one.Commit(ctx, storage.Turn{User: "u", Remind: []storage.Reminder{{ID: "r", At: time.Now()}}}); err != nil {
		t.Fatal(err)
	}
	st, err := two.Load(ctx, "u")
	if err != nil || st.Rev != 0 {
		t.Errorf("two sees revision %d, %v", st.Rev, err)
	}
	if due, err := two.ClaimDue(ctx, time.Now().Add(time.Hour), 10, time.Minute); err != nil || len(due) != 0 {
		t.Errorf("two claims %v, %v", due, err)
	}
	if _, err := redisstore.Open(server.URL(), &redisstore.Options{Prefix: "{x}"}); err == nil {
		t.Error("a prefix with a hash tag was taken")
	}
}
