package answer

import (
	"slices"
	"strconv"
	"strings"
)

// MaxCount is the largest count taken.
const MaxCount = 1_000_000

// timeUnits follow numbers that say how long, not how many.
var timeUnits = []string{"天", "个小时", "小时", "个钟", "分钟", "周", "个星期", "星期", "个礼拜", "个月", "月", "日", "号", "点", "年", "岁", "元", "块", ":", "%"}

// Count reads how many: 60, 六十多个 (approximately 60), 一天二十几通 (20). The form kept is a whole number: "60".
func Count(text string) Answer {
	s := fold(text)
	switch strings.TrimRight(s, "了的过。.!~") {
	case "没有", "没", "无", "一个都没有", "一个也没有", "一次都没有", "一次也没有", "一个没有", "一次没有", "从来没有", "零个", "零次":
		return value("0")
	}
	runes := []rune(s)
	all := numbers(runes)
	if main := slices.DeleteFunc(slices.Clone(all), func(n numeral) bool { return isTime(runes, n) }); len(main) > 0 {
		all = main
	}
	var values []string
	approx := containsAny(s, "大概", "左右", "差不多", "将近", "不到", "上下", "至少", "起码", "估计", "约")
	for _, n := range all {
		switch {
		case n.vague:
			return refuse(Vague)
		case n.over || n.value > MaxCount*scale || n.from > 0 && runes[n.from-1] == '-' && (n.from == 1 || !isDigit(runes[n.from-2])):
			return refuse(OutOfRange)
		case n.value%scale != 0:
			return refuse(Unclear)
		}
		approx = approx || n.approx
		for _, v := range []int64{n.value, n.high} {
			if text := strconv.FormatInt(v/scale, 10); v >= n.value && !slices.Contains(values, text) {
				values = append(values, text)
			}
		}
	}
	switch {
	case len(values) == 0 && containsAny(s, "无数", "数不清", "好多", "很多", "许多", "不少", "太多", "不停", "一直"):
		return refuse(Vague)
	case len(values) == 0:
		return refuse(Unclear)
	case len(values) > 1:
		return ambiguous(values[:min(len(values), 3)]...)
	}
	return Answer{Value: values[0], Approximate: approx}
}

// isTime says that a number counts days or hours (一天打六十个), or stands in 第三.
func isTime(text []rune, n numeral) bool {
	if n.from > 0 && text[n.from-1] == '第' {
		return true
	}
	rest := text[n.to:]
	return slices.ContainsFunc(timeUnits, func(u string) bool { return hasPrefix(rest, u) })
}
