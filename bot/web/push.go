package web

import (
	"context"

	"anning/bot"
)

// push sends replies down the open streams of user and waits until one of them has left.
func (s *talks) push(ctx context.Context, user bot.UserID, replies []bot.Reply) error {
	s.mu.Lock()
	e := s.byUser[user]
	if e == nil || len(e.Value.(*talk).streams) == 0 {
		s.mu.Unlock()
		return ErrNotConnected
	}
	t := e.Value.(*talk)
	now := &turn{ID: random(), Replies: replies}
	s.add(t, now)
	sent := make(chan bool, len(t.streams))
	told := t.tell(delivery{turn: now, sent: sent})
	s.mu.Unlock()
	for range told {
		select {
		case ok := <-sent:
			if ok {
				return nil
			}
		case <-ctx.Done():
			s.takeBack(t, now)
			return ctx.Err()
		}
	}
	s.takeBack(t, now)
	return ErrNotConnected
}

// takeBack forgets a pushed turn that reached nobody, since the caller will try again.
func (s *talks) takeBack(t *talk, lost *turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, kept := range t.turns {
		if kept == lost {
			t.turns = append(t.turns[:i:i], t.turns[i+1:]...)
		}
	}
}
