// Package understand reads what people type: which conducts and which signals (danger, self-harm, a wish) their words
// speak of, which questions they put, and which words say so.
//
// Text in, Meaning out. Everything it listens for comes from the content: the phrases of conducts and signals, clause
// by clause, with plain rules for what is denied, asked about or only threatened; those of questions, by the sentence.
package understand

import (
	"cmp"
	"io/fs"
	"slices"
	"sync"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand/model"
)

// Reader reads texts. It is safe for concurrent use.
type Reader struct {
	book    *book
	lexicon *lexicon
	model   *model.Model
	kinds   []int32   // kind of the lexicon → token of the model, 0 where it knows none
	learnt  learnt    // what the model can raise
	scratch sync.Pool // of *reading
}

// Meaning is what a text speaks of.
type Meaning struct {
	Signals   []Match // what stands before what is asked, threatened or denied; within that, urgent ones first
	Conducts  []Match // likewise; within that, in the order of the library: worst first
	Questions []Match // best first: whose words cover more of the text; Score is the part they cover
	Asks      bool    // the text asks something, whatever it is
	Labels    []Label // what the model makes of the text, and of what the phrases heard
	Intent    Intent  // what is wanted, by the model
	Collector float64 // 0 to 1: how likely these are a collector's words and not a person's own, by the model
	Cut       bool    // the text was longer than MaxRunes; the rest was not read
}

// Match is one conduct, signal or question that a text speaks of. Where it is spoken of more than once, an assertion counts
// before a threat, a threat before a question, a question before a denial.
type Match struct {
	ID         string
	Words      []string // the words it rests on, as they were written, in their order
	Quote      string   // the clause they stand in, as it was written
	Negated    bool     // the text says that it did not happen
	Asked      bool     // the text asks about it, or supposes it; may be Negated besides (没上门，会不会来)
	Threatened bool     // announced, not done yet
	General    bool     // the clause asks of a rule, and does not say that it happened to whoever writes
	Score      float64  // 0 to 1: how much of the words fits; no probability
}

// Stands is true of what the text says was done or will be done: neither denied nor only asked about.
func (m Match) Stands() bool { return !m.Negated && !m.Asked }

// Covers is how many characters of the text the words of the match are.
func (m Match) Covers() (n int) {
	for _, w := range m.Words {
		n += utf8.RuneCountInString(w)
	}
	return n
}

// The lexicon and the model that ship are made ready once: they do not change with a library.
var (
	shippedLexicon = sync.OnceValues(func() (*lexicon, error) {
		dir, err := fs.Sub(lexiconFiles, "lexicon")
		if err != nil {
			return nil, err
		}
		return readLexicon(dir)
	})
	shippedModel = sync.OnceValues(func() (*model.Model, error) { return model.Load(model.Weights) })
)

// New prepares the phrases of a library. The error lists every phrase that cannot be used.
func New(lib *content.Library) (*Reader, error) {
	m, err := shippedModel()
	if err != nil {
		return nil, err
	}
	return NewWith(lib, m)
}

// NewWith is New with another model than the one that ships.
func NewWith(lib *content.Library, m *model.Model) (*Reader, error) {
	b, err := compile(lib)
	if err != nil {
		return nil, err
	}
	l, err := shippedLexicon()
	if err != nil {
		return nil, err
	}
	r := &Reader{book: b, lexicon: l, model: m, kinds: make([]int32, len(l.names)), learnt: newLearnt(lib)}
	for i, name := range l.names {
		r.kinds[i] = m.Kinds[name]
	}
	r.scratch.New = func() any { return newReading(b) }
	return r, nil
}

// Read says what a text speaks of. Its cost is bounded, whatever the text.
func (r *Reader) Read(text string) Meaning {
	n := Normalise(text)
	m := r.listen(n)
	r.judge(n, &m)
	return m
}

// listen hears the phrases of the library.
func (r *Reader) listen(n Normal) Meaning {
	rd := r.scratch.Get().(*reading)
	defer func() { rd.forget(); r.scratch.Put(rd) }()
	rd.n = n
	rd.read()
	rd.sort()
	meaning := Meaning{Cut: n.Cut, Questions: rd.questions(), Asks: rd.asks()}
	for _, f := range rd.found {
		m := f.match
		if r.book.targets[f.target].signal {
			meaning.Signals = append(meaning.Signals, m)
		} else {
			meaning.Conducts = append(meaning.Conducts, m)
		}
	}
	return meaning
}

// finding is what was found for one target, so far.
type finding struct {
	target int32
	match  Match
}

// weight orders how a Match stands: asserted, threatened, asked, denied.
func (m Match) weight() int {
	switch {
	case m.Negated:
		return 3
	case m.Asked:
		return 2
	case m.Threatened:
		return 1
	}
	return 0
}

// keep joins a further match of the same target to what is known.
func (rd *reading) keep(t int32, m Match) {
	i := slices.IndexFunc(rd.found, func(f finding) bool { return f.target == t })
	if i < 0 {
		rd.found = append(rd.found, finding{t, m})
		return
	}
	old := &rd.found[i].match
	better := m.weight() < old.weight() || m.weight() == old.weight() && m.Score > old.Score
	first, second := *old, m
	if better {
		first, second = m, *old
	}
	if !first.Stands() {
		first.Asked, first.Negated = first.Asked || second.Asked, first.Negated || second.Negated
	}
	*old = first
}

// sort puts what stands first, then urgent or grave first.
func (rd *reading) sort() {
	slices.SortStableFunc(rd.found, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.match.weight()/2, b.match.weight()/2), cmp.Compare(rd.book.targets[a.target].rank, rd.book.targets[b.target].rank))
	})
}
