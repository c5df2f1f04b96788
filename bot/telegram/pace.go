package telegram

import (
	"context"
	"slices"
	"sync"
	"time"
)

// The lines at the gate: answers go before what we say first.
const (
	lineNow = iota
	lineLater
	lines
)

// gate lets so many through each second, to everybody together.
type gate struct {
	every time.Duration
	burst time.Duration

	mu      sync.Mutex
	full    time.Time // when all that were let through are paid for
	closed  time.Time // nobody passes before
	waiting [lines][]chan struct{}
	timer   *time.Timer
}

func newGate(perSecond int) *gate {
	return &gate{every: time.Second / time.Duration(perSecond), burst: time.Second / 5}
}

// pass waits for a turn.
func (g *gate) pass(ctx context.Context, line int) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.ahead(line) == 0 && g.take() == 0 {
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	g.waiting[line] = append(g.waiting[line], turn)
	g.arm()
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		g.mu.Lock()
		defer g.mu.Unlock()
		if i := slices.Index(g.waiting[line], turn); i >= 0 {
			g.waiting[line] = slices.Delete(g.waiting[line], i, i+1)
		}
		return ctx.Err()
	}
}

// try passes if nobody waits.
func (g *gate) try() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.ahead(lineLater) == 0 && g.take() == 0
}

// shut lets nobody through for a while.
func (g *gate) shut(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.closed) {
		g.closed = until
	}
}

func (g *gate) ahead(line int) (n int) {
	for i := range line + 1 {
		n += len(g.waiting[i])
	}
	return n
}

// take takes one turn; where there is none it returns how long until there is.
func (g *gate) take() time.Duration {
	now := time.Now()
	if wait := g.closed.Sub(now); wait > 0 {
		return wait
	}
	if g.full.Before(now) {
		g.full = now
	}
	if over := g.full.Sub(now) - g.burst; over > 0 {
		return over
	}
	g.full = g.full.Add(g.every)
	return 0
}

// arm sees to it that who waits is let through.
func (g *gate) arm() {
	if g.timer == nil {
		g.timer = time.AfterFunc(g.every, g.open)
	}
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.timer = nil
	for line := range g.waiting {
		for len(g.waiting[line]) > 0 {
			if wait := g.take(); wait > 0 {
				g.timer = time.AfterFunc(wait, g.open)
				return
			}
			close(g.waiting[line][0])
			g.waiting[line] = g.waiting[line][1:]
		}
	}
}

// chats keeps for each chat when the next message may go, and lets one turn speak there at a time.
type chats struct {
	mu   sync.Mutex
	of   map[int64]*chat
	most int // before those that owe nothing are forgotten
}

type chat struct {
	speaks chan struct{} // holds a token while somebody speaks
	users  int
	full   time.Time
	paused time.Time
}

const (
	chatEvery = time.Second
	chatBurst = 5
)

func newChats() *chats { return &chats{of: map[int64]*chat{}, most: 4096} }

// enter waits until nobody else speaks in a chat.
func (c *chats) enter(ctx context.Context, id int64) (leave func(), err error) {
	c.mu.Lock()
	ch := c.get(id)
	ch.users++
	c.mu.Unlock()
	out := func() { c.mu.Lock(); ch.users--; c.mu.Unlock() }
	select {
	case ch.speaks <- struct{}{}:
		return func() { <-ch.speaks; out() }, nil
	case <-ctx.Done():
		out()
		return nil, ctx.Err()
	}
}

func (c *chats) get(id int64) *chat {
	ch := c.of[id]
	if ch == nil {
		c.clean()
		ch = &chat{speaks: make(chan struct{}, 1)}
		c.of[id] = ch
	}
	return ch
}

// clean forgets chats that owe nothing, now and then.
func (c *chats) clean() {
	if len(c.of) < c.most {
		return
	}
	now := time.Now()
	for id, ch := range c.of {
		if ch.users == 0 && ch.full.Before(now) && ch.paused.Before(now) {
			delete(c.of, id)
		}
	}
	c.most = max(4096, 2*len(c.of))
}

// wait waits until the next message may go to a chat.
func (c *chats) wait(ctx context.Context, id int64) error {
	for {
		d := c.take(id)
		if d == 0 {
			return ctx.Err()
		}
		if !sleep(ctx, d) {
			return ctx.Err()
		}
	}
}

func (c *chats) take(id int64) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, now := c.get(id), time.Now()
	if wait := ch.paused.Sub(now); wait > 0 {
		return wait
	}
	if ch.full.Before(now) {
		ch.full = now
	}
	if over := ch.full.Sub(now) - (chatBurst-1)*chatEvery; over > 0 {
		return over
	}
	ch.full = ch.full.Add(chatEvery)
	return 0
}

// pause lets a chat wait as long as Telegram says.
func (c *chats) pause(id int64, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ch, until := c.get(id), time.Now().Add(d); until.After(ch.paused) {
		ch.paused = until
	}
}

// quiet says that a chat may be spoken to at once.
func (c *chats) quiet(id int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	ch := c.of[id]
	return ch == nil || ch.paused.Before(time.Now())
}
