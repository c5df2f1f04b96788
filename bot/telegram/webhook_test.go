package telegram_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/telegram"
)

// pipes is a listener without a network.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, errors.New("connection refused")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// place is where one process takes posts.
type place struct {
	pipes *pipes
	http  *http.Transport
}

func newPlace(t *testing.T) *place {
	p := &place{pipes: newPipes()}
	p.http = &http.Transport{DialContext: p.pipes.dial}
	t.Cleanup(p.http.CloseIdleConnections)
	return p
}

const (
	hookURL    = "http://anning.example/tg/hook"
	hookSecret = "a-secret_Of-36"
)

func (p *place) options(o *telegram.Options) {
	o.Webhook, o.Secret, o.Listener = hookURL, hookSecret, p.pipes
}

// balanced hands each post to the next of several processes.
type balanced struct {
	mu     sync.Mutex
	n      int
	places []*place
}

func (b *balanced) RoundTrip(r *http.Request) (*http.Response, error) {
	b.mu.Lock()
	b.n++
	p := b.places[b.n%len(b.places)]
	b.mu.Unlock()
	return p.http.RoundTrip(r)
}

// hooked starts a process behind a webhook.
func (r *rig) hooked(places ...*place) *balanced {
	b := &balanced{places: places}
	r.fake.Outside(b)
	r.t.Cleanup(r.fake.Unhook)
	return b
}

func (p *place) post(t *testing.T, method, path, secret string, body io.Reader) int {
	t.Helper()
	req, err := http.NewRequest(method, "http://anning.example"+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	resp, err := p.http.RoundTrip(req)
	if err != nil {
		return 0 // the server hung up before it read all
	}
	_ = resp.Body.Close()
	return resp.StatusCode
}

func text(id int, from int64, words string) string {
	return fmt.Sprintf(`{"update_id":%d,"message":{"message_id":%d,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%d},"text":%q}}`, id, id, from, from, words)
}

func TestWebhookRefuses(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r, at, j := newRig(t), newPlace(t), &journal{}
		r.hooked(at)
		r.start(j.answer, at.options)
		r.fake.Person(5)
		good := text(1, 5, "你好")
		tests := []struct {
			name, method, path, secret string
			body                       io.Reader
			want                       int
		}{
			{"wrong secret", "POST", "/tg/hook", hookSecret + "x", strings.NewReader(good), 403},
			{"no secret", "POST", "/tg/hook", "", strings.NewReader(good), 403},
			{"a part of the secret", "POST", "/tg/hook", hookSecret[:5], strings.NewReader(good), 403},
			{"another path", "POST", "/tg/hook/", hookSecret, strings.NewReader(good), 404},
			{"GET", "GET", "/tg/hook", hookSecret, nil, 405},
			{"10 MB", "POST", "/tg/hook", hookSecret, bytes.NewReader(content1(10<<20, '{')), 413},
			{"broken JSON", "POST", "/tg/hook", hookSecret, strings.NewReader(`{"update_id":1,`), 400},
			{"a list", "POST", "/tg/hook", hookSecret, strings.NewReader(`[1,2]`), 400},
			{"nothing", "POST", "/tg/hook", hookSecret, strings.NewReader(""), 400},
			{"no number", "POST", "/tg/hook", hookSecret, strings.NewReader(`{"message":{}}`), 400},
			{"a number like no other", "POST", "/tg/hook", hookSecret, strings.NewReader(`{"update_id":-3}`), 400},
			{"a number out of range", "POST", "/tg/hook", hookSecret, strings.NewReader(`{"update_id":99999999999999999999}`), 400},
			{"an unknown kind is confirmed", "POST", "/tg/hook", hookSecret, strings.NewReader(`{"update_id":7,"gift":{}}`), 200},
			{"one that cannot be read is confirmed", "POST", "/tg/hook", hookSecret, strings.NewReader(`{"update_id":8,"message":{"text":[]}}`), 200},
			{"no width", "POST", "/tg/hook", hookSecret, strings.NewReader(text(9, 5, "\u200b\u200b")), 200},
		}
		for _, tt := range tests {
			before := r.counted("refused")
			if got := at.post(t, tt.method, tt.path, tt.secret, tt.body); got != tt.want && !(tt.want == 413 && got == 0) {
				t.Errorf("%s: %d, want %d", tt.name, got, tt.want)
			}
			if refused := r.counted("refused") - before; refused != 1 && tt.want != 200 && tt.want != 404 {
				t.Errorf("%s: counted %d times", tt.name, refused)
			}
		}
		if len(j.messages()) != 0 {
			t.Errorf("the engine heard %+v", j.messages())
		}
		if got := at.post(t, "POST", "/tg/hook", hookSecret, strings.NewReader(text(10, 5, "你好"))); got != 200 || len(j.messages()) != 1 {
			t.Errorf("a good one: %d, heard %d", got, len(j.messages()))
		}
	})
}

// TestPostsOutOfOrder: what was pressed comes before what was written earlier, and waits for it.
func TestPostsOutOfOrder(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r, at, j := newRig(t), newPlace(t), &journal{}
		r.hooked(at)
		r.start(j.answer, at.options)
		r.fake.Person(5)
		at.post(t, "POST", "/tg/hook", hookSecret, strings.NewReader(text(10, 5, "一")))
		press := `{"update_id":12,"callback_query":{"id":"9","from":{"id":5},"data":"三","chat_instance":"1"}}`
		var all sync.WaitGroup
		all.Go(func() { at.post(t, "POST", "/tg/hook", hookSecret, strings.NewReader(press)) })
		all.Go(func() {
			time.Sleep(60 * time.Millisecond)
			at.post(t, "POST", "/tg/hook", hookSecret, strings.NewReader(text(11, 5, "二")))
		})
		all.Wait()
		var got string
		for _, m := range j.messages() {
			got += m.Text
		}
		if got != "一二三" {
			t.Errorf("heard %s", got)
		}
		began := time.Now()
		at.post(t, "POST", "/tg/hook", hookSecret, strings.NewReader(text(20, 5, "别处的先到")))
		if took := time.Since(began); took > time.Second {
			t.Errorf("waited %v for what never came", took)
		}
	})
}

// TestTwoReplicasTakePosts: each post goes to another process, one of them dies, and everything is walked once, in order.
func TestTwoReplicasTakePosts(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r, one, two := newRig(t).engine(), newPlace(t), newPlace(t)
		spread := r.hooked(one, two)
		var mu sync.Mutex
		order := map[bot.UserID]string{}
		answer := func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			replies, err := r.bot.Handle(ctx, m)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && len(m.Text) < 3 {
				order[m.From] += m.Text
			}
			return replies, err
		}
		first := r.start(answer, one.options)
		r.start(answer, two.options)
		const people, each = 25, 8
		for n := range each {
			for i := range people {
				p := r.fake.Person(int64(100 + i))
				if n == 0 {
					p.Text("/start")
				} else {
					p.Text(fmt.Sprint(n + 20))
				}
			}
			if n == each/2 {
				time.Sleep(time.Second)
				first.kill()
				_ = one.pipes.Close()
			}
		}
		if !r.fake.Until(time.Hour, func() bool { return r.fake.Waiting() == 0 }) {
			t.Fatalf("%d not taken", r.fake.Waiting())
		}
		spread.mu.Lock()
		n := spread.n
		spread.mu.Unlock()
		want := ""
		for n := 1; n < each; n++ {
			want += fmt.Sprint(n + 20)
		}
		for i := range people {
			if got := order[bot.UserID(fmt.Sprintf("telegram:%d", 100+i))]; got != want && !repeated(got, want) {
				t.Errorf("person %d was heard %s, want %s", i, got, want)
			}
		}
		if got := r.walked.Load(); got != people*each {
			t.Errorf("%d turns walked, want %d", got, people*each)
		}
		t.Logf("%d updates in %d posts, walked once each; %d answers from the store", people*each, n, r.repeat.Load())
	})
}

// repeated says that got is want with repeats of the latest in between, which the store answered.
func repeated(got, want string) bool {
	last := ""
	for len(got) >= 2 {
		head := got[:2]
		got = got[2:]
		if head == last {
			continue
		}
		if !strings.HasPrefix(want, head) {
			return false
		}
		want, last = want[2:], head
	}
	return got == "" && want == ""
}

// TestSlowTurnsAndAlbumsByPost: Telegram is not kept waiting, and what it was told is taken is not lost.
func TestSlowTurnsAndAlbumsByPost(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r, one := newRig(t), newPlace(t)
		r.hooked(one)
		slow := 20 * time.Second
		j := &journal{}
		j.reply = func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			if m.Text == "慢" && !sleepFor(ctx, slow) {
				return nil, ctx.Err()
			}
			return []bot.Reply{{Text: fmt.Sprintf("答：%s %d", m.Text, len(m.Files))}}, nil
		}
		first := r.start(j.answer, one.options)
		p := r.fake.Person(1)
		time.Sleep(time.Second)
		began := time.Now()
		p.Text("慢")
		r.settled()
		if took := time.Since(began); took > 4*time.Second {
			t.Errorf("Telegram was kept waiting %v", took)
		}
		p.Sees(t, "答：慢")
		p.Album("g", "三张", content1(10, 'a'), content1(10, 'b'), content1(10, 'c'))
		p.Sees(t, "答：三张 3")

		p.Text("慢") // it is taken, and then the process dies
		r.settled()
		first.kill()
		_ = one.pipes.Close()
		slow = 0
		two := newPlace(t)
		r.hooked(two)
		r.start(j.answer, two.options)
		if !r.fake.Until(patience, func() bool { return strings.Count(p.Reads(), "答：慢") == 2 }) {
			t.Errorf("lost:\n%s", p.Reads())
		}
	})
}

func sleepFor(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}
