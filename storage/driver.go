package storage

import "context"

// Driver keeps bytes: it knows neither people nor what they said. Users and items go by names that a Store made (short,
// printable ASCII), and everything else is sealed. Times are milliseconds since 1970 on the Store's clock, which need
// not be the machine's.
//
// What a driver cannot reach makes an error that wraps ErrUnavailable. Drivers are made by sqlitestore and redisstore,
// and held to their word by storagetest.
type Driver interface {
	// Load returns the row of one user; the zero Head when there is none. One round trip.
	Load(ctx context.Context, user string) (Head, error)
	// Commit writes w whole or not at all, durably before it returns. ErrConflict when the row's revision is not w.Rev; a
	// row that has expired at w.Now counts as none, and nothing of it outlives the write. One round trip.
	Commit(ctx context.Context, w Write) error
	// Items returns items of one user, in no order, together with the row they belong to (State may be left out). An
	// empty name means all of that kind. One round trip.
	Items(ctx context.Context, user string, kind Kind, name string) (Head, []Item, error)
	// Claim leases reminders that are due and not leased, of users that have not expired: no two claims get the same one
	// before c.Until. Reminders left behind by expired users are dropped.
	Claim(ctx context.Context, c Claim) ([]Claimed, error)
	// Done removes a reminder if it is still leased so; otherwise it does nothing.
	Done(ctx context.Context, user, name, lease string) error
	// Delete removes everything of a user, so that no byte of it is left in what the driver writes.
	Delete(ctx context.Context, user string) error
	// Sweep removes everything of users that have expired at now.
	Sweep(ctx context.Context, now int64) error
	// Mark returns the store's mark, which is what the first call ever gave.
	Mark(ctx context.Context, mark []byte) ([]byte, error)
	// Close waits for what has begun. Everything after it is ErrUnavailable.
	Close() error
}

// Kind is what an item is.
type Kind string

// The kinds of items.
const (
	KindRecord   Kind = "record"
	KindReminder Kind = "reminder"
)

// Head is a user's row.
type Head struct {
	Rev     uint64 // 0: there is no row
	Expires int64  // ms
	Key     []byte // the user's data key, wrapped
	State   []byte // session and answer, sealed
}

// Item is one record or reminder.
type Item struct {
	Name string
	At   int64 // ms; reminders only
	Data []byte
}

// Write is one turn.
type Write struct {
	User    string
	Rev     uint64 // the revision that must be there; 0: none
	Next    uint64 // the revision that replaces it; never 0
	Now     int64  // ms
	Expires int64  // ms; later if a reminder falls due later: then Grace after the last one
	Grace   int64  // ms
	Key     []byte
	State   []byte
	Forget  []string // record names to remove, before Records are put
	Records []Item
	Cancel  []string // reminder names to remove, before Remind is put
	Remind  []Item   // one put again is no longer leased
}

// Claim asks for reminders.
type Claim struct {
	Now   int64 // ms
	Until int64 // ms; the end of the lease
	Max   int
	Lease string // 32 bytes, never used before
}

// Claimed is a leased reminder.
type Claimed struct {
	User string
	Key  []byte // the user's data key, wrapped
	Item
}
