package understand

import (
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand/model"
)

// How sure the model has to be before what it makes of a text stands beside what the phrases heard.
const (
	hearsAbove   = 0.6  // a conduct of which no phrase was heard
	turnsAbove   = 0.85 // another standing than the phrases gave
	doubtBelow   = 0.15 // a conduct that a phrase heard is none
	asksAbove    = 0.4  // a gentle question about life and safety
	certainAbove = 0.9  // life and safety, without asking first
	besideAbove  = 0.75 // a signal beside one that a phrase heard
	certainlyNot = 0.01 // life and safety, heard by a phrase: ask first
	wantsAbove   = 0.8  // what is wanted, where nothing else was heard
	minFold      = 4    // characters: the model says nothing of shorter texts
	minDoubt     = 8    // characters: of shorter texts, a phrase knows better
)

// learnt are the signals that the model can raise.
type learnt struct {
	labels  map[string][]*content.Signal // label → signals, those that do not only ask first
	intents map[string]*content.Signal
	known   map[string]bool // conducts
	urgent  map[string]bool // signals
}

func newLearnt(lib *content.Library) learnt {
	l := learnt{map[string][]*content.Signal{}, map[string]*content.Signal{}, map[string]bool{}, map[string]bool{}}
	for _, s := range lib.Signals {
		l.urgent[s.ID] = s.Urgent
		if s.Label != "" {
			l.labels[s.Label] = append(l.labels[s.Label], s)
		}
		if s.Intent != "" {
			l.intents[s.Intent] = s
		}
	}
	for _, c := range lib.Conducts {
		l.known[c.ID] = true
	}
	return l
}

// soften asks first where a phrase of life and safety was heard in words of which the model is certain that they tell of
// nothing of the kind: a film, a job, a figure of speech.
func (r *Reader) soften(m *Meaning, s *model.Scores) {
	for i, id := range r.model.Labels {
		signals := r.learnt.labels[id]
		if !Life(id) || len(signals) == 0 || model.Probability(s.Label(i, model.Told)) > certainlyNot {
			continue
		}
		asks := slices.IndexFunc(signals, func(x *content.Signal) bool { return x.Ask })
		for k := range m.Signals {
			if h := &m.Signals[k]; asks >= 0 && slices.ContainsFunc(signals, func(x *content.Signal) bool { return x.ID == h.ID }) {
				h.ID = signals[asks].ID
			}
		}
	}
}

// fold brings what the model makes of a text together with what the phrases heard: it adds what they missed, turns what
// they took for done where it is plainly denied or asked about, and drops what is plainly something else. Signals are
// only ever added: where life is at stake, either of the two is enough.
func (r *Reader) fold(n Normal, m *Meaning, s *model.Scores) {
	if len(n.marks) < minFold {
		return
	}
	m.Conducts = slices.DeleteFunc(m.Conducts, func(c Match) bool {
		i := slices.Index(r.model.Labels, c.ID)
		return i >= 0 && len(n.marks) >= minDoubt && c.Stands() && model.Probability(s.Label(i, model.Told)) < doubtBelow && !slices.ContainsFunc(m.Labels, func(l Label) bool { return l.ID == c.ID })
	})
	if len(n.marks) >= minDoubt {
		r.soften(m, s)
	}
	heardOther := !slices.ContainsFunc(m.Conducts, Match.Stands) && (len(m.Questions) > 0 || slices.ContainsFunc(m.Signals, func(s Match) bool {
		return s.Stands() && !r.learnt.urgent[s.ID]
	}))
	for _, l := range m.Labels {
		if r.learnt.known[l.ID] {
			m.foldConduct(n, l, heardOther)
		}
		if l.Stands() {
			r.raise(n, m, l)
		}
	}
	if want := r.learnt.intents[m.Intent.ID]; want != nil && m.Intent.Sure > wantsAbove && m.Collector < 0.5 &&
		len(m.Signals) == 0 && len(m.Questions) == 0 && !slices.ContainsFunc(m.Conducts, Match.Stands) {
		m.Signals = append(m.Signals, Match{ID: want.ID, Quote: n.original, Words: []string{n.original}, Score: m.Intent.Sure})
	}
}

// foldConduct adds a conduct, or turns how it stands. Where a phrase heard a question or a wish, and no conduct, that is what
// the text is about.
func (m *Meaning) foldConduct(n Normal, l Label, heardOther bool) {
	i := slices.IndexFunc(m.Conducts, func(c Match) bool { return c.ID == l.ID })
	switch {
	case i < 0 && l.ID == labelLawful && len(m.Signals)+len(m.Questions) > 0: // who was only reminded, and wants something
	case i < 0 && l.Sure > hearsAbove && (l.Sure > turnsAbove || !m.Asks) && !heardOther:
		match := l.match(n)
		at := slices.IndexFunc(m.Conducts, func(c Match) bool { return c.weight()/2 > match.weight()/2 })
		if at < 0 {
			at = len(m.Conducts)
		}
		m.Conducts = slices.Insert(m.Conducts, at, match)
	case i >= 0 && l.Sure > turnsAbove && l.Stands() != m.Conducts[i].Stands() && !heardOther:
		c := &m.Conducts[i]
		c.Negated, c.Asked, c.Threatened = l.Negated, l.Asked, l.Threatened
	}
}

// raise adds the signal of a label where no signal of it was heard.
func (r *Reader) raise(n Normal, m *Meaning, l Label) {
	signals := r.learnt.labels[l.ID]
	if len(signals) == 0 || l.Sure < asksAbove {
		return
	}
	if slices.ContainsFunc(m.Signals, func(s Match) bool {
		return strings.HasPrefix(s.ID, family(signals[0].ID)) && !s.Negated
	}) {
		return
	}
	if len(m.Signals) > 0 && m.Signals[0].Stands() && l.Sure < besideAbove {
		return // what a phrase heard is the likelier
	}
	few := len(n.marks) < minDoubt
	if few && l.Sure < besideAbove {
		return
	}
	pick := signals[0]
	for _, s := range signals {
		if s.Ask == (few || l.Sure < certainAbove) {
			pick = s
		}
	}
	match := l.match(n)
	match.ID = pick.ID
	switch {
	case pick.Urgent:
		m.Signals = slices.Insert(m.Signals, 0, match)
	case l.Sure > hearsAbove && !slices.ContainsFunc(m.Conducts, Match.Stands):
		m.Signals = append(m.Signals, match)
	}
}

// family is what the ids of signals of one kind begin with: self_harm_other → self_harm.
func family(id string) string {
	parts := strings.SplitN(id, "_", 3)
	if len(parts) < 3 {
		return strings.TrimSuffix(id, "_ask")
	}
	return parts[0] + "_" + parts[1]
}

// match is a label as a Match, with the clause its words stand in.
func (l Label) match(n Normal) Match {
	return Match{ID: l.ID, Words: []string{l.Words}, Quote: n.clauseAt(l.From, l.To), Negated: l.Negated, Asked: l.Asked, Threatened: l.Threatened, Score: l.Sure}
}

// clauseAt is the clause, as it was written, in which bytes [from, to) of the original stand.
func (n Normal) clauseAt(from, to int) string {
	ends := func(r rune) bool { return kindOf(fold(r)) == breaking }
	if i := strings.LastIndexFunc(n.original[:from], ends); i >= 0 {
		_, size := utf8.DecodeRuneInString(n.original[i:])
		i += size
		if j := strings.IndexFunc(n.original[to:], ends); j >= 0 {
			return n.original[i : to+j]
		}
		return n.original[i:]
	}
	if j := strings.IndexFunc(n.original[to:], ends); j >= 0 {
		return n.original[:to+j]
	}
	return n.original
}
