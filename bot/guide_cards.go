package bot

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"anning/content"
)

// roomOfCards is how many characters a card of several may have: the rest is for the line that tells its place.
const roomOfCards = maxCardRunes - 30

// pages cuts a card that is too long for a phone into several, at its rows.
func pages(c Card) []Card {
	if utf8.RuneCountInString(c.text()) <= maxCardRunes {
		return []Card{c}
	}
	var all []Card
	page := c
	page.Rows = nil
	for _, r := range c.Rows {
		more := page
		more.Rows = append(page.Rows[:len(page.Rows):len(page.Rows)], r)
		if len(page.Rows) > 0 && utf8.RuneCountInString(more.text()) > roomOfCards {
			all = append(all, page)
			more.Rows = []CardRow{r}
		}
		page = more
	}
	return append(all, page)
}

func questionCards(q *content.Question, today content.Date) []Card {
	c := Card{Kind: "question", Head: "详细", Title: q.Title, Foot: sourceLine(q.Fact, today)}
	c.marked("dot", q.More...)
	return pages(c)
}

func phoneCard(p *content.Phone, today content.Date) Card {
	c := Card{Kind: "phone", Head: "通话录音", Title: p.Name, Foot: sourceLineWith(p.Fact, today, "以你的手机为准。")}
	c.row("先知道", p.Caution)
	for i, how := range p.How {
		c.row("第 "+itoa(i+1)+" 步", how)
	}
	return c
}

// negotiationCards are what to know, what to say a few lines at a time, and what to say when it is refused.
func negotiationCards(n *content.Negotiation, slot func(string) string, today content.Date) []Card {
	const few = 3
	var all []Card
	if len(n.Know) > 0 {
		c := Card{Kind: "negotiation", Head: "先知道", Title: n.Name, Foot: sourceLine(n.Fact, today)}
		c.marked("dot", n.Know...)
		all = append(all, pages(c)...)
	}
	for lines := n.Lines; len(lines) > 0; lines = lines[min(few, len(lines)):] {
		c := Card{Kind: "negotiation", Head: "照着说", Title: n.Name}
		for _, line := range lines[:min(few, len(lines))] {
			c.marked("dot", fill(line, slot))
		}
		all = append(all, pages(c)...)
	}
	c := Card{Kind: "negotiation", Head: "对方不同意时", Title: n.Name, Foot: sourceLine(n.Fact, today)}
	for _, line := range n.Refused {
		c.marked("dot", fill(line, slot))
	}
	c.never(n.Never)
	if len(c.Rows) > 0 {
		all = append(all, pages(c)...)
	}
	return all
}

// never adds what not to do or say, each under 不要.
func (c *Card) never(lines []string) {
	for _, line := range lines {
		c.row("不要", strings.TrimPrefix(strings.TrimPrefix(line, "别"), "不要"))
	}
}

// blank stands where a person writes something in.
const blank = "＿＿"

var braces = regexp.MustCompile(`\{[^{}\n]{1,40}\}`)

// fill puts the slots into a text where it has {slot}; a blank where nothing is known.
func fill(text string, slot func(string) string) string {
	return braces.ReplaceAllStringFunc(text, func(name string) string {
		if v := slot(name[1 : len(name)-1]); v != "" {
			return v
		}
		return blank
	})
}

// yardstickCard says what the measure is, whom it binds, and what kind of rule it is.
func yardstickCard(lib *content.Library, y *content.Yardstick, day, today content.Date) Card {
	c := Card{Kind: "yardstick", Head: "规定", Title: y.Name, Foot: sourceLineWith(y.Fact, today, seenRetold)}
	law := lib.Law(y.Laws[0])
	if l, ok := lib.LawOn(y.Laws[0], day); ok {
		law = l
	}
	if law != nil {
		c.Badge, c.Note = law.Strength.Label(), law.Strength.Gloss()
	}
	c.row("", y.Says)
	c.row("管谁", bound(lib, y))
	c.row("别弄错", strings.Join(y.IsNot, "\n"))
	return c
}

// bound names whom a measure binds.
func bound(lib *content.Library, y *content.Yardstick) string {
	if len(y.Binds) == 0 {
		return "所有来催的人"
	}
	var names []string
	for _, id := range y.Binds {
		if k := lib.Creditor(id); k != nil {
			names = append(names, k.Short)
		}
	}
	return strings.Join(names, "、")
}

// roomy says whether limits and cost have room on the card of a reporting channel; else they are told with the details.
func roomy(ch *content.ReportingChannel, today content.Date) bool {
	if len(ch.Limits) == 0 && ch.Cost == "" {
		return false
	}
	c := basicChannelCard(ch, today)
	limitsOf(&c, ch)
	return utf8.RuneCountInString(c.text()) <= maxCardRunes
}

func limitsOf(c *Card, ch *content.ReportingChannel) {
	c.row("限制", strings.Join(ch.Limits, "；"))
	c.row("花费", ch.Cost)
}

// channelMoreCards are the details of a reporting channel; none where its card says it all.
func channelMoreCards(ch *content.ReportingChannel, today content.Date) []Card {
	c := Card{Kind: "reporting_channel", Head: "渠道 · 详细", Title: ch.Name, Foot: sourceLine(ch.Fact, today)}
	if !roomy(ch, today) {
		limitsOf(&c, ch)
	}
	for _, d := range ch.Deadlines {
		if d.Confidence != content.Low {
			c.row("多久", deadline(d))
		}
	}
	c.row("留心", strings.Join(ch.Tips, "\n"))
	c.row("常被退回", strings.Join(ch.Rejects, "\n"))
	if len(c.Rows) == 0 {
		return nil
	}
	return pages(c)
}

// deadline is a time limit as people read it: 「机构答复：收到后 15 日，可延长 30 日」.
func deadline(d content.Deadline) string {
	unit := days(d.Working)
	text := d.Name + "：" + starts[d.After] + " " + itoa(d.Days) + " " + unit
	for i, n := range d.Extend {
		if i == 0 {
			text += "，可延长 "
		} else {
			text += "，再延长 "
		}
		text += itoa(n) + " " + unit
	}
	if d.Confidence == content.Medium {
		text += "（以渠道答复为准）"
	}
	return text
}

func days(working bool) string {
	if working {
		return "个工作日"
	}
	return "日"
}

// starts are what days are counted from, in people's words.
var starts = map[string]string{
	"filed": "交出后", "accepted": "受理后", "opened": "立案后", "decided": "作出决定后", "penalised": "收到处罚决定后", "refused": "知道不收后",
	"reconsidered": "收到复议决定后", "carrier_filed": "向运营商投诉后", "agreed": "谈成后", "judged": "判决后", "summoned": "收到起诉状后",
	"payment_order": "收到支付令后", "received": "收到后", "due": "还款日", "third_instalment": "第三期", "settled": "结清后", "week": "每周",
}
