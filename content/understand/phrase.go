package understand

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"anning/content"
)

// maxWord is the greatest length of a word in a phrase, in runes.
const maxWord = 24

// pattern is a compiled content.Phrase.
type pattern struct {
	target int32
	veto   bool      // a look-alike: where it holds, the target is not heard in that clause
	need   [][]int32 // one word of each group has to stand in the clause
	not    []int32   // none of these may
}

// target is what patterns point to: a signal, a conduct or a question.
type target struct {
	id     string
	signal bool
	rank   int // signals before conducts, urgent first; conducts as the library has them
}

// book is all phrases of a library, compiled.
type book struct {
	words    *words
	targets  []target
	facts    *factBook
	patterns []pattern
	byWord   [][]int32 // word → patterns that are tried when it is met
	masks    [][]int32 // word → targets of which it is a look-alike
	asks     []pattern // those of questions
	byAsk    [][]int32 // word → patterns of questions
	asking   []bool    // word → it is one of asking
}

func compile(lib *content.Library) (*book, error) {
	b := &book{words: newWords(), facts: newFactBook(lib)}
	masks := map[int32][]int32{}
	var faults []error
	add := func(where string, phrases []content.Phrase) {
		for _, p := range phrases {
			if err := b.add(string(p), false); err != nil {
				faults = append(faults, fmt.Errorf("%s: %w", where, err))
			}
		}
	}
	for _, s := range lib.Signals {
		b.targets = append(b.targets, target{s.ID, true, signalRank(lib, s)})
		add("signals/"+s.ID, s.Phrases)
		for _, l := range s.LookAlikes {
			if err := b.lookAlike(l, masks); err != nil {
				faults = append(faults, fmt.Errorf("signals/%s: %w", s.ID, err))
			}
		}
	}
	for i, c := range lib.Conducts {
		b.targets = append(b.targets, target{c.ID, false, 3*signalRanks + i})
		add("conducts/"+c.ID, c.Phrases)
	}
	own := len(b.patterns)
	for _, q := range lib.Questions {
		b.targets = append(b.targets, target{id: q.ID})
		add("questions/"+q.ID, q.Phrases)
	}
	b.patterns, b.asks = b.patterns[:own:own], b.patterns[own:]
	for _, w := range askingWords {
		b.words.add(w)
	}
	b.index(masks)
	return b, errors.Join(faults...)
}

// signalRanks is how many places there are among signals of one kind. A way of Before longer than that is a circle.
const signalRanks = 16

// signalRank puts urgent signals first, then those that only ask, then the others; within that, as Before says.
func signalRank(lib *content.Library, s *content.Signal) int {
	rank := signalRanks - 1 - ahead(lib, s, signalRanks-1)
	switch {
	case s.Urgent && !s.Ask:
		return rank
	case s.Urgent:
		return signalRanks + rank
	}
	return 2*signalRanks + rank
}

// ahead is the longest way of Before from a signal, at most limit.
func ahead(lib *content.Library, s *content.Signal, limit int) (n int) {
	if limit == 0 {
		return 0
	}
	for _, id := range s.Before {
		for _, after := range lib.Signals {
			if after.ID == id {
				n = max(n, 1+ahead(lib, after, limit-1))
			}
		}
	}
	return n
}

// add compiles a phrase for the latest target.
func (b *book) add(phrase string, veto bool) error {
	p := pattern{target: int32(len(b.targets) - 1), veto: veto}
	for field := range strings.FieldsSeq(phrase) {
		field, not := strings.CutPrefix(field, "!")
		var group []int32
		for alt := range strings.SplitSeq(field, "|") {
			word := Normalise(alt).Text
			switch {
			case !strings.ContainsFunc(word, unicode.IsLetter) && !strings.ContainsFunc(word, unicode.IsNumber):
				return fmt.Errorf("phrase %q: %q has nothing to listen for", phrase, alt)
			case utf8.RuneCountInString(word) > maxWord:
				return fmt.Errorf("phrase %q: %q is longer than %d characters", phrase, alt, maxWord)
			case strings.ContainsFunc(word, func(r rune) bool { return kindOf(r) == breaking || r == ' ' }):
				return fmt.Errorf("phrase %q: %q reaches over the end of a clause", phrase, alt)
			}
			group = append(group, b.words.add(word))
		}
		if not {
			p.not = append(p.not, group...)
		} else {
			p.need = append(p.need, group)
		}
	}
	if len(p.need) == 0 {
		return fmt.Errorf("phrase %q: no word that has to occur", phrase)
	}
	b.patterns = append(b.patterns, p)
	return nil
}

// lookAlike keeps words that hold a phrase but mean nothing of the kind. A single word hides what lies inside it;
// several, as a phrase, silence the target in their clause.
func (b *book) lookAlike(text string, masks map[int32][]int32) error {
	if strings.ContainsAny(text, " |!") {
		return b.add(text, true)
	}
	word := Normalise(text).Text
	if word == "" || utf8.RuneCountInString(word) > maxWord {
		return fmt.Errorf("look-alike %q: not 1 to %d characters", text, maxWord)
	}
	id := b.words.add(word)
	masks[id] = append(masks[id], int32(len(b.targets)-1))
	return nil
}

// index lists each pattern under the words of its rarest group, so that few patterns are tried.
func (b *book) index(masks map[int32][]int32) {
	n := len(b.words.ids)
	b.byWord, b.byAsk = rarest(b.patterns, n), rarest(b.asks, n)
	b.masks = make([][]int32, n)
	for w, ts := range masks {
		b.masks[w] = ts
	}
	b.asking = make([]bool, n)
	for _, w := range askingWords {
		b.asking[b.words.ids[w]] = true
	}
}

// rarest lists patterns under the words, n of them, of the group that is used least.
func rarest(patterns []pattern, n int) [][]int32 {
	uses := make([]int, n)
	for _, p := range patterns {
		for _, g := range p.need {
			for _, w := range g {
				uses[w]++
			}
		}
	}
	by := make([][]int32, n)
	for i, p := range patterns {
		best, cost := 0, 0
		for k, g := range p.need {
			sum := 0
			for _, w := range g {
				sum += uses[w]
			}
			if k == 0 || sum < cost {
				best, cost = k, sum
			}
		}
		for _, w := range p.need[best] {
			by[w] = append(by[w], int32(i))
		}
	}
	return by
}
