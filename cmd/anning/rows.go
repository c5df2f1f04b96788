package main

import (
	"context"
	"errors"
	"time"

	"anning/bot/telegram"
	"anning/storage"
)

// row is a small value that all processes share, kept in the store like a person's latest answer: sealed, and replaced only
// by who has seen the latest one. Its name has no colon, which the names of people have.
type row struct {
	store *storage.Store
	name  string
}

var _ telegram.Row = row{}

// rowTime is how long a row that nobody saves is kept.
const rowTime = 7 * 24 * time.Hour

// Load returns the value and its revision; nil and 0 where there is none.
func (r row) Load(ctx context.Context) ([]byte, uint64, error) {
	st, err := r.store.Load(ctx, r.name)
	return st.Answer, st.Rev, err
}

// Save replaces the value if its revision is still rev.
func (r row) Save(ctx context.Context, rev uint64, data []byte) error {
	_, err := r.store.Commit(ctx, storage.Turn{User: r.name, Rev: rev, Answer: data, TTL: rowTime})
	if errors.Is(err, storage.ErrConflict) {
		return telegram.ErrChanged
	}
	return err
}
