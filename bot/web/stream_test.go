package web_test

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"anning/bot"
	"anning/bot/web"
)

// patience is how long a test waits for what has to come.
const patience = 20 * time.Second

// event is one server-sent event; a ping has only its comment.
type event struct{ id, name, data string }

// listen opens the stream. Its events come until the server ends it, then events is closed.
func (p *page) listen(t *testing.T, after string, header ...string) (*http.Response, <-chan event) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", p.server.URL+"/stream"+after, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	events := make(chan event, 100)
	go func() {
		defer close(events)
		var e event
		for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch key {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data += value + "\n"
			case "":
				if lines.Text() != "" {
					e.name = "ping"
				} else if e != (event{}) {
					events <- e
					e = event{}
				}
			}
		}
	}()
	return resp, events
}

// next waits for the next event.
func next(t *testing.T, events <-chan event) event {
	t.Helper()
	select {
	case e, ok := <-events:
		if !ok {
			t.Fatal("the stream ended")
		}
		return e
	case <-time.After(patience):
		t.Fatal("no event came")
	}
	return event{}
}

func ended(t *testing.T, events <-chan event) {
	t.Helper()
	for {
		select {
		case _, ok := <-events:
			if !ok {
				return
			}
		case <-time.After(patience):
			t.Fatal("the stream did not end")
		}
	}
}

func TestStream(t *testing.T) {
	p := serve(t, nil)
	if resp, _ := p.listen(t, ""); resp.StatusCode != http.StatusNoContent {
		t.Errorf("without a session: status %d, want 204", resp.StatusCode)
	}
	p.say(t, "text", "/start")
	resp, events := p.listen(t, "?after=1")
	for k, v := range map[string]string{"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no", "Cache-Control": "no-store"} {
		if got := resp.Header.Get(k); got != v {
			t.Errorf("%s = %q, want %q", k, got, v)
		}
	}
	_, second := p.listen(t, "?after=1")
	p.say(t, "id", "0123456789abcdef", "choice", "family")
	for _, tab := range []<-chan event{events, second} {
		e := next(t, tab)
		if e.id != "2" || e.name != "turn" || !strings.Contains(e.data, `data-key="0123456789abcdef.`) ||
			!strings.Contains(e.data, "家人被找") || !strings.Contains(e.data, "联系你家人") {
			t.Errorf("event %+v", e)
		}
	}
}

func TestReplay(t *testing.T) {
	p := serve(t, nil)
	texts := []string{"/start", "family", "law", "menu"}
	for _, text := range texts {
		p.say(t, "text", text)
	}
	tests := []struct {
		name, after, last string
		want              []string
	}{
		{"from the query", "?after=2", "", []string{"3", "4"}},
		{"the header wins", "?after=1", "3", []string{"4"}},
		{"from the start", "?after=0", "", []string{"1", "2", "3", "4"}},
		{"counted by another process", "", "99", []string{"4"}},
		{"nothing missed", "?after=4", "", nil},
		{"nothing said", "", "", nil},
		{"nonsense", "?after=x", "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var header []string
			if tt.last != "" {
				header = []string{"Last-Event-ID", tt.last}
			}
			_, events := p.listen(t, tt.after, header...)
			user := p.messages()[0].From
			if err := p.messenger.Push(t.Context(), user, []bot.Reply{{Text: "到此"}}); err != nil {
				t.Fatal(err)
			}
			for _, id := range tt.want {
				if e := next(t, events); e.id != id {
					t.Errorf("event %q, want %q", e.id, id)
				}
			}
			if e := next(t, events); !strings.Contains(e.data, "到此") {
				t.Errorf("got %+v, want the pushed reply", e)
			}
		})
		p = serve(t, nil) // the pushed reply would be replayed
		for _, text := range texts {
			p.say(t, "text", text)
		}
	}
}

func TestReplayIsBounded(t *testing.T) {
	p := serve(t, nil)
	for range 30 {
		p.say(t, "text", "menu")
	}
	_, events := p.listen(t, "?after=3")
	first := next(t, events)
	if first.id != "15" {
		t.Errorf("the first event is %s, want 15: sixteen are kept", first.id)
	}
}

func TestReplayAfterRestart(t *testing.T) {
	p := serve(t, nil)
	p.say(t, "text", "/start")
	p.say(t, "text", "family")
	again := web.New("", p.conversation, nil)
	server := httptest.NewServer(again.Handler(p.answer))
	defer server.Close()
	from, _ := url.Parse(p.server.URL)
	to, _ := url.Parse(server.URL)
	p2 := &page{conversation: p.conversation, messenger: again, server: server, client: browser(t)}
	p2.client.Jar.SetCookies(to, p.client.Jar.Cookies(from))
	_, events := p2.listen(t, "?after=1")
	if e := next(t, events); e.id != "2" || !strings.Contains(e.data, "联系你家人") {
		t.Errorf("event %+v, want the latest answer from the keeper", e)
	}
	p2.say(t, "choice", "law")
	if e := next(t, events); e.id != "3" || !strings.Contains(e.data, "看依据") {
		t.Errorf("event %+v, want turn 3 with the label of the button", e)
	}
	server.CloseClientConnections()
}

func TestPush(t *testing.T) {
	p := serve(t, nil)
	replies := []bot.Reply{{Text: "安宁：有一件事到时间了。"}}
	if err := p.messenger.Push(t.Context(), "web:nobody", replies); !errors.Is(err, web.ErrNotConnected) || !strings.Contains(err.Error(), "not connected") {
		t.Errorf("Push to nobody: %v", err)
	}
	p.say(t, "text", "/start")
	user := p.messages()[0].From
	if err := p.messenger.Push(t.Context(), user, replies); !errors.Is(err, web.ErrNotConnected) {
		t.Errorf("Push without an open page: %v", err)
	}
	_, events := p.listen(t, "?after=1")
	if err := p.messenger.Push(t.Context(), user, replies); err != nil {
		t.Fatalf("Push: %v", err)
	}
	if e := next(t, events); e.id != "2" || !strings.Contains(e.data, "有一件事到时间了") {
		t.Errorf("event %+v", e)
	}
}

func TestPing(t *testing.T) {
	p := serve(t, &web.Options{Ping: 10 * time.Millisecond})
	p.say(t, "text", "/start")
	_, events := p.listen(t, "")
	if e := next(t, events); e.name != "ping" {
		t.Errorf("event %+v, want a ping", e)
	}
}

func TestStreamLimits(t *testing.T) {
	p := serve(t, &web.Options{StreamsEach: 2, Streams: 3})
	p.say(t, "text", "/start")
	_, first := p.listen(t, "")
	p.listen(t, "")
	p.listen(t, "")
	ended(t, first) // the oldest made room
	other := *p
	other.client = browser(t)
	other.say(t, "text", "/start")
	deadline := time.Now().Add(patience)
	for { // the first counts until its handler has returned
		if resp, _ := other.listen(t, ""); resp.StatusCode == 200 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("no room for a third stream")
		}
	}
	if resp, _ := other.listen(t, ""); resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" {
		t.Errorf("fourth stream: status %d, want 503", resp.StatusCode)
	}
}

func TestRunStops(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := newConversation()
	m := web.New("", c, &web.Options{Listener: listener, Log: slog.New(slog.DiscardHandler)})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx, c.answer) }()
	p := &page{conversation: c, messenger: m, client: browser(t)}
	p.server = &httptest.Server{URL: "http://" + listener.Addr().String()}
	p.say(t, "text", "/start")
	_, events := p.listen(t, "?after=1")

	slow := make(chan string, 1)
	go func() {
		_, body := p.say(t, "text", "慢")
		slow <- body
	}()
	<-c.began
	stop()
	ended(t, events)
	select {
	case err := <-done:
		t.Fatalf("Run returned %v while a message was answered", err)
	default:
	}
	close(c.hold)
	if body := <-slow; !strings.Contains(body, "没看懂") {
		t.Errorf("the message in work was answered with %q", body)
	}
	if err := <-done; err != nil {
		t.Errorf("Run: %v", err)
	}
	p.client.CloseIdleConnections()
}

// A phone that locks itself must not lose the answer: the turn goes on and waits on the stream.
func TestTurnOutlivesItsPage(t *testing.T) {
	p := serve(t, nil)
	p.say(t, "text", "/start")
	ctx, gone := context.WithCancel(t.Context())
	r, _ := http.NewRequestWithContext(ctx, "POST", p.server.URL+"/say", strings.NewReader("text="+url.QueryEscape("慢")))
	r.Header.Set("Content-Type", urlencoded)
	left := make(chan struct{})
	go func() { p.client.Do(r); close(left) }()
	<-p.began
	gone()
	<-left
	_, events := p.listen(t, "?after=1")
	close(p.hold)
	if e := next(t, events); e.id != "2" || !strings.Contains(e.data, "没看懂") {
		t.Errorf("event %+v", e)
	}
}

// serveOnly is http.ResponseWriter and nothing more, as behind other people's middleware.
type serveOnly struct{ http.ResponseWriter }

func TestStreamNeedsFlushing(t *testing.T) {
	c := newConversation()
	h := web.New("", c, nil).Handler(c.answer)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("POST", "/say?", nil))
	post := httptest.NewRequest("POST", "/say", strings.NewReader("text=menu"))
	post.Header.Set("Content-Type", urlencoded)
	w = httptest.NewRecorder()
	h.ServeHTTP(w, post)
	get := httptest.NewRequest("GET", "/stream", nil)
	get.AddCookie(w.Result().Cookies()[0])
	h.ServeHTTP(serveOnly{httptest.NewRecorder()}, get) // returns instead of hanging
}
