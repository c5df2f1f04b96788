package bot

import (
	"strings"
	"unicode/utf8"

	"anning/content"
)

// maxLetterBytes is how long a piece of a letter may be, so that each is one message on WeChat.
const maxLetterBytes = maxReplyBytes - 100

// letter is the one with this id, else the first for the reporting channel at hand.
func (t *turn) letter(of string) *content.Letter {
	if of != "" {
		return t.g.lib.Letter(of)
	}
	if all := t.g.lib.LettersFor(t.s.Slots["reporting_channel"]); len(all) > 0 {
		return all[0]
	}
	return nil
}

// showLetter hands over a letter as plain text, ready to copy: what to do with it first, then nothing but its words.
func (t *turn) showLetter(of string) error {
	l := t.letter(of)
	if l == nil {
		return nil
	}
	paragraphs, open := t.filledIn(l)
	key := "letter_intro"
	if l.Spoken {
		key = "letter_spoken"
	}
	intro := []string{t.g.words.say(key, "name", l.Name)}
	if len(open) > 0 {
		intro = append(intro, t.g.words.say("letter_blanks", "blanks", someOf(open, 6)))
	}
	if n := utf8.RuneCountInString(strings.Join(paragraphs, "")); l.Most > 0 && n > l.Most {
		intro = append(intro, t.g.words.say("letter_too_long", "n", itoa(n), "most", itoa(l.Most)))
	}
	t.reply(Reply{Text: strings.Join(intro, "\n"), Source: "letters/" + l.ID})
	for _, piece := range pieces(paragraphs) {
		c := Card{Kind: "letter", Head: "照抄", Title: l.Name}
		for line := range strings.SplitSeq(piece, "\n") {
			c.Rows = append(c.Rows, CardRow{Text: line})
		}
		t.reply(Reply{Text: piece, Source: "letters/" + l.ID, Card: &c})
	}
	return nil
}

// filledIn fills a letter in, and names the blanks left, in their order.
func (t *turn) filledIn(l *content.Letter) (paragraphs, open []string) {
	names := map[string]content.LetterSlot{}
	for _, s := range l.Slots {
		names[s.ID] = s
	}
	value := func(id string) string {
		s := names[id]
		v := ""
		if s.From != "" {
			v = t.slotText(s.From)
		}
		if v == "" {
			v = t.slotText(id)
		}
		if v == "" {
			name := s.Name
			if name == "" {
				name = id
			}
			open = append(open, name)
		}
		return v
	}
	for _, p := range l.Paragraphs {
		paragraphs = append(paragraphs, fill(p, value))
	}
	return paragraphs, open
}

// someOf joins at most so many names.
func someOf(names []string, most int) string {
	if len(names) > most {
		return strings.Join(names[:most], "、") + "等"
	}
	return strings.Join(names, "、")
}

// pieces puts paragraphs together to messages that fit, cutting between paragraphs; one too long by itself is cut after
// a sentence.
func pieces(paragraphs []string) []string {
	var all []string
	piece := ""
	add := func(part, between string) {
		switch {
		case piece == "":
			piece = part
		case len(piece)+len(between)+len(part) > maxLetterBytes:
			all, piece = append(all, piece), part
		default:
			piece += between + part
		}
	}
	for _, p := range paragraphs {
		if len(p) <= maxLetterBytes {
			add(p, "\n")
			continue
		}
		between := "\n"
		for sentence := range strings.SplitAfterSeq(p, "。") {
			for len(sentence) > maxLetterBytes {
				head := cutText(sentence, maxLetterBytes)
				add(head, between)
				sentence, between = sentence[len(head):], ""
			}
			add(sentence, between)
			between = ""
		}
	}
	if piece != "" {
		all = append(all, piece)
	}
	return all
}
