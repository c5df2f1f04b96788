package bot

import (
	"slices"
	"strings"

	"anning/content"
)

// text is the card in words: the same fields in the same order, for every messenger.
func (c Card) text() string {
	var b strings.Builder
	b.WriteString("【" + c.Head)
	if c.Badge != "" {
		b.WriteString(" · " + c.Badge)
	}
	b.WriteString("】" + c.Note)
	if c.Title != "" {
		b.WriteString("\n" + c.Title)
	}
	for _, r := range c.Rows {
		b.WriteString("\n" + r.text())
	}
	if c.Foot != "" {
		b.WriteString("\n" + c.Foot)
	}
	return b.String()
}

func (r CardRow) text() string {
	text := r.Text
	if r.Quote {
		text = "「" + strings.NewReplacer("「", "『", "」", "』").Replace(text) + "」"
	}
	if r.Label != "" && strings.Contains(text, "\n") { // several things under one name
		text = "\n· " + strings.ReplaceAll(text, "\n", "\n· ")
	}
	if r.Label != "" {
		text = r.Label + "：" + text
	}
	switch r.Mark {
	case "done":
		return "✓ " + text
	case "open":
		return "□ " + text
	case "dot":
		return "· " + text
	}
	return text
}

// row adds a field, unless there is nothing to say in it.
func (c *Card) row(label, text string) {
	if text != "" {
		c.Rows = append(c.Rows, CardRow{Label: label, Text: text})
	}
}

func (c *Card) marked(mark string, texts ...string) {
	for _, text := range texts {
		c.Rows = append(c.Rows, CardRow{Text: text, Mark: mark})
	}
}

// sourceLine is where a fact comes from and when it was last compared; facts checked over 180 days ago say so.
func sourceLine(f content.Fact, today content.Date) string {
	return sourceLineWith(f, today, "以渠道答复为准。")
}

// sourceLineWith says who has the last word, in the words of doubt, where the fact is of medium confidence.
func sourceLineWith(f content.Fact, today content.Date, doubt string) string {
	line := "来源：" + f.Source + " · 核对 " + f.Checked.String()
	if f.Checked.Until(today) > 180 {
		line += "\n半年前核对的，先打电话问一下再去。"
	}
	if f.Confidence == content.Medium {
		line += "\n" + doubt
	}
	return line
}

// seenRetold is what is said of a rule that was read in reports only.
const seenRetold = "这一条我见到的是转述，以官方公布为准。"

// lawCard is the 依据 card of voice.md §1.
func lawCard(l *content.Law, day content.Date, said bool, today content.Date) Card {
	c := Card{Kind: "law", Head: "依据", Badge: l.Strength.Label(), Note: l.Strength.Gloss(), Title: l.Short + article(l)}
	if l.Summary { // what is known of it is a report, not its wording
		c.row("要点", l.Text)
	} else {
		c.Rows = append(c.Rows, CardRow{Label: "原文", Text: l.Text, Quote: true})
	}
	force := l.From.Full() + "起"
	if l.From.IsZero() {
		force = ""
	}
	if !l.To.IsZero() {
		force += "，到 " + l.To.Full() + "止"
	}
	label := "施行"
	if l.Strength == content.SelfDiscipline {
		label = "公布" // when its members have to follow it was not read in the original
	}
	c.row(label, force)
	c.row("管谁", l.AppliesTo)
	c.row("说的是", l.Says)
	if said {
		c.row("你的事", "发生在 "+day.People(today)+"，用这一版")
	}
	c.row("由谁认定", l.DecidedBy)
	c.Foot = "来源：" + l.Source + " · 核对 " + l.Checked.String()
	if l.Confidence == content.Medium {
		c.Foot += "\n" + seenRetold
	}
	c.Foot += "\n这是信息，不是法律意见。拿不准，问 12348 或律师。"
	return c
}

// article is the number of the article as people may read it: notices are quoted by their text, not by numbers, and
// what we could not verify is left out.
func article(l *content.Law) string {
	if l.Strength == content.NormativeDoc || strings.Contains(l.Article, "未核") || strings.Contains(l.Article, "待核") {
		return ""
	}
	if i := strings.LastIndex(l.Article, "（"); i > 0 && strings.HasSuffix(l.Article, "）") {
		return l.Article[:i] // without a word of ours at the end: （旧法）, （禁止接触）; 「第（五）项」 ends with 项
	}
	return l.Article
}

// channelCard is the 渠道 card of voice.md §1: always the same order, empty fields left out. Limits and cost are on it
// where they have room.
func channelCard(ch *content.ReportingChannel, today content.Date) Card {
	c := basicChannelCard(ch, today)
	if roomy(ch, today) {
		limitsOf(&c, ch)
	}
	return c
}

func basicChannelCard(ch *content.ReportingChannel, today content.Date) Card {
	badge := "非官方"
	if ch.Official {
		badge = "官方"
	}
	c := Card{Kind: "reporting_channel", Head: "渠道", Badge: badge, Title: ch.Name}
	c.row("管", strings.Join(ch.Accepts, "；"))
	c.row("不管", strings.Join(ch.Refuses, "；"))
	c.row("怎么找", strings.Join(ch.Contacts, "；"))
	c.row("带", strings.Join(ch.Needs, "、"))
	c.row("时间", ch.Hours)
	c.row("多久", ch.Takes)
	c.row("得到", ch.Receipt)
	c.row("没回音", ch.NoReply)
	if ch.Opening != "" {
		c.Rows = append(c.Rows, CardRow{Label: "先说", Text: ch.Opening, Quote: true})
	}
	c.Foot = sourceLine(ch.Fact, today)
	return c
}

// conductCard says what a conduct is and, as honestly, what it is not.
func conductCard(c *content.Conduct, today content.Date) Card {
	card := Card{Kind: "conduct", Head: "这是什么", Title: c.Name}
	card.row("算", strings.Join(c.Is, "\n"))
	card.row("不算", strings.Join(c.IsNot, "\n"))
	card.row("", c.Plain)
	card.Foot = sourceLine(c.Fact, today)
	return card
}

func doNowCard(c *content.Conduct) Card {
	card := Card{Kind: "conduct", Head: "现在做", Title: c.Name}
	card.marked("open", c.DoNow...)
	card.marked("dot", c.DoNot...)
	return card
}

// evidenceCard lists what to keep, ticks what is there, and tells of the first missing one what it is for and how.
func evidenceCard(c *content.Conduct, have []string) Card {
	card := Card{Kind: "checklist", Head: "要留的证据"}
	n, told := 0, false
	for _, e := range c.Evidence {
		if slices.Contains(have, e.ID) {
			n++
			card.marked("done", e.Item)
			continue
		}
		card.marked("open", e.Item)
		if !told {
			card.row("为什么", e.Why)
			card.row("怎么留", e.How)
			told = true
		}
	}
	card.Badge = itoa(n) + " / " + itoa(len(c.Evidence))
	return card
}

func checklistCard(l *content.Checklist, today content.Date) Card {
	card := Card{Kind: "checklist", Head: "清单", Title: l.Name, Foot: sourceLineWith(l.Fact, today, "各地、各家会有不同。")}
	card.row("", l.Why)
	card.marked("open", l.Items...)
	card.never(l.Never)
	return card
}

func scriptCard(sc *content.Script, lines []string, first bool) Card {
	card := Card{Kind: "script", Head: "照着念", Title: sc.Name}
	card.marked("dot", lines...)
	if first && len(sc.Never) > 0 {
		card.row("别说", strings.Join(sc.Never[:min(2, len(sc.Never))], "；"))
	}
	return card
}
