package telegram

import (
	"context"
	"sync"
	"time"
)

// order puts posts right that come at the same time: Telegram posts what one person writes and what they press apart
// from each other, so that the later may be here first. Its number tells, and it waits a moment for those before it.
type order struct {
	mu      sync.Mutex
	here    *recent[int]
	highest int
	changed chan struct{}
	vain    int // waits in a row that nothing came of: another process gets those before
}

const (
	orderTime = 100 * time.Millisecond
	maxGap    = 50
	maxVain   = 8
)

func newOrder() *order { return &order{here: newRecent[int](4 * maxGap), changed: make(chan struct{})} }

// wait waits for the updates that are missing before id, for a moment.
func (o *order) wait(ctx context.Context, id int) {
	o.mu.Lock()
	from := o.highest + 1
	if o.highest == 0 || id <= from || id-from > maxGap || o.vain >= maxVain && id%maxVain != 0 {
		o.mu.Unlock()
		return
	}
	o.mu.Unlock()
	t := time.NewTimer(orderTime)
	defer t.Stop()
	for {
		o.mu.Lock()
		changed, complete := o.changed, true
		for n := from; n < id; n++ {
			complete = complete && o.here.has(n)
		}
		if complete {
			o.vain = 0
		}
		o.mu.Unlock()
		if complete {
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return
		case <-t.C:
			o.mu.Lock()
			o.vain++
			o.mu.Unlock()
			return
		}
	}
}

// came says that an update is in its lane.
func (o *order) came(id int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.here.add(id)
	o.highest = max(o.highest, id)
	close(o.changed)
	o.changed = make(chan struct{})
}
