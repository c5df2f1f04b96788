package understand

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"anning/content/understand/model"
)

// Label is something that a text tells of, by the model: a conduct, or what is told apart from conducts (lawful_collection,
// self_harm_risk, danger_now, debt_scam, other).
type Label struct {
	ID         string
	Threatened bool    // announced, not done yet
	Negated    bool    // the text says that it did not happen
	Asked      bool    // the text asks about it, or supposes it
	Sure       float64 // 0 to 1: how likely it is meant, by the model
	Words      string  // those it rests on most, as they were written
	From, To   int     // bytes of the original that Words are
}

// Stands is true of what was done or will be done: neither denied nor only asked about.
func (l Label) Stands() bool { return !l.Negated && !l.Asked }

// Intent is what a person wants to know or do.
type Intent struct {
	ID   string
	Sure float64 // 0 to 1: how likely it is this one, of all
}

// Thresholds, as logits of the model. Where life is at stake a needless question is better than none.
const (
	tellsAbove   = -0.5
	selfHarm     = -1.3 // hardly any text that is none comes higher
	dangerAbove  = -1.0
	heardBelow   = 1.5 // how much less is enough where a phrase of it was heard too
	threatAbove  = 0
	deniedAbove  = 0
	askedAbove   = -0.5
	coversRunes  = 14  // words shown for a label have at most so many characters
	coversWeight = 0.3 // of the strongest place: what counts as a part of the words
)

// Labels of which a text carries no other.
const (
	labelLawful = "lawful_collection"
	labelOther  = "other"
)

// life are the labels of life and safety.
var life = []string{"self_harm_risk", "danger_now"}

// Life says that a label is one of life and safety.
func Life(label string) bool { return slices.Contains(life, label) }

// byNature are labels that are threats by themselves; they are never only announced.
var byNature = []string{"false_legal_threat", "threat_violence"}

// judge adds what the model makes of a text.
func (r *Reader) judge(n Normal, m *Meaning) {
	if !strings.ContainsFunc(n.Text, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }) {
		return // nothing is said
	}
	in := r.input(n, m)
	s, weights := r.model.Explain(&in, func(s *model.Scores) (places []int) {
		m.Labels, places = r.labels(s, m)
		return places
	})
	m.Collector = model.Probability(s.Collector())
	m.Intent = r.intent(&s)
	for i, w := range weights {
		l := &m.Labels[i]
		l.From, l.To = telling(n, w)
		l.Words = n.original[l.From:l.To]
	}
	r.fold(n, m, &s)
}

// labels picks the labels of a text, and their places among the model's.
func (r *Reader) labels(s *model.Scores, m *Meaning) (all []Label, places []int) {
	best := 0
	for i, id := range r.model.Labels {
		told := s.Label(i, model.Told)
		if told > s.Label(best, model.Told) {
			best = i
		}
		above := r.above(id, m)
		l := Label{ID: id, Sure: model.Probability(told)}
		switch {
		case told > above:
			l.Threatened = s.Label(i, model.Threatened) > threatAbove && !slices.Contains(byNature, id)
		case s.Label(i, model.Negated) > deniedAbove || s.Label(i, model.Asked) > askedAbove:
			l.Negated, l.Asked = s.Label(i, model.Negated) > deniedAbove, s.Label(i, model.Asked) > askedAbove
			l.Sure = max(model.Probability(s.Label(i, model.Negated)), model.Probability(s.Label(i, model.Asked)))
		default:
			continue
		}
		all, places = append(all, l), append(places, i)
	}
	all, places = alone(all, places, r.model.Labels, best)
	if len(all) == 0 && s.Collector() > 0 && len(r.model.Labels) > 0 { // a message always is something
		return []Label{{ID: r.model.Labels[best], Sure: model.Probability(s.Label(best, model.Told))}}, []int{best}
	}
	return all, places
}

// above is the logit over which a label is told.
func (r *Reader) above(id string, m *Meaning) float32 {
	above := float32(tellsAbove)
	switch id {
	case "self_harm_risk":
		above = selfHarm
	case "danger_now":
		above = dangerAbove
	}
	if signals := r.learnt.labels[id]; Life(id) && len(signals) > 0 && slices.ContainsFunc(m.Signals, func(s Match) bool {
		return s.Stands() && strings.HasPrefix(s.ID, family(signals[0].ID))
	}) {
		above -= heardBelow
	}
	return above
}

// alone leaves the labels of a whole text by themselves where they are the likeliest, and drops them beside others.
func alone(all []Label, places []int, names []string, best int) ([]Label, []int) {
	for i, p := range places {
		if p == best && all[i].Stands() && (names[p] == labelLawful || names[p] == labelOther) {
			return all[i : i+1], places[i : i+1]
		}
	}
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].ID == labelLawful || all[i].ID == labelOther {
			all, places = slices.Delete(all, i, i+1), slices.Delete(places, i, i+1)
		}
	}
	return all, places
}

// intent is the likeliest one.
func (r *Reader) intent(s *model.Scores) Intent {
	if len(r.model.Intents) == 0 {
		return Intent{}
	}
	best, sum := 0, 0.0
	for i := range r.model.Intents {
		if s.Intent(i) > s.Intent(best) {
			best = i
		}
	}
	for i := range r.model.Intents {
		sum += model.Exp(s.Intent(i) - s.Intent(best))
	}
	return Intent{ID: r.model.Intents[best], Sure: 1 / sum}
}

// telling finds the part of a text that weighs most: bytes [from, to) of the original. weights has the edges of the text
// as its first and last place.
func telling(n Normal, weights []float32) (from, to int) {
	if len(n.marks) == 0 || len(weights) < 3 {
		return 0, 0
	}
	weights = weights[1 : len(weights)-1]
	top := 0
	for i, w := range weights {
		if w > weights[top] {
			top = i
		}
	}
	enough := max(weights[top]*coversWeight, 0)
	first, last := top, top
	stops := func(i int) bool {
		r, _ := utf8.DecodeRuneInString(n.Text[n.marks[i].at:])
		return kindOf(r) == breaking
	}
	for last-first+1 < coversRunes {
		before, after := float32(0), float32(0)
		if first > 0 && !stops(first-1) {
			before = weights[first-1]
		}
		if last+1 < min(len(weights), len(n.marks)) && !stops(last+1) {
			after = weights[last+1]
		}
		if max(before, after) <= enough {
			break
		}
		if before >= after {
			first--
		} else {
			last++
		}
	}
	return int(n.marks[first].from), int(n.marks[last].to)
}
