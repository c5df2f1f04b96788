package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"anning/storage"
)

// Wake opens the flow of a reminder that fell due. What was being asked is put aside. Waking the same reminder twice
// answers from the store, so a push that failed may be tried again. Nobody there any more: no replies. ErrBusy: later.
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
		if t.busy() {
			return user, nil, ErrBusy
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

// ErrBusy says that a reminder came while somebody is being helped with danger or a running call: it has to wait.
var ErrBusy = errors.New("bot: a reminder has to wait")

// quiet is how long after the last word the help with danger counts as over.
const quiet = 24 * time.Hour

// busy says that a reminder may not interrupt what is being asked.
func (t *turn) busy() bool {
	return t.g.urgent[t.s.Flow] && t.now.Sub(t.s.sent()) < quiet
}

func (t *turn) wake(data reminderData) error {
	t.s.Turn++
	t.s.remember(t.m.ID)
	t.s.pause()
	t.s.Buttons, t.s.Joined, t.s.Shown = nil, "", nil
	for slot, value := range data.Slots {
		t.set(slot, value)
	}
	if t.g.set.Flow(data.Flow) == nil {
		return t.enter(menuFlow)
	}
	return t.enter(data.Flow)
}
