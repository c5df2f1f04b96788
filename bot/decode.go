package bot

import (
	"strings"
	"unicode/utf8"
)

// decode reads what encode wrote. It is false for anything else, however valid as JSON: the caller then reads with
// encoding/json. Strings are parts of one copy of the data, so a session costs a handful of allocations.
func (s *Session) decode(data []byte) bool {
	r := &sessionReader{s: string(data)}
	if !utf8.ValidString(r.s) || !r.skip('{') {
		return false
	}
	for {
		key := r.str()
		if r.bad || !r.skip(':') || !s.field(r, key) || r.bad {
			return false
		}
		if r.skip(',') {
			continue
		}
		return r.skip('}') && r.i == len(r.s)
	}
}

// field reads the value of a key; false for an unknown key.
func (s *Session) field(r *sessionReader, key string) bool {
	switch key {
	case "user":
		s.User = UserID(r.str())
	case "turn":
		s.Turn = r.int()
	case "at":
		s.At = int64(r.int())
	case "met":
		s.Met = r.literal("true")
		return s.Met
	case "flow":
		s.Flow = r.str()
	case "step":
		s.Step = r.str()
	case "hash":
		s.Hash = r.str()
	case "stack":
		s.Stack = r.list()
	case "paused":
		s.Paused = r.list()
	case "slots":
		s.Slots = readMap(r, (*sessionReader).str)
	case "seen":
		s.Seen = r.str()
	case "misses":
		s.Misses = r.int()
	case "back":
		s.Back = r.str()
	case "hints":
		s.Hints = readMap(r, (*sessionReader).str)
	case "shown":
		s.Shown = readMap(r, (*sessionReader).int)
	case "joined":
		s.Joined = r.str()
	case "buttons":
		s.Buttons = r.list()
	case "entries":
		s.Entries = r.int()
	case "chain":
		s.Chain = r.str()
	case "files":
		s.Files = r.int()
	case "grave":
		s.Grave = r.int()
	default:
		return false
	}
	return true
}

// sessionReader reads the JSON that encode writes: no blanks, no fractions.
type sessionReader struct {
	s   string
	i   int
	bad bool
}

func (r *sessionReader) skip(c byte) bool {
	if r.i < len(r.s) && r.s[r.i] == c {
		r.i++
		return true
	}
	return false
}

func (r *sessionReader) literal(word string) bool {
	if !strings.HasPrefix(r.s[r.i:], word) {
		return false
	}
	r.i += len(word)
	return true
}

// int reads up to eighteen digits.
func (r *sessionReader) int() int {
	minus := r.skip('-')
	from, n := r.i, 0
	for r.i < len(r.s) && r.s[r.i] >= '0' && r.s[r.i] <= '9' {
		n = n*10 + int(r.s[r.i]-'0')
		r.i++
	}
	digits := r.i - from
	if digits == 0 || digits > 18 || digits > 1 && r.s[from] == '0' {
		r.bad = true
	}
	if minus {
		return -n
	}
	return n
}

func (r *sessionReader) str() string {
	if !r.skip('"') {
		r.bad = true
		return ""
	}
	for from := r.i; r.i < len(r.s); r.i++ {
		switch c := r.s[r.i]; {
		case c == '"':
			r.i++
			return r.s[from : r.i-1]
		case c == '\\':
			return r.escaped(from)
		case c < ' ':
			r.bad = true
			return ""
		}
	}
	r.bad = true
	return ""
}

// escaped reads a string that has an escape at r.i.
func (r *sessionReader) escaped(from int) string {
	var b strings.Builder
	b.Grow(r.i - from + max(0, strings.IndexByte(r.s[r.i:], '"'))) // about its length: a quote inside is rare
	for r.i < len(r.s) {
		c := r.s[r.i]
		if c == '"' {
			b.WriteString(r.s[from:r.i])
			r.i++
			return b.String()
		}
		if c < ' ' {
			break
		}
		if c != '\\' {
			r.i++
			continue
		}
		b.WriteString(r.s[from:r.i])
		plain, size := unescape(r.s[r.i:])
		if size == 0 {
			break
		}
		b.WriteByte(plain)
		r.i += size
		from = r.i
	}
	r.bad = true
	return ""
}

// unescape reads the escapes that encode writes; the size is 0 for others.
func unescape(s string) (plain byte, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
	case '"', '\\':
		return s[1], 2
	case 'n':
		return '\n', 2
	case 't':
		return '\t', 2
	case 'f':
		return '\f', 2
	}
	if len(s) < 6 || s[1:4] != "u00" {
		return 0, 0
	}
	hi, lo := strings.IndexByte(hexDigits, s[4]), strings.IndexByte(hexDigits, s[5])
	if hi < 0 || hi > 1 || lo < 0 {
		return 0, 0
	}
	return byte(hi<<4 | lo), 6
}

func (r *sessionReader) list() []string {
	if !r.skip('[') {
		r.bad = true
		return nil
	}
	var out []string
	for !r.bad {
		out = append(out, r.str())
		if r.skip(']') {
			return out
		}
		r.bad = r.bad || !r.skip(',')
	}
	return nil
}

func readMap[T any](r *sessionReader, value func(*sessionReader) T) map[string]T {
	if !r.skip('{') {
		r.bad = true
		return nil
	}
	out := map[string]T{}
	for !r.bad {
		key := r.str()
		r.bad = r.bad || !r.skip(':')
		out[key] = value(r)
		if r.skip('}') {
			return out
		}
		r.bad = r.bad || !r.skip(',')
	}
	return nil
}
