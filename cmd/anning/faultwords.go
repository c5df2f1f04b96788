package main

import (
	"regexp"
	"strings"
)

// faultWords are the checkers' sentences that authors meet most, as the checkers write them, and in Chinese: $1 is the
// first thing filled in. A test holds the left side to the sources.
var faultWords = [][2]string{
	// flows
	{"unknown key %q in a %s%s", "没有 $1 这个键"},
	{"the key %q is there twice", "键 $1 写了两遍"},
	{"the id %q is taken by the step in line %d", "id $1 在第 $2 行用过了"},
	{"a %s needs %q", "少了 $2"},
	{"a step needs one of: %s%s", "这一步没写它做什么，要有其中一个：$1"},
	{"a step does one thing, not %s", "一步只做一件事，这里写了 $1"},
	{"a step is a mapping such as `say: …`, not %s", "一步要写成「键: 内容」，如 say: …；这里是 $1"},
	{"a choice has only one of to, show and visit", "一个选项里，to、show、visit 只能写一个"},
	{"%q: unknown word %q%s; one of: %s", "$1 写了 $2，只能是：$4"},
	{"an ask step needs an id", "问一句（ask）要有 id"},
	{"%q is a list, not %s", "$1 要写成列表，不是 $2"},
	{"%q is a text, not %s", "$1 要写成一段话，不是 $2"},
	{"%q is empty", "$1 是空的"},
	{"empty; a flow needs steps", "文件是空的，流程要有 steps"},
	{"%s: no flow %q%s", "没有流程 $2"},
	{"%s: no step %q in %s%s", "流程 $3 里没有步骤 $2"},
	{"when: no step fills the slot %q%s", "when 里的 $1 没有哪一步会记下"},
	{"when: the slot %q is never %q%s", "when：$1 不会是 $2"},
	{"%s: no step fills the slot %q%s", "$1：没有哪一步会记下 $2"},
	{"%s: unknown name %q%s", "$1：没有 $2 这个名字"},
	{"the label 「%s」 has %d characters; at most %d", "按钮「$1」有 $2 个字，最多 $3 个"},
	{"label: 「%s」 does not say what will happen", "按钮「$1」没说按下去会怎样"},
	{"the first line has %d characters, at most %d: 「%s」", "第一行有 $1 个字，最多 $2 个：「$3」"},
	{"a reply without choices has %d characters; at most %d", "没有选项的一条回复有 $1 个字，最多 $2 个"},
	{"ask: %d questions; one is enough", "一次只问一件事，这里有 $1 个问号"},
	{"ask: the last line is not the question: 「%s」", "最后一行要是问题，这里是「$1」"},
	{"dead end: the flow stops after %q; add next or end", "走到 $1 就没有路了：加 next 或 end"},
	{"dead end: nothing follows the choices %s; give them `to`, or add a step below", "选了 $1 就没有路了：写上 to，或在下面加一步"},
	{"a circle that asks nothing: %s", "一直打转，什么都不问：$1"},
	{"from %q no way leads to an end", "从 $1 走不到结束"},
	{"nobody comes to the step %q%s", "没有人走得到步骤 $1"},
	{"nothing opens this flow: no phrases, no call, visit, target or reminder", "没有什么会打开这个流程：写 phrases，或在别的流程里用 call、visit、to 叫它"},
	{"phrases: 「%s」 opens the flow %s too", "phrases：「$1」也会打开流程 $2"},
	{"phrases: 「%s」 is always heard already", "phrases：「$1」本来就随时听得懂"},
	{"「%s」 is always heard as the command 「%s」", "「$1」随时都当作「$2」，不能当选项"},
	{"「%s」 means the choice %s too", "「$1」也是选项 $2 的说法"},
	{"the number %s is only on the button; say it in the text too", "号码 $1 只在按钮上，文字里也要写"},
	// content
	{"%q is missing", "少了 $1"},
	{"%s is empty", "$1 是空的"},
	{"%q is there twice", "$1 写了两遍"},
	{"%s has %d characters, at most %d fit", "$1 有 $2 个字，最多 $3 个"},
	{"%s is %q%s: it has to be %s", "$1 写了 $2，只能是 $4"},
	{"%q is no id: small letters, digits, _ and - only", "$1 不能当 id：只用小写字母、数字、_ 和 -"},
	{"%s begins or ends with a space or an empty line: use |- and no spaces", "$1 的头尾有空格或空行：用 |- 开头，去掉空格"},
	{"only .yaml files belong here", "这里只放 .yaml 文件"},
	{"the file is empty", "文件是空的"},
	{"this is not UTF-8", "不是 UTF-8 文字：用 UTF-8 重新存一遍"},
	{"checked on %s, %d days ago: compare it with its source again", "$1 核对的，过了 $2 天：照来源再核对一遍"},
	{"checked on %s, which has not come yet", "核对日 $1 还没到"},
	{"no phrases: nobody can be heard to mean it", "没有 phrases：听不出有人在说它"},
	{"nothing leads to it: no route, no plan, no question, no flow, no names", "没有哪里通向它：route、plan、问题、流程都没提到，也没有 names"},
	{"no conduct takes this route", "没有哪种行为走这条 route"},
	{"nothing that people read names it: no conduct, question, checklist, yardstick, deadline, letter, negotiation, flow", "没有哪种行为、哪个流程提到它"},
	// flows against content
	{"%s: the content has no %q", "$1：内容里没有 $2"},
	{"source: the content has no %q", "source：内容里没有 $1"},
	{"the card has %d bytes; WeChat takes %d in one message", "卡片有 $1 字节，微信一条只能发 $2"},
	{"the card %s has %d characters, a card has at most %d", "卡片「$1」有 $2 个字，最多 $3 个"},
	{"the engine's sentence %q is missing", "少了一句话 $1"},
	{"no %s %q%s", "没有 $2（$1）"},
	// the walk over every choice
	{"%s: there is no way on", "$1：没有路了"},
	{"%s: the button %q has %d bytes", "$1：按钮 $2 有 $3 字节，太长"},
	{"%s: a reply has %d bytes", "$1：一条回复有 $2 字节，太长"},
	{"%s: an empty reply", "$1：一条空的回复"},
}

// faultForms are the left sides as patterns.
var faultForms = func() []*regexp.Regexp {
	forms := make([]*regexp.Regexp, len(faultWords))
	holes := strings.NewReplacer("%q", `("(?:[^"\\]|\\.)*")`, "%d", `(\d+)`, "%s", `(.*)`)
	for i, w := range faultWords {
		forms[i] = regexp.MustCompile("(?s)^" + holes.Replace(regexp.QuoteMeta(w[0])) + "$")
	}
	return forms
}()

var didYouMean = regexp.MustCompile(`(?:, did you mean ("[^"]*"))|(?: \(did you mean ("[^"]*")\?\))`)

// inWords is a checker's sentence in Chinese, or as it is.
func inWords(text string) string {
	guess := ""
	plain := didYouMean.ReplaceAllStringFunc(text, func(found string) string {
		m := didYouMean.FindStringSubmatch(found)
		guess = "，是不是 " + m[1] + m[2] + "？"
		return ""
	})
	for i, form := range faultForms {
		if at := form.FindStringSubmatchIndex(plain); at != nil {
			return string(form.ExpandString(nil, numbered(faultWords[i][1]), plain, at)) + guess
		}
	}
	return text
}

var reference = regexp.MustCompile(`\$(\d)`)

// numbered keeps $1 apart from what follows it.
func numbered(text string) string { return reference.ReplaceAllString(text, "$${$1}") }
