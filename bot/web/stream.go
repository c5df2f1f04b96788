package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"anning/bot"
)

// writeWithin is how long one write to a stream may take before its page counts as gone.
const writeWithin = 10 * time.Second

// errFull says that no further stream can be opened.
var errFull = errors.New("web: too many streams")

// open opens a stream of t and returns the turns that a page missed which has seen turn after; after < 0 is a page
// that has seen nothing and missed nothing.
func (s *talks) open(t *talk, after int) (*stream, []*turn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ending || s.streams >= s.options.Streams {
		return nil, nil, errFull
	}
	for len(t.streams) >= s.options.StreamsEach {
		close(t.streams[0].gone)
		t.streams = slices.Clone(t.streams[1:])
	}
	st := &stream{out: make(chan delivery, streamQueue), gone: make(chan struct{})}
	t.streams = append(t.streams, st)
	s.streams++
	return st, t.missed(after), nil
}

// missed returns the turns after a number. A number that lies ahead was counted by another process: only the latest
// turn is sure.
func (t *talk) missed(after int) []*turn {
	if after < 0 || len(t.turns) == 0 {
		return nil
	}
	if after > t.number {
		return t.turns[len(t.turns)-1:]
	}
	for i, kept := range t.turns {
		if kept.Number > after {
			return slices.Clone(t.turns[i:])
		}
	}
	return nil
}

// close takes a stream that has ended out of t; what still waited in it is reported as not sent.
func (s *talks) close(t *talk, st *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams--
	t.streams = slices.DeleteFunc(slices.Clone(t.streams), func(other *stream) bool { return other == st })
	for {
		select {
		case d := <-st.out:
			d.report(false)
		default:
			return
		}
	}
}

// endStreams ends all streams and lets no new one begin.
func (s *talks) endStreams() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ending = true
	for e := s.used.Front(); e != nil; e = e.Next() {
		t := e.Value.(*talk)
		for _, st := range t.streams {
			close(st.gone)
		}
		t.streams = nil
	}
}

func (d delivery) report(sent bool) {
	if d.sent != nil {
		d.sent <- sent
	}
}

// stream serves GET /stream: turns as events, from the one after Last-Event-ID (or ?after=) on.
func (s *site) stream(w http.ResponseWriter, r *http.Request) {
	user := s.user(r)
	if user == "" {
		w.WriteHeader(http.StatusNoContent) // tells the browser not to come back
		return
	}
	t := s.talks.hold(user)
	defer s.talks.letGo(t)
	if err := s.talks.load(r.Context(), t); err != nil && r.Context().Err() == nil {
		s.options.Log.Error("web: load for a stream", "err", err)
	}
	open, missed, err := s.talks.open(t, seen(r))
	if err != nil {
		w.Header().Set("Retry-After", "60")
		http.Error(w, "", http.StatusServiceUnavailable)
		return
	}
	defer s.talks.close(t, open)
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	out := &events{w: w, rc: http.NewResponseController(w), site: s, user: user}
	defer out.rc.SetWriteDeadline(time.Time{})
	if out.comment("retry: 3000") != nil {
		return
	}
	for _, one := range missed {
		if out.turn(one) != nil {
			return
		}
	}
	out.follow(r.Context(), open, s.options.Ping)
}

// seen returns the number of the latest turn that the page has; -1 where it says nothing.
func seen(r *http.Request) int {
	said := r.Header.Get("Last-Event-ID")
	if said == "" {
		said = r.URL.Query().Get("after")
	}
	n, err := strconv.Atoi(said)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// events writes server-sent events.
type events struct {
	w    io.Writer
	rc   *http.ResponseController
	site *site
	user bot.UserID
}

// follow writes what comes until the page, the server or the stream ends.
func (e *events) follow(ctx context.Context, open *stream, every time.Duration) {
	ping := time.NewTicker(every)
	defer ping.Stop()
	for {
		select {
		case d := <-open.out:
			err := e.turn(d.turn)
			d.report(err == nil)
			if err != nil {
				return
			}
		case <-ping.C:
			if e.comment(": ") != nil {
				return
			}
		case <-open.gone:
			return
		case <-ctx.Done():
			return
		}
	}
}

func (e *events) turn(one *turn) error {
	var page bytes.Buffer
	if err := e.site.pages.ExecuteTemplate(&page, "turn", e.site.turnView(e.user, one)); err != nil {
		return fmt.Errorf("draw turn: %w", err)
	}
	var out strings.Builder
	fmt.Fprintf(&out, "id: %d\nevent: turn\n", one.Number)
	for line := range strings.FieldsFuncSeq(page.String(), func(r rune) bool { return r == '\n' || r == '\r' }) {
		out.WriteString("data: " + line + "\n")
	}
	return e.comment(strings.TrimSuffix(out.String(), "\n"))
}

// comment writes one block of lines and sends it off.
func (e *events) comment(block string) error {
	if err := e.rc.SetWriteDeadline(time.Now().Add(writeWithin)); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if _, err := io.WriteString(e.w, block+"\n\n"); err != nil {
		return err
	}
	return e.rc.Flush()
}
