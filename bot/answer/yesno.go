package answer

import (
	"slices"
	"strings"
	"unicode/utf8"
)

var (
	yesWords = words("是 对 嗯 有 好 可以 行 要 会 能 中 成 没错 没问题 当然 确实 肯定 愿意 同意 准确 正确 yes y ok okay yeah 1 嗯嗯 嗯呢 嗯哪 有过 对头 系 冇错 👌 👍 ✅ ✓ √")
	noWords  = words("不 不是 不对 不用 不要 没 没有 否 无 不行 不可以 不会 不能 不想 不必 不需要 不同意 不愿意 别 算了 no n nope 2 0 没有过 从没 从来没有 从来没 还没 还没有 暂时没有 目前没有 并没有 不曾 唔系 冇 × ✗ ❌ 🙅")
	// what sounds like an answer and is none
	unsure = words("不知道 不清楚 不确定 不记得 不好说 不一定 不太清楚 不太确定 不懂 不晓得 不明白 不了解 不大清楚 没注意 没印象 没看懂 没听懂 没想好 没听清 是不是 有没有 有时 有时候 有点 有可能 是吗 对吗 不错 不同 没事 没关系 没法 没办法")
)

func words(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// YesNo reads "yes" or "no". 不知道 and its like are Unclear, never a no.
func YesNo(text string) Answer {
	text = bare(text)
	if i := strings.IndexAny(text, ",.!?;，。！？；、 \n"); i > 0 {
		text = text[:i]
	}
	for range 4 {
		if a := yesNo(text); a.OK() || unsure[text] {
			return a
		}
		short := plainer(text)
		if short == text || short == "" {
			break
		}
		text = short
	}
	return yesNoBeginning(text)
}

func yesNo(text string) Answer {
	switch {
	case yesWords[text]:
		return value("yes")
	case noWords[text]:
		return value("no")
	}
	return refuse(Unclear)
}

// yesNoBeginning reads 没收到, 不认识他, 是催收打的: short sentences that open with the answer.
func yesNoBeginning(text string) Answer {
	if utf8.RuneCountInString(text) > 6 {
		return refuse(Unclear)
	}
	for w := range unsure {
		if strings.HasPrefix(text, w) {
			return refuse(Unclear)
		}
	}
	switch {
	case strings.HasPrefix(text, "没"), strings.HasPrefix(text, "不"), strings.HasPrefix(text, "从没"), strings.HasPrefix(text, "还没"):
		return value("no")
	case strings.HasPrefix(text, "是") && !strings.HasPrefix(text, "是否") && !strings.HasSuffix(text, "吗"):
		return value("yes")
	}
	return refuse(Unclear)
}

// plainer is a text once, without the particles at its end.
func plainer(text string) string {
	text = halve(text)
	for _, p := range [...]string{"的", "了", "啊", "呀", "吧", "呢", "哦", "喔", "嘛", "啦", "哈", "嘞", "咧", "哒", "滴", "耶", "诶", "~"} {
		text = strings.TrimSuffix(text, p)
	}
	return text
}

// What people say for 是 or 对, for 不是 and for 没有, where a choice is one of these words.
var (
	isSo  = words("是 对 嗯 嗯嗯 嗯呢 嗯哪 没错 没有错 确实 确实是 当然 当然是 肯定 肯定是 准确 正确 对头 就是 正是 系 系啊 冇错 是这样 yes y yeah 👌 👍 ✅ ✓ √")
	isNot = words("不 不是 不对 否 没 没有 没有过 并没有 并不是 不是这样 no n nope 唔系 冇 × ✗ ❌")
	hasNo = words("没 没有 没有过 从没 从来没 从来没有 并没有 还没 还没有 暂时没有 目前没有 no n nope 冇")
)

// yesOrNo finds the only option that 是 or 对 stands for, or 不是, 不对, 没有 or 不, where a text says as much in other
// words: 嗯嗯, 对啊, 没错. It is the index of the option, -1 where there is none.
func yesOrNo(text string, options []Option) int {
	for range 4 {
		i := -1
		switch {
		case isSo[text]:
			i = onlyOne(options, "是", "对")
		case isNot[text]:
			i = onlyOne(options, "不是", "不对", "不")
		}
		if i < 0 && hasNo[text] {
			i = onlyOne(options, "没有", "没")
		}
		short := plainer(text)
		if i >= 0 || short == text || short == "" || unsure[text] {
			return i
		}
		text = short
	}
	return -1
}

// onlyOne is the only option with one of the keys.
func onlyOne(options []Option, keys ...string) int {
	found := -1
	for i, o := range options {
		for _, k := range keys {
			if !slices.Contains(o.Keys, k) {
				continue
			}
			if found >= 0 && found != i {
				return -1
			}
			found = i
		}
	}
	return found
}

// halve makes 对对对 and 好好 one word.
func halve(text string) string {
	_, size := utf8.DecodeRuneInString(text)
	if n := len(text); size > 0 && n > size && n%size == 0 && strings.Repeat(text[:size], n/size) == text {
		return text[:size]
	}
	return text
}
