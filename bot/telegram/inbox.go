package telegram

import (
	"context"
	"slices"
	"sync"
	"time"
)

// job is one update on its way.
type job struct {
	id   int
	up   *update
	raw  []byte
	done chan struct{} // closed once its turn is committed and its replies are sent
}

func (j *job) finished() bool {
	select {
	case <-j.done:
		return true
	default:
		return false
	}
}

// waits says that a job will not be done soon: the rest of its album is still to come.
func (j *job) waits() bool { return j.up.group() != "" }

// inbox puts updates into a lane for each person, in which they are worked on in order, one at a time.
type inbox struct {
	work func(ctx context.Context, jobs []*job) bool // true: done

	mu       sync.Mutex
	ctx      context.Context
	stopped  chan struct{}
	lanes    map[int64]*lane
	jobs     map[int]*job // on their way
	finished *recent[int] // done lately: they may come again
	running  sync.WaitGroup
}

// lane is what one person sent and was not worked on yet, in the order of its numbers.
type lane struct {
	key  int64
	jobs []*job
	more chan struct{} // holds a token after something was put in
}

func newInbox(work func(context.Context, []*job) bool) *inbox {
	return &inbox{work: work, lanes: map[int64]*lane{}, jobs: map[int]*job{}, finished: newRecent[int](1 << 14)}
}

// open lets work begin; its context is ctx.
func (in *inbox) open(ctx context.Context) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.ctx, in.stopped = ctx, make(chan struct{})
}

// close lets each lane finish what it is at, and waits for it. What was not begun stays undone.
func (in *inbox) close() {
	in.mu.Lock()
	close(in.stopped)
	in.mu.Unlock()
	in.running.Wait()
	in.mu.Lock()
	defer in.mu.Unlock()
	clear(in.lanes)
	clear(in.jobs)
}

// context is what work goes on in.
func (in *inbox) context() context.Context {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.ctx
}

// known returns the job of an update that came before: on its way, or done; nil for a new one.
func (in *inbox) known(id int) *job {
	in.mu.Lock()
	defer in.mu.Unlock()
	if j := in.jobs[id]; j != nil {
		return j
	}
	if in.finished.has(id) {
		return finishedJob(id)
	}
	return nil
}

// take puts an update into the lane of key. One that is on its way already is that job, and one that is done is done.
func (in *inbox) take(key int64, u *update, raw []byte) *job {
	in.mu.Lock()
	defer in.mu.Unlock()
	if j := in.jobs[u.UpdateID]; j != nil {
		return j
	}
	j := &job{id: u.UpdateID, up: u, raw: raw, done: make(chan struct{})}
	if in.finished.has(j.id) {
		close(j.done)
		return j
	}
	in.jobs[j.id] = j
	l := in.lanes[key]
	if l == nil {
		l = &lane{key: key, more: make(chan struct{}, 1)}
		in.lanes[key] = l
		in.running.Go(func() { in.run(l) })
	}
	at, _ := slices.BinarySearchFunc(l.jobs, j, func(a, b *job) int { return a.id - b.id })
	l.jobs = slices.Insert(l.jobs, at, j)
	select {
	case l.more <- struct{}{}:
	default:
	}
	return j
}

// run works a lane off until it is empty.
func (in *inbox) run(l *lane) {
	for {
		jobs := in.next(l)
		if jobs == nil {
			return
		}
		ok := in.work(in.ctx, jobs)
		in.mu.Lock()
		for _, j := range jobs {
			delete(in.jobs, j.id)
			if ok {
				in.finished.add(j.id)
				close(j.done)
			}
		}
		in.mu.Unlock()
	}
}

// next takes the first job off a lane, and with it the rest of its album; nil once the lane is empty, or all stops.
func (in *inbox) next(l *lane) []*job {
	var deadline time.Time
	for {
		in.mu.Lock()
		select {
		case <-in.stopped:
			in.mu.Unlock()
			return nil
		default:
		}
		if len(l.jobs) == 0 {
			delete(in.lanes, l.key)
			in.mu.Unlock()
			return nil
		}
		n, whole := album(l.jobs)
		if whole || !deadline.IsZero() && !time.Now().Before(deadline) {
			jobs := slices.Clone(l.jobs[:n])
			l.jobs = slices.Delete(l.jobs, 0, n)
			in.mu.Unlock()
			return jobs
		}
		in.mu.Unlock()
		deadline = in.gather(l)
	}
}

// gatherTime is how long after a part of an album the next one may come.
const gatherTime = time.Second

// gather waits for the next part of an album. It returns a moment that has passed when none came in time.
func (in *inbox) gather(l *lane) time.Time {
	t := time.NewTimer(gatherTime)
	defer t.Stop()
	select {
	case <-l.more:
		return time.Time{}
	case <-in.stopped:
	case <-t.C:
	}
	return time.Now()
}

// maxAlbum is how many parts an album has at most.
const maxAlbum = 10

// album counts the jobs at the head of a lane that belong together, and says whether no more can belong to them.
func album(jobs []*job) (n int, whole bool) {
	group := jobs[0].up.group()
	if group == "" {
		return 1, true
	}
	for n < len(jobs) && n < maxAlbum && jobs[n].up.group() == group {
		n++
	}
	return n, n == maxAlbum || n < len(jobs)
}
