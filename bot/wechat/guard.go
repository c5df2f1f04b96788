package wechat

import (
	"crypto/sha256"
	"strconv"
	"sync"
	"time"
)

const (
	window      = 5 * time.Minute // how far a post's time may be from ours
	deliveries  = 5               // how often the very same post is taken; WeChat sends it three times at most
	maxRemember = 200_000         // posts remembered in one window
)

// guard tells posts that are late, or that are not what was signed, from WeChat's own. In plain mode the signature does
// not cover the body: whoever saw one address could send anything with it, so an address goes with one body only.
type guard struct {
	clock func() time.Time

	mu       sync.Mutex
	since    time.Time
	now, old map[[16]byte]delivered // no pointers: the collector need not look into them
}

type delivered struct {
	body [16]byte
	n    int
}

func newGuard(clock func() time.Time) *guard {
	return &guard{clock: clock, since: clock(), now: map[[16]byte]delivered{}}
}

// fresh says whether a timestamp is of these minutes.
func (g *guard) fresh(timestamp string) bool {
	sec, err := strconv.ParseInt(timestamp, 10, 64)
	return err == nil && len(timestamp) <= 12 && g.clock().Sub(time.Unix(sec, 0)).Abs() <= window
}

// first says whether a signed address comes with the body it came with before, and not too often.
func (g *guard) first(timestamp, nonce string, body []byte) bool {
	key, sum := short(append([]byte(timestamp+"\n"), nonce...)), short(body)
	g.mu.Lock()
	defer g.mu.Unlock()
	if now := g.clock(); now.Sub(g.since) > 2*window || len(g.now) >= maxRemember {
		g.old, g.now, g.since = g.now, map[[16]byte]delivered{}, now
	}
	d, known := g.now[key]
	if !known {
		if d, known = g.old[key]; !known {
			d.body = sum
		}
	}
	d.n++
	g.now[key] = d
	return d.body == sum && d.n <= deliveries
}

func short(text []byte) [16]byte {
	sum := sha256.Sum256(text)
	return [16]byte(sum[:])
}
