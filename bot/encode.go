package bot

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"
)

// encode writes the session as JSON, as encoding/json would read it back. A session is written at every message; doing
// it by hand takes a third of the time and one allocation (bench, Paired).
func (s *Session) encode() []byte {
	b := make([]byte, 0, 512+len(s.Back)+len(s.Seen))
	b = append(b, `{"user":`...)
	b = appendString(b, string(s.User))
	b = append(b, `,"turn":`...)
	b = strconv.AppendInt(b, int64(s.Turn), 10)
	b = append(b, `,"at":`...)
	b = strconv.AppendInt(b, s.At, 10)
	if s.Met {
		b = append(b, `,"met":true`...)
	}
	b = appendField(b, "flow", s.Flow)
	b = appendField(b, "step", s.Step)
	b = appendField(b, "hash", s.Hash)
	b = appendList(b, "stack", s.Stack)
	b = appendList(b, "paused", s.Paused)
	b = appendMap(b, "slots", s.Slots, appendString)
	b = appendField(b, "seen", s.Seen)
	b = appendCount(b, "misses", s.Misses)
	b = appendField(b, "back", s.Back)
	b = appendMap(b, "hints", s.Hints, appendString)
	b = appendMap(b, "shown", s.Shown, func(b []byte, n int) []byte { return strconv.AppendInt(b, int64(n), 10) })
	b = appendField(b, "joined", s.Joined)
	b = appendList(b, "buttons", s.Buttons)
	b = appendCount(b, "entries", s.Entries)
	b = appendField(b, "chain", s.Chain)
	b = appendCount(b, "files", s.Files)
	b = appendCount(b, "grave", s.Grave)
	return append(b, '}')
}

// encode writes an answer as JSON. What is seldom there is left to encoding/json.
func (a lastAnswer) encode() ([]byte, error) {
	size := 64
	for _, r := range a.Replies {
		size += 64 + len(r.Text) + 96*len(r.Choices)
	}
	b := append(make([]byte, 0, size), `{"id":`...)
	b = append(appendString(b, a.ID), `,"turn":`...)
	b = append(strconv.AppendInt(b, int64(a.Turn), 10), `,"replies":[`...)
	for i, r := range a.Replies {
		if i > 0 {
			b = append(b, ',')
		}
		if r.Card != nil || r.File != nil || !r.Due.IsZero() {
			data, err := json.Marshal(r)
			if err != nil {
				return nil, err
			}
			b = append(b, data...)
			continue
		}
		b = r.encode(b)
	}
	return append(b, "]}"...), nil
}

func (r *Reply) encode(b []byte) []byte {
	b = appendString(append(b, `{"text":`...), r.Text)
	for i, c := range r.Choices {
		if i == 0 {
			b = append(b, `,"choices":[`...)
		} else {
			b = append(b, ',')
		}
		b = appendString(append(b, `{"value":`...), c.Value)
		b = appendString(append(b, `,"label":`...), c.Label)
		b = appendField(b, "call", c.Call)
		b = append(appendField(b, "style", string(c.Style)), '}')
	}
	if len(r.Choices) > 0 {
		b = append(b, ']')
	}
	b = appendField(b, "source", r.Source)
	if r.Danger {
		b = append(b, `,"danger":true`...)
	}
	if r.Amount {
		b = append(b, `,"amount":true`...)
	}
	return append(b, '}')
}

func appendKey(b []byte, key string) []byte {
	b = append(b, `,"`...)
	b = append(b, key...)
	return append(b, `":`...)
}

func appendField(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return appendString(appendKey(b, key), value)
}

func appendCount(b []byte, key string, n int) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(appendKey(b, key), int64(n), 10)
}

func appendList(b []byte, key string, list []string) []byte {
	if len(list) == 0 {
		return b
	}
	b = append(appendKey(b, key), '[')
	for i, s := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(b, s)
	}
	return append(b, ']')
}

// appendMap writes the keys in order, so that the same session is the same bytes.
func appendMap[T any](b []byte, key string, m map[string]T, value func([]byte, T) []byte) []byte {
	if len(m) == 0 {
		return b
	}
	var few [32]string
	keys := few[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	b = append(appendKey(b, key), '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, k), ':')
		b = value(b, m[k])
	}
	return append(b, '}')
}

const hexDigits = "0123456789abcdef"

// appendString writes a JSON string; bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && size == 1 {
				b = append(append(b, s[from:i]...), "\uFFFD"...)
				from = i + 1
			}
			i += size
			continue
		}
		if c >= ' ' && c != '"' && c != '\\' {
			i++
			continue
		}
		b = append(b, s[from:i]...)
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\f':
			b = append(b, '\\', 'f')
		default:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
		i++
		from = i
	}
	return append(append(b, s[from:]...), '"')
}
