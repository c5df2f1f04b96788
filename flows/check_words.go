package flows

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Limits of a question, from the page on voice and from the messengers.
const (
	maxLabel   = 10   // characters of a choice's label
	maxChoices = 6    // fixed choices of a question
	maxValue   = 64   // bytes of a button's value on Telegram
	maxBytes   = 1900 // bytes of a text with its numbered choices on WeChat
	numbered   = "回复数字，或直接说。"
)

// Normalise makes typed words comparable: letters small, full width narrowed, spaces, marks and symbols left
// out. "/" stays: "/menu" is no word.
func Normalise(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if r == '/' {
			return r
		}
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsControl(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// checkPhrases compares the words that open flows with each other and with the words always heard.
func (c *checker) checkPhrases() {
	heard := map[string]*Flow{}
	for _, f := range c.set.Flows {
		for _, p := range f.Phrases {
			word := c.limits.Normalise(p)
			switch first := heard[word]; {
			case word == "":
				c.must(f, 1, "phrases: 「%s」 has no word in it", p)
			case c.command(word) != "":
				c.must(f, 1, "phrases: 「%s」 is always heard already", p)
			case first != nil && first != f:
				c.must(f, 1, "phrases: 「%s」 opens the flow %s too", p, first.ID)
			case first == f:
				c.may(f, 1, "phrases: 「%s」 is there twice", p)
			}
			heard[word] = f
		}
	}
}

// command returns the always heard word that is the same as word, or "".
func (c *checker) command(word string) string {
	if c.commands == nil {
		c.commands = make(map[string]string, len(c.limits.Commands))
		for _, command := range c.limits.Commands {
			c.commands[c.limits.Normalise(command)] = command
		}
	}
	return c.commands[word]
}

// checkQuestion holds the choices of a question against the limits.
func (c *checker) checkQuestion(f *Flow, s *Step) {
	always, next := 0, []Choice(nil)
	bytes := len(s.Text.Text) + len(numbered) + 1
	for i, choice := range s.Ask.Choices {
		bytes += len(fmt.Sprintf("%d %s\n", i+1, choice.Label))
		if choice.When == nil {
			always++
		}
		if choice.Style == "next" {
			next = append(next, choice)
		}
		if n := len([]rune(choice.Label)); n > maxLabel {
			c.must(f, choice.Line, "the label 「%s」 has %d characters; at most %d", choice.Label, n, maxLabel)
		}
		if n := len(f.ID) + len(s.ID) + len(choice.ID) + 2; n > maxValue {
			c.must(f, choice.Line, "the button %s/%s=%s has %d bytes; at most %d", f.ID, s.ID, choice.ID, n, maxValue)
		}
		if choice.Call != "" && !strings.Contains(s.Text.Text, choice.Call) {
			c.may(f, choice.Line, "the number %s is only on the button; say it in the text too", choice.Call)
		}
	}
	if bytes > maxBytes {
		c.must(f, s.Line, "text and numbered choices have %d bytes; at most %d", bytes, maxBytes)
	}
	switch n := len(s.Ask.Choices); {
	case always > maxChoices:
		c.must(f, s.Line, "%d choices; at most %d", n, maxChoices)
	case together(s.Ask.Choices) > maxChoices:
		c.may(f, s.Line, "%d choices where all conditions hold; at most %d", n, maxChoices)
	}
	for i, a := range next {
		for _, b := range next[:i] {
			if !exclusive(a.When, b.When) {
				c.must(f, a.Line, "two choices with style: next (%s, %s); only one is the step we suggest", b.ID, a.ID)
			}
		}
	}
	if q := s.Ask; q.Accept == AcceptChoice && q.From == "" && !q.Skip && always == 0 {
		c.may(f, s.Line, "every choice has a condition; where none holds there is nothing to choose")
	}
}

// together counts the choices that can be offered at once: of those that exclude each other, one.
func together(choices []Choice) int {
	n := 0
	for i, a := range choices {
		if !slices.ContainsFunc(choices[:i], func(b Choice) bool { return exclusive(a.When, b.When) }) {
			n++
		}
	}
	return n
}

// heard is a word that means a choice.
type heard struct {
	choice *Choice
	said   string // as written
	typed  bool   // a label or synonym, not an id
}

// checkWords compares the words of each choice with those of the others and with the words always heard.
func (c *checker) checkWords(f *Flow, s *Step) {
	words := map[string]heard{}
	var typed []string
	for i := range s.Ask.Choices {
		choice := &s.Ask.Choices[i]
		for j, said := range slices.Concat([]string{choice.ID, choice.Label}, choice.Also) {
			w := c.limits.Normalise(said)
			c.checkWord(f, choice, said, w)
			if first, taken := words[w]; taken {
				if first.choice != choice && !exclusive(first.choice.When, choice.When) {
					c.must(f, choice.Line, "「%s」 means the choice %s too", said, first.choice.ID)
				}
				continue
			}
			words[w] = heard{choice, said, j > 0}
			if j > 0 && len([]rune(w)) > 1 {
				typed = append(typed, w)
			}
		}
	}
	c.checkBeginnings(f, words, typed)
}

// checkWord looks at one word of a choice by itself.
func (c *checker) checkWord(f *Flow, choice *Choice, said, w string) {
	switch command := c.command(w); {
	case w == "":
		c.must(f, choice.Line, "「%s」 has no word in it that could be typed", said)
	case strings.Trim(w, "0123456789") == "" && len(w) < 3:
		c.must(f, choice.Line, "「%s」 is how people choose by number", said)
	case command != "":
		c.must(f, choice.Line, "「%s」 is always heard as the command 「%s」", said, command)
	}
}

// checkBeginnings finds words that are the beginning of a word of another choice.
func (c *checker) checkBeginnings(f *Flow, words map[string]heard, typed []string) {
	slices.Sort(typed)
	for i, w := range typed {
		for _, longer := range typed[i+1:] {
			if !strings.HasPrefix(longer, w) {
				break
			}
			a, b := words[w], words[longer]
			if a.choice != b.choice && !exclusive(a.choice.When, b.choice.When) {
				c.may(f, b.choice.Line, "「%s」 begins like 「%s」 of the choice %s", b.said, a.said, a.choice.ID)
			}
		}
	}
}

// exclusive reports whether two conditions can never hold together.
func exclusive(a, b Condition) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Slot == y.Slot && (x.excludes(y) || y.excludes(x)) {
				return true
			}
		}
	}
	return false
}

// excludes reports whether no value passes both tests of one slot.
func (t Test) excludes(u Test) bool {
	switch {
	case t.Op == In && u.Op == In:
		return !slices.ContainsFunc(t.Args, func(v string) bool { return slices.Contains(u.Args, v) })
	case t.Op == In && u.Op == NotIn:
		return !slices.ContainsFunc(t.Args, func(v string) bool { return !slices.Contains(u.Args, v) })
	case t.Op == Unset:
		return u.Op == IsSet || u.Op == In || u.Op == Gt || u.Op == Lt
	}
	return false
}
