package storage

import (
	"container/list"
	"sync"
)

// maxSealers bounds how many people's data keys are held in memory, of those who wrote last: about 1.5 KB each.
const maxSealers = 16_384

// sealers remembers the data keys last loaded, with the revision they belong to, so that Commit need not load again.
// A revision is never used for two data keys, so a key found by its revision is the right one.
type sealers struct {
	mu     sync.Mutex
	recent *list.List // of remembered, newest first
	byUser map[string]*list.Element
}

type remembered struct {
	rev uint64
	*sealer
}

func newSealers() *sealers {
	return &sealers{recent: list.New(), byUser: map[string]*list.Element{}}
}

func (c *sealers) put(rev uint64, s *sealer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byUser[s.user]; ok {
		e.Value = remembered{rev, s}
		c.recent.MoveToFront(e)
		return
	}
	c.byUser[s.user] = c.recent.PushFront(remembered{rev, s})
	if c.recent.Len() > maxSealers {
		last := c.recent.Back()
		delete(c.byUser, c.recent.Remove(last).(remembered).user)
	}
}

func (c *sealers) get(user string, rev uint64) (*sealer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byUser[user]
	if !ok || e.Value.(remembered).rev != rev {
		return nil, false
	}
	return e.Value.(remembered).sealer, true
}

// latest returns the data key last seen, which may be out of date.
func (c *sealers) latest(user string) (*sealer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byUser[user]; ok {
		return e.Value.(remembered).sealer, true
	}
	return nil, false
}

func (c *sealers) drop(user string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.byUser[user]; ok {
		c.recent.Remove(e)
		delete(c.byUser, user)
	}
}
