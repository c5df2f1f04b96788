package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"anning/storage"
)

// Wake opens the flow of a reminder that fell due. What was being asked is put aside. Waking the same reminder twice
// answers from the store, so a push that failed may be tried again. Nobody there any more: no replies.
func (b *Bot) Wake(ctx context.Context, due storage.Due) (UserID, []Reply, error) {
	user := UserID(due.User)
	var data reminderData
	if err := json.Unmarshal(due.Data, &data); err != nil {
		return user, nil, fmt.Errorf("read reminder: %w", err)
	}
	unlock, err := b.locks.lock(ctx, due.User)
	if err != nil {
		return user, nil, err
	}
	defer unlock()
	m := Message{ID: "due:" + due.ID + ":" + strconv.FormatInt(due.At.Unix(), 36), From: user, At: b.clock()}
	for try := range maxTries {
		st, err := b.store.Load(ctx, due.User)
		if err != nil {
			return user, nil, fmt.Errorf("load session: %w", err)
		}
		if st.Rev == 0 {
			return user, nil, nil
		}
		t, err := b.begin(ctx, st, m)
		if err != nil {
			return user, nil, err
		}
		if t.s.seen(m.ID) {
			replies, err := b.repeat(st, m)
			return user, replies, err
		}
		if err := t.wake(data); err != nil {
			return user, nil, err
		}
		err = b.commit(ctx, st.Rev, t)
		if errors.Is(err, storage.ErrConflict) {
			if err := b.giveWay(ctx, try); err != nil {
				return user, nil, err
			}
			continue
		}
		return user, t.replies, err
	}
	return user, nil, fmt.Errorf("commit reminder: %w", storage.ErrConflict)
}

func (t *turn) wake(data reminderData) error {
	t.s.Turn++
	t.s.remember(t.m.ID)
	t.s.pause()
	for slot, value := range data.Slots {
		t.set(slot, value)
	}
	if t.g.set.Flow(data.Flow) == nil {
		return t.enter(menuFlow)
	}
	return t.enter(data.Flow)
}
