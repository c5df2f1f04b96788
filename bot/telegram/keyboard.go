package telegram

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"anning/bot"
)

// newKeyboard makes the buttons of a reply: its choices, then what can be copied. nil where there are none.
func newKeyboard(r bot.Reply) *keyboard {
	k := &keyboard{}
	var all []button
	for _, c := range r.Choices {
		if len(c.Value) > maxData || c.Value == "" || c.Label == "" {
			continue // bot.Choice promises that there is none
		}
		b := button{Text: c.Label, Data: c.Value}
		switch c.Style {
		case bot.StyleNext:
			b.Style = "primary"
		case bot.StyleDanger:
			b.Style = "danger"
		}
		all = append(all, b)
	}
	k.add(all, 5)
	k.add(copies(r), 8)
	if len(k.Rows) == 0 {
		return nil
	}
	return k
}

// add puts buttons below each other, two abreast where both have at most short characters.
func (k *keyboard) add(all []button, short int) {
	for i := 0; i < len(all); i++ {
		if i+1 < len(all) && utf8.RuneCountInString(all[i].Text) <= short && utf8.RuneCountInString(all[i+1].Text) <= short {
			k.Rows = append(k.Rows, all[i:i+2])
			i++
			continue
		}
		k.Rows = append(k.Rows, all[i:i+1])
	}
}

// copying keeps only the buttons that copy; nil where there are none.
func (k *keyboard) copying() *keyboard {
	if k == nil {
		return nil
	}
	var left keyboard
	for _, row := range k.Rows {
		if len(row) > 0 && row[0].Copy != nil {
			left.Rows = append(left.Rows, row)
		}
	}
	if len(left.Rows) == 0 {
		return nil
	}
	return &left
}

// label is what the button with this data reads; "" where there is none.
func (k *keyboard) label(data string) string {
	if k == nil {
		return ""
	}
	for _, row := range k.Rows {
		for _, b := range row {
			if b.Data == data {
				return b.Text
			}
		}
	}
	return ""
}

// maxCopies is how many buttons that copy a message has at most.
const maxCopies = 6

// copies are buttons that copy what a card gives to say, to write or to dial.
func copies(r bot.Reply) []button {
	if r.Card == nil {
		return nil
	}
	var out []button
	add := func(label, text string) {
		if text != "" && units(text) <= maxCopy && len(out) < maxCopies {
			out = append(out, button{Text: label, Copy: &copyText{text}})
		}
	}
	switch r.Card.Kind {
	case "script", "negotiation":
		lines := spoken(r.Card)
		for i, line := range lines {
			if len(lines) == 1 {
				add(copyLine, line)
			} else {
				add(fmt.Sprintf(copyLineOf, i+1), line)
			}
		}
	case "letter":
		add(copyPart, r.Text)
	case "reporting_channel":
		for _, row := range r.Card.Rows {
			if row.Quote {
				add(copyOpening, row.Text)
			}
		}
		fallthrough
	case "hotlines":
		for _, n := range numbers(r.Card) {
			add(copyNumber+n, n)
		}
	}
	return out
}

// spoken are the lines of a card that are to be said. What one should know first is not said to anybody.
func spoken(c *bot.Card) []string {
	if c.Kind == "negotiation" && c.Head == "先知道" {
		return nil
	}
	var lines []string
	for _, row := range c.Rows {
		if row.Mark == "dot" && row.Label == "" {
			lines = append(lines, row.Text)
		}
	}
	return lines
}

// telephone is a number as cards write it: 12378, 110, 010-66279000, 400-800-1234.
var telephone = regexp.MustCompile(`(?:^|[^0-9A-Za-z.\-/])((?:0\d{2,3}-\d{7,8})|(?:[48]00-?\d{3}-?\d{4})|(?:1[0-2]\d{3}|9\d{4}|1[12]\d))(?:$|[^0-9A-Za-z.\-])`)

// numbers are the telephone numbers a card tells to call, each once.
func numbers(c *bot.Card) []string {
	var out []string
	seen := map[string]bool{}
	for _, row := range c.Rows {
		text := row.Text
		if c.Kind == "hotlines" {
			text = row.Label
		} else if row.Label != "怎么找" {
			continue
		}
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("；;，、。 （）()：:", r) }) {
			if n := telephone.FindStringSubmatch(part); n != nil && !seen[n[1]] {
				seen[n[1]] = true
				out = append(out, n[1])
			}
		}
	}
	return out
}
