package content

import (
	"fmt"
	"regexp"
	"strings"
)

// What fits: a card for people to read, and one page of WeChat with the choices below the card.
const (
	cardCharacters = 300
	cardBytes      = 1900
)

// slotForm is a blank in a letter.
var slotForm = regexp.MustCompile(`\{([^{}]*)\}`)

// lawCard is the longest text form of a law's card, in the fixed order, with two choices below; only its length counts.
func lawCard(l *Law, today Date) string {
	head := "原文"
	if l.Summary {
		head = "要点"
	}
	in := "施行：" + l.From.Full() + "起"
	if !l.To.IsZero() {
		in += "，到 " + l.To.Full() + "止"
	}
	return lines(
		"【依据 · "+l.Strength.Label()+"】"+l.Strength.Gloss(), l.Short+l.Article, head+"：「"+l.Text+"」", in,
		filled("管谁", l.AppliesTo), "你的事：发生在 "+today.Full()+"，用这一版", filled("由谁认定", l.DecidedBy), l.Says,
		fmt.Sprintf("来源：%s · 核对 %s", l.Source, l.Checked.Full()),
		"这是信息，不是法律意见。拿不准，问 12348 或律师。", "", "1 看下一条", "2 接着说", "回复数字，或直接说。")
}

// channelCard is the text form of a reporting channel's card, in the fixed order; only its length counts.
func channelCard(x *ReportingChannel) string {
	kind := "（非官方）"
	if x.Official {
		kind = "（官方）"
	}
	return lines(x.Name+kind, filled("管", x.Accepts...), filled("不管", x.Refuses...), filled("怎么找", x.Contacts...),
		filled("带", x.Needs...), filled("多久", x.Takes), filled("得到", x.Receipt), filled("没回音", x.NoReply), x.Hours,
		fmt.Sprintf("来源：%s · 核对 %s", x.Source, x.Checked.Full()))
}

// filled is one field of a card, "" where there is nothing to say.
func filled(label string, values ...string) string {
	if text := strings.Join(values, "；"); text != "" {
		return label + "：" + text
	}
	return ""
}

// lines joins the fields of a card that are filled.
func lines(fields ...string) string {
	var b strings.Builder
	for _, f := range fields {
		if f != "" {
			b.WriteString(f)
			b.WriteByte('\n')
		}
	}
	return b.String()
}
