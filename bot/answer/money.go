package answer

import (
	"fmt"
	"slices"
	"strings"
)

// MaxMoney is the largest amount taken, in yuan.
const MaxMoney = 1_000_000_000

// cent is a hundredth of a yuan, as numerals are kept.
const cent = scale / 100

// amount is a sum of money found in a text.
type amount struct {
	value, high int64 // millionths of a yuan
	approx      bool
	marked      bool // with a unit of money or a large unit of number
	vague, over bool
}

// Money reads an amount in yuan: 2千5, 1.2w, 一万二千, ￥800, 1,500.00元, 三块五, 三百来块 (approximate). The form kept is
// yuan with two decimals: "1500.00". No floating point is involved.
func Money(text string) Answer {
	s := fold(text)
	if s == "没有" || s == "没" || s == "无" || s == "一分没有" || s == "一分钱没有" {
		return value("0.00")
	}
	all := amounts([]rune(s))
	if marked := slices.DeleteFunc(slices.Clone(all), func(a amount) bool { return !a.marked }); len(marked) > 0 {
		all = marked
	}
	var values []string
	approx := strings.ContainsAny(s, "约") || containsAny(s, "大概", "左右", "差不多", "将近", "不到", "上下", "几乎", "估计", "出头")
	for _, a := range all {
		switch {
		case a.vague:
			return refuse(Vague)
		case a.over || a.value > MaxMoney*scale || a.high > MaxMoney*scale:
			return refuse(OutOfRange)
		case a.value%cent != 0:
			return refuse(Unclear)
		}
		approx = approx || a.approx
		for _, v := range []int64{a.value, a.high} {
			if text := yuan(v); (v == a.value || v > a.value) && !slices.Contains(values, text) {
				values = append(values, text)
			}
		}
	}
	switch {
	case len(values) == 0:
		return refuse(Unclear)
	case len(values) > 1:
		return ambiguous(values[:min(len(values), 3)]...)
	}
	return Answer{Value: values[0], Approximate: approx}
}

func yuan(v int64) string { return fmt.Sprintf("%d.%02d", v/scale, v%scale/cent) }

// amounts finds every sum of money; numbers that count something else are left out.
func amounts(text []rune) (all []amount) {
	for i := 0; i < len(text); {
		n, ok := numberAt(text, i)
		if !ok {
			i++
			continue
		}
		if n.from > 0 && (text[n.from-1] == '第' || isWord(text[n.from-1])) || n.from > 0 && text[n.from-1] == '-' && (n.from == 1 || !isDigit(text[n.from-2])) {
			i = n.to
			continue
		}
		a := amount{value: n.value, high: n.high, approx: n.approx, marked: n.marked || n.from > 0 && text[n.from-1] == '¥', vague: n.vague, over: n.over}
		end, takes := a.unit(text, n.to)
		if takes {
			all = append(all, a)
		}
		i = max(end, n.to)
	}
	return all
}

// otherThings follow numbers that are no money.
const otherThings = "月日号年天点期个次%折岁小分时通条人位笔家周星礼张遍回层楼倍:/"

// unit reads what follows the number: 块, 元五角, 毛, 分钱; takes is false where the number counts something else.
func (a *amount) unit(text []rune, at int) (end int, takes bool) {
	rest := text[min(at, len(text)):]
	switch {
	case hasPrefix(rest, "块"), hasPrefix(rest, "元"), hasPrefix(rest, "圆"):
		a.marked = true
		return a.change(text, at+1), true
	case hasPrefix(rest, "rmb"), hasPrefix(rest, "人民币"), hasPrefix(rest, "来块"), hasPrefix(rest, "多块"):
		a.marked = true
		return at + 1, true
	case hasPrefix(rest, "毛"), hasPrefix(rest, "角"):
		a.value, a.high, a.marked = a.value/10, a.high/10, true
		return at + 1, true
	case hasPrefix(rest, "分钱"):
		a.value, a.high, a.marked = a.value/100, a.high/100, true
		return at + 2, true
	}
	return at, len(rest) == 0 || !strings.ContainsRune(otherThings, rest[0])
}

// change reads the 五, 5毛, 零五分 after 块.
func (a *amount) change(text []rune, at int) int {
	if at < len(text) && text[at] == '钱' {
		return at + 1
	}
	tenths := true
	for range 3 {
		if at < len(text) && (text[at] == '零' || text[at] == '〇') {
			at++
		}
		if at >= len(text) || !isDigit(text[at]) && chineseDigit(text[at]) < 1 || at+1 < len(text) && (isDigit(text[at+1]) || text[at+1] == '.') {
			return at
		}
		d := int64(chineseDigit(text[at]))
		if isDigit(text[at]) {
			d = int64(text[at] - '0')
		}
		rest := text[at+1:]
		switch {
		case tenths && (hasPrefix(rest, "毛") || hasPrefix(rest, "角")):
			a.add(d * scale / 10)
			at += 2
		case hasPrefix(rest, "分"):
			a.add(d * cent)
			return at + 2
		case tenths && (len(rest) == 0 || hasPrefix(rest, "钱")):
			a.add(d * scale / 10)
			return at + 1
		default:
			return at
		}
		tenths = false
	}
	return at
}

func (a *amount) add(v int64) { a.value, a.high = a.value+v, a.high+v }

func hasPrefix(text []rune, s string) bool {
	i := 0
	for _, r := range s {
		if i >= len(text) || text[i] != r {
			return false
		}
		i++
	}
	return true
}

func containsAny(s string, list ...string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(s, w) })
}
