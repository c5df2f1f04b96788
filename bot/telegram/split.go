package telegram

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Telegram counts text in UTF-16 units.
const (
	maxText    = 4096
	maxCaption = 1024
	maxCopy    = 256
	maxData    = 64 // bytes
)

// units is the length of a text as Telegram counts it.
func units(text string) (n int) {
	for _, r := range text {
		if n++; r >= 0x10000 {
			n++
		}
	}
	return n
}

// span is a stretch of a text, in bytes.
type span struct{ from, to int }

// split cuts a text into stretches of at most limit units: at the end of a paragraph, else of a line, else of a
// sentence, else of a clause, and only else anywhere. White space at the cuts is left out.
func split(text string, limit int) []span {
	var out []span
	for from := skip(text, 0); from < len(text); {
		to := len(text)
		if end := reach(text, from, limit); end < to {
			to = cut(text, from, end)
		}
		end := from + len(strings.TrimRightFunc(text[from:to], unicode.IsSpace))
		if end > from {
			out = append(out, span{from, end})
		}
		from = skip(text, to)
	}
	return out
}

// skip passes over white space.
func skip(text string, from int) int {
	return len(text) - len(strings.TrimLeftFunc(text[from:], unicode.IsSpace))
}

// reach is how far limit units go.
func reach(text string, from, limit int) int {
	n := 0
	for i, r := range text[from:] {
		if n++; r >= 0x10000 {
			n++
		}
		if n > limit {
			return from + i
		}
	}
	return len(text)
}

// ends are where a text may be cut, the best first.
var ends = []string{"\n", "。！？!?；;…", "，、,：: ）)」』”"}

// cut finds the best place to cut text[from:end], past its half.
func cut(text string, from, end int) int {
	part := text[from:end]
	half := len(part) / 2
	if i := strings.LastIndex(part, "\n\n"); i > half {
		return from + i
	}
	for _, set := range ends {
		i := strings.LastIndexAny(part, set)
		if i < 0 {
			continue
		}
		_, size := utf8.DecodeRuneInString(part[i:])
		if i += size; i <= half {
			continue
		}
		for i < len(part) { // what closes a quotation stays with it
			r, size := utf8.DecodeRuneInString(part[i:])
			if !strings.ContainsRune("」』”’）)", r) {
				break
			}
			i += size
		}
		return from + i
	}
	return whole(text, from, end)
}

// whole moves a cut back so that it parts no letter from its marks: joined emoji, variation selectors, combining marks.
func whole(text string, from, end int) int {
	for i := end; i > from; {
		next, _ := utf8.DecodeRuneInString(text[i:])
		last, size := utf8.DecodeLastRuneInString(text[from:i])
		if !joins(next) && last != '\u200d' {
			return i
		}
		i -= size
	}
	return end
}

func joins(r rune) bool {
	return r == '\u200d' || unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Me, r) || unicode.Is(unicode.Variation_Selector, r) ||
		r >= 0x1f3fb && r <= 0x1f3ff
}
