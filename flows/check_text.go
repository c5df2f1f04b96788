package flows

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Limits of a text, in characters, from the page on voice.
const (
	maxFirstLine = 20
	maxReply     = 120 // without choices
)

// checkText holds what a step says against the page on voice.
func (c *checker) checkText(f *Flow, s *Step) {
	if s.Kind != Say && s.Kind != Ask {
		return
	}
	text := spoken(s.Text)
	first, _, _ := strings.Cut(text, "\n")
	if n := utf8.RuneCountInString(first); n > maxFirstLine {
		c.may(f, s.Line, "the first line has %d characters, at most %d: 「%s」", n, maxFirstLine, cut(first))
	}
	if s.Ask == nil || len(s.Ask.Choices) == 0 && s.Ask.From == "" {
		if n := utf8.RuneCountInString(strings.ReplaceAll(text, "\n", "")); n > maxReply {
			c.may(f, s.Line, "a reply without choices has %d characters; at most %d", n, maxReply)
		}
	}
	if s.Kind == Say && len(s.Text.Text) > maxBytes {
		c.must(f, s.Line, "the text has %d bytes; at most %d", len(s.Text.Text), maxBytes)
	}
	c.checkVoice(f, s.Line, string(s.Kind), text)
	if s.Ask == nil {
		return
	}
	c.checkQuestionMark(f, s, text)
	c.checkVoice(f, s.Line, "why", s.Ask.Why)
	c.checkVoice(f, s.Line, "example", s.Ask.Example)
	for _, choice := range s.Ask.Choices {
		c.checkVoice(f, choice.Line, "label", choice.Label)
		switch choice.Label {
		case "确定", "取消", "好的", "提交", "确认":
			c.must(f, choice.Line, "label: 「%s」 does not say what will happen", choice.Label)
		}
	}
}

// checkQuestionMark looks whether the last line asks, and asks one thing. A text of one line may do without a question:
// a line to read aloud in a call, a reminder on a locked screen.
func (c *checker) checkQuestionMark(f *Flow, s *Step, text string) {
	asked := unquoted(text)
	last := asked[strings.LastIndexByte(asked, '\n')+1:]
	marks := strings.Count(asked, "？")
	closed := strings.Contains(text, "\n") && (s.Ask.Accept == AcceptChoice || s.Ask.Accept == AcceptYesNo)
	switch {
	case !strings.Contains(last, "？") && (marks > 0 || closed):
		c.may(f, s.Line, "ask: the last line is not the question: 「%s」", cut(text[strings.LastIndexByte(text, '\n')+1:]))
	case marks > 1:
		c.may(f, s.Line, "ask: %d questions; one is enough", marks)
	}
}

// cut shortens a text for a fault.
func cut(text string) string {
	const most = 40
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}

// spoken returns the text with … for each slot.
func spoken(t Template) string { return t.Render(func(string) string { return "…" }) }

// unquoted leaves out what stands in quotation marks or is a title: other people's words.
func unquoted(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch r {
		case '「', '『', '“', '《':
			depth++
		case '」', '』', '”', '》':
			depth = max(0, depth-1)
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

// pattern is a form that texts must not have.
type pattern struct {
	form     *regexp.Regexp
	severity Severity
	why      string
}

var patterns = []pattern{
	{regexp.MustCompile(`[\x{1F000}-\x{1FAFF}\x{2600}-\x{2712}\x{2714}-\x{27BF}\x{2B00}-\x{2BFF}\x{FE0F}\x{20E3}]`), MustFix, "no emoji"},
	{regexp.MustCompile(`！`), MustFix, "no 「！」"},
	{regexp.MustCompile("(?m)\\*\\*|__|`|\\]\\(|^(#{1,6}|[*+>-]) "), MustFix, "no Markdown"},
	{regexp.MustCompile(`(?m)\p{Han}[,.;:?!](\s*\p{Han}|\s*$)|\p{Han}\(|\)\p{Han}`), MustFix, "full-width punctuation among Chinese characters"},
	{regexp.MustCompile(`\p{Han}[A-Za-z]|[A-Za-z]\p{Han}|\p{Han}\d{3,12}(?:[^年\d.,/-]|$)`), MayFix, "one space between Chinese and Latin letters or numbers"},
	{regexp.MustCompile(`(?m)[呢哦啦哈～]([。，？～]|$)`), MayFix, "no 呢哦啦哈～"},
	{regexp.MustCompile(`(?m)(^|[，。？])亲[，。爱们]`), MustFix, "never 「亲」; say 你"},
	{regexp.MustCompile(`\d+(\.\d+)?[wW]([^a-zA-Z]|$)`), MayFix, "write 6 万元, not 6w"},
}

// checkVoice looks for forms and words that the page on voice refuses.
func (c *checker) checkVoice(f *Flow, line int, where, text string) {
	if text == "" {
		return
	}
	own := unquoted(text)
	fault := func(severity Severity, found, why string) {
		report := c.must
		if severity == MayFix {
			report = c.may
		}
		report(f, line, "%s: 「%s」: %s", where, strings.TrimSpace(found), why)
	}
	for _, p := range patterns {
		if found := p.form.FindString(own); found != "" {
			fault(p.severity, found, p.why)
		}
	}
	for _, w := range refused {
		if w.in(own) {
			fault(w.severity, w.word, w.why)
		}
	}
}
