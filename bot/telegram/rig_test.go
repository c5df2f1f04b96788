package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"anning/bot"
	"anning/bot/telegram"
	"anning/bot/telegram/telegramtest"
	"anning/content"
	"anning/flows"
	"anning/storage"
	"anning/storage/sqlitestore"
)

// The shipped flows and content, read once.
var shipped struct {
	once sync.Once
	lib  *content.Library
	set  *flows.Set
	err  error
}

func load(t testing.TB) (*content.Library, *flows.Set) {
	t.Helper()
	shipped.once.Do(func() {
		if shipped.lib, shipped.err = content.Load(content.Files); shipped.err == nil {
			shipped.set, shipped.err = flows.Load(flows.Files)
		}
	})
	if shipped.err != nil {
		t.Fatal(shipped.err)
	}
	return shipped.lib, shipped.set
}

// inTime runs a test on a clock that jumps over waiting, from the day the content was last looked over.
func inTime(t *testing.T, run func(t *testing.T)) {
	t.Helper()
	load(t)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)))
		run(t)
	})
}

// rig is Telegram, a store and an engine, and processes that bring them together.
type rig struct {
	t      *testing.T
	fake   *telegramtest.Server
	store  *storage.Store
	bot    *bot.Bot
	log    lockedBuffer
	walked atomic.Int64 // turns that were walked
	repeat atomic.Int64 // turns that were answered from the store
	failed atomic.Int64

	mu     sync.Mutex
	counts map[string]int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, fake: telegramtest.New(token), counts: map[string]int{}}
	driver, err := sqlitestore.Open(filepath.Join(t.TempDir(), "a.db"), &sqlitestore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := storage.NewKeyring(bytes.Repeat([]byte{7}, storage.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	r.store = storage.New(driver, keys, nil)
	t.Cleanup(func() { _ = r.store.Close() })
	t.Cleanup(func() {
		nothingWrong(t, r.fake)
		if strings.Contains(r.log.String(), token) || strings.Contains(r.log.String(), "AAsecret") {
			t.Errorf("the token is in the log:\n%s", r.log.String())
		}
		if t.Failed() {
			t.Logf("log:\n%s", r.log.String())
		}
	})
	return r
}

// engine puts the real engine with the shipped flows in place.
func (r *rig) engine() *rig {
	lib, set := load(r.t)
	b, err := bot.New(r.store, lib, set, &bot.Options{Observe: func(turn bot.Turn) {
		switch {
		case turn.Err != nil:
			r.failed.Add(1)
		case turn.Repeat:
			r.repeat.Add(1)
		default:
			r.walked.Add(1)
		}
	}})
	if err != nil {
		r.t.Fatal(err)
	}
	r.bot = b
	return r
}

func (r *rig) count(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[what]++
}

func (r *rig) counted(what string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counts[what]
}

// process is one running messenger.
type process struct {
	*telegram.Messenger
	rig  *rig
	dead atomic.Bool
	end  func()
	done chan error
}

var errDead = errors.New("this process is dead")

// RoundTrip ends with the process.
func (p *process) RoundTrip(r *http.Request) (*http.Response, error) {
	if p.dead.Load() {
		return nil, errDead
	}
	resp, err := p.rig.fake.RoundTrip(r)
	if p.dead.Load() {
		return nil, errDead
	}
	return resp, err
}

// start runs a messenger; change sets options.
func (r *rig) start(answer bot.Handler, change func(*telegram.Options)) *process {
	p := &process{rig: r, done: make(chan error, 1)}
	o := &telegram.Options{API: "http://telegram.example", Transport: p, Count: r.count,
		Poller: &row{r.store, "telegram.poller", &p.dead}, Spool: &row{r.store, "telegram.spool", &p.dead},
		Log: slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if change != nil {
		change(o)
	}
	p.Messenger = telegram.New(token, o)
	ctx, cancel := context.WithCancel(context.Background())
	p.end = cancel
	go func() {
		p.done <- p.Run(ctx, func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			if p.dead.Load() {
				return nil, errDead
			}
			return answer(ctx, m)
		})
	}()
	r.t.Cleanup(p.stop)
	return p
}

// stop ends a process as a signal does.
func (p *process) stop() {
	if p.end == nil {
		return
	}
	p.end()
	p.end = nil
	if err := <-p.done; err != nil && !p.dead.Load() {
		p.rig.t.Errorf("Run: %v", err)
	}
}

// kill ends a process as a power cut does: nothing it still does reaches anybody.
func (p *process) kill() {
	p.dead.Store(true)
	p.stop()
}

// row is a value of all processes in the store.
type row struct {
	store *storage.Store
	name  string
	dead  *atomic.Bool
}

func (r *row) Load(ctx context.Context) ([]byte, uint64, error) {
	if r.dead.Load() {
		return nil, 0, errDead
	}
	st, err := r.store.Load(ctx, r.name)
	return st.Answer, st.Rev, err
}

func (r *row) Save(ctx context.Context, rev uint64, data []byte) error {
	if r.dead.Load() {
		return errDead
	}
	_, err := r.store.Commit(ctx, storage.Turn{User: r.name, Rev: rev, Answer: data})
	if errors.Is(err, storage.ErrConflict) {
		return telegram.ErrChanged
	}
	return err
}

// journal is a small engine that remembers what it heard.
type journal struct {
	mu    sync.Mutex
	heard []bot.Message
	seen  map[string][]bot.Reply
	again int
	reply func(ctx context.Context, m bot.Message) ([]bot.Reply, error)
}

func (j *journal) answer(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
	j.mu.Lock()
	if j.seen == nil {
		j.seen = map[string][]bot.Reply{}
	}
	key := string(m.From) + " " + m.ID
	if replies, ok := j.seen[key]; ok {
		j.again++
		j.mu.Unlock()
		return replies, nil
	}
	j.heard = append(j.heard, m)
	j.mu.Unlock()
	replies := []bot.Reply{{Text: "听到：" + m.Text + fmt.Sprintf("（%d 个文件）", len(m.Files))}}
	var err error
	if j.reply != nil {
		replies, err = j.reply(ctx, m)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err == nil {
		j.seen[key] = replies
	}
	return replies, err
}

func (j *journal) messages() []bot.Message {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]bot.Message(nil), j.heard...)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
