package bot

import (
	"regexp"
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
	if open {
		intro = append(intro, t.g.words.say("letter_blanks"))
	}
	if n := letterLength(paragraphs); l.Most > 0 && n > l.Most {
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

// namedBlank is a blank of a letter: it says between its lines what belongs there.
var namedBlank = regexp.MustCompile(`＿[^＿\n]+＿`)

// letterLength is how many characters a letter has as it is handed in: what a blank says is written over.
func letterLength(paragraphs []string) int {
	return utf8.RuneCountInString(namedBlank.ReplaceAllString(strings.Join(paragraphs, ""), blank))
}

// filledIn fills a letter in. What is not known stays a blank that says what belongs there; open tells of any.
func (t *turn) filledIn(l *content.Letter) (paragraphs []string, open bool) {
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
			open = true
			name, _, _ := strings.Cut(s.Name, "（") // what else there is to say of it would not fit on a line
			v = "＿" + name + "＿"
		}
		return v
	}
	for _, p := range l.Paragraphs {
		paragraphs = append(paragraphs, fill(p, value))
	}
	return paragraphs, open
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
