package understand

import (
	"slices"
	"unicode/utf8"
)

// reading is the work of one Read; it is used again.
type reading struct {
	book  *book
	n     Normal
	found []finding
	asked []asking

	all      []hit   // of the text, by where they begin
	cuts     []cut   // its clauses
	hits     []hit   // of this clause or sentence: a part of all
	next     []int32 // hit → next hit of the same word, or -1
	first    []int32 // word → its first hit, or -1
	last     []int32 // word → its last hit
	deny     []denial
	tried    []int32 // pattern → number of the clause it was last tried in
	triedAsk []int32 // likewise, phrases of questions
	turn     int32
	masks    []mask
	due      bool  // the clause before set a term: 再不还，
	best     []hit // of the pattern being tried: one for each group
}

// denial remembers whether a hit is denied, for conducts and for signals: 0 not looked at, 1 no, 2 yes.
type denial [2]byte

// mask is a look-alike in this clause: what lies inside it is not heard for the target.
type mask struct {
	target   int32
	from, to int
}

func newReading(b *book) *reading {
	rd := &reading{
		book:     b,
		first:    make([]int32, len(b.byWord)),
		last:     make([]int32, len(b.byWord)),
		tried:    make([]int32, len(b.patterns)),
		triedAsk: make([]int32, len(b.asks)),
	}
	for i := range rd.first {
		rd.first[i] = -1
	}
	return rd
}

// forget lets go of the text, so that nothing a person wrote stays behind.
func (rd *reading) forget() {
	clear(rd.found)
	clear(rd.asked)
	rd.n, rd.found, rd.asked, rd.due = Normal{}, rd.found[:0], rd.asked[:0], false
}

// cut is a clause of the text, and the mark that ends it.
type cut struct {
	span
	mark rune
}

// read looks for every word once, then reads clause by clause. No word reaches over the end of a clause.
func (rd *reading) read() {
	rd.all, rd.cuts = rd.book.words.find(rd.all[:0], rd.n.Text, 0, len(rd.n.Text)), rd.cuts[:0]
	clauses(rd.n.Text, func(from, to int, mark rune) { rd.cuts = append(rd.cuts, cut{span{from, to}, mark}) })
	next := 0
	for _, c := range rd.cuts {
		next = rd.take(next, c.span)
		rd.clause(c.from, c.to, c.mark)
	}
}

// take makes hits those of a part of the text, looking from hit i on, and gives the first hit beyond it.
func (rd *reading) take(i int, part span) int {
	for i < len(rd.all) && rd.all[i].from < part.from {
		i++
	}
	j := i
	for j < len(rd.all) && rd.all[j].from < part.to {
		j++
	}
	rd.hits = rd.all[i:j]
	return j
}

// clause tries every pattern of which a word stands in the clause.
func (rd *reading) clause(from, to int, end rune) {
	defer func() { rd.due = end == ',' && setsTerm(rd.n.Text[from:to]) }()
	if len(rd.hits) == 0 {
		return
	}
	rd.link()
	rd.turn++
	vetoed := rd.vetoes(from)
	for _, h := range rd.hits {
		for _, i := range rd.book.byWord[h.word] {
			p := &rd.book.patterns[i]
			if rd.tried[i] == rd.turn || p.veto || slices.Contains(vetoed, p.target) {
				continue
			}
			rd.tried[i] = rd.turn
			if denied, ok := rd.holds(p, from); ok {
				rd.keep(p.target, rd.match(p, from, to, end, denied))
			}
		}
	}
	rd.unchain()
}

// chain links the hits of each word.
func (rd *reading) chain() {
	rd.next = rd.next[:0]
	for i, h := range rd.hits {
		rd.next = append(rd.next, -1)
		if rd.first[h.word] < 0 {
			rd.first[h.word] = int32(i)
		} else {
			rd.next[rd.last[h.word]] = int32(i)
		}
		rd.last[h.word] = int32(i)
	}
}

// unchain forgets the links.
func (rd *reading) unchain() {
	for _, h := range rd.hits {
		rd.first[h.word] = -1
	}
}

// link chains the hits of each word, and notes the look-alikes.
func (rd *reading) link() {
	rd.chain()
	rd.deny, rd.masks = rd.deny[:0], rd.masks[:0]
	for _, h := range rd.hits {
		rd.deny = append(rd.deny, denial{})
		for _, t := range rd.book.masks[h.word] {
			rd.masks = append(rd.masks, mask{t, h.from, h.to})
		}
	}
}

// vetoes lists the targets of which a look-alike of several words holds in this clause.
func (rd *reading) vetoes(from int) (targets []int32) {
	for _, h := range rd.hits {
		for _, i := range rd.book.byWord[h.word] {
			p := &rd.book.patterns[i]
			if p.veto && rd.tried[i] != rd.turn {
				rd.tried[i] = rd.turn
				if _, ok := rd.holds(p, from); ok {
					targets = append(targets, p.target)
				}
			}
		}
	}
	return targets
}

// holds finds one hit for each group of a pattern, leaving them in best, and says whether one of them is denied.
func (rd *reading) holds(p *pattern, start int) (denied, ok bool) {
	for _, w := range p.not {
		if rd.first[w] >= 0 {
			return false, false
		}
	}
	signal := rd.book.targets[p.target].signal
	rd.best = rd.best[:0]
	for _, group := range p.need {
		found, deniedHere := false, false
		var best hit
		for _, w := range group {
			for i := rd.first[w]; i >= 0 && (!found || deniedHere); i = rd.next[i] {
				h := rd.hits[i]
				if !p.veto && rd.masked(p.target, h) {
					continue
				}
				if no := rd.denied(i, start, signal); !found || !no {
					best, found, deniedHere = h, true, no
				}
			}
		}
		if !found {
			return false, false
		}
		rd.best = append(rd.best, best)
		denied = denied || deniedHere
	}
	return denied, true
}

// denied says whether hit i of a clause that begins at start is denied. Life comes first: for signals little may stand
// between the negator and the word.
func (rd *reading) denied(i int32, start int, signal bool) bool {
	kind, words := 0, light
	if signal {
		kind, words = 1, lightDanger
	}
	d := &rd.deny[i][kind]
	if *d == 0 {
		*d = 1
		if negated(rd.n.Text, start, rd.hits[i].from, words) {
			*d = 2
		}
	}
	return *d == 2
}

func (rd *reading) masked(target int32, h hit) bool {
	for _, m := range rd.masks {
		if m.target == target && m.from <= h.from && h.to <= m.to {
			return true
		}
	}
	return false
}

// match describes the pattern that just held.
func (rd *reading) match(p *pattern, from, to int, end rune, denied bool) Match {
	t := rd.book.targets[p.target]
	slices.SortFunc(rd.best, func(a, b hit) int { return a.from - b.from })
	m := Match{ID: t.id, Quote: rd.n.Original(from, to), Words: make([]string, 0, len(rd.best))}
	runes, until := 0, 0
	for _, h := range rd.best {
		if h.from < until { // one word inside another
			continue
		}
		until = h.to
		m.Words = append(m.Words, rd.n.Original(h.from, h.to))
		runes += utf8.RuneCountInString(rd.n.Text[h.from:h.to])
	}
	clause := rd.n.Text[from:to]
	first, last := rd.best[0], rd.best[len(rd.best)-1]
	_, deniedLater := cutSuffix(clause, deniedAfter)
	m.Negated = denied || deniedLater && last.to < to
	m.Asked, m.General = asked(clause, end), general(clause, end)
	m.Threatened = !m.Negated && !m.Asked && !t.signal && threatened(clause, first.from-from, last.to-from, rd.due)
	m.Score = min(0.95, 0.4+0.08*float64(runes))
	return m
}
