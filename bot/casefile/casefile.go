// Package casefile is what the bot keeps for a person as evidence: entries in the order they were told, each sealed with
// the hash of the one before, so that a later change to any of them shows.
package casefile

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Entry is one thing kept: an event that was told, a file, a complaint that was made.
type Entry struct {
	Number int               `json:"n"`
	Kind   string            `json:"kind"` // "event", "evidence", "complaint"
	At     time.Time         `json:"at"`   // when it was told
	Slots  map[string]string `json:"slots,omitempty"`
	Files  []File            `json:"files,omitempty"`
	Prev   string            `json:"prev,omitempty"` // hash of the entry before; empty for the first
	Hash   string            `json:"hash,omitempty"` // over everything above
}

// File is a kept file of an Entry.
type File struct {
	Record string `json:"record"` // id of the record that holds its bytes
	Name   string `json:"name"`
	MIME   string `json:"mime"`
	Sum    string `json:"sha256"` // of the bytes as they came in

	From  string    `json:"from,omitempty"`      // who it was forwarded from, as the messenger names them
	First time.Time `json:"first_sent,omitzero"` // when they sent it
}

const entryPrefix = "entry:"

// ID is the id of the entry's record; ids sort in the order of the entries.
func (e *Entry) ID() string { return fmt.Sprintf("%s%06d", entryPrefix, e.Number) }

// Seal computes the entry's hash over its content and the hash before it, and returns it.
func (e *Entry) Seal() string {
	e.At = e.At.UTC().Truncate(time.Millisecond)
	e.Hash = ""
	sum := sha256.Sum256(e.Bytes())
	e.Hash = hex.EncodeToString(sum[:])
	return e.Hash
}

// Bytes is the entry as it is kept.
func (e *Entry) Bytes() []byte {
	b, err := json.Marshal(e)
	if err != nil { // strings, times and maps of strings always marshal; a year past 9999 does not
		e.At = time.Time{}
		b, _ = json.Marshal(e)
	}
	return b
}

// IsEntry says whether a record id is one of an entry.
func IsEntry(id string) bool { return strings.HasPrefix(id, entryPrefix) }

// Read reads a kept entry.
func Read(data []byte) (Entry, error) {
	var e Entry
	if err := json.Unmarshal(data, &e); err != nil {
		return Entry{}, fmt.Errorf("read entry: %w", err)
	}
	return e, nil
}

// Verify checks the chain of entries in their order. The error names the first entry that was changed or is missing.
func Verify(entries []Entry) error {
	prev := ""
	for i, e := range entries {
		kept := e.Hash
		if e.Number != i+1 || e.Prev != prev || e.Seal() != kept {
			return fmt.Errorf("casefile: entry %d does not fit the one before it", i+1)
		}
		prev = kept
	}
	return nil
}
