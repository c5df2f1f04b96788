package content

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxSize is the most bytes one content file may have, maxDepth how deep it may nest.
const (
	maxSize  = 1 << 20
	maxDepth = 12
)

// leaf is one scalar of a file, or the opening of a list or map.
type leaf struct {
	file, path string // "laws/mfd-1033.yaml", "laws[2]"
	line       int
	value      string
	rule       rule
	scalar     bool
}

// wordings is the form of a file in wording/.
type wordings map[string]sentence
type sentence string

// rule is a rule tag, read.
type rule struct {
	need, quote, said, warn, theirs, quiet bool
	max                                    int
	low, high                              int
	one                                    []string
	ref, form                              string
}

// parseRule reads a rule tag; a mistake in one is a bug, found by the first test.
func parseRule(tag string) (r rule) {
	for part := range strings.SplitSeq(tag, ",") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "":
		case "need":
			r.need = true
		case "quote":
			r.quote = true
		case "said":
			r.said = true
		case "theirs":
			r.theirs = true
		case "warn":
			r.warn = true
		case "quiet":
			r.quiet = true
		case "max":
			r.max, _ = strconv.Atoi(value)
		case "one":
			r.one, r.quiet = strings.Split(value, "|"), true
		case "ref":
			r.ref, r.quiet = value, true
		case "form":
			r.form, r.quiet = value, true
		case "range":
			low, high, _ := strings.Cut(value, ":")
			r.low, _ = strconv.Atoi(low)
			r.high, _ = strconv.Atoi(high)
		default:
			panic("content: rule tag " + strconv.Quote(part))
		}
	}
	return r
}

// field is one key a mapping may have.
type field struct {
	key  string
	typ  reflect.Type
	rule rule
}

// fieldsOf lists the keys of a struct in order, those of an inline struct among them.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for f := range t.Fields() {
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case !f.IsExported() || key == "-":
		case options == "inline":
			all = append(all, fieldsOf(f.Type)...)
		default:
			all = append(all, field{key, f.Type, parseRule(f.Tag.Get("rule"))})
		}
	}
	return all
}

// read reads one file into x, a pointer, and tells whether x was filled. What is wrong with it are faults.
func (r *reader) read(file string, x any) bool {
	doc := r.parse(file)
	if doc == nil {
		return false
	}
	w := walker{r: r, file: file}
	w.walk(doc, reflect.TypeOf(x).Elem(), "", rule{need: true}, 0)
	if w.broken {
		return false
	}
	if err := doc.Decode(x); err != nil {
		r.fault(file, doc.Line, "%v", err)
		return false
	}
	return true
}

// parse returns the one document of a file, nil where there is none to read.
func (r *reader) parse(file string) *yaml.Node {
	data, err := fs.ReadFile(r.fsys, file)
	switch {
	case err != nil:
		r.fault(file, 0, "cannot read it: %v", err)
		return nil
	case len(data) > maxSize:
		r.fault(file, 0, "%d bytes are too many: at most %d", len(data), maxSize)
		return nil
	case !utf8.Valid(data):
		r.fault(file, 1+bytes.Count(data[:badUTF8(data)], []byte("\n")), "this is not UTF-8")
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		r.fault(file, 0, "the file is empty")
		return nil
	} else if err != nil {
		line, text := yamlError(err)
		r.fault(file, line, "no YAML: %s", text)
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.fault(file, more.Line, "one document a file: no second one after ---")
		return nil
	}
	return doc.Content[0]
}

// badUTF8 returns where data stops being UTF-8.
func badUTF8(data []byte) int {
	for i := 0; i < len(data); {
		c, n := utf8.DecodeRune(data[i:])
		if c == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(data)
}

// yamlError takes the line out of an error of the YAML parser.
func yamlError(err error) (line int, text string) {
	text = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(text, "line "); ok {
		number, what, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			return n, what
		}
	}
	return 0, text
}

// lineOf finds the line of the leaf at path.
func lineOf(leaves []leaf, file, path string) int {
	i := slices.IndexFunc(leaves, func(l leaf) bool { return l.file == file && l.path == path })
	if i < 0 {
		return 0
	}
	return leaves[i].line
}
