// Package storage keeps what one person told the bot, and what falls due for them.
//
// A Store adds encryption, key names and expiry to a Driver, which moves bytes only. One turn of the conversation is
// one Commit, written whole or not at all; Load and Commit are one round trip to the driver each.
package storage

import (
	"errors"
	"time"
)

// ErrConflict says that the revision the caller loaded is no longer the newest: load again and walk the turn again.
var ErrConflict = errors.New("storage: another turn was committed first")

// ErrUnavailable wraps every failure to reach the place where things are kept; nothing was acknowledged.
var ErrUnavailable = errors.New("storage: not reachable")

// State is what a turn starts from.
type State struct {
	Rev     uint64 // revision to give back to Commit; 0 when nothing is kept for this user
	Session []byte // the engine's session, as it was committed; nil when Rev is 0
	Answer  []byte // the answer to the latest message, as it was committed
}

// Turn is everything one message changed. Commit writes it whole or not at all.
type Turn struct {
	User    string        // as the engine names people: "telegram:4711"
	Rev     uint64        // the revision loaded; another one in the store makes ErrConflict
	Session []byte        // replaces the kept session
	Answer  []byte        // replaces the kept answer
	Records []Record      // added, or replaced where the ID is known already
	Forget  []string      // record IDs to remove
	Remind  []Reminder    // added, or replaced where the ID is known already
	Cancel  []string      // reminder IDs to cancel
	TTL     time.Duration // time until everything of this user expires; 0 takes the store's default
}

// Record is one thing kept for a person besides the session: a piece of evidence, a logged call, a file.
type Record struct {
	ID   string // unique for the user, at most 128 bytes: "event:…", "file:…"
	Data []byte // at most MaxRecord bytes
}

// MaxRecord is the size limit of one record, in bytes.
const MaxRecord = 24 << 20

// Reminder is something that falls due for one person.
type Reminder struct {
	ID   string    // unique for the user, at most 128 bytes; setting it again replaces the old one
	At   time.Time // when it falls due (kept to the millisecond)
	Data []byte    // what the caller needs to act on it
}

// Due is a claimed reminder. It is leased to the claimer: if Done does not follow before the lease ends, it is
// claimed again, by this process or another.
type Due struct {
	Reminder
	User  string
	Lease string // opaque; given back to Done
}
