package wechat

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"anning/bot"
)

// maxText is the most bytes of one text that WeChat is given. It takes 2048; the rest is headroom.
const maxText = 1900

// page ids of a tapped 「继续」 are pageID and the number of the page, so that it brings that page from any process.
const pageID = 1000

// drawing is how replies are drawn.
type drawing struct {
	links bool                               // choices can be tapped, beside their numbers
	file  func(reply int, f bot.File) string // where a file can be had; "" where it cannot
	due   func(due time.Time) string         // where a day for the calendar can be had; likewise
}

// pages draws replies as texts that WeChat takes: one where they fit, else a few, each but the last ending with how to
// get the next. The same replies always make the same pages.
func (d drawing) pages(replies []bot.Reply) []string {
	limit := maxText - len(d.more(99))
	out := d.fill(replies, limit)
	if d.links && len(out) > 1 { // links must not make it longer
		plain := d
		plain.links = false
		if without := plain.fill(replies, limit); len(without) < len(out) {
			out = without
		}
	}
	for i := range out[:max(0, len(out)-1)] {
		out[i] += d.more(i + 2)
	}
	return out
}

// more leads to a page.
func (d drawing) more(page int) string {
	var b strings.Builder
	b.WriteString("\n\n回复「")
	if d.links {
		tap(&b, "继续", pageID+page)
	} else {
		b.WriteString("继续")
	}
	b.WriteString("」看下一页。")
	return b.String()
}

// fill puts the replies on one page, or on several of at most limit bytes.
func (d drawing) fill(replies []bot.Reply, limit int) []string {
	blocks := d.blocks(replies)
	if all := joined(blocks); len(all) <= maxText {
		if all == "" {
			return nil
		}
		return []string{all}
	}
	var out []string
	page := ""
	for _, b := range blocks {
		for _, piece := range b.pieces(limit) {
			switch {
			case page == "":
				page = piece
			case len(page)+2+len(piece) <= limit:
				page += "\n\n" + piece
			default:
				out, page = append(out, page), piece
			}
		}
	}
	return append(out, page)
}

// block is one reply: its words, and the lines of choices that stay together below them.
type block struct{ text, choices string }

func (b block) String() string {
	switch {
	case b.choices == "":
		return b.text
	case b.text == "":
		return b.choices
	}
	return b.text + "\n" + b.choices
}

func joined(blocks []block) string {
	if len(blocks) == 1 {
		return blocks[0].String()
	}
	all := make([]string, len(blocks))
	for i, b := range blocks {
		all[i] = b.String()
	}
	return strings.Join(all, "\n\n")
}

func (d drawing) blocks(replies []bot.Reply) []block {
	asks := -1 // the reply whose choices the numbers stand for
	for i, r := range replies {
		if len(r.Choices) > 0 {
			asks = i
		}
	}
	var out []block
	for i, r := range replies {
		b := block{text: neutral(strings.Trim(r.Text, "\n"))}
		if r.File != nil {
			b.text = strings.Trim(b.text+"\n"+d.fileLine(i, *r.File), "\n")
		}
		if !r.Due.IsZero() && d.due != nil {
			if where := d.due(r.Due); where != "" {
				b.text = strings.Trim(b.text+"\n"+fmt.Sprintf(dueHere, where), "\n")
			}
		}
		if len(r.Choices) > 0 {
			b.choices = d.choices(r.Choices, i == asks && !r.Amount)
			if i == asks && r.Amount {
				b.choices += howToCount
			}
			b.choices = strings.Trim(b.choices, "\n")
		}
		if b.String() != "" {
			out = append(out, b)
		}
	}
	return out
}

func (d drawing) fileLine(i int, f bot.File) string {
	if d.file != nil {
		if where := d.file(i, f); where != "" {
			return fmt.Sprintf(fileHere, f.Name, where)
		}
	}
	return fmt.Sprintf(fileNowhere, f.Name)
}

// choices are numbered from 1, as the engine counts them. Beside a question for an amount a number would be the amount.
func (d drawing) choices(all []bot.Choice, numbered bool) string {
	var b strings.Builder
	b.Grow(len(howToAnswer) + 128*len(all))
	for i, c := range all {
		label := neutral(c.Label)
		mark := "·"
		if numbered {
			mark = strconv.Itoa(i + 1)
		}
		b.WriteString(mark)
		b.WriteByte(' ')
		if d.links && tappable(label) {
			tap(&b, label, i+1)
		} else {
			b.WriteString(label)
		}
		b.WriteByte('\n')
	}
	if numbered {
		b.WriteString(howToAnswer)
	}
	return b.String()
}

// tap writes words that can be tapped: they come back as if they were typed, with the id.
func tap(b *strings.Builder, words string, id int) {
	for _, part := range [...]string{`<a href="weixin://bizmsgmenu?msgmenucontent=`, words, `&msgmenuid=`, strconv.Itoa(id), `">`, words, `</a>`} {
		b.WriteString(part)
	}
}

func tappable(label string) bool {
	return label != "" && !strings.ContainsAny(label, "&\"'<>#%=?+\\ \n")
}

// neutral keeps WeChat from making a link of somebody's words; everything else shows as it is.
func neutral(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	return strings.NewReplacer("<a", "＜a", "<A", "＜A", "</a", "＜/a", "</A", "＜/A").Replace(text)
}

// pieces cuts a block so that each piece has at most limit bytes. The choices stay together, under the last words.
func (b block) pieces(limit int) []string {
	if len(b.String()) <= limit {
		return []string{b.String()}
	}
	out := split(b.text, limit)
	if b.choices == "" {
		return out
	}
	if len(b.choices) > limit*2/3 { // more choices than people are ever shown
		return append(out, split(b.choices, limit)...)
	}
	if n := len(out); n > 0 && len(out[n-1])+1+len(b.choices) > limit {
		out = append(out[:n-1], split(out[n-1], limit-1-len(b.choices))...)
	}
	if n := len(out); n > 0 {
		out[n-1] += "\n" + b.choices
		return out
	}
	return []string{b.choices}
}

// split cuts a text where a reader would pause: at an empty line, at the end of a line, of a sentence; anywhere else
// between two characters.
func split(text string, limit int) []string {
	var out []string
	for len(text) > limit {
		n := cutAt(text[:limit])
		if piece := strings.TrimRight(text[:n], "\n"); piece != "" {
			out = append(out, piece)
		}
		text = strings.TrimLeft(text[n:], "\n")
	}
	if text != "" {
		out = append(out, text)
	}
	return out
}

func cutAt(text string) int {
	for _, mark := range []string{"\n\n", "\n"} {
		if n := strings.LastIndex(text, mark); n > len(text)/3 {
			return n
		}
	}
	best := 0
	for _, mark := range []string{"。", "；", "？", "！", "」", "，"} {
		if n := strings.LastIndex(text, mark); n > len(text)/3 {
			best = max(best, n+len(mark))
		}
	}
	if best > 0 {
		return best
	}
	n := len(text)
	for n > 0 && n > len(text)-utf8.UTFMax && !validEnd(text[:n]) {
		n--
	}
	return n
}

// validEnd says that a text does not end inside a character.
func validEnd(text string) bool {
	r, size := utf8.DecodeLastRuneInString(text)
	return r != utf8.RuneError || size > 1
}
