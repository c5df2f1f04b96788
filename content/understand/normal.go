package understand

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxRunes is how much of a text is read, in runes.
const MaxRunes = 4000

// Normal is a text in the form in which it is read: half width, lower case, Simplified, without pictures and without
// the marks and spaces that people and collectors put inside words (催*收, 催 收), homophones undone (cui收). It knows
// where each piece came from.
type Normal struct {
	Text string // what is read; offsets are bytes in it
	Cut  bool   // the text was longer than MaxRunes; what lies beyond was not read

	original string
	marks    []mark // one for each rune of Text
}

// mark ties a rune that stands at byte at of Text to the bytes [from, to) of the original.
type mark struct{ at, from, to int32 }

// Original gives the words of the original that Text[from:to] was made of. Offsets inside a rune mean that rune.
func (n Normal) Original(from, to int) string {
	i := sort.Search(len(n.marks), func(i int) bool { return int(n.marks[i].at) > from }) - 1
	j := sort.Search(len(n.marks), func(i int) bool { return int(n.marks[i].at) >= to }) - 1
	if i < 0 || j < i {
		return ""
	}
	return n.original[n.marks[i].from:n.marks[j].to]
}

// kind of a rune, as far as reading goes.
type kind byte

const (
	letter    kind = iota // part of a word; also marks that stay where they are
	space                 // blanks and pictures
	masking               // what is put between characters to hide a word
	invisible             // dropped everywhere
	breaking              // ends a clause
)

func kindOf(r rune) kind {
	switch r {
	case ' ', '\t', '—', '–', '―':
		return space
	case '\n', ',', '。', '!', '?', ';', '…':
		return breaking
	case '*', '^', '~', '_', '|', '`', '#', '·', '•', '=', '.', '/', '\\', '-', '+', '●', '×', '、', '﹡', '✱':
		return masking
	case '"', '\'', '“', '”', '‘', '’', '「', '」', '『', '』', utf8.RuneError:
		return invisible
	case '¥', '°':
		return letter
	}
	switch {
	case r < utf8.RuneSelf && r >= ' ' && r != 0x7f || r >= 0x4e00 && r <= 0x9fff:
		return letter
	case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.M), r >= 0xfe00 && r <= 0xfe0f:
		return invisible
	case unicode.IsSpace(r), unicode.IsSymbol(r):
		return space
	}
	return letter
}

// glyph is a rune on its way into a Normal.
type glyph struct {
	r        rune
	kind     kind
	from, to int32
}

// Normalise makes the form that is read. Its cost is linear, and bounded by MaxRunes.
func Normalise(text string) Normal {
	n := Normal{original: text}
	in := make([]glyph, 0, min(len(text)/3+8, MaxRunes))
	traditional, count := false, 0
	for at, r := range text {
		if count++; count > MaxRunes {
			n.Cut = true
			break
		}
		r = fold(r)
		k := kindOf(r)
		if k == invisible {
			continue
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		traditional = traditional || maybeTraditional(r)
		in = append(in, glyph{r, k, int32(at), int32(at + size)})
	}
	out := closeGaps(in)
	if traditional {
		simplifyGlyphs(out)
	}
	out = undoVariants(out)
	var b strings.Builder
	b.Grow(len(text))
	n.marks = make([]mark, len(out))
	for i, g := range out {
		n.marks[i] = mark{int32(b.Len()), g.from, g.to}
		b.WriteRune(g.r)
	}
	n.Text = b.String()
	return n
}

// longWord is the length from which words on both sides of a blank are taken for two clauses.
const longWord = 4

// closeGaps drops the blanks, pictures and masking marks inside words; in is overwritten.
func closeGaps(in []glyph) []glyph {
	out := in[:0]
	before := 0 // Chinese characters since the last blank or break
	for i := 0; i < len(in); {
		g := in[i]
		if g.kind == letter || g.kind == breaking {
			if g.kind == breaking {
				before = 0
			} else if isHan(g.r) {
				before++
			}
			out = append(out, g)
			i++
			continue
		}
		end, blank := i, false // a run of blanks and masking marks
		for end < len(in) && (in[end].kind == space || in[end].kind == masking) {
			blank = blank || in[end].kind == space
			end++
		}
		if len(out) > 0 && end < len(in) {
			if l, r := out[len(out)-1], in[end]; isHan(l.r) && isHan(r.r) {
				if blank && before >= longWord && wordLength(in[end:]) >= longWord {
					out = append(out, glyph{' ', breaking, g.from, in[end-1].to})
				} else if !blank && end == i+1 && g.r == '、' {
					out = append(out, g)
				}
			} else {
				out = keepRun(out, in[i:end], isWord(l.r) && isWord(r.r))
			}
		} else {
			out = keepRun(out, in[i:end], false)
		}
		if blank {
			before = 0
		}
		i = end
	}
	return out
}

// keepRun keeps the marks of a run that hides nothing (138****1234, 3-5), and one blank between Latin words.
func keepRun(out, run []glyph, blank bool) []glyph {
	for _, g := range run {
		if g.kind == masking {
			out = append(out, g)
		} else if blank && g.r == ' ' && out[len(out)-1].r != ' ' {
			out = append(out, g)
		}
	}
	return out
}

func wordLength(in []glyph) (n int) {
	for _, g := range in {
		if g.kind == space || g.kind == breaking || n == longWord {
			break
		}
		if isHan(g.r) {
			n++
		}
	}
	return n
}

func isHan(r rune) bool {
	return r >= firstHan && r <= lastHan || r >= 0x20000 && r < 0x40000 || r == '〇'
}
func isWord(r rune) bool { return 'a' <= r && r <= 'z' || '0' <= r && r <= '9' }

func simplifyGlyphs(gs []glyph) {
	runes := make([]rune, len(gs))
	for i, g := range gs {
		runes[i] = g.r
	}
	for i, r := range simplify(runes) {
		gs[i].r = r
	}
}
