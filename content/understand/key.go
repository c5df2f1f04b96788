package understand

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/longbridgeapp/opencc"
)

// Key is the form in which typed answers are compared with labels, commands and synonyms: half width, lower case,
// Simplified, without spaces, and without marks at either end (a leading "/" or "+" stays). A text already in that
// form comes back as it is, without an allocation. Only the first MaxRunes runes count.
func Key(text string) string {
	trimmed := trimMarks(text)
	if len(trimmed) > MaxRunes {
		return slowKey(trimmed)
	}
	for _, r := range trimmed {
		if !plain(r) {
			return slowKey(trimmed)
		}
	}
	return trimmed
}

// plain says that r stays as it is in a Key, wherever it stands.
func plain(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r > ' ' && r < 0x7f && (r < 'A' || r > 'Z')
	case r >= 0x4e00 && r <= 0x9fff:
		return !maybeTraditional(r)
	}
	return r >= 0x3001 && r <= 0x3011 // 、。〃々〈〉《》「」『』【】
}

func slowKey(text string) string {
	out := make([]rune, 0, min(len(text), MaxRunes))
	traditional, n := false, 0
	for _, r := range text {
		if n++; n > MaxRunes {
			break
		}
		r = fold(r)
		if unicode.IsSpace(r) || kindOf(r) == invisible {
			continue
		}
		traditional = traditional || maybeTraditional(r)
		out = append(out, r)
	}
	if traditional {
		out = simplify(out)
	}
	return trimMarks(string(out))
}

func trimMarks(s string) string {
	s = strings.TrimRightFunc(s, isMark)
	return strings.TrimLeftFunc(s, func(r rune) bool { return fold(r) != '/' && fold(r) != '+' && isMark(r) })
}

func isMark(r rune) bool {
	if r < utf8.RuneSelf {
		return !isWord(r | 0x20) // either case
	}
	if r >= 0x4e00 && r <= 0x9fff || isWord(fold(r)) {
		return false
	}
	return unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsSpace(r) || kindOf(r) == invisible
}

// fold makes full width half and upper case lower, and reads the few pictures that stand for a word.
func fold(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	case r >= 0x4e00 && r <= 0x9fff:
		return r
	case r >= 0xff01 && r <= 0xff5e:
		return fold(r - 0xfee0)
	}
	switch r {
	case 0x3000, 0xa0:
		return ' '
	case '｡':
		return '。'
	case '､':
		return '、'
	case '￥':
		return '¥'
	case '💰', '💵', '💴', '💸':
		return '钱'
	case '🔪', '🗡':
		return '刀'
	case '🐴', '🐎':
		return '妈' // in curses
	}
	return unicode.ToLower(r)
}

//go:embed traditional.txt
var traditionalRunes string // every character that Traditional to Simplified may change

const firstHan, lastHan = 0x3400, 0x9fff

var traditionalSet = sync.OnceValue(func() *[(lastHan-firstHan)/64 + 1]uint64 {
	set := new([(lastHan-firstHan)/64 + 1]uint64)
	for _, r := range traditionalRunes {
		if r >= firstHan && r <= lastHan {
			set[(r-firstHan)/64] |= 1 << ((r - firstHan) % 64)
		}
	}
	return set
})

// maybeTraditional is true of every character that simplify could change; the rare ones beyond U+20000 all count.
func maybeTraditional(r rune) bool {
	if r < firstHan || r > lastHan {
		return r >= 0x20000 && r < 0x40000
	}
	return traditionalSet()[(r-firstHan)/64]&(1<<((r-firstHan)%64)) != 0
}

// converter is loaded (3 ms, 0.4 MB) when the first Traditional text arrives.
var converter = sync.OnceValue(func() *opencc.OpenCC {
	c, err := opencc.New("t2s")
	if err != nil { // the dictionaries are compiled in
		panic("understand: " + err.Error())
	}
	return c
})

// simplify turns Traditional into Simplified, rune for rune. A few rare characters lead on to another that leads on
// again (薴 → 苧 → 苎); the end of the way is taken, so that what is simplified stays as it is.
func simplify(in []rune) []rune {
	const ways = 4 // more steps than any character takes
	text := string(in)
	for range ways {
		s, err := converter().Convert(text)
		if err != nil || utf8.RuneCountInString(s) != len(in) || s == text {
			break
		}
		text = s
	}
	return []rune(text)
}
