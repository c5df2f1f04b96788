package flows

import "strings"

// word is one that our own sentences refuse. In quotation marks, as other people's words, it may stand.
type word struct {
	word     string
	severity Severity
	why      string
	unless   []string // longer words that hold it and may stand
}

// refused is the page on voice, "Words", as far as a machine can hear them.
var refused = []word{
	{"您", MustFix, "say 你; 您 only in words the person will say or send", nil},
	{"老赖", MustFix, "shames; say 逾期、还不上", nil},
	{"赖账", MustFix, "shames; say 逾期、还不上", nil},
	{"不用还", MustFix, "the debt stays a debt", nil},
	{"不需要还", MustFix, "the debt stays a debt", nil},
	{"无需偿还", MustFix, "the debt stays a debt", nil},
	{"催狗", MustFix, "insults; say 催收方、打来的人", nil},
	{"黑社会", MustFix, "a verdict; say 催收方、打来的人", nil},
	{"反催收", MustFix, "never at all", nil},
	{"维权神器", MustFix, "never at all", nil},
	{"上岸", MustFix, "never at all", nil},
	{"硬刚", MustFix, "never at all", nil},
	{"免死", MustFix, "never at all", nil},
	{"内部渠道", MustFix, "never at all", nil},
	{"亲测有效", MustFix, "never at all", nil},
	{"专属顾问", MustFix, "never at all", nil},
	{"停息挂账", MustFix, "no legal term; say 个性化分期", nil},
	{"包成功", MustFix, "nothing is promised", nil},
	{"征信修复", MustFix, "a scam's word; say 改正错误的征信", nil},
	{"洗白", MustFix, "a scam's word", nil},
	{"铲单", MustFix, "a scam's word", nil},
	{"投诉死", MustFix, "say 依法投诉、把经过写清", nil},
	{"想不开", MustFix, "say 自杀、结束生命", nil},
	{"轻生", MustFix, "say 自杀、结束生命", nil},
	{"做傻事", MustFix, "say 自杀、结束生命", nil},
	{"心理有病", MustFix, "blames", nil},
	{"立案证明", MustFix, "say 接报案回执、受案回执", nil},
	{"识别失败", MustFix, "say 没看懂", nil},
	{"系统异常", MustFix, "say 我这边出错了", nil},
	{"置信度", MustFix, "quote the words, never a percentage", nil},
	{"坐牢", MustFix, "no verdict; say 可能涉嫌犯罪，由公安机关认定", nil},
	{"银保监会", MayFix, "gone; say 金融监管总局", []string{"原银保监会"}},
	{"工商局", MayFix, "gone; say 市场监督管理局", nil},
	{"金融办", MayFix, "gone; say 地方金融管理局", nil},
	{"骗子", MayFix, "a verdict while not established", nil},
	{"负债人", MayFix, "say 借款人、你", nil},
	{"债务人", MayFix, "only in letters; say 借款人、你", nil},
	{"第三人", MayFix, "jargon; say 亲友同事", nil},
	{"一定", MayFix, "no promised outcome; say 可能、一般", []string{"不一定", "一定要", "一定期限", "一定范围"}},
	{"保证", MayFix, "no promised outcome", []string{"保证金", "保证人", "不保证", "不能保证"}},
	{"100%", MayFix, "no promised outcome", nil},
	{"必须给", MayFix, "no promised outcome", nil},
	{"曝光", MayFix, "exposure for money may be 敲诈勒索", nil},
	{"施压", MayFix, "say 依法投诉、把经过写清", nil},
	{"全部拉黑", MayFix, "失联 opens the way to relatives; say 拒接", nil},
	{"换号", MayFix, "失联 opens the way to relatives", nil},
	{"理解你的感受", MayFix, "name what happened instead", nil},
	{"一直陪着你", MayFix, "a program cannot", nil},
	{"加油", MayFix, "no cheering", []string{"加油站"}},
	{"正义必胜", MayFix, "no cheering", nil},
	{"意图", MayFix, "people's words: 没看懂、没存上", nil},
	{"解析", MayFix, "people's words: 没看懂、没存上", nil},
	{"注销", MayFix, "say 删掉", []string{"注销账户", "注销账号", "注销贷款"}},
	{"提交成功", MayFix, "we never submit for them", nil},
	{"贵方", MayFix, "only in letters", nil},
	{"用户", MayFix, "say 你", nil},
	{"客户", MayFix, "say 你", []string{"客户端", "客户服务"}},
	{"网上说", MayFix, "name the source", nil},
	{"专家表示", MayFix, "name the source", nil},
}

// in reports whether the word stands in the text by itself, not only inside one of the longer words.
func (w word) in(text string) bool {
	if !strings.Contains(text, w.word) {
		return false
	}
	for _, longer := range w.unless {
		text = strings.ReplaceAll(text, longer, "")
	}
	return strings.Contains(text, w.word)
}
