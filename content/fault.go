package content

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a fault may go out to people.
type Severity int

// The severities.
const (
	MustFix Severity = iota // it would mislead, break or harm
	MayFix                  // it works; an author should look
)

// String returns "must fix" or "may fix".
func (s Severity) String() string {
	if s == MayFix {
		return "may fix"
	}
	return "must fix"
}

// Fault is one thing wrong with the content.
type Fault struct {
	File     string // "content/conducts/x.yaml"
	Line     int    // counted from 1; 0 when the whole file is meant
	Severity Severity
	Text     string // what is wrong, and what to do
}

// String returns "content/conducts/x.yaml:5: what is wrong".
func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Faults are several faults at once. As an error it lists them, one a line.
type Faults []Fault

// Error lists the faults, one a line; those that may stay are marked.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
		if f.Severity == MayFix {
			lines[i] += " (may fix)"
		}
	}
	return strings.Join(lines, "\n")
}

// MustFix returns those that have to be fixed before people read the content.
func (fs Faults) MustFix() Faults {
	var must Faults
	for _, f := range fs {
		if f.Severity == MustFix {
			must = append(must, f)
		}
	}
	return must
}

// sorted orders the faults by file, line, severity and text, each once.
func (fs Faults) sorted() Faults {
	slices.SortFunc(fs, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Severity, b.Severity), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(fs)
}

// meant returns `, did you mean "laws"` for the candidate nearest to word, or "" where none is near.
func meant(word string, candidates []string) string {
	best, least := "", min(3, 1+len([]rune(word))/3)
	for _, c := range slices.Sorted(slices.Values(candidates)) {
		if d := distance(word, c); d < least {
			best, least = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q", best)
}

// distance counts the characters to add, drop, change or swap with their neighbour to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 64 || len(y) > 64 {
		return 64
	}
	older, old, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range old {
		old[j] = j
	}
	for i := range x {
		row[0] = i + 1
		for j := range y {
			change := old[j]
			if x[i] != y[j] {
				change++
			}
			row[j+1] = min(change, old[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
		older, old, row = old, row, older
	}
	return old[len(y)]
}
