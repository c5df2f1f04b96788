package flows

import (
	"fmt"
	"sort"
	"strings"
)

// Severity says whether a fault may go out to people.
type Severity int

// The severities.
const (
	MustFix Severity = iota // the flow would break, mislead or harm somebody
	MayFix                  // the flow works; an author should look
)

// String returns "must fix" or "may fix".
func (s Severity) String() string {
	if s == MayFix {
		return "may fix"
	}
	return "must fix"
}

// Fault is one thing wrong with a flow.
type Fault struct {
	File     string // "flows/menu.yaml"
	Line     int    // counted from 1; 0 when the whole file is meant
	Severity Severity
	Text     string // what is wrong, and what to do
}

// String returns "flows/menu.yaml:5: what is wrong".
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

// MustFix returns those that have to be fixed.
func (fs Faults) MustFix() Faults {
	var must Faults
	for _, f := range fs {
		if f.Severity == MustFix {
			must = append(must, f)
		}
	}
	return must
}

// sorted returns the faults by file, line and severity, each once.
func (fs Faults) sorted() Faults {
	sort.SliceStable(fs, func(i, j int) bool {
		a, b := fs[i], fs[j]
		switch {
		case a.File != b.File:
			return a.File < b.File
		case a.Line != b.Line:
			return a.Line < b.Line
		case a.Severity != b.Severity:
			return a.Severity < b.Severity
		}
		return a.Text < b.Text
	})
	once := fs[:0]
	for i, f := range fs {
		if i == 0 || f != fs[i-1] {
			once = append(once, f)
		}
	}
	return once
}

// hint returns ` (did you mean "x"?)` for the word of known that is closest to the one written, or "".
func hint(written string, known []string) string {
	best, least := "", (len(written)+1)/3+1
	for _, k := range known {
		if d := distance(written, k); d < least {
			best, least = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}

// distance counts the bytes to insert, delete or change to turn a into b. Long words are not compared.
func distance(a, b string) int {
	const longest = 64
	if len(a) > longest || len(b) > longest {
		return longest
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
