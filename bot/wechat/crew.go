package wechat

import (
	"sync"
	"time"
)

// crew are the goroutines that answer posts. One that is done takes the next post rather than end: a new one has to
// grow its stack first, and that was a tenth of a post's whole cost.
type crew struct {
	all  *sync.WaitGroup // of what is being done
	idle chan func()
	home chan struct{} // closed when no more will come
}

const crewRest = 5 * time.Second // how long one waits for the next post

func newCrew(all *sync.WaitGroup) *crew {
	return &crew{all: all, idle: make(chan func()), home: make(chan struct{})}
}

// do does something at once, without waiting for it.
func (c *crew) do(work func()) {
	c.all.Add(1)
	select {
	case c.idle <- work:
	default:
		go c.serve(work)
	}
}

func (c *crew) serve(work func()) {
	rest := time.NewTimer(crewRest)
	defer rest.Stop()
	for {
		work()
		c.all.Done()
		rest.Reset(crewRest)
		select {
		case work = <-c.idle:
		case <-rest.C:
			return
		case <-c.home:
			return
		}
	}
}
