package storage

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// DefaultTTL is how long everything of a person is kept after their last turn.
const DefaultTTL = 90 * 24 * time.Hour

// Options of a Store. The zero value works.
type Options struct {
	TTL   time.Duration    // kept after the last turn where the turn does not say; DefaultTTL
	Clock func() time.Time // time.Now
	Rand  io.Reader        // makes data keys, first revisions and leases; crypto/rand
}

// Store keeps what people told the bot: sealed, under names that tell nothing, until it expires or is deleted. It is
// safe for concurrent use, also by several processes over the same place.
type Store struct {
	driver  Driver
	keys    *Keyring
	ttl     time.Duration
	clock   func() time.Time
	rand    io.Reader
	sealers *sealers
	checked atomic.Bool // the place is known to be under our keys
}

// New makes a Store over a driver, which it closes in the end.
func New(driver Driver, keys *Keyring, opts *Options) *Store {
	if opts == nil {
		opts = &Options{}
	}
	s := &Store{driver: driver, keys: keys, ttl: opts.TTL, clock: opts.Clock, rand: opts.Rand, sealers: newSealers()}
	if s.ttl <= 0 {
		s.ttl = DefaultTTL
	}
	if s.clock == nil {
		s.clock = time.Now
	}
	if s.rand == nil {
		s.rand = rand.Reader
	}
	return s
}

// Load returns what the user's next turn starts from; the zero State when nothing is kept.
func (s *Store) Load(ctx context.Context, user string) (State, error) {
	if err := s.ready(ctx, user); err != nil {
		return State{}, fmt.Errorf("load: %w", err)
	}
	name := s.keys.userName(user)
	h, err := s.driver.Load(ctx, name)
	if err != nil {
		return State{}, fmt.Errorf("load: %w", err)
	}
	if s.gone(h) {
		s.sealers.drop(name)
		return State{}, nil
	}
	sl, err := s.sealer(name, h)
	if err != nil {
		return State{}, fmt.Errorf("load: %w", err)
	}
	session, answer, err := sl.openState(h.Rev, h.State)
	if err != nil {
		return State{}, fmt.Errorf("load: %w", err)
	}
	return State{Rev: h.Rev, Session: session, Answer: answer}, nil
}

// Commit writes a turn, whole or not at all, and returns the new revision. When it returns nil the turn is kept for
// good. ErrConflict when another turn was committed since t.Rev was loaded; ErrUnavailable when the place cannot be
// reached, and then the turn may or may not be there: load again before walking it again.
func (s *Store) Commit(ctx context.Context, t Turn) (rev uint64, err error) {
	if err := errors.Join(s.ready(ctx, t.User), t.check()); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	sl, next, err := s.prepare(ctx, t)
	if err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	if err := s.driver.Commit(ctx, s.write(t, sl, next)); err != nil {
		return 0, fmt.Errorf("commit: %w", err)
	}
	s.sealers.put(next, sl)
	return next, nil
}

// prepare finds or makes the user's data key, and the revision that the turn makes.
func (s *Store) prepare(ctx context.Context, t Turn) (*sealer, uint64, error) {
	name := s.keys.userName(t.User)
	if t.Rev == 0 {
		return s.newcomer(name)
	}
	if sl, ok := s.sealers.get(name, t.Rev); ok {
		return sl, t.Rev + 1, nil
	}
	h, err := s.driver.Load(ctx, name)
	if err != nil {
		return nil, 0, err
	}
	if h.Rev != t.Rev || s.gone(h) {
		return nil, 0, ErrConflict
	}
	sl, err := s.sealer(name, h)
	return sl, t.Rev + 1, err
}

// newcomer makes a data key and a first revision. Revisions start at random, so that one loaded before Delete never
// fits what came after it; they stay below 2^53, which every store can count.
func (s *Store) newcomer(name string) (*sealer, uint64, error) {
	b := make([]byte, KeySize+8)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return nil, 0, fmt.Errorf("make a data key: %w", err)
	}
	dataKey, first := b[:KeySize], binary.BigEndian.Uint64(b[KeySize:])>>12+1
	sl, err := newSealer(name, dataKey, s.keys.wrap(name, dataKey))
	return sl, first, err
}

func (s *Store) write(t Turn, sl *sealer, next uint64) Write {
	ttl := t.TTL
	if ttl == 0 {
		ttl = s.ttl
	}
	now := s.clock().UnixMilli()
	w := Write{User: sl.user, Rev: t.Rev, Next: next, Now: now, Expires: now + ttl.Milliseconds(), Grace: Grace.Milliseconds(),
		Key: sl.wrapped, State: sl.sealState(next, t.Session, t.Answer)}
	for _, id := range t.Forget {
		w.Forget = append(w.Forget, sl.itemName(KindRecord, id))
	}
	for _, r := range t.Records {
		w.Records = append(w.Records, sl.sealRecord(r))
	}
	for _, id := range t.Cancel {
		w.Cancel = append(w.Cancel, sl.itemName(KindReminder, id))
	}
	for _, r := range t.Remind {
		w.Remind = append(w.Remind, sl.sealReminder(t.User, r))
	}
	return w
}

// Delete removes everything of a user, their data key first of all.
func (s *Store) Delete(ctx context.Context, user string) error {
	if err := s.ready(ctx, user); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	name := s.keys.userName(user)
	s.sealers.drop(name)
	if err := s.driver.Delete(ctx, name); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}

// Sweep removes everything of people that have expired by now. Call it now and then (hourly).
func (s *Store) Sweep(ctx context.Context, now time.Time) error {
	if err := s.driver.Sweep(ctx, now.UnixMilli()); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}

// Ping says whether the place can be reached and is under our keys: nil, ErrUnavailable or ErrKey.
func (s *Store) Ping(ctx context.Context) error {
	mark, err := s.driver.Mark(ctx, s.keys.mark())
	if err != nil {
		return fmt.Errorf("ping: %w", err)
	}
	if !bytes.Equal(mark, s.keys.mark()) {
		return fmt.Errorf("ping: %w", ErrKey)
	}
	s.checked.Store(true)
	return nil
}

// Close waits for what has begun and closes the driver.
func (s *Store) Close() error {
	if err := s.driver.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

// ready checks the user's name, and before the first use that the place is under our keys: with others everybody would
// seem a stranger.
func (s *Store) ready(ctx context.Context, user string) error {
	if err := checkUser(user); err != nil {
		return err
	}
	if s.checked.Load() {
		return nil
	}
	return s.Ping(ctx)
}

func (s *Store) gone(h Head) bool { return h.Rev == 0 || h.Expires <= s.clock().UnixMilli() }

// sealer unwraps a row's data key, wraps it anew if that was with an old master key, and remembers it.
func (s *Store) sealer(name string, h Head) (*sealer, error) {
	if sl, ok := s.sealers.get(name, h.Rev); ok && bytes.Equal(sl.wrapped, h.Key) {
		return sl, nil
	}
	dataKey, err := s.keys.unwrap(name, h.Key)
	if err != nil {
		return nil, err
	}
	wrapped := h.Key
	if !bytes.HasPrefix(wrapped, s.keys.wraps[0].id) {
		wrapped = s.keys.wrap(name, dataKey)
	}
	sl, err := newSealer(name, dataKey, wrapped)
	if err != nil {
		return nil, err
	}
	s.sealers.put(h.Rev, sl)
	return sl, nil
}

// token makes 32 hex digits.
func (s *Store) token() (string, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		return "", fmt.Errorf("make a token: %w", err)
	}
	return hex.EncodeToString(b), nil
}

func fromMilli(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
