package web

import (
	"container/list"
	"net"
	"net/http"
	"net/netip"
	"strings"
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

// limiter keeps one token bucket a key.
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

// take takes one token of key. Where there is none it returns how long to wait for one.
func (l *limiter) take(key string) (wait time.Duration) {
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
func (l *limiter) bucket(key string, now time.Time) *bucket {
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

// address is the network address a request is counted by: an IPv4 address, or the /64 of an IPv6 one.
func (m *Messenger) address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	if m.options.TrustProxy {
		if all := r.Header.Values("X-Forwarded-For"); len(all) > 0 {
			hops := strings.Split(all[len(all)-1], ",")
			host = strings.TrimSpace(hops[len(hops)-1])
		}
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return "unknown"
	}
	if ip = ip.Unmap().WithZone(""); ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return prefix.String()
}
