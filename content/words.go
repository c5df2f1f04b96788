package content

import (
	"regexp"
	"strings"
	"unicode"
)

// excuse says where a word we do not use may stand after all.
type excuse int

const (
	inWarning excuse = 1 << iota // in a field that names what is wrong: is_not, do_not, never, refuses, rejects
	inQuotes                     // between 「 」, 『 』 or “ ”, or in a field that names what the other side does (rule theirs)
	denied                       // in a sentence that says it is not so: see denials
	former                       // right after 原: what an office was called
	inSpeech                     // in a field the person says or sends
)

// word is something we do not say, and what to do instead.
type word struct {
	pattern string
	instead string
	but     excuse
	style   bool // it reads badly, but harms nobody
}

// scamOrPromise is where words of promises, threats and scams may stand: only to warn of them.
const scamOrPromise = inWarning | denied

// words are those we do not use, in the order in which they are looked for. Statutes, titles and sources are exact and
// not looked at; neither is what people never read.
var words = []word{
	// Offices that are gone.
	{`银保监会|银监会|保监会`, "国家金融监督管理总局", former, false},
	{`工商局|工商行政管理|工商部门|工商所`, "市场监督管理局", former, false},
	{`金融办(?:[^法理公结事]|$)|地方金融监管局|地方金融监督管理局`, "地方金融管理局", former, false},
	// Promises, and what would harm the person.
	{`不用还(?:[^手口价]|$)|不必还(?:[^手口价]|$)|可以不还|不还也没事|拖三年`, "债还是债", scamOrPromise, false},
	{`停息挂账`, "个性化分期（只限信用卡，可以协商）", scamOrPromise, false},
	{`包成功|包减免|有权免息|百分之百|100%|必须给你`, "可以协商、可能", scamOrPromise, false},
	{`(?:一定|肯定|保证)(?:会|能)?(?:给你)?(?:立案|拘留|赔偿|成功|减免|受理|胜诉|停催)`, "可能、一般、由……认定", scamOrPromise, false},
	{`曝光|施压|投诉死|24 ?小时内?[^。；\n]{0,12}否则`, "依法投诉、把经过写清", scamOrPromise | inQuotes, false},
	{`洗白|铲单|征信修复`, "改正错误的征信", scamOrPromise | inQuotes, false},
	{`全部拉黑|换号失联`, "拒接（先取证，留官方客服）", scamOrPromise, false},
	{`维权神器|反催收|上岸|硬刚|免死|内部渠道|亲测有效|专属顾问`, "nothing", scamOrPromise | inQuotes, false},
	{`凯发`, "nothing", 0, false},
	{`法律意见书`, "nothing: we give information", scamOrPromise, false},
	{`开门理论|人肉他|人肉搜索`, "nothing", scamOrPromise, false},
	// Verdicts.
	{`坐牢|抓起来`, "由公安机关、法院认定", scamOrPromise | inQuotes, false},
	{`已构成|已经违法|就是违法|肯定违法|属于犯罪|就是犯罪`, "可能违法、可能涉嫌，由……认定", scamOrPromise | inQuotes, false},
	{`公约[^。；\n]{0,8}(?:16|十六) ?条`, "国标、协会指引：不是法律", 0, false},
	{`立案证明`, "接报案回执、受案回执", scamOrPromise, false},
	// Shame and life.
	{`老赖|赖账|赖皮`, "逾期、还不上", scamOrPromise | inQuotes, false},
	{`催狗|黑社会`, "催收方、打来的人", scamOrPromise | inQuotes, false},
	{`负债人|案主`, "借款人、你", inQuotes, false},
	{`想不开|轻生|做傻事|心理有病`, "自杀、结束生命；心理援助热线", inWarning | inQuotes, false},
	{`识别失败|意图|系统异常|解析|置信度`, "没看懂；没存上；读到的是", 0, false},
	// Days.
	{`12378[^。；\n]*15 ?个?工作日|15 ?个?工作日[^。；\n]*12378`, "15 日，连周末一起算", 0, false},
	// Manners.
	{`！|!`, "a full stop", 0, true},
	{`您`, "你", inSpeech | inQuotes, true},
	{`加油|亲爱的|亲测|～`, "nothing", 0, true},
	{`\*\*|__`, "plain words, no Markdown", 0, true},
	{`[\x{1F000}-\x{1FAFF}\x{2600}-\x{26FF}\x{2705}\x{274C}]`, "no emoji", 0, true},
	{`36%`, "24% or four times the LPR, whichever the creditor is held to", scamOrPromise, true},
}

// denials make a sentence one that says something is not so.
var denials = regexp.MustCompile(`不是|不等于|不代表|不算|骗局|骗子|骗人|别信|不要信|不存在|不可能是`)

// matchers are the patterns of words, and any finds whether one of them could be there.
var (
	matchers = func() (all []*regexp.Regexp) {
		for _, w := range words {
			all = append(all, regexp.MustCompile(w.pattern))
		}
		return all
	}()
	anyWord = func() *regexp.Regexp {
		var patterns []string
		for _, w := range words {
			patterns = append(patterns, w.pattern)
		}
		return regexp.MustCompile(strings.Join(patterns, "|"))
	}()
)

// words reports the words in a leaf that we do not use.
func (c *checker) words(l leaf) {
	if !l.scalar || l.rule.quiet || l.rule.quote || !anyWord.MatchString(l.value) {
		return
	}
	for i, w := range words {
		for _, at := range matchers[i].FindAllStringIndex(l.value, -1) {
			if w.excused(l, at[0], at[1]) {
				continue
			}
			severity := MustFix
			if w.style {
				severity = MayFix
			}
			said := l.value[at[0]:at[1]]
			if bare := strings.TrimRightFunc(said, unicode.IsPunct); bare != "" {
				said = bare
			}
			c.add(l.file, l.path, severity, "we do not say "+said+"; say: "+w.instead)
			break
		}
	}
}

// excused tells whether the word may stand where it stands: at value[from:to].
func (w word) excused(l leaf, from, to int) bool {
	before := l.value[:from]
	return w.but&inWarning != 0 && (l.rule.warn || l.rule.theirs && quoted(before)) ||
		w.but&inSpeech != 0 && l.rule.said ||
		w.but&former != 0 && strings.HasSuffix(before, "原") ||
		w.but&inQuotes != 0 && (l.rule.theirs || quoted(before)) ||
		w.but&denied != 0 && denials.MatchString(sentenceAround(l.value, from, to))
}

// quoted tells whether a quotation is open at the end of before.
func quoted(before string) bool {
	return strings.LastIndexAny(before, "「『“") > strings.LastIndexAny(before, "」』”")
}

// sentenceAround returns the sentence that holds value[from:to].
func sentenceAround(value string, from, to int) string {
	const ends = "。；？！\n"
	if i := strings.LastIndexAny(value[:from], ends); i >= 0 {
		from, value = from-i, value[i:]
		to -= i
	}
	if i := strings.IndexAny(value[min(to, len(value)):], ends); i >= 0 {
		value = value[:to+i]
	}
	return value
}
