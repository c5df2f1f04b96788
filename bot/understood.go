package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
)

// Slots of what was understood from a person's words, and from which of them.
const (
	heardAs     = "heard_as"     // the conduct
	heardWords  = "heard_words"  // the words it rests on
	heardHow    = "heard_how"    // how it was told: notYet, theirWords, both or neither
	heardNew    = "heard_new"    // it has not been said yet
	maybeSlot   = "maybe"        // a conduct that was heard and is not certain: asked, not asserted
	notConducts = "not_conducts" // those that the person said it is not, comma between
)

// unsaid marks in heardNew that it has not been said what was understood.
const unsaid = "yes"

// Marks of heardHow.
const (
	notYet     = "threatened" // announced, not done
	theirWords = "theirs"     // the words are the collectors', not the person's
)

// shownWords is how many characters of somebody's words are said back.
const shownWords = 14

// perhapsAbove is how sure the model has to be of a conduct before it is asked after.
const perhapsAbove = 0.3

// announcing are words without which nothing is taken as only announced where no phrase says so.
var announcing = []string{"要", "会", "将", "再不", "不还", "准备", "打算", "就来", "就去", "信不信", "等着"}

// understood remembers the words that a conduct rests on.
func (t *turn) understood(id string, m understand.Meaning) {
	var how []string
	announced := slices.ContainsFunc(m.Conducts, func(c understand.Match) bool { return c.ID == id && c.Threatened })
	future := slices.ContainsFunc(announcing, func(w string) bool { return strings.Contains(t.m.Text, w) })
	if announced || future && slices.ContainsFunc(m.Labels, func(l understand.Label) bool { return l.ID == id && l.Threatened }) {
		how = append(how, notYet)
	}
	if t.theirs {
		how = append(how, theirWords)
	}
	t.set(heardAs, id)
	t.set(heardWords, wordsOf(id, m))
	t.set(heardHow, strings.Join(how, ","))
	t.set(heardNew, unsaid)
}

// wordsOf are the person's words that a conduct rests on, few enough to be said back; empty where there are none.
func wordsOf(id string, m understand.Meaning) string {
	var all []string
	for _, c := range m.Conducts {
		if c.ID == id && len(c.Words) > 0 {
			from := strings.Index(c.Quote, c.Words[0])
			last := c.Words[len(c.Words)-1]
			if to := strings.LastIndex(c.Quote, last) + len(last); from >= 0 && to > from {
				all = append(all, c.Quote[from:to])
			}
		}
	}
	for _, l := range m.Labels {
		if l.ID == id {
			all = append(all, l.Words)
		}
	}
	for _, words := range all {
		words = strings.Join(strings.Fields(strings.NewReplacer("「", "『", "」", "』").Replace(words)), " ")
		n := utf8.RuneCountInString(words)
		digits := strings.Count(strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return '0'
			}
			return r
		}, words), "0")
		if n >= 2 && n <= shownWords && digits < 6 { // no number of a card or telephone is said back
			return words
		}
	}
	return ""
}

// heardLine says what was understood and from which words, with what else was heard.
func (t *turn) heardLine() string {
	s, w := t.s.Slots, t.g.words
	id, key := s["conduct"], "heard_from"
	if s[maybeSlot] != "" {
		id, key = s[maybeSlot], "heard_maybe"
	}
	words := s[heardWords]
	if s[heardAs] != id {
		words = ""
	}
	how := strings.Split(s[heardHow], ",")
	switch {
	case words == "" && key == "heard_maybe":
		key = "heard_maybe_plain"
	case words == "":
		key = "heard_plain"
	case slices.Contains(how, theirWords) && key == "heard_from":
		key = "heard_theirs"
	}
	line := w.say(key, "words", words, "conduct", t.names("conducts", id))
	if words != "" && slices.Contains(how, notYet) {
		line += w.say("heard_not_yet")
	}
	if also := t.people("also", s["also"]); also != "" {
		line += "\n" + w.say("heard_also", "also", also)
	}
	return line
}

// tellHeard says at the beginning of a conduct's own flow what was understood. The general flow asks it, and where a
// flow begins by asking after somebody's safety, that comes first.
func (t *turn) tellHeard(f *flows.Flow) {
	id := t.s.Slots[heardAs]
	if t.s.Slots[heardNew] != unsaid || id != t.s.Slots["conduct"] || f.ID != t.flowFor(id) {
		return
	}
	t.set(heardNew, "")
	if f.ID == generalID || t.asksSafety(f.ID) {
		return
	}
	t.guessed = id
	t.reply(Reply{Text: t.heardLine()})
}

// guessedAt says that a question is the first one of a flow that words opened. It offers to say that something else was
// meant.
func (t *turn) guessedAt(f *flows.Flow, step *flows.Step) bool {
	at := t.s.Slots[heardNew]
	return at != "" && at == f.ID+"/"+step.ID && t.s.Slots[heardAs] == t.s.Slots["conduct"]
}

// declined leaves the flow that words opened: it is something else.
func (t *turn) declined(id string) error {
	f, step := t.waiting()
	if step == nil || !t.guessedAt(f, step) || t.s.Slots["conduct"] != id {
		return t.stale()
	}
	t.decline(id)
	t.s.Misses, t.moved = 0, true
	t.s.Flow, t.s.Step = "", ""
	return t.enter(identifyID)
}

// decline remembers that it is not a conduct.
func (t *turn) decline(id string) {
	t.set(notConducts, t.s.Slots[notConducts]+","+id)
	t.set("conduct", "")
}

// isDeclined says that the person said that it is not this. What may be about a body's safety is asked all the same.
func (t *turn) isDeclined(id string) bool {
	return t.s.Slots[notConducts] != "" && slices.Contains(strings.Split(t.s.Slots[notConducts], ","), id) && !t.asksSafety(t.flowFor(id))
}

// picked forgets that a conduct was declined: the person chose it.
func (t *turn) picked(id string) {
	if t.s.Slots[notConducts] != "" {
		left := slices.DeleteFunc(strings.Split(t.s.Slots[notConducts], ","), func(d string) bool { return d == id })
		t.set(notConducts, strings.Join(left, ","))
	}
}

// dropAlso takes a conduct from those that were told besides.
func (t *turn) dropAlso(id string) {
	if also := t.s.Slots["also"]; also != "" && id != "" {
		left := slices.DeleteFunc(strings.Split(also, ","), func(a string) bool { return a == id })
		t.set("also", strings.Join(left, ","))
	}
}

// guessAgain finds what else the words may mean, after something was declined.
func (t *turn) guessAgain() {
	said := t.s.Slots["said"]
	if said == "" || t.s.Slots[notConducts] == "" {
		t.set(maybeSlot, "")
		return
	}
	m := t.g.reader.Read(said)
	c, also := t.conducts(m)
	if c == nil {
		t.set("also", "")
		t.perhaps(m)
		return
	}
	t.understood(c.ID, m)
	t.set(heardNew, "")
	t.set("also", strings.Join(also, ","))
	t.set(maybeSlot, c.ID)
}

// perhaps keeps the likeliest conduct that is not certain enough to be asserted, to be asked after.
func (t *turn) perhaps(m understand.Meaning) bool {
	best := understand.Label{Sure: perhapsAbove}
	for _, l := range m.Labels {
		c := t.g.lib.Conduct(l.ID)
		heard := slices.ContainsFunc(m.Conducts, func(h understand.Match) bool { return h.ID == l.ID })
		if c != nil && !c.Lawful && l.Stands() && !heard && !t.isDeclined(l.ID) && l.Sure >= best.Sure {
			best = l
		}
	}
	if best.ID == "" {
		t.set(maybeSlot, "")
		return false
	}
	t.understood(best.ID, m)
	t.set(heardNew, "")
	t.set(maybeSlot, best.ID)
	return true
}

// toldOf are the conducts that a text says were done or will be done, worst first.
func (t *turn) toldOf(m understand.Meaning) []*content.Conduct {
	var all []*content.Conduct
	for _, match := range m.Conducts {
		if c := t.g.lib.Conduct(match.ID); c != nil && match.Stands() && !c.Lawful && !t.isDeclined(c.ID) {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b *content.Conduct) int { return b.Severity - a.Severity })
	return all
}
