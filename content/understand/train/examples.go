// Package train fits the model of package model to labelled examples, and measures it.
package train

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Example is one labelled text. The fields mean what docs/understanding.md says.
type Example struct {
	ID         string   `json:"id,omitempty"`
	Text       string   `json:"text"`
	Labels     []string `json:"labels,omitempty"`      // conduct that the text shows as done or threatens
	Threatened []string `json:"threatened,omitempty"`  // of these, what is only announced
	Negated    []string `json:"negated,omitempty"`     // what it says did not happen
	Asked      []string `json:"asked,omitempty"`       // what it asks about or supposes
	Intent     string   `json:"intent,omitempty"`      // what is wanted
	Alt        []string `json:"alt,omitempty"`         // intents that are as right
	AltIntents []string `json:"alt_intents,omitempty"` // the same, by its longer name

	Note string `json:"note,omitempty"`

	Kind     Kind   `json:"-"`
	Where    string `json:"-"` // file:line
	Labelled bool   `json:"-"` // Labels were given, if only as an empty list
}

// Kind is who speaks in an example.
type Kind byte

// The kinds, by the beginning of the file's name.
const (
	Collector Kind = iota // messages: what collectors and other senders write or say
	Turn                  // turns: what a person tells the bot
	Question              // questions: what a person asks the bot
)

var kinds = []string{"messages", "turns", "questions"}

// Load reads every .jsonl file of a folder.
func Load(dir fs.FS) ([]Example, error) {
	names, err := fs.Glob(dir, "*.jsonl")
	if err != nil {
		return nil, err
	}
	var all []Example
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		some, err := read(name, data)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

// read reads the lines of one file.
func read(name string, data []byte) ([]Example, error) {
	kind := slices.IndexFunc(kinds, func(k string) bool { return strings.Contains(path.Base(name), k) })
	if kind < 0 {
		return nil, fmt.Errorf("%s: the name has none of %s", name, strings.Join(kinds, ", "))
	}
	var all []Example
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		e := Example{Kind: Kind(kind), Where: fmt.Sprintf("%s:%d", name, n)}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Where, err)
		}
		e.Alt = append(e.Alt, e.AltIntents...)
		e.Labelled = e.Kind != Question || len(e.Labels)+len(e.Negated)+len(e.Asked) > 0
		all = append(all, e)
	}
	return all, lines.Err()
}
