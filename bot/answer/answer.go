// Package answer turns everyday Chinese answers into the form that slots keep: 上周三晚上8点半 → "2026-11-18 20:30",
// 2千5 → "2500.00", 第二个 → a choice's id; and prints those forms for people.
//
// Nothing is guessed in silence: what has two readings comes back as Ambiguous, with both as candidates.
package answer

import (
	"strings"
	"unicode"
)

// Answer is what a typed answer was understood as.
type Answer struct {
	Value       string   // the form that slots keep; empty unless Reason is
	Approximate bool     // 「三百来块」: accepted, but not exact
	Reason      Reason   // why there is no Value; empty where there is one
	Candidates  []string // Ambiguous: the readings, in the form that slots keep, likeliest first
}

// OK says that there is a value.
func (a Answer) OK() bool { return a.Reason == "" }

// Reason says why an answer was not taken.
type Reason string

// The reasons.
const (
	Unclear    Reason = "unclear"      // nothing of the kind was found
	Ambiguous  Reason = "ambiguous"    // several readings: Candidates
	Vague      Reason = "vague"        // 几千、几十个、前几天: too little to keep
	Incomplete Reason = "incomplete"   // a part is missing: the day of a month, the area code, masked digits
	NoSuch     Reason = "no_such"      // 2月30日、25点
	NotPast    Reason = "not_past"     // it has to lie in the past
	OutOfRange Reason = "out_of_range" // too large, too long ago, a number without a choice
)

func value(s string) Answer                 { return Answer{Value: s} }
func refuse(r Reason) Answer                { return Answer{Reason: r} }
func ambiguous(candidates ...string) Answer { return Answer{Reason: Ambiguous, Candidates: candidates} }

// maxRunes is how much of a typed answer is looked at.
const maxRunes = 200

// fold makes full width half, upper case lower, Traditional Simplified as far as these answers need it, and drops
// blanks except between Latin letters or digits.
func fold(text string) string {
	var b strings.Builder
	b.Grow(min(len(text), 3*maxRunes))
	blank, last, n := false, rune(0), 0
	for _, r := range text {
		if n++; n > maxRunes {
			break
		}
		r = foldRune(r)
		if unicode.IsSpace(r) {
			blank = true
			continue
		}
		if unicode.In(r, unicode.Cf, unicode.M) || unicode.IsControl(r) {
			continue
		}
		if blank && isWord(last) && isWord(r) {
			b.WriteByte(' ')
		}
		blank, last = false, r
		b.WriteRune(r)
	}
	return b.String()
}

func foldRune(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		r -= 0xfee0
	case r == 0x3000:
		r = ' '
	case r == '￥':
		r = '¥'
	case r == '—' || r == '–' || r == '－' || r == '‐' || r == '−':
		r = '-'
	}
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	if r >= 0x4e00 && r <= 0x9fff {
		if plain, ok := simplified[r]; ok {
			return plain
		}
	}
	return r
}

// simplified holds the Traditional characters that turn up in such answers.
var simplified = pairs("點点時时後后週周禮礼個个這这兩两幾几萬万塊块錢钱鐘钟剛刚現现號号過过沒没對对來来們们會会嗎吗億亿圓圆還还間间當当無无數数貳二參三陸六")

func pairs(s string) map[rune]rune {
	m := map[rune]rune{}
	runes := []rune(s)
	for i := 0; i+1 < len(runes); i += 2 {
		m[runes[i]] = runes[i+1]
	}
	return m
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
func isWord(r rune) bool  { return 'a' <= r && r <= 'z' || isDigit(r) }
