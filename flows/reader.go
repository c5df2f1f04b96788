package flows

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// reader reads one file and gathers its faults.
type reader struct {
	file   string
	faults Faults
}

func (r *reader) fault(line int, format string, args ...any) {
	r.faults = append(r.faults, Fault{File: r.file, Line: line, Severity: MustFix, Text: fmt.Sprintf(format, args...)})
}

// fields are the values of one mapping. Its methods read them; a key that is not there reads as nothing.
type fields struct {
	*reader
	what   string
	line   int
	values map[string]*yaml.Node
	order  []string // keys as written
}

// fields reads a mapping that may have only the keys given.
func (r *reader) fields(n *yaml.Node, what string, keys []key) fields {
	f := r.mapping(n, what)
	known := names(keys)
	for _, k := range f.order {
		if !slices.Contains(known, k) {
			r.fault(f.keyLine(k), "unknown key %q in a %s%s", k, what, hint(k, known))
		}
	}
	for _, k := range keys {
		if k.must && f.values[k.name] == nil && n.Kind == yaml.MappingNode {
			r.fault(f.line, "a %s needs %q", what, k.name)
		}
	}
	return f
}

// mapping reads a mapping with any keys.
func (r *reader) mapping(n *yaml.Node, what string) fields {
	f := fields{reader: r, what: what, line: n.Line, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		r.fault(n.Line, "a %s is a mapping of keys and values, not %s", what, describe(n))
		return f
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Kind != yaml.ScalarNode {
			r.fault(k.Line, "a key has to be a word, not %s", describe(k))
			continue
		}
		if _, twice := f.values[k.Value]; twice {
			r.fault(k.Line, "the key %q is there twice", k.Value)
			continue
		}
		f.values[k.Value] = v
		f.order = append(f.order, k.Value)
	}
	return f
}

// keyLine is the line a key's value begins in.
func (f fields) keyLine(k string) int { return f.values[k].Line }

// has reports whether the key is there.
func (f fields) has(k string) bool { return f.values[k] != nil }

// text reads words, trimmed of blank lines at the end.
func (f fields) text(k string) string {
	v := f.values[k]
	if v == nil {
		return ""
	}
	return f.scalar(v, k)
}

// scalar reads one value as words: a string or a number as written. What YAML might take for true, false or nothing
// has to be quoted.
func (r *reader) scalar(n *yaml.Node, k string) string {
	switch {
	case n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[1].ShortTag() == "!!null":
		r.fault(n.Line, `%q: quote a value that begins with a brace: "{%s}"`, k, n.Content[0].Value)
	case n.Kind != yaml.ScalarNode:
		r.fault(n.Line, "%q is a text, not %s", k, describe(n))
	case n.Style == 0 && n.ShortTag() == "!!null":
		r.fault(n.Line, "%q has no value; quote it if the word %q is meant", k, n.Value)
	case n.Style == 0 && truthy(n.Value):
		r.fault(n.Line, `%q: YAML may read %s as true or false; quote it: "%s"`, k, n.Value, n.Value)
	case strings.TrimSpace(n.Value) == "":
		r.fault(n.Line, "%q is empty", k)
	default:
		return strings.TrimRight(n.Value, "\n ")
	}
	return ""
}

// truthy reports whether some YAML reader takes the plain word for true or false.
func truthy(s string) bool {
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "y", "n":
		return true
	}
	return false
}

// flag reads true or false.
func (f fields) flag(k string) bool {
	v := f.values[k]
	if v == nil {
		return false
	}
	if v.Kind != yaml.ScalarNode || v.Style != 0 || v.Value != "true" && v.Value != "false" {
		f.fault(v.Line, "%q is true or false, not %s", k, describe(v))
	}
	return v.Value == "true"
}

// number reads a whole number from 0 to most.
func (f fields) number(k string, most int) int {
	v := f.values[k]
	if v == nil {
		return 0
	}
	n, err := strconv.Atoi(v.Value)
	if v.Kind != yaml.ScalarNode || err != nil || n < 0 || n > most {
		f.fault(v.Line, "%q is a whole number up to %d, not %s", k, most, describe(v))
		return 0
	}
	return n
}

// id reads an id.
func (f fields) id(k string) string {
	s := f.text(k)
	if s != "" && !isID(s) {
		f.fault(f.keyLine(k), "%q: %q is no id: English snake_case, at most %d characters", k, s, maxID)
	}
	return s
}

// word reads one of a closed set of words.
func (f fields) word(k string, known []string) string {
	s := f.text(k)
	if s != "" && !slices.Contains(known, s) {
		f.fault(f.keyLine(k), "%q: unknown word %q%s; one of: %s", k, s, hint(s, known), strings.Join(known, " "))
	}
	return s
}

// list reads a list with at most so many items.
func (f fields) list(k string, most int) []*yaml.Node {
	v := f.values[k]
	switch {
	case v == nil:
		return nil
	case v.Kind != yaml.SequenceNode:
		f.fault(v.Line, "%q is a list, not %s", k, describe(v))
		return nil
	case len(v.Content) > most:
		f.fault(v.Line, "%q has more than %d items", k, most)
		return v.Content[:most]
	}
	return v.Content
}

// texts reads a list of words.
func (f fields) texts(k string) []string {
	var out []string
	for _, n := range f.list(k, 200) {
		if s := f.scalar(n, k); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// template reads a text with {slot} in it.
func (f fields) template(k string) Template {
	s := f.text(k)
	t, err := ParseTemplate(s)
	if err != nil {
		f.fault(f.keyLine(k), "%q: %v", k, err)
	}
	return t
}

// describe names what an author wrote.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	if len(n.Value) > 40 {
		return "a text"
	}
	return strconv.Quote(n.Value)
}
