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
		if i := strings.IndexRune(traditional, r); i >= 0 {
			return []rune(simplified)[len([]rune(traditional[:i]))]
		}
	}
	return r
}

// The Traditional characters that turn up in such answers, and their Simplified forms.
const (
	traditional = "點時後週禮個這兩幾萬塊錢鐘剛現號過沒對來們會嗎億圓還間當無數貳參陸"
	simplified  = "点时后周礼个这两几万块钱钟刚现号过没对来们会吗亿圆还间当无数二三六"
)

func isDigit(r rune) bool { return '0' <= r && r <= '9' }
func isWord(r rune) bool  { return 'a' <= r && r <= 'z' || isDigit(r) }
