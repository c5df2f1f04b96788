package terminal_test

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/messengertest"
	"anning/bot/terminal"
)

// screen is what a person has seen so far.
type screen struct {
	mu   sync.Mutex
	seen bytes.Buffer
	more chan struct{} // holds a token after each write
	in   *io.PipeWriter
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case s.more <- struct{}{}:
	default:
	}
	return s.seen.Write(p)
}

func (s *screen) Say(t *testing.T, _, text string) {
	if _, err := io.WriteString(s.in, text+"\n"); err != nil {
		t.Error(err)
	}
}

func (s *screen) Press(t *testing.T, id string, c bot.Choice) {
	s.mu.Lock()
	shown := s.seen.String()
	s.mu.Unlock()
	for n, label := range map[string]string{"1": "1. " + c.Label, "2": "2. " + c.Label} {
		if strings.Contains(shown, label+"\n") {
			s.Say(t, id, n)
			return
		}
	}
	t.Errorf("no number before %q in %q", c.Label, shown)
}

func (s *screen) Sees(t *testing.T, want string) string {
	patience := time.After(20 * time.Second)
	for {
		s.mu.Lock()
		seen := s.seen.String()
		s.mu.Unlock()
		if strings.Contains(seen, want) {
			return seen
		}
		select {
		case <-s.more:
		case <-patience:
			t.Fatalf("the person saw %q; want %q", seen, want)
		}
	}
}

func TestConformance(t *testing.T) {
	messengertest.Run(t, func(t *testing.T) messengertest.Subject {
		r, w := io.Pipe()
		t.Cleanup(func() { w.Close() })
		s := &screen{in: w, more: make(chan struct{}, 1)}
		return messengertest.Subject{
			Messenger: terminal.New("terminal:one", r, s, nil),
			Person:    func(*testing.T, string) messengertest.Person { return s },
		}
	})
}
