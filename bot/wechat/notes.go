package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"
)

// Notes are small values that several processes share and that outlive them.
type Notes interface {
	// Load returns a value and its revision; nil and 0 where there is none.
	Load(ctx context.Context, key string) (data []byte, rev uint64, err error)
	// Save replaces a value if its revision is still rev, and keeps it for a while at least; ErrChanged where it is not.
	Save(ctx context.Context, key string, rev uint64, data []byte, keep time.Duration) error
}

// ErrChanged says that a value was saved by somebody else meanwhile.
var ErrChanged = errors.New("wechat: somebody else saved first")

// note is what is noted of one person. No word of theirs is in it.
type note struct {
	Turn  int            `json:"turn,omitempty"`  // the engine's number of the answer that the pages are of
	Page  int            `json:"page,omitempty"`  // shown last
	Last  string         `json:"last,omitempty"`  // the post that it was shown to
	Until int64          `json:"until,omitempty"` // Unix ms; the answer after Turn is late, and may come until then
	Yes   map[string]int `json:"yes,omitempty"`   // how often a subscription message may be sent, by template
}

const (
	keepNote  = 48 * time.Hour
	keepYes   = 400 * 24 * time.Hour // a consent has no end
	noteTries = 5
)

func (m *Messenger) note(ctx context.Context, openID string) (n note, rev uint64, err error) {
	data, rev, err := m.options.Notes.Load(ctx, "person:"+openID)
	if err != nil {
		return note{}, 0, err
	}
	if len(data) > 0 && json.Unmarshal(data, &n) != nil {
		n = note{}
	}
	return n, rev, nil
}

// editNote changes a note. It is a comfort only: where it fails, that is logged and life goes on.
func (m *Messenger) editNote(ctx context.Context, openID string, edit func(*note)) {
	err := error(nil)
	for range noteTries {
		var n note
		var rev uint64
		if n, rev, err = m.note(ctx, openID); err != nil {
			break
		}
		edit(&n)
		if err = m.saveNote(ctx, openID, rev, n); !errors.Is(err, ErrChanged) {
			break
		}
	}
	if err != nil {
		m.options.Count("note failed")
		m.options.Log.Warn("wechat: a note was not saved", "err", err)
	}
}

func (m *Messenger) saveNote(ctx context.Context, openID string, rev uint64, n note) error {
	data, err := json.Marshal(n)
	if err != nil {
		return err
	}
	keep := keepNote
	if len(n.Yes) > 0 {
		keep = keepYes
	}
	return m.options.Notes.Save(ctx, "person:"+openID, rev, data, keep)
}

// memory are notes of this process only.
type memory struct {
	mu   sync.Mutex
	rows map[string]row
}

type row struct {
	data []byte
	rev  uint64
}

// maxRows bounds memory; beyond it, an entry goes at random.
const maxRows = 50_000

func (s *memory) Load(_ context.Context, key string) ([]byte, uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.rows[key].data, s.rows[key].rev, nil
}

func (s *memory) Save(_ context.Context, key string, rev uint64, data []byte, _ time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows == nil {
		s.rows = map[string]row{}
	}
	if s.rows[key].rev != rev {
		return ErrChanged
	}
	s.rows[key] = row{data, rev + 1}
	for other := range s.rows {
		if len(s.rows) <= maxRows {
			break
		}
		if other != boardKey && other != key {
			delete(s.rows, other)
		}
	}
	return nil
}
