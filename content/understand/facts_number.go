package understand

import "strings"

// cents is what a number is kept in: hundredths, never floats.
const cents = 100

// maxDigits is how many Chinese digits side by side are read as one number.
const maxDigits = 20

// maxNumeral is the largest number read.
const maxNumeral = 100_000_000_000 * cents

// numeral is a number as it was said.
type numeral struct {
	low, high int64 // hundredths; the same but for a range
	open      bool  // 上百: no end
	rough     bool  // 来, 左右
	marked    bool  // with 十百千万, k or w
	plain     int   // how many digits, where it is nothing but digits
	to        int
}

const (
	numerals   = "幺零〇一二两三四五六七八九十廿俩仨壹贰叁肆伍陆柒捌玖拾"
	vagueHeads = "几数上好"
	whenHeads  = "昨今前明后大上下这本周星礼去当月凌清早晨午中下傍晚夜半深刚年正"
)

func isNumeral(r rune) bool { return strings.ContainsRune(numerals, r) }

// value of one numeral, -1 for others.
func figure(r rune) int64 {
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
	case '六', '陆':
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

func factor(r rune) int64 {
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

// notNumerals begin with a numeral and count nothing.
var notNumerals = []string{"一直", "一些", "一下", "一样", "一定", "一般", "一起", "一旦", "一边", "一向", "一切", "一会", "一概", "十分", "一共", "一味", "一再", "一律", "万一", "一五一十", "三番五次", "再三", "三天两头", "一次性", "一分不", "七上八下"}

// numeral reads the number at rune i.
func (s *scan) numeral(i int) (n numeral, ok bool) {
	if i >= len(s.r) {
		return n, false
	}
	if _, not := s.at(i, notNumerals...); not {
		return n, false
	}
	if s.r[i] == '好' && i+1 < len(s.r) {
		i++
	}
	switch c, next := s.r[i], s.rune(i+1); {
	case c == '几', c == '数' && factor(next) > 1: // 几十, 数百
		return s.several(i)
	case c == '上' && factor(next) >= 100: // 上百, 上万
		j, u := i+1, int64(1)
		for ; factor(s.rune(j)) > 1; j++ {
			u *= factor(s.r[j])
		}
		return numeral{low: u * cents, high: u * cents, open: true, marked: true, to: j}, true
	case !digit(c) && figure(c) < 0 && c != '十' && c != '拾' && c != '廿':
		return n, false
	}
	return s.figures(i)
}

func (s *scan) rune(i int) rune {
	if i < 0 || i >= len(s.r) {
		return 0
	}
	return s.r[i]
}

// several reads 几十, 几万, 几.
func (s *scan) several(i int) (numeral, bool) {
	u, j := int64(1), i+1
	for ; factor(s.rune(j)) > 1 && u < maxNumeral/cents/100_000_000; j++ {
		u *= factor(s.r[j])
	}
	return numeral{low: 2 * u * cents, high: (10*u - 1) * cents, marked: u > 1, to: j}, true
}

// tally adds up a number as it is read.
type tally struct{ total, part, digit int64 }

func (t *tally) unit(u int64) {
	switch {
	case t.sum() > maxNumeral/u:
		t.total, t.part, t.digit = maxNumeral+1, 0, 0
	case u > 10_000: // 一万亿
		t.total, t.part, t.digit = t.sum()*u, 0, 0
	case u == 10_000: // 一亿二千万
		t.total, t.part, t.digit = t.total+(t.part+t.digit)*u, 0, 0
	default:
		t.part, t.digit = t.part+t.digit*u, 0
	}
}

func (t tally) sum() int64 { return t.total + t.part + t.digit }

// figures reads 1,500.5 and 三千二 and 2万五 and 二三十 and 三十几.
func (s *scan) figures(i int) (n numeral, ok bool) {
	var low, high tally
	last, at, alone := int64(0), i, true
	for at < len(s.r) {
		c := s.r[at]
		u := factor(c)
		switch {
		case u > 0 && c != 'k' && c != 'w' && (last == 0 || u < last || u >= 10_000 && u > last) || u > 0 && (c == 'k' || c == 'w') && at > i && (!isWord(s.rune(at+1)) || digit(s.rune(at+1))):
			if low.sum() == 0 && c != '十' && c != '拾' || last > 0 && low.digit == 0 && u < last && u != 10 {
				goto done
			}
			if low.digit == 0 && (c == '十' || c == '拾') {
				low.digit, high.digit = cents, cents
			}
			low.unit(u)
			high.unit(u)
			last, alone = u, false
			at++
		case c == '廿' && low.sum() == 0:
			low.part, high.part, last, alone = 20*cents, 20*cents, 10, false
			at++
		case digit(c) || figure(c) >= 0:
			if low.digit != 0 {
				goto done
			}
			a, b, end, count := s.run(at)
			next := factor(s.rune(end))
			if last > 0 && count > 1 && figure(c) != 0 && !(a != b) || last > 0 && next > 0 && next >= last && next < 10_000 {
				goto done
			}
			if last > 10 && next == 0 && count == 1 && figure(c) != 0 { // 两千五
				a, b = a*last/10, b*last/10
			}
			low.digit, high.digit = a, b
			if alone && last == 0 {
				n.plain = count
			}
			at = end
		case strings.ContainsRune("几多来余", c) && low.sum() > 0:
			if c == '来' && strings.ContainsRune("电了过找我催骂自", s.rune(at+1)) {
				goto done
			}
			step := last
			if step == 0 {
				step = tens(low.sum() / cents)
			}
			at++
			if next := factor(s.rune(at)); next > 0 && next > last { // 十几万
				if c != '来' && step >= 10 {
					high.digit += (step - 1) * cents
				}
				low.unit(next)
				high.unit(next)
				last = next
				at++
			} else if c != '来' && step >= 10 {
				high.digit += (step - 1) * cents
			}
			n.rough = n.rough || c == '来'
			goto done
		default:
			goto done
		}
	}
done:
	n.low, n.high, n.to, n.marked = low.sum(), high.sum(), at, last > 0
	if last > 0 {
		n.plain = 0
	}
	return n, at > i && n.low <= maxNumeral && n.high <= maxNumeral
}

// tens is the largest power of ten that a number is made of: 30 → 10, 200 → 100.
func tens(v int64) int64 {
	u := int64(1)
	for v > 0 && v%(u*10) == 0 {
		u *= 10
	}
	return u
}

// run reads the digits at rune i; a and b differ for two that stand side by side: 二三.
func (s *scan) run(i int) (a, b int64, end, count int) {
	if digit(s.r[i]) {
		return s.arabic(i)
	}
	var v int64
	for end = i; figure(s.rune(end)) >= 0 && end < i+maxDigits; end++ {
		if v < maxNumeral {
			v = 10*v + figure(s.r[end])*cents
		}
	}
	count = end - i
	first := figure(s.r[i])
	if second := v/cents - 10*first; count == 2 && first > 0 && second > first {
		return first * cents, second * cents, end, count
	}
	return v, v, end, count
}

// arabic reads 1500, 1,500.25.
func (s *scan) arabic(i int) (v, same int64, end, count int) {
	for end = i; end < len(s.r); end++ {
		c := s.r[end]
		if c == ',' && digit(s.rune(end+1)) && digit(s.rune(end+2)) && digit(s.rune(end+3)) && !digit(s.rune(end+4)) {
			continue
		}
		if !digit(c) {
			break
		}
		if v <= maxNumeral {
			v = 10*v + int64(c-'0')*cents
		}
		count++
	}
	if s.rune(end) == '.' && digit(s.rune(end+1)) {
		end++
		v += int64(s.r[end]-'0') * cents / 10
		end++
		if digit(s.rune(end)) {
			v += int64(s.r[end]-'0') * cents / 100
			end++
		}
		for digit(s.rune(end)) {
			end++
		}
		count = 1
	}
	return v, v, end, count
}
