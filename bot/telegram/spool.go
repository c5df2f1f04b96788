package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// spool keeps updates that take longer (the rest of an album is to come, a chat has to wait), so that they can be
// confirmed at once and yet outlive this process. Whoever put one in looks after it; once that stops, another does.
type spool struct {
	row Row
	log *slog.Logger

	mu   sync.Mutex
	mine map[int]*job
}

type kept struct {
	ID     int             `json:"id"`
	Until  int64           `json:"until"` // ms; until then somebody looks after it
	Update json.RawMessage `json:"update"`
}

const (
	careTime   = 30 * time.Second // how long an update is looked after without a new sign
	careEvery  = 10 * time.Second
	maxSpool   = 200 << 10 // bytes
	spoolTries = 20
)

var errFull = errors.New("telegram: the spool is full")

func newSpool(row Row, log *slog.Logger) *spool {
	return &spool{row: row, log: log, mine: map[int]*job{}}
}

// change replaces what is kept. f may be called again; nothing is written where it returns false.
func (s *spool) change(ctx context.Context, f func(all []kept) ([]kept, bool)) error {
	for try := range spoolTries {
		data, rev, err := s.row.Load(ctx)
		if err != nil {
			return err
		}
		var all []kept
		if len(data) > 0 {
			if err := json.Unmarshal(data, &all); err != nil {
				return err
			}
		}
		all, write := f(all)
		if !write {
			return nil
		}
		if data, err = json.Marshal(all); err != nil {
			return err
		}
		if len(data) > maxSpool {
			return errFull
		}
		if err = s.row.Save(ctx, rev, data); !errors.Is(err, ErrChanged) {
			return err
		}
		if !sleep(ctx, time.Duration(try+1)*5*time.Millisecond) {
			return ctx.Err()
		}
	}
	return ErrChanged
}

// put keeps jobs durably. With nil they may be confirmed.
func (s *spool) put(ctx context.Context, jobs []*job) error {
	until := time.Now().Add(careTime).UnixMilli()
	s.mu.Lock()
	defer s.mu.Unlock()
	var added []*job
	err := s.change(ctx, func(all []kept) ([]kept, bool) {
		all, added = s.without(all), nil
		for _, j := range jobs {
			if slices.ContainsFunc(all, func(k kept) bool { return k.ID == j.id }) {
				continue
			}
			all = append(all, kept{ID: j.id, Until: until, Update: short(j.raw)})
			added = append(added, j)
		}
		return all, true
	})
	if err != nil {
		return err
	}
	for _, j := range added {
		s.mine[j.id] = j
	}
	s.forget()
	return nil
}

// short writes an update in fewer bytes: Telegram writes each Chinese character with six.
func short(raw []byte) []byte {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return raw
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return raw
	}
	return bytes.TrimSpace(b.Bytes())
}

// without leaves out what this process has finished.
func (s *spool) without(all []kept) []kept {
	return slices.DeleteFunc(all, func(k kept) bool { j := s.mine[k.ID]; return j != nil && j.finished() })
}

// forget drops the finished ones, once they are no longer kept.
func (s *spool) forget() {
	for id, j := range s.mine {
		if j.finished() {
			delete(s.mine, id)
		}
	}
}

// adoption says what of the others' to take over.
type adoption int

const (
	adoptNone adoption = iota
	adoptOrphans
	adoptAll
)

// tend takes out what is done, gives a new sign for the rest, and returns what it takes over from others.
func (s *spool) tend(ctx context.Context, adopt adoption) (orphans []kept, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := map[int]bool{}
	for id, j := range s.mine {
		before[id] = j.finished()
	}
	err = s.change(ctx, func(all []kept) ([]kept, bool) {
		now := time.Now()
		orphans = nil
		n := len(all)
		all = slices.DeleteFunc(all, func(k kept) bool { return before[k.ID] })
		write := len(all) != n
		for i := range all {
			_, ours := before[all[i].ID]
			left := time.UnixMilli(all[i].Until).Sub(now)
			if !ours && (adopt == adoptNone || adopt == adoptOrphans && left > 0) || ours && left > careTime/2 {
				continue
			}
			if !ours {
				orphans = append(orphans, all[i])
			}
			all[i].Until, write = now.Add(careTime).UnixMilli(), true
		}
		return all, write
	})
	if err != nil {
		return nil, err
	}
	for id, finished := range before {
		if finished {
			delete(s.mine, id)
		}
	}
	return orphans, nil
}

// adopt looks after a job that somebody else put in.
func (s *spool) adopt(j *job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mine[j.id] = j
}

// busy says whether this process looks after anything, and whether some of that is done.
func (s *spool) busy() (some, finished bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, j := range s.mine {
		some = true
		finished = finished || j.finished()
	}
	return some, finished
}

// release lets others look after what is not done, at once.
func (s *spool) release(ctx context.Context) {
	if some, _ := s.busy(); !some {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.change(ctx, func(all []kept) ([]kept, bool) {
		all = s.without(all)
		for i := range all {
			if s.mine[all[i].ID] != nil {
				all[i].Until = 0
			}
		}
		return all, true
	})
	if err != nil {
		s.log.Warn("telegram: what was not finished waits until its time is over", "err", err)
	}
	clear(s.mine)
}

// keepSpool looks after the spool until ctx ends.
func (m *Messenger) keepSpool(ctx, work context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	var last time.Time
	for {
		adopt := adoptNone
		if time.Since(last) >= careEvery && m.takesOver.Load() {
			adopt = adoptOrphans
		}
		if _, finished := m.spool.busy(); finished || time.Since(last) >= careEvery {
			if m.tendSpool(work, adopt) {
				last = time.Now()
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// tendSpool does it once; what was taken over goes into the lanes.
func (m *Messenger) tendSpool(ctx context.Context, adopt adoption) bool {
	orphans, err := m.spool.tend(ctx, adopt)
	if err != nil {
		m.options.Log.Debug("telegram: the spool cannot be reached", "err", err)
		return false
	}
	for _, k := range orphans {
		m.options.Count("taken over")
		m.spool.adopt(m.dispatch(k.Update))
	}
	return true
}
