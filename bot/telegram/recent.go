package telegram

import "sync"

// recent remembers the latest things of a kind.
type recent[K comparable] struct {
	mu   sync.Mutex
	most int
	ring []K
	next int
	set  map[K]bool
}

func newRecent[K comparable](most int) *recent[K] { return &recent[K]{most: most, set: map[K]bool{}} }

func (r *recent[K]) has(k K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.set[k]
}

// add remembers k; false where it was there already.
func (r *recent[K]) add(k K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.set[k] {
		return false
	}
	if len(r.ring) < r.most {
		r.ring = append(r.ring, k)
	} else {
		delete(r.set, r.ring[r.next])
		r.ring[r.next] = k
		r.next = (r.next + 1) % r.most
	}
	r.set[k] = true
	return true
}
