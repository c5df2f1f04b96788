// Package reminders wakes conversations when something falls due.
//
// Any number of processes may run a Runner over one store: each reminder is leased to one of them, and one that is not
// said before its lease ends is claimed again.
package reminders

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"anning/storage"
)

// Queue is where reminders wait. storage.Store is one.
type Queue interface {
	// ClaimDue leases up to max reminders that are due at now. Reminders may come together with an error.
	ClaimDue(ctx context.Context, now time.Time, max int, lease time.Duration) ([]storage.Due, error)
	// Done removes a claimed reminder.
	Done(ctx context.Context, d storage.Due) error
}

// Say wakes the conversation of a reminder and delivers what it says. It is called again after an error, so it has to
// bear being called twice.
type Say func(ctx context.Context, d storage.Due) error

// Options of a Runner. The zero value works.
type Options struct {
	Clock  func() time.Time // time.Now
	Log    *slog.Logger     // discarded
	Every  time.Duration    // between looks at the queue; 10 s
	GiveUp time.Duration    // after falling due; 3 days. The reminder stays in the conversation, it is only not pushed
}

// The lease outlasts a batch in which every Say takes its whole time.
const (
	batch   = 8
	sayTime = 30 * time.Second
	lease   = 5 * time.Minute
	maxWait = 6 * time.Hour
)

// Runner says reminders when they fall due.
type Runner struct {
	queue  Queue
	say    Say
	opts   Options
	failed map[string]failure // by user and reminder; forgotten at the next start
}

// failure is a reminder that could not be said.
type failure struct {
	times int
	next  time.Time
}

// New makes a Runner.
func New(queue Queue, say Say, opts *Options) *Runner {
	r := &Runner{queue: queue, say: say, failed: map[string]failure{}}
	if opts != nil {
		r.opts = *opts
	}
	if r.opts.Clock == nil {
		r.opts.Clock = time.Now
	}
	if r.opts.Log == nil {
		r.opts.Log = slog.New(slog.DiscardHandler)
	}
	if r.opts.Every <= 0 {
		r.opts.Every = 10 * time.Second
	}
	if r.opts.GiveUp <= 0 {
		r.opts.GiveUp = 3 * 24 * time.Hour
	}
	return r
}

// Run looks at the queue until ctx ends. A reminder being said is finished first.
func (r *Runner) Run(ctx context.Context) error {
	tick := time.NewTicker(r.opts.Every)
	defer tick.Stop()
	away := false
	for {
		_, err := r.Once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil && !away {
			r.opts.Log.Warn("reminders cannot be read", "err", err)
		}
		away = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Once says everything that is due now and returns how many were said.
func (r *Runner) Once(ctx context.Context) (said int, err error) {
	for ctx.Err() == nil {
		due, err := r.queue.ClaimDue(ctx, r.opts.Clock(), batch, lease)
		for _, d := range due {
			if ctx.Err() != nil {
				break // its lease ends, and somebody else says it
			}
			if r.one(context.WithoutCancel(ctx), d) {
				said++
			}
		}
		if err != nil || len(due) < batch {
			return said, err
		}
	}
	return said, ctx.Err()
}

// one says a reminder, unless it failed a short while ago; true where it is done with.
func (r *Runner) one(ctx context.Context, d storage.Due) bool {
	key, now := d.User+"\n"+d.ID, r.opts.Clock()
	f := r.failed[key]
	if now.Before(f.next) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, sayTime)
	defer cancel()
	if err := r.say(ctx, d); err != nil && now.Sub(d.At) < r.opts.GiveUp {
		f.times++
		f.next = now.Add(wait(f.times))
		r.remember(key, f)
		r.opts.Log.Warn("reminder not delivered", "tries", f.times, "err", err)
		return false
	} else if err != nil {
		r.opts.Log.Error("reminder given up", "tries", f.times+1, "err", err)
	}
	if err := r.queue.Done(ctx, d); err != nil && !errors.Is(err, context.Canceled) {
		r.opts.Log.Warn("reminder not removed; it is said once more", "err", err)
		return false
	}
	delete(r.failed, key)
	return true
}

// wait doubles from ten minutes to six hours. Shorter than the lease would change nothing.
func wait(times int) time.Duration {
	return min(5*time.Minute<<min(times, 10), maxWait)
}

// maxFailed bounds the memory for failures; without one a reminder is tried at each lease.
const maxFailed = 10_000

func (r *Runner) remember(key string, f failure) {
	if len(r.failed) >= maxFailed {
		clear(r.failed)
	}
	r.failed[key] = f
}
