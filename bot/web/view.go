package web

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"anning/bot"
)

// turnView is a turn as the template draws it.
type turnView struct {
	Key     string // for the script: the same turn is never shown twice
	Number  int
	Mine    []string // lines
	Papers  []string
	Replies []replyView
	Again   *againView // set where the message was not taken
}

// againView is the form that sends a message again.
type againView struct{ ID, Text, Choice string }

type replyView struct {
	Lines   [][]piece
	Card    *cardView
	Danger  bool
	Spoken  bool // a line to say in a running call: large
	File    *fileView
	FormID  string
	Choices []choiceView
}

type fileView struct{ Name, Size, Key string }

type choiceView struct {
	bot.Choice
	Class string
}

// turnView prepares a turn for the template.
func (s *site) turnView(user bot.UserID, t *turn) turnView {
	v := turnView{Key: t.ID, Number: t.Number, Mine: split(t.Words), Papers: t.Papers}
	filled := filledChoice(t.Replies)
	for i, r := range t.Replies {
		one := replyView{Danger: r.Danger, FormID: random()}
		if r.Card != nil {
			one.Card = newCard(r.Card)
		} else {
			one.Lines = lines(r.Text)
			one.Spoken = strings.HasPrefix(r.Text, "念：")
		}
		if r.File != nil {
			one.File = &fileView{Name: r.File.Name, Size: size(r.File.Size), Key: fileKey(user, t.Number, i, r.File)}
		}
		for j, c := range r.Choices {
			one.Choices = append(one.Choices, choiceView{c, class(c, r, filled == [2]int{i, j})})
		}
		abreast(one.Choices)
		v.Replies = append(v.Replies, one)
	}
	return v
}

// filledChoice finds the one choice of a turn that is drawn filled: the first call for help, else the first next step.
func filledChoice(replies []bot.Reply) [2]int {
	next := [2]int{-1, -1}
	for i, r := range replies {
		for j, c := range r.Choices {
			if c.Call != "" && (c.Style == bot.StyleDanger || r.Danger) {
				return [2]int{i, j}
			}
			if c.Style == bot.StyleNext && next[0] < 0 {
				next = [2]int{i, j}
			}
		}
	}
	return next
}

// class says how a choice is drawn.
func class(c bot.Choice, r bot.Reply, filled bool) string {
	var out []string
	if c.Style == bot.StyleDanger || r.Danger && c.Call != "" {
		out = append(out, "red")
	}
	if filled {
		out = append(out, "filled")
	}
	if r.Danger || strings.HasPrefix(r.Text, "念：") {
		out = append(out, "tall")
	}
	return strings.Join(out, " ")
}

// abreast puts two neighbours side by side where both are short. A filled call for help has its own line.
func abreast(choices []choiceView) {
	short := func(c choiceView) bool {
		return utf8.RuneCountInString(c.Label) <= 5 && !strings.Contains(c.Class, "red filled")
	}
	for i := 0; i+1 < len(choices); i++ {
		if short(choices[i]) && short(choices[i+1]) {
			choices[i].Class += " half"
			choices[i+1].Class += " half"
			i++
		}
	}
}

// split cuts what a person wrote into lines; nil where there is nothing.
func split(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// lines cuts a reply into lines, and each line into pieces. Empty lines are left out: lines stand apart anyway.
func lines(text string) [][]piece {
	var out [][]piece
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimRight(line, " "); line != "" {
			out = append(out, pieces(line))
		}
	}
	return out
}

// size writes a number of bytes for people; empty where it is not known.
func size(n int64) string {
	switch {
	case n <= 0:
		return ""
	case n < 1<<20:
		return fmt.Sprintf("%d KB", max(1, (n+512)>>10))
	case n < 10<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	default:
		return fmt.Sprintf("%d MB", (n+1<<19)>>20)
	}
}

// cardView is a card as the template draws it: blocks with a line between them.
type cardView struct {
	*bot.Card
	Shape  string // of the badge
	Blocks []block
}

// block is a run of rows that are drawn alike: "quote", "marks", "fields" or "lines".
type block struct {
	Kind string
	Rows []rowView
}

type rowView struct {
	bot.CardRow
	Lines [][]piece
	Said  string // the mark in words, for screen readers
	Notes []rowView
}

// shapes are the badges that are told apart by their outline and not by colour: the strength of a law, and whether a
// reporting channel is official.
var shapes = map[string]string{
	"法律": "solid", "行政法规": "double", "司法解释": "double", "部门规章": "outline", "地方性法规": "outline",
	"规范性文件": "outline", "国家推荐标准": "dashed", "行业自律": "dotted", "官方": "outline", "非官方": "dotted",
}

var marks = map[string]string{"done": "有了", "open": "还没有", "dot": ""}

func newCard(c *bot.Card) *cardView {
	v := &cardView{Card: c, Shape: "plain"}
	if shape, ok := shapes[c.Badge]; ok {
		v.Shape = shape
	}
	for _, row := range c.Rows {
		kind := rowKind(row)
		one := rowView{CardRow: row, Said: marks[row.Mark], Lines: lines(row.Text)}
		if row.Quote {
			one.Lines = quoted(row.Text)
		}
		last := len(v.Blocks) - 1
		if last >= 0 && v.Blocks[last].Kind == "marks" && kind == "fields" { // 「为什么」 belongs to the item above it
			item := &v.Blocks[last].Rows[len(v.Blocks[last].Rows)-1]
			item.Notes = append(item.Notes, one)
			continue
		}
		if last < 0 || v.Blocks[last].Kind != kind {
			v.Blocks = append(v.Blocks, block{Kind: kind})
			last++
		}
		v.Blocks[last].Rows = append(v.Blocks[last].Rows, one)
	}
	return v
}

func rowKind(row bot.CardRow) string {
	_, marked := marks[row.Mark]
	switch {
	case row.Quote:
		return "quote"
	case marked:
		return "marks"
	case row.Label != "":
		return "fields"
	}
	return "lines"
}

// quoted keeps the exact words of a statute as they are.
func quoted(text string) [][]piece {
	var out [][]piece
	for line := range strings.SplitSeq(text, "\n") {
		out = append(out, []piece{{Text: line}})
	}
	return slices.Clip(out)
}
