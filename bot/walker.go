package bot

import (
	"context"
	"encoding/json"

	"anning/content"
	"anning/flows"
	"anning/storage"
)

// Walker answers messages over sessions that the caller keeps. It has no store, so it keeps no files, case file or
// reminders; tests, measurements and Explore walk with it.
type Walker struct{ g *guide }

// NewWalker makes a Walker over flows and content as they are, unchecked.
func NewWalker(lib *content.Library, set *flows.Set) (*Walker, error) {
	g, err := newGuide(lib, set)
	if err != nil {
		return nil, err
	}
	return &Walker{g}, nil
}

// Turn answers one message: the session as it was (nil for a stranger), the session as it is then, and the replies.
// A session that was erased comes back nil.
func (w *Walker) Turn(ctx context.Context, session []byte, m Message) ([]byte, []Reply, error) {
	s, err := sessionFrom(session, m.From)
	if err != nil {
		return nil, nil, err
	}
	t := w.turn(ctx, s, m)
	if err := t.run(); err != nil {
		return nil, nil, err
	}
	if t.erase {
		return nil, t.replies, nil
	}
	return s.encode(), t.replies, nil
}

func (w *Walker) turn(ctx context.Context, s *Session, m Message) *turn {
	return &turn{ctx: ctx, g: w.g, s: s, m: m, now: m.At.In(china), maxFile: 1 << 20, in: newInbox(m.Files, 1<<20),
		kept: func() ([]storage.Record, error) { return nil, nil },
		due:  func() ([]storage.Reminder, error) { return nil, nil }}
}

// At is a session that waits at a question of a flow, with the slots filled.
func (w *Walker) At(user UserID, flow, step string, slots map[string]string) ([]byte, error) {
	s := newSession(user)
	s.Met, s.Flow, s.Step = true, flow, step
	if f := w.g.set.Flow(flow); f != nil {
		s.Hash = f.Hash
	}
	for k, v := range slots {
		s.Slots[k] = v
	}
	return s.encode(), nil
}

// Slots reads what a session keeps.
func (w *Walker) Slots(session []byte) map[string]string {
	var s Session
	if json.Unmarshal(session, &s) != nil {
		return nil
	}
	return s.Slots
}
