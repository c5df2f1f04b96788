package telegram

import (
	"fmt"
	"strings"

	"anning/bot"
)

// outgoing is one message to be sent.
type outgoing struct {
	text     string
	entities []entity
	keys     *keyboard
	file     *bot.File
	silent   bool
}

// entity marks a stretch of a text, in UTF-16 units.
type entity struct {
	Type   string `json:"type"` // bold, blockquote, pre
	Offset int    `json:"offset"`
	Length int    `json:"length"`
}

// mark is an entity before its text is cut, in bytes.
type mark struct {
	kind string
	span
}

// compose makes messages of replies. Text goes as it is, with marks beside it: nothing in it can be mistaken for markup.
func compose(replies []bot.Reply) []outgoing {
	var out []outgoing
	for _, r := range replies {
		out = append(out, composeOne(r)...)
	}
	return out
}

func composeOne(r bot.Reply) []outgoing {
	text := strings.ToValidUTF8(r.Text, "")
	for _, c := range r.Choices {
		if c.Call != "" && !strings.Contains(text+c.Label, c.Call) { // the button cannot dial
			text += "\n" + fmt.Sprintf(number, c.Call)
		}
	}
	keys := newKeyboard(r)
	file := r.File
	if file != nil && file.Open == nil {
		file = nil
	}
	if blank(text) {
		text = ""
		if keys != nil && file == nil {
			text = choose
		}
	}
	if file != nil && units(text) <= maxCaption {
		return []outgoing{{text: strings.TrimSpace(text), file: file, keys: keys}}
	}
	marks := marked(text, r.Card)
	var out []outgoing
	for _, s := range split(text, maxText) {
		out = append(out, outgoing{text: text[s.from:s.to], entities: within(text, s, marks)})
	}
	if file != nil {
		out = append(out, outgoing{file: file})
	}
	if len(out) > 0 {
		out[len(out)-1].keys = keys
	}
	return out
}

// marked finds what of a card is set off: its head, its title, the exact words of statutes. A letter can be copied by
// touching it, where it is too long for a button.
func marked(text string, c *bot.Card) []mark {
	if c == nil {
		return nil
	}
	var all []mark
	if c.Kind == "letter" {
		if units(text) > maxCopy {
			all = append(all, mark{"pre", span{0, len(text)}})
		}
		return all
	}
	if head, _, ok := strings.Cut(text, "】"); ok && strings.HasPrefix(text, "【") {
		all = append(all, mark{"bold", span{0, len(head) + len("】")}})
	}
	if i := strings.Index(text, "\n"+c.Title); c.Title != "" && i >= 0 {
		all = append(all, mark{"bold", span{i + 1, i + 1 + len(c.Title)}})
	}
	for _, row := range c.Rows {
		if !row.Quote {
			continue
		}
		quoted := "「" + strings.NewReplacer("「", "『", "」", "』").Replace(row.Text) + "」"
		if i := strings.Index(text, quoted); i >= 0 {
			all = append(all, mark{"blockquote", span{i, i + len(quoted)}})
		}
	}
	return all
}

// within are the entities of a stretch of a text.
func within(text string, s span, marks []mark) []entity {
	var out []entity
	for _, m := range marks {
		from, to := max(m.from, s.from), min(m.to, s.to)
		if from >= to {
			continue
		}
		out = append(out, entity{m.kind, units(text[s.from:from]), units(text[from:to])})
	}
	return out
}
