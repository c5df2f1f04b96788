package content

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

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
	clock   = regexp.MustCompile(`^(?:[01][0-9]|2[0-3]):[0-5][0-9]$`)
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
	case "clock":
		if !clock.MatchString(s) {
			w.fault(n, "%q is no time of day: write 22:00", s)
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
