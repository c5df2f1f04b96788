package terminal

import (
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

// wide counts columns as Chinese terminals do: quotation marks and dashes are two wide.
var wide = &runewidth.Condition{EastAsianWidth: true}

// The marks that may not begin a line and those that may not end one.
const (
	closing = "，。；：？！、」』）》〉】…”’％,.;:?!)]}%"
	opening = "「『（《〈【“‘([{"
)

// Wrap breaks lines longer than width columns. Latin words and numbers stay whole where they fit, no line begins with
// a closing mark. A width under 8 wraps nothing.
func Wrap(text string, width int) string {
	if width < 8 {
		return text
	}
	var out strings.Builder
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			out.WriteByte('\n')
		}
		wrapLine(&out, line, width)
	}
	return out.String()
}

func wrapLine(out *strings.Builder, line string, width int) {
	col := 0
	for _, piece := range pieces(line) {
		w := wide.StringWidth(piece)
		if col > 0 && col+w > width {
			if strings.TrimSpace(piece) == "" {
				continue // the space a line is broken at
			}
			out.WriteByte('\n')
			col = 0
		}
		for _, r := range piece { // a piece longer than a whole line
			rw := wide.RuneWidth(r)
			if col+rw > width {
				out.WriteByte('\n')
				col = 0
			}
			out.WriteRune(r)
			col += rw
		}
	}
}

// pieces cuts a line where it may be broken: around Chinese characters and after spaces, never before a closing mark
// or after an opening one.
func pieces(line string) []string {
	var all []string
	var piece strings.Builder
	var last rune
	for _, r := range line {
		if piece.Len() > 0 && mayBreak(last, r) {
			all = append(all, piece.String())
			piece.Reset()
		}
		piece.WriteRune(r)
		last = r
	}
	if piece.Len() > 0 {
		all = append(all, piece.String())
	}
	return all
}

func mayBreak(before, after rune) bool {
	switch {
	case strings.ContainsRune(opening, before), strings.ContainsRune(closing, after):
		return false
	case unicode.IsSpace(before) != unicode.IsSpace(after):
		return true
	}
	return ideographic(before) || ideographic(after)
}

func ideographic(r rune) bool { return r >= 0x2E80 && wide.RuneWidth(r) == 2 }
