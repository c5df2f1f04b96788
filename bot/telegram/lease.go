package telegram

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"
)

// lease says which of several processes polls: Telegram hands its updates to one at a time.
type lease struct {
	row    Row
	holder string
}

type held struct {
	Holder string `json:"holder"`
	Until  int64  `json:"until"` // ms
}

const (
	leaseTime  = 15 * time.Second
	leaseRenew = 5 * time.Second
	leaseSlack = 3 * time.Second // how far the clocks of two machines may be apart
)

var errHeld = errors.New("telegram: another process polls")

func newLease(row Row) *lease { return &lease{row: row, holder: rand.Text()} }

// hold takes the lease or keeps it for another while. It returns when to let go if it is not kept again.
func (l *lease) hold(ctx context.Context) (until time.Time, err error) {
	now := time.Now()
	data, rev, err := l.row.Load(ctx)
	if err != nil {
		return time.Time{}, err
	}
	var h held
	if len(data) > 0 && json.Unmarshal(data, &h) == nil && h.Holder != l.holder && now.Before(time.UnixMilli(h.Until).Add(leaseSlack)) {
		return time.Time{}, errHeld
	}
	until = now.Add(leaseTime)
	if data, err = json.Marshal(held{l.holder, until.UnixMilli()}); err != nil {
		return time.Time{}, err
	}
	if err = l.row.Save(ctx, rev, data); errors.Is(err, ErrChanged) {
		err = errHeld
	}
	return until, err
}

// release lets another process poll at once.
func (l *lease) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	data, rev, err := l.row.Load(ctx)
	var h held
	if err != nil || json.Unmarshal(data, &h) != nil || h.Holder != l.holder {
		return
	}
	if data, err = json.Marshal(held{}); err == nil {
		_ = l.row.Save(ctx, rev, data)
	}
}

// keep holds the lease until ctx ends, or lose is called because it was lost.
func (l *lease) keep(ctx context.Context, until time.Time, lose func()) {
	for sleep(ctx, leaseRenew) {
		try, cancel := context.WithDeadline(ctx, until)
		next, err := l.hold(try)
		cancel()
		if err == nil {
			until = next
		}
		if errors.Is(err, errHeld) || time.Now().Add(leaseRenew).After(until) {
			lose()
			return
		}
	}
}
