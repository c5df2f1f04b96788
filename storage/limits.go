package storage

import (
	"errors"
	"fmt"
	"time"
)

// Limits of one turn, in bytes.
const (
	MaxID       = 128       // the id of a record or reminder
	MaxUser     = 256       // a user's name
	MaxSession  = 64 << 10  // the session
	MaxAnswer   = 256 << 10 // the answer
	MaxReminder = 64 << 10  // the data of one reminder
)

// Grace is how long a reminder that nobody acts on outlives the moment it falls due, where it is the last thing kept
// of a person.
const Grace = 7 * 24 * time.Hour

// check holds a turn against the limits and names every fault.
func (t *Turn) check() error {
	faults := []error{checkUser(t.User), checkSize("session", len(t.Session), MaxSession), checkSize("answer", len(t.Answer), MaxAnswer)}
	if t.TTL < 0 {
		faults = append(faults, fmt.Errorf("storage: time to live %v is negative", t.TTL))
	}
	for _, r := range t.Records {
		faults = append(faults, checkID("record", r.ID), checkSize("record "+r.ID, len(r.Data), MaxRecord))
	}
	for _, r := range t.Remind {
		faults = append(faults, checkID("reminder", r.ID), checkSize("reminder "+r.ID, len(r.Data), MaxReminder))
		if ms := r.At.UnixMilli(); ms <= 0 || r.At.Year() > 9999 {
			faults = append(faults, fmt.Errorf("storage: reminder %s falls due at %v", r.ID, r.At))
		}
	}
	for _, id := range t.Forget {
		faults = append(faults, checkID("record", id))
	}
	for _, id := range t.Cancel {
		faults = append(faults, checkID("reminder", id))
	}
	return errors.Join(faults...)
}

func checkUser(user string) error {
	if user == "" || len(user) > MaxUser {
		return fmt.Errorf("storage: user name of %d bytes, not 1 to %d", len(user), MaxUser)
	}
	return nil
}

func checkID(what, id string) error {
	if id == "" || len(id) > MaxID {
		return fmt.Errorf("storage: %s id of %d bytes, not 1 to %d", what, len(id), MaxID)
	}
	return nil
}

func checkSize(what string, size, most int) error {
	if size > most {
		return fmt.Errorf("storage: %s of %d bytes, at most %d", what, size, most)
	}
	return nil
}
