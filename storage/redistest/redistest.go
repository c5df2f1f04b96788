// Package redistest starts real Redis servers for tests: single ones, clusters, and a master with a replica and
// sentinels. They listen on free loopback ports, keep their files in the test's folder, and end with the test.
package redistest

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// startTimeout bounds how long a server may take until it answers.
const startTimeout = 20 * time.Second

// Options of a Server. The zero value keeps nothing on disk.
type Options struct {
	AppendOnly bool     // appendonly yes, appendfsync always: an acknowledged write survives a crash
	Password   string   // requirepass
	Args       []string // further settings, as on redis-server's command line
}

// Server is one redis-server.
type Server struct {
	Addr string // host:port

	t    testing.TB
	args []string
	pass string
	cmd  *exec.Cmd
	out  *bytes.Buffer
	exit chan struct{}
}

// Start starts a server and waits until it answers.
func Start(t testing.TB, opts *Options) *Server {
	t.Helper()
	if opts == nil {
		opts = &Options{}
	}
	s := &Server{t: t, pass: opts.Password}
	port := freePort(t)
	s.Addr = net.JoinHostPort("127.0.0.1", port)
	s.args = []string{"--port", port, "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "", "--daemonize", "no"}
	if opts.AppendOnly {
		s.args = append(s.args, "--appendonly", "yes", "--appendfsync", "always")
	}
	if opts.Password != "" {
		s.args = append(s.args, "--requirepass", opts.Password)
	}
	s.args = append(s.args, opts.Args...)
	t.Cleanup(s.Kill)
	s.Restart()
	return s
}

// URL is the server's address for redisstore.Open.
func (s *Server) URL() string {
	if s.pass != "" {
		return "redis://:" + url.QueryEscape(s.pass) + "@" + s.Addr
	}
	return "redis://" + s.Addr
}

// Restart starts a killed server again, over the same files and on the same port, and waits until it answers.
func (s *Server) Restart() {
	s.t.Helper()
	s.out, s.exit = &bytes.Buffer{}, make(chan struct{})
	s.cmd = exec.Command("redis-server", s.args...)
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	s.cmd.SysProcAttr = dieWithParent()
	if err := s.cmd.Start(); err != nil {
		s.t.Fatalf("redistest: %v (these tests need redis-server 7.0 or newer: apt-get install redis-server)", err)
	}
	go func(cmd *exec.Cmd, exit chan struct{}) {
		_ = cmd.Wait() // how it ended says nothing: Kill ends it
		close(exit)
	}(s.cmd, s.exit)
	redis.SetLogger(silent{}) // it would tell of every try while the server starts
	rdb := s.Client()
	defer rdb.Close()
	s.wait("PONG", func(ctx context.Context) (string, error) { return rdb.Ping(ctx).Result() })
}

type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// wait asks again and again until the answer holds want.
func (s *Server) wait(want string, ask func(context.Context) (string, error)) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := ask(ctx)
		if err == nil && strings.Contains(got, want) {
			return
		}
		select {
		case <-tick.C:
		case <-s.exit:
			s.t.Fatalf("redistest: redis-server ended:\n%s", s.out)
		case <-ctx.Done():
			s.t.Fatalf("redistest: no %q from %s: %v\n%s", want, s.Addr, err, got)
		}
	}
}

// Kill ends the server as a power cut would (kill -9) and waits until it is gone.
func (s *Server) Kill() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Kill() // it may be gone already
	<-s.exit
}

// Client makes a client of this server; the caller closes it.
func (s *Server) Client() *redis.Client {
	return redis.NewClient(&redis.Options{Addr: s.Addr, Password: s.pass, DialerRetries: 1, MaxRetries: -1, DisableIdentity: true,
		ContextTimeoutEnabled: true, MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}})
}

// Bytes returns every key and value the server holds, one after the other.
func (s *Server) Bytes(t testing.TB) []byte {
	t.Helper()
	ctx, rdb := t.Context(), s.Client()
	defer rdb.Close()
	var b []byte
	keys := rdb.Scan(ctx, 0, "*", 1000).Iterator()
	for keys.Next(ctx) {
		b = append(append(b, keys.Val()...), '\n')
		value, err := contents(ctx, rdb, keys.Val())
		if err != nil {
			t.Fatalf("redistest: read %s: %v", keys.Val(), err)
		}
		b = append(b, value...)
	}
	if err := keys.Err(); err != nil {
		t.Fatalf("redistest: scan: %v", err)
	}
	return b
}

func contents(ctx context.Context, rdb *redis.Client, key string) ([]byte, error) {
	var parts []string
	kind, err := rdb.Type(ctx, key).Result()
	if err != nil {
		return nil, err
	}
	switch kind {
	case "hash":
		var fields map[string]string
		fields, err = rdb.HGetAll(ctx, key).Result()
		for field, value := range fields {
			parts = append(parts, field, value)
		}
	case "zset":
		parts, err = rdb.ZRange(ctx, key, 0, -1).Result()
	case "string":
		parts = []string{rdb.Get(ctx, key).Val()}
	case "none": // expired meanwhile
	default:
		err = fmt.Errorf("a %s, which the store does not use", kind)
	}
	return []byte(strings.Join(parts, "\n") + "\n"), err
}

// Flush empties the server.
func (s *Server) Flush(t testing.TB) {
	t.Helper()
	rdb := s.Client()
	defer rdb.Close()
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatalf("redistest: flush: %v", err)
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("redistest: %v", err)
	}
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// configFile makes a writable settings file, which a sentinel insists on.
func configFile(t testing.TB, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "redis.conf")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatalf("redistest: %v", err)
	}
	return path
}
