package answer

import (
	"strings"
	"unicode/utf8"
)

// Option is one choice as typed answers are matched with it.
type Option struct {
	ID   string
	Keys []string // label, id, synonyms, all in normal form (understand.Key)
}

// Choice finds which option a text means: a key to the letter, its number (1 １ 一 第一个 选1 ①), the beginning of one
// key only, or one key inside a short text and the other way round. The text is best in normal form; width, case and
// marks are evened out here as well. The Value and the Candidates are IDs.
func Choice(text string, options ...Option) Answer {
	if i := exactly(text, options); i >= 0 {
		return value(options[i].ID)
	}
	if plain := bare(text); plain != text {
		text = plain
		if i := exactly(text, options); i >= 0 {
			return value(options[i].ID)
		}
	}
	if text == "" {
		return refuse(Unclear)
	}
	if i := yesOrNo(text, options); i >= 0 {
		return value(options[i].ID)
	}
	if n, ok := Number(text); ok {
		if n > len(options) {
			return refuse(OutOfRange)
		}
		return value(options[n-1].ID)
	}
	if a := oneOf(text, options, beginning); a.Reason != Unclear {
		return a
	}
	return oneOf(text, options, inside)
}

func exactly(text string, options []Option) int {
	for i := range options {
		for _, k := range options[i].Keys {
			if k == text && k != "" {
				return i
			}
		}
	}
	return -1
}

// oneOf takes the option whose key fits; of keys inside one another, the longest.
func oneOf(text string, options []Option, fits func(key, text string) bool) Answer {
	best := ""
	var ids []string
	for _, o := range options {
		for _, k := range o.Keys {
			if !fits(k, text) {
				continue
			}
			switch {
			case best == "" || len(k) > len(best) && strings.Contains(k, best) && strings.Contains(text, k):
				best, ids = k, append(ids[:0], o.ID)
			case !(strings.Contains(best, k) && strings.Contains(text, best)):
				ids = append(ids, o.ID)
			}
			break
		}
	}
	switch len(ids) {
	case 0:
		return refuse(Unclear)
	case 1:
		return value(ids[0])
	}
	return ambiguous(ids...)
}

func beginning(key, text string) bool { return strings.HasPrefix(key, text) }

// room is by how many runes a text may be longer than the key inside it.
const room = 6

// inside says that the key stands in a short text that does not deny it (不看依据), or a text of two runes or more in it.
func inside(key, text string) bool {
	n, k := utf8.RuneCountInString(text), utf8.RuneCountInString(key)
	if n >= 2 && strings.Contains(key, text) {
		return true
	}
	before, _, found := strings.Cut(text, key)
	return found && k >= 2 && n <= k+room && !strings.ContainsAny(before, "不没别未非")
}

// Number reads the number of a choice, 1 to 99, and nothing else: 2 ２ 二 第二个 选2 ② (2) 2、
func Number(text string) (int, bool) {
	if len(text) == 1 && text[0] >= '1' && text[0] <= '9' {
		return int(text[0] - '0'), true
	}
	text = bare(text)
	for _, p := range [...]string{"我", "就", "选择", "选", "第"} {
		text = strings.TrimPrefix(text, p)
	}
	for _, s := range [...]string{"吧", "的", "个", "项", "条", "种", "号"} {
		text = strings.TrimSuffix(text, s)
	}
	r, size := utf8.DecodeRuneInString(text)
	switch {
	case size == len(text) && r >= '①' && r <= '⑳':
		return int(r-'①') + 1, true
	case size == len(text) && r >= '❶' && r <= '❿':
		return int(r-'❶') + 1, true
	case size == 0 || utf8.RuneCountInString(text) > 3:
		return 0, false
	}
	n, digits := 0, 0
	for _, r := range text {
		if !isDigit(r) {
			return chineseNumber(text)
		}
		n, digits = n*10+int(r-'0'), digits+1
	}
	return n, n > 0 && digits <= 2
}

// chineseNumber reads 一 to 九十九.
func chineseNumber(text string) (int, bool) {
	n, digit, tens := 0, 0, false
	for _, r := range text {
		d := chineseDigit(r)
		switch {
		case d > 0 && digit == 0:
			digit = d
		case r == '十' && !tens:
			n, digit, tens = 10*max(digit, 1), 0, true
		default:
			return 0, false
		}
	}
	return n + digit, n+digit > 0
}

// bare evens out width and case and takes the marks and blanks off both ends; a text without any comes back as it is.
func bare(text string) string {
	if len(text) == 1 && isWord(rune(text[0])) {
		return text
	}
	for _, r := range text {
		if r != foldRune(r) || r == ' ' || r == 0x20e3 || r == 0xfe0f {
			text = fold(text)
			break
		}
	}
	return strings.TrimFunc(text, edge)
}

// edge is a mark that says nothing at either end of an answer.
func edge(r rune) bool {
	if r < utf8.RuneSelf {
		return !isWord(r)
	}
	switch r {
	case '，', '。', '、', '！', '？', '；', '：', '…', '～', '（', '）', '「', '」', '『', '』', '《', '》', '【', '】', '“', '”', '‘', '’':
		return true
	}
	return false
}
