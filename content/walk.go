package content

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

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
		if item.Kind == yaml.ScalarNode && item.ShortTag() != "!!int" && seen[item.Value] { // 30 日 and 30 日 more are two things
			w.fault(item, "%q is there twice", item.Value)
		}
		seen[item.Value] = true
	}
}

// join makes the path of a key.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
