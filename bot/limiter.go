package bot

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

// maxBuckets bounds the memory of one limiter; the bucket that was used longest ago goes first.
const maxBuckets = 20_000

// Limiter keeps one token bucket a key. Messengers hold back with it who sends too much.
type Limiter struct {
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

// NewLimiter returns a limiter whose buckets are full. It is safe for concurrent use.
func NewLimiter(rate Rate, clock func() time.Time) *Limiter {
	return &Limiter{rate: rate, clock: clock, buckets: map[string]*list.Element{}, used: list.New()}
}

// Take takes one token of key. Where there is none it returns how long to wait for one.
func (l *Limiter) Take(key string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock()
	b := l.bucket(key, now)
	if b.full.Before(now) {
		b.full = now
	}
	most := time.Duration(l.rate.Burst-1) * l.rate.Every
	if over := b.full.Sub(now) - most; over > 0 {
		return over
	}
	b.full = b.full.Add(l.rate.Every)
	return 0
}

// bucket finds or makes the bucket of key.
func (l *Limiter) bucket(key string, now time.Time) *bucket {
	if e := l.buckets[key]; e != nil {
		l.used.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if l.used.Len() >= maxBuckets {
		old := l.used.Back()
		delete(l.buckets, old.Value.(*bucket).key)
		l.used.Remove(old)
	}
	b := &bucket{key: key, full: now}
	l.buckets[key] = l.used.PushFront(b)
	return b
}
