package web

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// piece is a stretch of a text: plain, or a number to dial.
type piece struct {
	Text string
	Call string // digits; empty for plain text
}

// hotlines are the numbers that people may be told to call. 12110 takes only messages and is not among them.
var hotlines = map[string]bool{
	"110": true, "119": true, "120": true, "12309": true, "12315": true, "12320": true, "12321": true, "12337": true,
	"12338": true, "12345": true, "12348": true, "12351": true, "12355": true, "12356": true, "12363": true,
	"12366": true, "12368": true, "12377": true, "12378": true, "12381": true, "12386": true, "96110": true,
}

// Numbers of three digits can be anything, so words beside them have to say that they are called.
var (
	verbs = []string{"打", "拨", "或"}
	named = []string{"报警", "急救", "报警电话", "急救电话"}
	units = "元块万亿天日次个条期号分秒岁字年月人件封张页楼斤克米公里小时%％.．-－—/:〜~"
)

// pieces cuts text into plain stretches and numbers to dial. Words inside 「」 stay as they are: somebody else's.
func pieces(text string) []piece {
	var out []piece
	plain, quoted := 0, 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '「' || r == '『':
			quoted++
		case (r == '」' || r == '』') && quoted > 0:
			quoted--
		case isDigit(r):
			n := digits(text[i:])
			if quoted == 0 && dialable(text[:i], text[i:i+n], text[i+n:]) {
				if plain < i {
					out = append(out, piece{Text: text[plain:i]})
				}
				out = append(out, piece{Text: text[i : i+n], Call: text[i : i+n]})
				plain = i + n
			}
			size = n
		}
		i += size
	}
	if plain < len(text) {
		out = append(out, piece{Text: text[plain:]})
	}
	return out
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

// digits returns how many digits text begins with.
func digits(text string) int {
	return len(text) - len(strings.TrimLeft(text, "0123456789"))
}

// dialable reports whether number, standing between left and right, is a hotline.
func dialable(left, number, right string) bool {
	if !hotlines[number] {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(left)
	if last < utf8.RuneSelf && unicode.IsLetter(last) || strings.ContainsRune("+-－—./:_#@*%", last) {
		return false
	}
	next := strings.TrimLeft(right, " ")
	first, _ := utf8.DecodeRuneInString(next)
	if len(number) == 3 {
		return called(left, next) && !isUnit(first)
	}
	return !isUnit(first) && (first >= utf8.RuneSelf || !unicode.IsLetter(first))
}

func isUnit(r rune) bool { return r != utf8.RuneError && strings.ContainsRune(units, r) }

// called reports whether the words around a short number say that it is called.
func called(left, right string) bool {
	left = strings.TrimRight(left, " ")
	for _, name := range named {
		if strings.HasSuffix(left, name) || strings.HasPrefix(right, name) {
			return true
		}
	}
	for _, verb := range verbs {
		if strings.HasSuffix(left, verb) {
			return true
		}
	}
	return false
}
