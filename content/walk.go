package content

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// walker holds one file against the type it is read into.
type walker struct {
	r      *reader
	file   string
	broken bool // of the wrong shape: it cannot be decoded
}

var (
	dateType   = reflect.TypeFor[Date]()
	phraseType = reflect.TypeFor[Phrase]()
)

// walk checks a node against a type and a rule and notes every leaf below it.
func (w *walker) walk(n *yaml.Node, t reflect.Type, path string, ru rule, depth int) {
	switch {
	case depth > maxDepth:
		w.wrong(n, "nested too deep")
		return
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		w.wrong(n, "no anchors and aliases: write it out")
		return
	case n.Style&yaml.TaggedStyle != 0:
		w.wrong(n, "no tags like %s", n.Tag)
		return
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" {
		w.nothing(n, path, ru)
		return
	}
	switch {
	case t == dateType:
		w.date(n, path, ru)
	case t.Kind() == reflect.Struct:
		w.mapping(n, t, path, depth)
	case t.Kind() == reflect.Map:
		w.entries(n, t.Elem(), path, ru, depth)
	case t.Kind() == reflect.Slice:
		w.list(n, t.Elem(), path, ru, depth)
	default:
		w.scalar(n, t, path, ru)
	}
}

// wrong reports a node of the wrong shape.
func (w *walker) wrong(n *yaml.Node, format string, args ...any) {
	w.broken = true
	w.r.fault(w.file, n.Line, format, args...)
}

// fault reports a node whose value is wrong.
func (w *walker) fault(n *yaml.Node, format string, args ...any) {
	w.r.fault(w.file, n.Line, format, args...)
}

// note keeps a leaf.
func (w *walker) note(n *yaml.Node, path string, ru rule) {
	l := leaf{file: w.file, path: path, line: n.Line, value: n.Value, rule: ru, scalar: n.Kind == yaml.ScalarNode}
	w.r.leaves = append(w.r.leaves, l)
	if ru.ref != "" && l.scalar {
		w.r.refs = append(w.r.refs, l)
	}
}

// nothing is a key without a value, or null.
func (w *walker) nothing(n *yaml.Node, path string, ru rule) {
	if ru.need {
		w.fault(n, "%s is empty", named(path))
	}
}

// named is how a fault calls what lies at path: its last key.
func named(path string) string {
	if path == "" {
		return "the file"
	}
	return strconv.Quote(path[strings.LastIndexByte(path, '.')+1:])
}

// keys yields the keys and values of a mapping, each key once and plain.
func (w *walker) keys(n *yaml.Node, path string, each func(key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		w.wrong(n, "%s has to be keys and values", named(path))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch key := n.Content[i]; {
		case key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" || key.Style&yaml.TaggedStyle != 0 || key.Anchor != "":
			w.wrong(key, "a key has to be a plain word")
		case seen[key.Value]:
			w.wrong(key, "%q is there twice", key.Value)
		default:
			seen[key.Value] = true
			each(key, n.Content[i+1])
		}
	}
}

// mapping checks a struct: only keys it has, and all it needs.
func (w *walker) mapping(n *yaml.Node, t reflect.Type, path string, depth int) {
	fields, met := w.r.fields[t]
	if !met {
		fields = fieldsOf(t)
		w.r.fields[t] = fields
	}
	missing := map[string]bool{}
	var names []string
	for _, f := range fields {
		missing[f.key] = f.rule.need
		names = append(names, f.key)
	}
	w.note(n, path, rule{})
	w.keys(n, path, func(key, value *yaml.Node) {
		i := slices.Index(names, key.Value)
		if i < 0 {
			w.wrong(key, "no key %q here%s", key.Value, meant(key.Value, names))
			return
		}
		delete(missing, key.Value)
		w.walk(value, fields[i].typ, join(path, key.Value), fields[i].rule, depth+1)
	})
	for _, name := range names {
		if missing[name] && n.Kind == yaml.MappingNode {
			w.fault(n, "%q is missing", name)
		}
	}
}

// entries checks a map, whose keys may be anything or ids.
func (w *walker) entries(n *yaml.Node, t reflect.Type, path string, ru rule, depth int) {
	inner := rule{need: true}
	w.note(n, path, rule{})
	w.keys(n, path, func(key, value *yaml.Node) {
		w.note(key, join(path, key.Value), rule{ref: ru.ref, quiet: true})
		if ru.ref == "" && !keyForm.MatchString(key.Value) {
			w.fault(key, "%q is no key: small letters, digits, _ and . only", key.Value)
		}
		w.walk(value, t, join(path, key.Value), inner, depth+1)
	})
	if ru.need && n.Kind == yaml.MappingNode && len(n.Content) == 0 {
		w.fault(n, "%s is empty", named(path))
	}
}

// list checks a slice and each item of it.
func (w *walker) list(n *yaml.Node, t reflect.Type, path string, ru rule, depth int) {
	if n.Kind != yaml.SequenceNode {
		w.wrong(n, "%s has to be a list", named(path))
		return
	}
	if ru.need && len(n.Content) == 0 {
		w.fault(n, "%s is empty", named(path))
	}
	w.note(n, path, rule{})
	ru.need = true
	seen := map[string]bool{}
	for i, item := range n.Content {
		w.walk(item, t, fmt.Sprintf("%s[%d]", path, i), ru, depth+1)
		if item.Kind == yaml.ScalarNode && seen[item.Value] {
			w.fault(item, "%q is there twice", item.Value)
		}
		seen[item.Value] = true
	}
}

// date checks a day.
func (w *walker) date(n *yaml.Node, path string, ru rule) {
	if n.Kind != yaml.ScalarNode {
		w.wrong(n, "%s has to be a day like 2026-11-21", named(path))
		return
	}
	ru.quiet = true
	w.note(n, path, ru)
	if _, err := ParseDate(n.Value); err != nil {
		w.wrong(n, "%v", err)
	} else if n.Value == "" {
		w.nothing(n, path, ru)
	}
}

// scalar checks a text, a number or a yes.
func (w *walker) scalar(n *yaml.Node, t reflect.Type, path string, ru rule) {
	if n.Kind != yaml.ScalarNode {
		w.wrong(n, "%s has to be one text, not a list or keys", named(path))
		return
	}
	w.note(n, path, ru)
	switch t.Kind() {
	case reflect.Bool:
		if n.ShortTag() != "!!bool" {
			w.wrong(n, "%s has to be true or false", named(path))
		}
	case reflect.Int:
		if v, err := strconv.Atoi(n.Value); err != nil || n.ShortTag() != "!!int" {
			w.wrong(n, "%s has to be a number", named(path))
		} else if v < ru.low || v > ru.high {
			w.fault(n, "%s is %d, it has to be from %d to %d", named(path), v, ru.low, ru.high)
		}
	case reflect.String:
		if tag := n.ShortTag(); tag != "!!str" && tag != "!!int" {
			w.wrong(n, "%s has to be a text: put %s in quotes", named(path), n.Value)
			return
		}
		w.text(n, path, ru)
	default:
		panic("content: no rule for " + t.String())
	}
}

var (
	digits  = regexp.MustCompile(`^[0-9]{3,12}$`)
	keyForm = regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)*$`)
)

// text checks a text against its rule.
func (w *walker) text(n *yaml.Node, path string, ru rule) {
	s := n.Value
	switch {
	case s == "":
		w.nothing(n, path, ru)
		return
	case s != strings.TrimSpace(s):
		w.fault(n, "%s begins or ends with a space or an empty line: use |- and no spaces", named(path))
	case strings.ContainsFunc(s, func(c rune) bool { return c != '\n' && unicode.IsControl(c) || c == utf8.RuneError || c == '\ufeff' }):
		w.fault(n, "%s holds a character nobody can read", named(path))
	}
	if length := utf8.RuneCountInString(s); ru.max > 0 && length > ru.max {
		w.fault(n, "%s has %d characters, at most %d fit", named(path), length, ru.max)
	}
	if len(ru.one) > 0 && !slices.Contains(ru.one, s) {
		w.fault(n, "%s is %q%s: it has to be %s", named(path), s, meant(s, ru.one), strings.Join(ru.one, ", "))
	}
	switch ru.form {
	case "id":
		if !idForm.MatchString(s) {
			w.fault(n, "%q is no id: small letters, digits, _ and - only", s)
		}
	case "digits":
		if !digits.MatchString(s) {
			w.fault(n, "%q is no number to dial: digits only", s)
		}
	case "phrase":
		if what := Phrase(s).fault(); what != "" {
			w.fault(n, "phrase %q %s", s, what)
		}
	}
}

// fault says what is wrong with the form of a phrase, "" if nothing.
func (p Phrase) fault() string {
	positive := false
	for word := range strings.SplitSeq(string(p), " ") {
		rest, not := strings.CutPrefix(word, "!")
		positive = positive || !not
		for either := range strings.SplitSeq(rest, "|") {
			if either == "" {
				return "has an empty word: one space between words, something on both sides of |"
			}
			if strings.Contains(either, "!") {
				return "has a ! that does not begin a word"
			}
		}
	}
	if !positive {
		return "needs a word that has to occur"
	}
	return ""
}

// join makes the path of a key.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
