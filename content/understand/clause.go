package understand

import "strings"

// clauses cuts a normalised text at its marks, blanks between sentences and new lines, and hands over each clause as
// bytes [from, to) with the mark that ends it (0 at the end of the text).
func clauses(text string, each func(from, to int, mark rune)) {
	from := 0
	for i, r := range text {
		if r != ' ' && kindOf(r) != breaking || inside(text, i, r) {
			continue
		}
		if i > from {
			each(from, i, r)
		}
		from = i + len(string(r))
	}
	if from < len(text) {
		each(from, len(text), 0)
	}
}

// inside says that a comma stands in a number, or a blank between Latin words.
func inside(text string, i int, r rune) bool {
	if r != ',' && r != ' ' || i == 0 || i+1 >= len(text) {
		return false
	}
	before, after := rune(text[i-1]), rune(text[i+1])
	return isWord(before) && isWord(after) && (r == ' ' || before <= '9' && after <= '9')
}

// Words of the clause rules. They are few on purpose: a rule that is wrong in silence is worse than none.
var (
	negators    = []string{"没有", "没", "未", "不曾", "并非", "不是", "不", "并无"}
	notNegators = []string{ // end like a negator, and deny nothing
		"是不", "会不", "要不", "能不", "有没", "得不", "恨不", "巴不", "差不", "受不", "忍不", "不得不", "是不是", "要不是", "岂不", "好不", "动不动",
		"不要", "不准", "不许", "不让", "说不", "何不", "无不",
	}
	// what may stand between a negator and the denied word
	light = []string{
		"有", "会", "要", "再", "去", "来", "给", "被", "真的", "真", "在", "人", "过", "对", "我们", "我", "他们", "他", "她", "让", "叫", "说", "拿", "用",
		"把", "跟", "找", "到", "向", "敢", "曾", "的", "什么", "任何", "发", "打", "提", "催收", "对方", "也", "是", "联系", "骚扰", "网上", "抓", "外", "啥子", "啥", "接",
	}
	lightDanger = []string{"有人", "有", "人", "会", "要", "想着", "想过", "想", "再", "去", "在", "真的", "真", "打算", "是", "过"} // life: recall first
	deniedAfter = []string{"倒没有", "也没有", "都没有", "没有过", "并没有", "没有的事", "不是真的", "倒没", "是不会的"}

	supposed  = []string{"会不会", "是不是会", "是否会", "要不要", "有没有可能", "是不是要", "万一", "假如", "听说", "网上说", "据说", "最怕", "就怕", "怕他们", "担心"}
	perhaps   = []string{"如果", "要是", "若是", "若"}
	unlessDue = []string{"不还", "未还", "不处理", "不结清", "不接", "逾期", "不联系", "不配合", "今天", "再不", "就好"} // 如果不还，就…… is a threat
	questions = []string{"吗", "不", "真的假的", "了没", "过没", "了没有", "过没有"}
	openEnd   = []string{"怎么办", "咋办", "咋整", "怎么处理", "怎么投诉", "怎么举报", "去哪", "找谁", "能投诉", "能报警", "可以报警", "可以投诉", "能告", "怎么应对", "该怎么"}
	happened  = []string{"了", "过", "天天", "每天", "一直", "总是", "昨", "今天", "刚", "已经", "现在", "正在", "老是", "不停"}
	threats   = []string{"威胁", "扬言", "恐吓", "说要", "说会", "说再", "将", "即将", "否则", "不然", "再不", "准备", "马上就", "信不信", "等着", "要来", "不还就", "不给就", "放话", "吹牛", "吓唬"}
	says      = []string{"说", "讲", "短信", "告诉我"}
	later     = []string{"明天", "明早", "后天", "下周", "下个月", "天之内", "天内", "小时内", "过几天", "今晚"}
	announce  = []string{"要", "会", "将"}

	helpless = []string{"怎么办", "咋办", "咋整", "怎么处理", "怎么应对", "该怎么"} // it has happened: what now
	mine     = []string{"我", "俺", "咱", "阮"}
	limits   = []string{"最多", "上限", "限制", "规定", "允许"}
	notYet   = strings.NewReplacer("逾期了", "", "到期了", "", "欠了", "", "借了", "", "还不上了", "", "还不起了", "", "了吗", "", "了没", "") // tell of the debt

	notAnnounce = []string{"需要", "只要", "不会", "不要", "想要", "主要", "学会", "社会", "机会", "都会", "总会"}
	consequence = []string{"就", "我们", "我会"}
)

// negated says that the word at text[from:] is denied: a negator stands right before it, or only light words between.
func negated(text string, start, from int, light []string) bool {
	left := text[start:from]
	for range 8 {
		if _, ok := cutSuffix(left, notNegators); ok {
			return false
		}
		if _, ok := cutSuffix(left, negators); ok {
			return true
		}
		rest, ok := cutSuffix(left, light)
		if !ok {
			return false
		}
		left = rest
	}
	return false
}

// asked says that a clause asks or supposes what it speaks of.
func asked(clause string, mark rune) bool {
	if containsAny(clause, supposed) {
		return true
	}
	if containsAny(clause, perhaps) && !containsAny(clause, unlessDue) { // but 我要是没了就好了 is a wish
		said, threat, ok := strings.Cut(clause, "说")
		return !ok || containsAny(said, perhaps) || !strings.Contains(threat, "就") // 他说要是跑了就抓我 is a threat
	}
	ends := strings.TrimRight(clause, "啊呀呢的了")
	_, question := cutSuffix(ends, questions)
	if question && strings.Contains(clause, "会") && !strings.Contains(clause, "了") {
		return true // 现在还不上会坐牢吗
	}
	if rest, ok := strings.CutSuffix(ends, "么"); ok && !containsAny(ends[len(rest)-min(len(rest), len("什")):], []string{"什", "怎", "那", "这"}) {
		question = true // 能打给我妈么
	}
	question = question || mark == '?'
	return question && !containsAny(clause, openEnd) && !containsAny(clause, happened)
}

// general says that a clause asks in general: of a rule, not of what happened to whoever writes. 催收能不能上门 does;
// 他们上门了怎么办 and 骂我全家怎么办 do not.
func general(clause string, mark rune) bool {
	if !containsAny(clause, askingWords) && !asksByForm(clause, mark) {
		return false
	}
	if containsAny(clause, limits) {
		return true
	}
	return !containsAny(clause, mine) && !containsAny(clause, helpless) && !containsAny(notYet.Replace(clause), happened)
}

// setsTerm says that a clause sets a term for what the next one threatens: 如果今天不还，就……
func setsTerm(clause string) bool {
	return strings.Contains(clause, "再不") || containsAny(clause, perhaps) && containsAny(clause, unlessDue)
}

// threatened says that the words at clause[from:to] are announced, not done yet; due, that the clause before set a term.
func threatened(clause string, from, to int, due bool) bool {
	after := clause[to:]
	if strings.HasPrefix(after, "了") || strings.HasPrefix(after, "过") {
		return false
	}
	before := clause[:from]
	switch {
	case containsAny(clause[:to], threats):
		return true
	case containsAny(before, says) && containsAny(before, later):
		return true
	case due && containsAny(before, consequence):
		return true
	}
	left := before
	for range 3 {
		if _, ok := cutSuffix(left, announce); ok && !strings.HasPrefix(clause[len(left):], "我") { // but not 要我转告
			_, other := cutSuffix(left, notAnnounce)
			return !other
		}
		rest, ok := cutSuffix(left, light)
		if !ok {
			return false
		}
		left = rest
	}
	return false
}

func cutSuffix(s string, list []string) (string, bool) {
	for _, w := range list {
		if rest, ok := strings.CutSuffix(s, w); ok {
			return rest, true
		}
	}
	return s, false
}

func containsAny(s string, list []string) bool {
	for _, w := range list {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
