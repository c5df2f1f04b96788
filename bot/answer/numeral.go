package answer

import "strings"

// scale is how numbers are kept while they are read: whole millionths, never floats.
const scale = 1_000_000

// maxNumber is the largest number read: 100 billion.
const maxNumber = 100_000_000_000 * scale

// numeral is a number found in a text.
type numeral struct {
	value, high int64 // in millionths; high is above value for a range (两三千)
	approx      bool  // 多、来、几 behind it
	vague       bool  // 几千: no number at all
	over        bool  // beyond maxNumber
	marked      bool  // written with 十百千万亿, k or w
	from, to    int   // runes
}

func chineseDigit(r rune) int {
	switch r {
	case '零', '〇':
		return 0
	case '一', '壹', '幺':
		return 1
	case '二', '两', '贰', '俩':
		return 2
	case '三', '叁', '仨':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

func unitOf(r rune) int64 {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟', 'k':
		return 1000
	case '万', 'w':
		return 10_000
	case '亿':
		return 100_000_000
	}
	return 0
}

// numbers finds every number in a folded text.
func numbers(text []rune) (all []numeral) {
	for i := 0; i < len(text); {
		if n, ok := numberAt(text, i); ok {
			all = append(all, n)
			i = n.to
			continue
		}
		i++
	}
	return all
}

// notNumbers are words that begin with a numeral and count nothing.
const notNumbers = "一直 一些 一下 一样 一共 一定 一般 一起 一旦 一边 一向 一切 一会 一概 两边 十分 几乎"

// numberAt reads the number that begins at text[at].
func numberAt(text []rune, at int) (numeral, bool) {
	n := numeral{from: at}
	rd := numberReader{text: text, at: at}
	if at+1 < len(text) && strings.Contains(notNumbers, string(text[at:at+2])) {
		return n, false
	}
	if text[at] == '几' || text[at] == '数' && at+1 < len(text) && unitOf(text[at+1]) > 0 || text[at] == '上' && at+1 < len(text) && unitOf(text[at+1]) >= 100 {
		n.vague = true
		for rd.at++; rd.at < len(text) && unitOf(text[rd.at]) > 0; rd.at++ {
		}
		n.to = rd.at
		return n, true
	}
	if !isDigit(text[at]) && chineseDigit(text[at]) < 0 && text[at] != '十' {
		return n, false
	}
	rd.read()
	n.value, n.high, n.to = rd.low.result(), rd.high.result(), rd.at
	n.approx, n.marked = rd.approx, rd.last > 0
	n.over = rd.low.over || rd.high.over || n.high > maxNumber
	return n, true
}

type numberReader struct {
	text      []rune
	at        int
	low, high sum   // the same but for ranges
	last      int64 // the latest unit
	approx    bool
}

func (rd *numberReader) read() {
	for rd.at < len(rd.text) {
		r := rd.text[rd.at]
		u := unitOf(r)
		switch {
		case u > 0 && rd.unitFits(u):
			if r == '十' && rd.low.digit == 0 { // 十五, 一百十五
				rd.low.digit, rd.high.digit = scale, scale
			}
			rd.low.unit(u)
			rd.high.unit(u)
			rd.last = u
			rd.at++
		case isDigit(r) || chineseDigit(r) >= 0:
			if rd.low.digit != 0 || !rd.digits() {
				return
			}
		case strings.ContainsRune("多来余几", r) && rd.low.result() > 0:
			if r == '来' && rd.at+1 < len(rd.text) && strings.ContainsRune("自电了过找", rd.text[rd.at+1]) {
				return
			}
			rd.approx = true
			rd.at++
		default:
			return
		}
	}
}

// unitFits keeps 三千五千 apart: two numbers.
func (rd *numberReader) unitFits(u int64) bool {
	if rd.low.result() == 0 {
		return u == 10
	}
	return rd.last == 0 || u < rd.last || u >= 10_000 && u > rd.last
}

// digits reads 1,500.5 or 三 or 零五 or 二三 (a range) or 一三五; false where they belong to the next number.
func (rd *numberReader) digits() bool {
	start := rd.at
	low, high, count, fraction, zero := rd.run()
	if next := rd.next(); rd.last > 0 && next > 0 && !rd.unitFits(next) {
		rd.at = start
		return false
	}
	if rd.last > 0 && count > 1 && !zero && high != low { // 三千二三
		rd.at = start
		return false
	}
	if rd.last > 1 && count == 1 && !fraction && !zero && rd.next() == 0 { // 2千5, 两万五
		low, high = rd.low.times(low, rd.last/10), rd.high.times(high, rd.last/10)
	}
	rd.low.digit, rd.high.digit = low, high
	return true
}

func (rd *numberReader) next() int64 {
	if rd.at < len(rd.text) {
		return unitOf(rd.text[rd.at])
	}
	return 0
}

// run reads the digits at hand; count is how many there were, zero that they began with 零.
func (rd *numberReader) run() (low, high int64, count int, fraction, zero bool) {
	if isDigit(rd.text[rd.at]) {
		v, n, frac := rd.arabic()
		return v, v, n, frac, false
	}
	start := rd.at
	var v int64
	for ; rd.at < len(rd.text) && chineseDigit(rd.text[rd.at]) >= 0; rd.at++ {
		if v < maxNumber/100 {
			v = v*10 + int64(chineseDigit(rd.text[rd.at]))*scale
		} else {
			rd.low.over = true
		}
	}
	count = rd.at - start
	first := int64(chineseDigit(rd.text[start])) * scale
	zero = first == 0
	if second := v - 10*first; count == 2 && !zero && second > first { // 二三十, 七八
		return first, second, count, false, false
	}
	return v, v, count, false, zero
}

// arabic reads 1500, 1,500.25 (at most six places).
func (rd *numberReader) arabic() (v int64, count int, fraction bool) {
	for rd.at < len(rd.text) {
		r := rd.text[rd.at]
		if r == ',' && count > 0 && rd.group() {
			rd.at++
			continue
		}
		if !isDigit(r) {
			break
		}
		if v >= maxNumber/10 {
			rd.low.over = true
		} else {
			v = v*10 + int64(r-'0')*scale
		}
		count++
		rd.at++
	}
	if rd.at+1 < len(rd.text) && rd.text[rd.at] == '.' && isDigit(rd.text[rd.at+1]) {
		fraction = true
		for place := int64(scale / 10); rd.at+1 < len(rd.text) && isDigit(rd.text[rd.at+1]); place /= 10 {
			rd.at++
			v += int64(rd.text[rd.at]-'0') * place
			if place == 0 && rd.text[rd.at] != '0' {
				v++ // not exact: no amount of money
			}
		}
		rd.at++
	}
	return v, count, fraction
}

// group says that exactly three digits follow the comma at hand.
func (rd *numberReader) group() bool {
	t := rd.text[rd.at+1:]
	return len(t) >= 3 && isDigit(t[0]) && isDigit(t[1]) && isDigit(t[2]) && (len(t) == 3 || !isDigit(t[3]))
}
