package wechat

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"time"
)

// board says for whom words wait that could not be pushed: the next message of such a person is not an answer to
// what they saw last. Asking it costs nothing; processes learn from each other within boardEvery.
type board struct {
	notes Notes
	clock func() time.Time

	mu    sync.Mutex
	waits map[string]int64 // openid → since, Unix ms
	taken map[string]int64 // openid → when, until the notes say so too
}

const (
	boardKey   = "board"
	boardEvery = 15 * time.Second
	boardKeep  = 90 * 24 * time.Hour
	maxBoard   = 400 // people; the oldest go first
)

func newBoard(notes Notes, clock func() time.Time) *board {
	return &board{notes: notes, clock: clock, waits: map[string]int64{}, taken: map[string]int64{}}
}

func (b *board) has(openID string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, ok := b.waits[openID]
	return ok
}

// put notes that words wait for somebody.
func (b *board) put(ctx context.Context, openID string) error {
	now := b.clock().UnixMilli()
	b.mu.Lock()
	b.waits[openID] = now
	delete(b.taken, openID)
	b.mu.Unlock()
	return b.save(ctx, func(all map[string]int64) {
		all[openID] = now
		for len(all) > maxBoard {
			oldest := ""
			for id, at := range all {
				if oldest == "" || at < all[oldest] {
					oldest = id
				}
			}
			delete(all, oldest)
		}
	})
}

// take notes that they were said.
func (b *board) take(ctx context.Context, openID string) {
	now := b.clock().UnixMilli()
	b.mu.Lock()
	delete(b.waits, openID)
	b.taken[openID] = now
	b.mu.Unlock()
	_ = b.save(ctx, func(all map[string]int64) { delete(all, openID) }) // tried again by follow
}

// save changes what the processes share.
func (b *board) save(ctx context.Context, edit func(map[string]int64)) (err error) {
	for range noteTries {
		var all map[string]int64
		var rev uint64
		if all, rev, err = b.load(ctx); err != nil {
			return err
		}
		edit(all)
		data, err := json.Marshal(all)
		if err != nil {
			return err
		}
		if err = b.notes.Save(ctx, boardKey, rev, data, boardKeep); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return ErrChanged
}

func (b *board) load(ctx context.Context) (map[string]int64, uint64, error) {
	data, rev, err := b.notes.Load(ctx, boardKey)
	all := map[string]int64{}
	if err == nil && len(data) > 0 && json.Unmarshal(data, &all) != nil {
		all = map[string]int64{}
	}
	return all, rev, err
}

// follow keeps up with the other processes until ctx ends.
func (b *board) follow(ctx context.Context) {
	tick := time.NewTicker(boardEvery)
	defer tick.Stop()
	for {
		b.refresh(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// refresh takes what the notes say, except for what this process knows better.
func (b *board) refresh(ctx context.Context) {
	began := b.clock().UnixMilli()
	all, _, err := b.load(ctx)
	if err != nil {
		return
	}
	b.mu.Lock()
	for id, at := range b.waits {
		if at >= began { // put meanwhile
			all[id] = at
		}
	}
	stale := false
	for id, at := range b.taken {
		if since, ok := all[id]; ok && since <= at {
			delete(all, id)
			stale = true
		} else {
			delete(b.taken, id)
		}
	}
	b.waits = all
	taken := maps.Clone(b.taken)
	b.mu.Unlock()
	if stale {
		_ = b.save(ctx, func(all map[string]int64) {
			for id, at := range taken {
				if all[id] <= at {
					delete(all, id)
				}
			}
		})
	}
}
