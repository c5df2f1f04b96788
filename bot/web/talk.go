package web

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"

	"anning/bot"
)

// What this process remembers of conversations, so that tabs agree and a stream can be taken up again. It is only a
// cache: what counts lies with the engine.
const (
	maxTalks    = 4096
	keptTurns   = 16
	talkIdle    = 15 * time.Minute
	streamQueue = 8
)

// turn is one message and the replies to it, or a pushed reply.
type turn struct {
	Number  int    // grows by one; the id of its event on the stream
	ID      string // the message's id, or a random one: a page never shows the same id twice
	Words   string // what the person sent, as it is read
	Papers  []string
	Replies []bot.Reply
}

// talk is one person's conversation. Its fields belong to talks.mu, except walking.
type talk struct {
	user    bot.UserID
	walking chan struct{} // holds a token while a message is answered: one at a time
	loaded  bool
	number  int     // of the latest turn
	turns   []*turn // the latest last
	streams []*stream
	busy    int // requests holding this talk
	used    time.Time
}

// stream is one open page.
type stream struct {
	out  chan delivery
	gone chan struct{} // closed to end it
}

// delivery is a turn on its way down a stream.
type delivery struct {
	turn *turn
	sent chan<- bool // told whether it left; nil where nobody waits
}

// talks are all conversations in memory.
type talks struct {
	keeper  bot.Keeper
	options Options

	mu      sync.Mutex
	byUser  map[bot.UserID]*list.Element // of *talk
	used    *list.List                   // latest first
	streams int
	ending  bool
}

func newTalks(keeper bot.Keeper, o Options) *talks {
	return &talks{keeper: keeper, options: o, byUser: map[bot.UserID]*list.Element{}, used: list.New()}
}

// hold returns the talk of user, which stays in memory until letGo.
func (s *talks) hold(user bot.UserID) *talk {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.options.Clock()
	s.forget(now)
	e := s.byUser[user]
	if e == nil {
		e = s.used.PushFront(&talk{user: user, walking: make(chan struct{}, 1)})
		s.byUser[user] = e
	}
	s.used.MoveToFront(e)
	t := e.Value.(*talk)
	t.busy++
	t.used = now
	return t
}

func (s *talks) letGo(t *talk) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.busy--
	t.used = s.options.Clock()
}

// forget drops talks that nobody holds and that are old or too many.
func (s *talks) forget(now time.Time) {
	for e := s.used.Back(); e != nil; {
		t, before := e.Value.(*talk), e.Prev()
		if now.Sub(t.used) < talkIdle && s.used.Len() < maxTalks {
			return
		}
		if t.busy == 0 {
			delete(s.byUser, t.user)
			s.used.Remove(e)
		}
		e = before
	}
}

// load asks the keeper where the person is. The answer is put beside what is remembered: another process may have
// answered since.
func (s *talks) load(ctx context.Context, t *talk) error {
	number, replies, err := s.keeper.Latest(ctx, t.user)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t.loaded = true
	switch {
	case number == 0 && len(t.turns) > 1:
		t.turns = t.turns[len(t.turns)-1:] // all was erased: only the answer that says so is left
	case number == 0:
	case number > t.number || len(t.turns) == 0:
		t.number = number
		t.remember(&turn{Number: number, ID: fmt.Sprintf("latest-%d", number), Replies: replies})
	}
	return nil
}

func (t *talk) remember(latest *turn) {
	t.turns = append(t.turns, latest)
	if len(t.turns) > keptTurns {
		t.turns = append([]*turn(nil), t.turns[len(t.turns)-keptTurns:]...)
	}
}

// latest returns the turn to show to somebody who comes back; nil for a stranger.
func (s *talks) latest(ctx context.Context, t *talk) (*turn, error) {
	if err := s.load(ctx, t); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(t.turns) == 0 {
		return nil, nil
	}
	return t.turns[len(t.turns)-1], nil
}

// walk answers one message. A message that was answered already gets the same turn. Where answer fails, the turn
// holds what it said beside the error, and nothing is remembered.
func (s *talks) walk(ctx context.Context, t *talk, answer bot.Handler, in incoming) (*turn, error) {
	select {
	case t.walking <- struct{}{}:
		defer func() { <-t.walking }()
	case <-ctx.Done():
		return &turn{}, ctx.Err()
	}
	s.mu.Lock()
	loaded, before := t.loaded, t.find(in.message.ID)
	s.mu.Unlock()
	if before != nil {
		return before, nil
	}
	if !loaded {
		if err := s.load(ctx, t); err != nil {
			return &turn{}, err
		}
	}
	s.mu.Lock()
	now := &turn{ID: in.message.ID, Words: in.words(t), Papers: in.papers}
	s.mu.Unlock()
	var err error
	if now.Replies, err = answer(ctx, in.message); err != nil {
		return now, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.add(t, now)
	t.tell(delivery{turn: now})
	return now, nil
}

func (t *talk) find(id string) *turn {
	for _, before := range t.turns {
		if before.ID == id {
			return before
		}
	}
	return nil
}

// add numbers a turn and remembers it.
func (s *talks) add(t *talk, now *turn) {
	t.number++
	now.Number = t.number
	t.remember(now)
}

// tell sends d down all streams of t and returns how many took it. A stream that lags is ended: its page comes back
// and gets what it missed.
func (t *talk) tell(d delivery) int {
	told := 0
	open := t.streams[:0:0]
	for _, st := range t.streams {
		select {
		case st.out <- d:
			told++
			open = append(open, st)
		default:
			close(st.gone)
		}
	}
	t.streams = open
	return told
}
