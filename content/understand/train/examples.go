// Package train fits the model of package model to labelled examples, and measures how well a text is understood.
package train

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Example is one labelled text. docs/understanding.md says what the fields mean.
type Example struct {
	ID         string   `json:"id"`
	Text       string   `json:"text"`
	Labels     []string `json:"labels"`     // conduct that the text shows as done or announces, and what is told apart from conduct
	Threatened []string `json:"threatened"` // of these, what is only announced
	Negated    []string `json:"negated"`    // what it says did not happen
	Asked      []string `json:"asked"`      // what it asks about or supposes
	Intent     string   `json:"intent"`     // what is wanted
	Alt        []string `json:"alt"`        // intents that are as right
	AltIntents []string `json:"alt_intents"`
	Origin     string   `json:"origin"`
	Source     string   `json:"source"`
	Note       string   `json:"note"`

	Kind     Kind   `json:"-"`
	Where    string `json:"-"` // file:line
	Labelled bool   `json:"-"` // Labels count; a question that gives none is silent on them
}

// Kind is who speaks in an example.
type Kind byte

// The kinds, by a word in the file's name.
const (
	Collector Kind = iota // messages: what collectors and other senders write or say
	Turn                  // turns: what a person tells the bot
	Question              // questions: what a person asks the bot
)

var kinds = []string{"messages", "turns", "questions"}

// Load reads every .jsonl file of a folder. The error, in Chinese for the authors, names the file and the line.
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

// maxExample is the size of a line, in bytes.
const maxExample = 64 << 10

// read reads the lines of one file.
func read(name string, data []byte) ([]Example, error) {
	kind := slices.IndexFunc(kinds, func(k string) bool { return strings.Contains(path.Base(name), k) })
	if kind < 0 {
		return nil, fmt.Errorf("%s：文件名里要有 %s 中的一个", name, strings.Join(kinds, "、"))
	}
	var all []Example
	lines := bufio.NewScanner(bytes.NewReader(data))
	lines.Buffer(nil, maxExample)
	n := 1
	for ; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		e := Example{Kind: Kind(kind), Where: fmt.Sprintf("%s:%d", name, n)}
		dec := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&e); err != nil {
			return nil, fmt.Errorf("%s：这一行不是写对了的 JSON，或有不认识的键", e.Where)
		}
		e.Alt = append(e.Alt, e.AltIntents...)
		e.Labelled = e.Kind != Question || len(e.Labels)+len(e.Negated)+len(e.Asked) > 0
		if err := e.check(); err != nil {
			return nil, fmt.Errorf("%s：%w", e.Where, err)
		}
		all = append(all, e)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d：这一行太长", name, n)
	}
	return all, nil
}

// check says what does not go together.
func (e *Example) check() error {
	if strings.TrimSpace(e.Text) == "" {
		return errors.New("没有 text")
	}
	for _, l := range slices.Concat(e.Labels, e.Threatened, e.Negated, e.Asked) {
		if !slices.Contains(Labels, l) {
			return fmt.Errorf("没有 %s 这个标签", l)
		}
	}
	for _, i := range append(slices.Clone(e.Alt), e.Intent) {
		if i != "" && !slices.Contains(Intents, i) {
			return fmt.Errorf("没有 %s 这个 intent", i)
		}
	}
	for _, l := range e.Threatened {
		if !slices.Contains(e.Labels, l) {
			return fmt.Errorf("%s 在 threatened 里，不在 labels 里", l)
		}
	}
	for _, l := range slices.Concat(e.Negated, e.Asked) {
		if slices.Contains(e.Labels, l) {
			return fmt.Errorf("%s 既在 labels 里，又在 negated 或 asked 里", l)
		}
	}
	for _, l := range []string{"other", "lawful_collection"} {
		if len(e.Labels) > 1 && slices.Contains(e.Labels, l) {
			return fmt.Errorf("%s 只能单独出现", l)
		}
	}
	return nil
}
