package answer

import "strings"

// None says that a short text means that there is nothing to write down: 没有, 没给号, 不知道, 还没给我.
func None(text string) bool {
	text = bare(text)
	for again := true; again; {
		again = false
		for _, p := range [...]string{"我", "他们", "它们", "他", "它", "对方", "那边", "也", "都", "根本", "这个", "暂时", "目前"} {
			if rest, ok := strings.CutPrefix(text, p); ok && rest != "" {
				text, again = rest, true
			}
		}
	}
	for range 3 {
		if nothing[text] {
			return true
		}
		text = strings.TrimSuffix(plainer(text), "我")
	}
	return nothing[text]
}

// nothing are the words that there is none of it, or that it is not known.
var nothing = words(`没有 没 没给 没号 没编号 没单号 没回执 没得 没拿 没要 没要到 没拿到 没收到 没说 没记 没记住 没留 没问 没看到 没发 没人给 没啥 没什么
	没给号 没给编号 没给单号 没给回执 没给过 没说编号 没说号 没告诉 没记下来 没记编号 没问到 没有给 没有号 没有编号 没有单号 没有回执 没有回执单 没有给号 没有给编号 没有拿到 没有收到 没有说 没有记
	还没 还没有 还没给 还没给号 还没给编号 还没有编号 还没拿到 还没收到 还没要 还没发 不给 不给号 不给编号 不肯给 不知道 不清楚 不晓得 不记得 不记得编号 不知道编号 不知道号 不知道在哪 忘 忘记 记不得 记不清 记不住 找不到 找不着 说不清 无 空 冇`)
