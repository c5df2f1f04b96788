package understand

import (
	"strings"
	"unicode/utf8"
)

// Kinds of numbers, for the model: how many is many, and which hour is night, it need not learn from single numbers.
const (
	numberMany   = "number_many"   // more than three times
	numberFew    = "number_few"    // up to three times
	numberNight  = "number_night"  // an hour from 22:00 to 08:00
	numberHour   = "number_hour"   // an hour of the day
	numberAmount = "number_amount" // of money
	numberDays   = "number_days"   // a length of time
	numberRate   = "number_rate"   // of interest
)

var numberKinds = []string{numberMany, numberFew, numberNight, numberHour, numberAmount, numberDays, numberRate}

// number is a number with its unit: bytes [from, to).
type number struct {
	kind     string
	from, to int
}

// units and the kind of what they count. The longest counts.
var units = []struct {
	words string
	kind  string
}{
	{"个电话 个短信 个未接 通 次 遍 条 回 个号 张 通电话 个人 人次 拨 轮 个", numberMany},
	{"块 元 万 千 百块 块钱 万块 万元 千块 w k 大洋 毛", numberAmount},
	{"天 日 小时 个小时 个月 年 周 分钟 个星期 星期 期 号 秒", numberDays},
	{"% 分利 分息 厘 个点 倍", numberRate},
}

// numbers finds every number of a normalised text, in their order.
func numbers(text string) (found []number) {
	for at := 0; at < len(text); {
		n, to := magnitude(text, at)
		if to == at {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
			continue
		}
		if num, ok := clock(text, at, to, n); ok {
			found = append(found, num)
			at = max(to, num.to)
			continue
		}
		if num, ok := counted(text, at, to, n); ok {
			found = append(found, num)
			at = max(to, num.to)
			continue
		}
		at = to
	}
	return found
}

// counted is a number before its unit.
func counted(text string, from, to int, n int) (number, bool) {
	best := number{from: from, to: to}
	rest := text[to:]
	for _, u := range units {
		for w := range strings.FieldsSeq(u.words) {
			if strings.HasPrefix(rest, w) && to+len(w) > best.to {
				best.kind, best.to = u.kind, to+len(w)
			}
		}
	}
	if best.kind == numberMany && n <= 3 {
		best.kind = numberFew
	}
	if best.kind == "" && from > 0 && strings.HasSuffix(text[:from], "×") && n > 3 {
		best.kind = numberMany
	}
	return best, best.kind != ""
}

// clock is an hour: 22:14, 晚上十点, 凌晨两点半, 7点.
func clock(text string, from, to, n int) (number, bool) {
	rest := text[to:]
	found := number{from: from, to: to}
	switch {
	case (strings.HasPrefix(rest, ":")) && len(rest) > 2 && isDigit(rest[1]) && isDigit(rest[2]):
		found.to = to + 3
	case strings.HasPrefix(rest, "点"):
		found.to = to + len("点")
	default:
		return found, false
	}
	if n > 24 {
		return found, false
	}
	before := lastRunes(text[:from], 3)
	switch {
	case containsAny(before, []string{"晚", "夜", "下午"}) && n < 12:
		if n >= 6 || strings.Contains(before, "下午") {
			n += 12
		}
	case containsAny(before, []string{"凌晨", "半夜"}) && n == 12:
		n = 0
	}
	found.kind = numberHour
	if n >= 22 || n < 8 && !strings.Contains(before, "下午") {
		found.kind = numberNight
	}
	return found, true
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

// lastRunes is the end of a text, n runes at most.
func lastRunes(s string, n int) string {
	at := len(s)
	for range n {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return s[at:]
}

// magnitude reads a number, in digits or in characters, with 多, 几, 来 and the like, at a place; about as large as it says.
// to is at where there is none. What would be too large for any count is cut short.
func magnitude(text string, at int) (n, to int) {
	const most = 100_000_000
	total, part, any := 0, 0, false
	to = at
	for to < len(text) {
		if c := text[to]; isDigit(c) {
			part, any = min(part*10+int(c-'0'), most), true
			to++
			continue
		}
		if (text[to] == ',' || text[to] == '.') && any && to+1 < len(text) && isDigit(text[to+1]) {
			if text[to] == '.' {
				for to++; to < len(text) && isDigit(text[to]); to++ {
				}
				continue
			}
			to++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[to:])
		switch r {
		case '零', '〇':
		case '一', '二', '两', '三', '四', '五', '六', '七', '八', '九':
			part = min(strings.IndexRune(numeralDigits, r)/3, 99)
			if r == '两' {
				part = 2
			}
		case '几', '数':
			part = 5
		case '十', '百', '千':
			unit := map[rune]int{'十': 10, '百': 100, '千': 1000}[r]
			total, part = min(total+max(part, 1)*unit, most), 0
		case '多', '来', '余':
			if !any {
				return 0, at
			}
		default:
			if !any {
				return 0, at
			}
			return total + part, to
		}
		any = true
		to += size
	}
	return total + part, to
}

// numeralDigits has each digit at three times its value.
const numeralDigits = "零一二三四五六七八九"
