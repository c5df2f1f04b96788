package answer

import (
	"strconv"
	"strings"
)

// arabic writes Chinese numerals in digits: 十一月二十 → 11月20, 二零二六 → 2026, 三四 → 3~4, 周三 → "周3 ".
func arabic(s string) string {
	runes := []rune(s)
	var b strings.Builder
	for i := 0; i < len(runes); {
		r := runes[i]
		if r == '周' && i+1 < len(runes) && (i == 0 || !isDigit(runes[i-1]) && chineseDigit(runes[i-1]) < 0) {
			if d := weekdayOf(runes[i+1]); d > 0 {
				b.WriteString("周" + strconv.Itoa(d) + " ")
				i += 2
				continue
			}
		}
		end := i
		for end < len(runes) && (chineseDigit(runes[end]) >= 0 || strings.ContainsRune("十百廿", runes[end])) {
			end++
		}
		if end == i {
			b.WriteRune(r)
			i++
			continue
		}
		b.WriteString(arabicRun(runes[i:end]))
		i = end
	}
	return b.String()
}

func weekdayOf(r rune) int {
	switch r {
	case '日', '天', '7':
		return 7
	}
	if d := chineseDigit(r); d >= 1 && d <= 6 && r != '两' {
		return d
	}
	if r >= '1' && r <= '6' {
		return int(r - '0')
	}
	return 0
}

func arabicRun(run []rune) string {
	s := strings.ReplaceAll(string(run), "廿", "二十")
	if !strings.ContainsAny(s, "十百") {
		if len(run) == 2 && chineseDigit(run[0]) > 0 && chineseDigit(run[1]) > 0 {
			return strconv.Itoa(chineseDigit(run[0])) + "~" + strconv.Itoa(chineseDigit(run[1]))
		}
		var b strings.Builder
		for _, r := range run {
			b.WriteByte(byte('0' + chineseDigit(r)))
		}
		return b.String()
	}
	var b strings.Builder
	for _, n := range numbers([]rune(s)) {
		b.WriteString(strconv.FormatInt(n.value/scale, 10))
		if n.high > n.value {
			b.WriteString("~" + strconv.FormatInt(n.high/scale, 10))
		}
	}
	return b.String()
}
