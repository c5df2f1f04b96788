package storage

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrNotFound says that the user has no such record.
var ErrNotFound = errors.New("storage: no such record")

// Records returns everything kept for the user besides the session, sorted by id.
func (s *Store) Records(ctx context.Context, user string) ([]Record, error) {
	records, err := s.records(ctx, user, "")
	if err != nil {
		return nil, fmt.Errorf("list records: %w", err)
	}
	slices.SortFunc(records, func(a, b Record) int { return strings.Compare(a.ID, b.ID) })
	return records, nil
}

// Record returns one record; ErrNotFound when there is none.
func (s *Store) Record(ctx context.Context, user, id string) (Record, error) {
	if err := checkID("record", id); err != nil {
		return Record{}, fmt.Errorf("read record: %w", err)
	}
	records, err := s.records(ctx, user, id)
	if err == nil && len(records) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Record{}, fmt.Errorf("read record: %w", err)
	}
	return records[0], nil
}

// records reads the record with this id, or all of them.
func (s *Store) records(ctx context.Context, user, id string) ([]Record, error) {
	sl, items, err := s.items(ctx, user, KindRecord, id)
	if err != nil || sl == nil {
		return nil, err
	}
	records := make([]Record, 0, len(items))
	for _, it := range items {
		r, err := sl.openRecord(it)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	return records, nil
}

// Reminders returns the user's pending reminders, leased ones too, the next one first.
func (s *Store) Reminders(ctx context.Context, user string) ([]Reminder, error) {
	sl, items, err := s.items(ctx, user, KindReminder, "")
	if err != nil {
		return nil, fmt.Errorf("list reminders: %w", err)
	}
	reminders := make([]Reminder, 0, len(items))
	for _, it := range items {
		_, r, err := sl.openReminder(it)
		if err != nil {
			return nil, fmt.Errorf("list reminders: %w", err)
		}
		reminders = append(reminders, r)
	}
	slices.SortFunc(reminders, func(a, b Reminder) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(a.ID, b.ID))
	})
	return reminders, nil
}

// items reads items of one kind and the sealer that opens them; a nil sealer and no items when nothing is kept.
func (s *Store) items(ctx context.Context, user string, kind Kind, id string) (*sealer, []Item, error) {
	if err := s.ready(ctx, user); err != nil {
		return nil, nil, err
	}
	name := s.keys.userName(user)
	if id == "" {
		return s.readItems(ctx, name, kind, "")
	}
	known, ok := s.sealers.latest(name)
	if !ok {
		h, err := s.driver.Load(ctx, name)
		if err != nil || s.gone(h) {
			return nil, nil, err
		}
		if known, err = s.sealer(name, h); err != nil {
			return nil, nil, err
		}
	}
	sl, items, err := s.readItems(ctx, name, kind, known.itemName(kind, id))
	if err != nil || sl == nil || bytes.Equal(sl.names, known.names) {
		return sl, items, err
	}
	return s.readItems(ctx, name, kind, sl.itemName(kind, id)) // deleted and begun anew, by another process
}

func (s *Store) readItems(ctx context.Context, name string, kind Kind, item string) (*sealer, []Item, error) {
	h, items, err := s.driver.Items(ctx, name, kind, item)
	if err != nil || s.gone(h) {
		return nil, nil, err
	}
	sl, err := s.sealer(name, h)
	if err != nil {
		return nil, nil, err
	}
	return sl, items, nil
}

// ClaimDue leases up to max reminders that are due at now, the oldest first. No two callers get the same one while its
// lease lasts. One that cannot be opened makes an error, which comes together with the others.
func (s *Store) ClaimDue(ctx context.Context, now time.Time, max int, lease time.Duration) ([]Due, error) {
	if max <= 0 || lease < time.Millisecond {
		return nil, fmt.Errorf("claim: %d reminders for %v; at least 1 for at least 1ms", max, lease)
	}
	if !s.checked.Load() {
		if err := s.Ping(ctx); err != nil {
			return nil, fmt.Errorf("claim: %w", err)
		}
	}
	token, err := s.token()
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	claimed, err := s.driver.Claim(ctx, Claim{Now: now.UnixMilli(), Until: now.Add(lease).UnixMilli(), Max: max, Lease: token})
	faults := []error{err}
	due := make([]Due, 0, len(claimed))
	for _, c := range claimed {
		d, err := s.openDue(c, token)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		due = append(due, d)
	}
	slices.SortStableFunc(due, func(a, b Due) int { return a.At.Compare(b.At) })
	if err := errors.Join(faults...); err != nil {
		return due, fmt.Errorf("claim: %w", err)
	}
	return due, nil
}

func (s *Store) openDue(c Claimed, token string) (Due, error) {
	dataKey, err := s.keys.unwrap(c.User, c.Key)
	if err != nil {
		return Due{}, err
	}
	sl, err := newSealer(c.User, dataKey, c.Key)
	if err != nil {
		return Due{}, err
	}
	user, r, err := sl.openReminder(c.Item)
	if err != nil {
		return Due{}, err
	}
	if s.keys.userName(user) != c.User {
		return Due{}, ErrDamaged
	}
	return Due{Reminder: r, User: user, Lease: c.User + "/" + c.Name + "/" + token}, nil
}

// Done removes a claimed reminder. If it was set again or cancelled meanwhile, or claimed by another after the lease
// ended, nothing happens.
func (s *Store) Done(ctx context.Context, d Due) error {
	parts := strings.Split(d.Lease, "/")
	if len(parts) != 3 || parts[0] != s.keys.userName(d.User) {
		return fmt.Errorf("done: %q is no lease of this user", d.Lease)
	}
	if err := s.driver.Done(ctx, parts[0], parts[1], parts[2]); err != nil {
		return fmt.Errorf("done: %w", err)
	}
	return nil
}
