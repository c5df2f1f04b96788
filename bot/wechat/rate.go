package wechat

import (
	"container/list"
	"sync"
	"time"
)

// Rate is a token bucket: Burst at once, then one more every Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// maxBuckets bounds the memory of the limiter; the bucket that was used longest ago goes first.
const maxBuckets = 20_000

// limiter keeps one token bucket a person.
type limiter struct {
	rate  Rate
	clock func() time.Time

	mu      sync.Mutex
	buckets map[string]*list.Element // of *bucket
	used    *list.List               // latest first
}

// bucket is full at the time full; each token taken moves that time away by one rate.Every.
type bucket struct {
	key  string
	full time.Time
}

func newLimiter(rate Rate, clock func() time.Time) *limiter {
	return &limiter{rate: rate, clock: clock, buckets: map[string]*list.Element{}, used: list.New()}
}

// take takes one token; false where there is none.
func (l *limiter) take(key string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	e := l.buckets[key]
	if e == nil {
		if l.used.Len() >= maxBuckets {
			old := l.used.Back()
			delete(l.buckets, old.Value.(*bucket).key)
			l.used.Remove(old)
		}
		e = l.used.PushFront(&bucket{key: key, full: now})
		l.buckets[key] = e
	}
	l.used.MoveToFront(e)
	b := e.Value.(*bucket)
	if b.full.Before(now) {
		b.full = now
	}
	if b.full.Sub(now) > time.Duration(l.rate.Burst-1)*l.rate.Every {
		return false
	}
	b.full = b.full.Add(l.rate.Every)
	return true
}
