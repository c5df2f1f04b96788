package flows

import (
	"fmt"
	"strings"
)

// ParseTemplate cuts a text at its {slot}s. "{{" is a literal "{", and "}}" a literal "}". The error says which brace
// is wrong.
func ParseTemplate(text string) (Template, error) {
	t := Template{Text: text}
	if !strings.ContainsAny(text, "{}") {
		if text != "" {
			t.Parts = []Part{{Fixed: text}}
		}
		return t, nil
	}
	var fixed strings.Builder
	for rest := text; rest != ""; {
		cut := strings.IndexAny(rest, "{}")
		if cut < 0 {
			fixed.WriteString(rest)
			break
		}
		fixed.WriteString(rest[:cut])
		brace := rest[cut]
		rest = rest[cut+1:]
		if brace == '}' || strings.HasPrefix(rest, "{") {
			fixed.WriteByte(brace)
			if rest != "" && rest[0] == brace {
				rest = rest[1:]
			}
			continue
		}
		end := strings.IndexAny(rest, "{}\n")
		if end < 0 || rest[end] != '}' {
			return t, fmt.Errorf(`"{" is not closed; write "{{" for a brace`)
		}
		slot := rest[:end]
		if !isID(slot) {
			return t, fmt.Errorf("%q is no slot; write {slot_name}, or {{ for a brace", "{"+slot+"}")
		}
		if fixed.Len() > 0 {
			t.Parts = append(t.Parts, Part{Fixed: fixed.String()})
			fixed.Reset()
		}
		t.Parts = append(t.Parts, Part{Slot: slot})
		rest = rest[end+1:]
	}
	if fixed.Len() > 0 {
		t.Parts = append(t.Parts, Part{Fixed: fixed.String()})
	}
	return t, nil
}

// Empty reports whether the template renders to nothing whatever the slots hold.
func (t Template) Empty() bool { return len(t.Parts) == 0 }

// Fixed reports whether the template has no slot, and so renders to the same words always.
func (t Template) Fixed() bool {
	for _, p := range t.Parts {
		if p.Slot != "" {
			return false
		}
	}
	return true
}

// Slots returns the names of the slots in it, in order, repeats included.
func (t Template) Slots() []string {
	var names []string
	for _, p := range t.Parts {
		if p.Slot != "" {
			names = append(names, p.Slot)
		}
	}
	return names
}

// Render fills in the slots with what value returns for their names. A fixed template costs no allocation, one with up
// to eight parts a single one.
func (t Template) Render(value func(slot string) string) string {
	switch len(t.Parts) {
	case 0:
		return ""
	case 1:
		if p := t.Parts[0]; p.Slot != "" {
			return value(p.Slot)
		}
		return t.Parts[0].Fixed
	}
	var few [8]string
	pieces, size := few[:0], 0
	for _, p := range t.Parts {
		piece := p.Fixed
		if p.Slot != "" {
			piece = value(p.Slot)
		}
		pieces = append(pieces, piece)
		size += len(piece)
	}
	var b strings.Builder
	b.Grow(size)
	for _, piece := range pieces {
		b.WriteString(piece)
	}
	return b.String()
}

// maxID is the length of the longest id, in characters.
const maxID = 32

// isID reports whether s is an English snake_case id.
func isID(s string) bool {
	if s == "" || len(s) > maxID || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}
