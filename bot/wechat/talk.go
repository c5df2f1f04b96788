package wechat

import (
	"container/list"
	"context"
	"sync"
	"time"

	"anning/bot"
)

// Bounds of what a process remembers. It is only a comfort: what counts lies with the engine and the notes.
const (
	maxTalks   = 20_000
	maxFlights = 4096
	flightTime = time.Minute // WeChat repeats a post within 15 s
)

// talk is what a process remembers of one person.
type talk struct {
	user   bot.UserID
	tail   chan struct{} // closed when everything taken so far is answered
	held   []bot.Reply   // answers that came too late for their post
	rest   []string      // pages of an answer that the engine does not keep as one
	unseen bool          // pages of the latest answer were not shown, and so its choices
	busy   int           // flights
}

// flight is the answer to one post, on its way. Deliveries of the same post wait for the same flight.
type flight struct {
	done     chan struct{}
	finished bool
	waiting  int    // deliveries
	text     string // what to say, once finished; empty: nothing
	taken    bool   // text was for a delivery
	since    time.Time
}

// talks are all talks and flights in memory.
type talks struct {
	clock func() time.Time

	mu      sync.Mutex
	byUser  map[bot.UserID]*list.Element // of *talk
	used    *list.List                   // latest first
	flights map[string]*flight
	order   *list.List // ids of flights, oldest first
	busy    int
}

func newTalks(clock func() time.Time) *talks {
	return &talks{clock: clock, byUser: map[bot.UserID]*list.Element{}, used: list.New(), flights: map[string]*flight{}, order: list.New()}
}

// find returns the flight that answers a post already, and waits with it.
func (s *talks) find(key string) *flight {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.flights[key]
	if f != nil {
		f.waiting++
	}
	return f
}

// begin makes the flight for a post, unless there is one meanwhile. Its turn comes when before is closed; end is for
// closing once it is over. A nil flight: there is too much to do.
func (s *talks) begin(user bot.UserID, key string, most int) (f *flight, before, end chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.flights[key]; f != nil {
		f.waiting++
		return f, nil, nil
	}
	if s.busy >= most {
		return nil, nil, nil
	}
	now := s.clock()
	s.forget(now)
	t := s.talk(user)
	f = &flight{done: make(chan struct{}), waiting: 1, since: now}
	s.flights[key] = f
	s.order.PushBack(key)
	s.busy++
	t.busy++
	before, end = t.tail, make(chan struct{})
	t.tail = end
	return f, before, end
}

// tidy drops now and then what nobody will ask for again, until ctx ends.
func (s *talks) tidy(ctx context.Context) {
	tick := time.NewTicker(flightTime)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.mu.Lock()
			s.forget(s.clock())
			s.mu.Unlock()
		}
	}
}

// forget drops flights that nobody will ask for again, and talks that are too many. s.mu is held.
func (s *talks) forget(now time.Time) {
	for e := s.order.Front(); e != nil && s.order.Len() > s.busy; {
		key, after := e.Value.(string), e.Next()
		f := s.flights[key]
		if f != nil && f.finished && s.order.Len() < maxFlights && now.Sub(f.since) < flightTime {
			break
		}
		if f == nil || f.finished {
			delete(s.flights, key)
			s.order.Remove(e)
		}
		e = after
	}
	for e := s.used.Back(); e != nil && s.used.Len() > maxTalks; {
		t, before := e.Value.(*talk), e.Prev()
		if t.busy == 0 {
			delete(s.byUser, t.user)
			s.used.Remove(e)
		}
		e = before
	}
}

// talk finds or makes a person's talk. s.mu is held.
func (s *talks) talk(user bot.UserID) *talk {
	e := s.byUser[user]
	if e == nil {
		e = s.used.PushFront(&talk{user: user})
		s.byUser[user] = e
	}
	s.used.MoveToFront(e)
	return e.Value.(*talk)
}

// finish ends a flight. say is told whether a delivery still waits, and returns what to say to it; it runs under the
// lock. A flight that failed is forgotten, so that a repeat of its post is answered anew.
func (s *talks) finish(user bot.UserID, key string, f *flight, failed bool, say func(t *talk, waits bool) string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.talk(user)
	f.taken = f.waiting > 0
	f.text = say(t, f.taken)
	f.finished = true
	close(f.done)
	if failed {
		delete(s.flights, key)
	}
	s.busy--
	t.busy--
}

// leave ends a delivery's wait. It is too late where the flight has finished for it.
func (s *talks) leave(f *flight) (left bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.finished {
		return false
	}
	f.waiting--
	return true
}

// with looks at a talk under the lock.
func (s *talks) with(user bot.UserID, look func(t *talk)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	look(s.talk(user))
}
