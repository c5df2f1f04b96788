package web_test

import (
	"context"
	"html"
	"log/slog"
	"net"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"anning/bot"
	"anning/bot/messengertest"
	"anning/bot/web"
)

func TestMessenger(t *testing.T) {
	messengertest.Run(t, func(t *testing.T) messengertest.Subject {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		m := web.New("", &lastReplies{}, &web.Options{Listener: listener, Log: slog.New(slog.DiscardHandler)})
		return messengertest.Subject{Messenger: m, Many: true, Person: func(t *testing.T, _ string) messengertest.Person {
			client := browser(t)
			t.Cleanup(client.CloseIdleConnections)
			return &person{page: page{server: &httptest.Server{URL: "http://" + listener.Addr().String()}, client: client}}
		}}
	})
}

// lastReplies keeps nothing: everybody is a stranger.
type lastReplies struct{}

func (*lastReplies) Latest(context.Context, bot.UserID) (int, []bot.Reply, error) { return 0, nil, nil }

// person is somebody whose browser runs no scripts: each page shows one turn.
type person struct {
	page page
	mu   sync.Mutex
	seen strings.Builder
}

var _ messengertest.Person = (*person)(nil)

func (p *person) Say(t *testing.T, id, text string) {
	t.Helper()
	p.post(t, "id", "page-message-"+id, "text", text)
}

func (p *person) Press(t *testing.T, id string, c bot.Choice) {
	t.Helper()
	p.post(t, "id", "page-message-"+id, "choice", c.Value)
}

var (
	main = regexp.MustCompile(`(?s)<main>.*</main>`)
	tags = regexp.MustCompile(`<[^>]*>`)
)

func (p *person) post(t *testing.T, fields ...string) {
	t.Helper()
	_, body := p.page.say(t, fields...)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen.WriteString(html.UnescapeString(tags.ReplaceAllString(main.FindString(body), "")))
}

// Sees needs not wait: a post returns with its answer.
func (p *person) Sees(t *testing.T, want string) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	seen := p.seen.String()
	if !strings.Contains(seen, want) {
		t.Errorf("the person saw %q, want %q", seen, want)
	}
	return seen
}
