package bot

import (
	"container/list"
	"context"
	"sync"
)

// locks lets one message of a person be answered at a time in this process; order between processes is the store's.
type locks struct {
	mu   sync.Mutex
	busy map[string]*waiting
}

type waiting struct {
	turn chan struct{} // holds one token
	n    int           // how many hold or wait
}

// lock waits until no other message of the user is being answered, or until ctx ends.
func (l *locks) lock(ctx context.Context, user string) (unlock func(), err error) {
	l.mu.Lock()
	if l.busy == nil {
		l.busy = map[string]*waiting{}
	}
	w := l.busy[user]
	if w == nil {
		w = &waiting{turn: make(chan struct{}, 1)}
		l.busy[user] = w
	}
	w.n++
	l.mu.Unlock()
	leave := func() {
		l.mu.Lock()
		if w.n--; w.n == 0 {
			delete(l.busy, user)
		}
		l.mu.Unlock()
	}
	select {
	case w.turn <- struct{}{}:
		return func() { <-w.turn; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// recent remembers the answers to the messages that erased somebody, so that a repeat of such a message does not greet
// them as a stranger. It is in memory only and bounded.
type recent struct {
	mu    sync.Mutex
	max   int
	order *list.List
	by    map[string]*list.Element
}

type recentEntry struct {
	key     string
	replies []Reply
}

func newRecent(limit int) *recent {
	return &recent{max: limit, order: list.New(), by: map[string]*list.Element{}}
}

func (r *recent) put(user UserID, id string, replies []Reply) {
	if id == "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := string(user) + "\n" + id
	r.by[key] = r.order.PushBack(recentEntry{key, replies})
	if r.order.Len() > r.max {
		oldest := r.order.Front()
		r.order.Remove(oldest)
		delete(r.by, oldest.Value.(recentEntry).key)
	}
}

func (r *recent) get(user UserID, id string) ([]Reply, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, ok := r.by[string(user)+"\n"+id]
	if !ok {
		return nil, false
	}
	return e.Value.(recentEntry).replies, true
}
