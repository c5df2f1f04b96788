package understand

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"anning/content"
)

// FactKind is what a Fact is of.
type FactKind string

// The kinds of facts.
const (
	Phone    FactKind = "phone"    // a telephone number: digits, "+" only for abroad
	Amount   FactKind = "amount"   // yuan with two decimals: "1500.00"
	Day      FactKind = "day"      // "2026-11-21", or the month alone: "2025-08"
	Clock    FactKind = "time"     // "22:14"
	Count    FactKind = "count"    // "30", "30-39", "100+"
	Deadline FactKind = "deadline" // what somebody is given until: a day, or "2026-11-22 15:00"
	Account  FactKind = "account"  // where money is to go: the number or the id, empty where none was told
	Creditor FactKind = "lender"   // the kinds of creditor it may be: "bank_card,bank_loan"
	Employee FactKind = "employee" // the number that a collector gave as theirs
	Person   FactKind = "person"   // how a collector calls themselves: 王经理, 姓王
)

// Fact is one thing told in a text.
type Fact struct {
	Kind     FactKind
	Value    string // in the form that slots keep
	Words    string // as they were written
	From, To int    // bytes of the original

	Of        string          // what it is of; see the words beside each kind
	Per       string          // Count: in a "minute", "hour", "day", "week", "month"; empty where it was not told
	Low, High int             // Count: its range; High is 0 where it has no end
	Lender    *content.Lender // Creditor: the firm that was named, nil for a kind alone
	Denied    bool            // Creditor: the words before it say that it is not the one
	Sure      bool            // one reading only, and nothing said makes it another's: a question about it need not be put
}

// factBook is what a Reader has ready for facts.
type factBook struct {
	words *words
	named []lenderName // by the number of the word
}

// Facts finds what a text tells: numbers, sums, days, times, lenders, people, in their order; none lies over another.
// Days and times are seen from now. The cost is linear, and bounded as that of Normalise.
func (r *Reader) Facts(text string, now time.Time) []Fact {
	s := scan{n: Normalise(text), now: now, book: r.book.facts}
	s.r = []rune(s.n.Text)
	if len(s.r) == 0 {
		return nil
	}
	s.cut()
	for i := 0; i < len(s.r); {
		if end := s.fact(i); end > i {
			i = end
			continue
		}
		i++
	}
	s.lenders()
	return s.out
}

// scan is the work of one Facts.
type scan struct {
	n    Normal
	r    []rune
	now  time.Time
	book *factBook
	out  []Fact

	clause []int32 // rune → where its clause begins
	ends   []int32 // rune → where its clause ends
	period string  // of the day told last: 晚上
	until  int     // how far that period reaches
}

// cut finds the clauses.
func (s *scan) cut() {
	s.clause, s.ends = make([]int32, len(s.r)), make([]int32, len(s.r))
	at, byte := 0, 0
	clauses(s.n.Text, func(from, to int, _ rune) {
		for byte < from {
			byte += utf8.RuneLen(s.r[at])
			s.clause[at], s.ends[at] = int32(at), int32(at)
			at++
		}
		begin := at
		for byte < to {
			byte += utf8.RuneLen(s.r[at])
			s.clause[at] = int32(begin)
			at++
		}
		for i := begin; i < at; i++ {
			s.ends[i] = int32(at)
		}
	})
	for ; at < len(s.r); at++ {
		s.clause[at], s.ends[at] = int32(at), int32(at)
	}
}

// add keeps a fact of the runes [from, to), unless what is written there told another already.
func (s *scan) add(f Fact, from, to int) int {
	f.From, f.To = int(s.n.marks[from].from), int(s.n.marks[to-1].to)
	if n := len(s.out); n > 0 && f.From < s.out[n-1].To {
		return to
	}
	f.Words = s.n.original[f.From:f.To]
	s.out = append(s.out, f)
	return to
}

// fact keeps what begins at rune i, and gives where it ends; i where nothing does.
func (s *scan) fact(i int) int {
	if end := s.lender(i); end > i {
		return end
	}
	c := s.r[i]
	switch headOf(c) {
	case yenHead:
		return s.money(i)
	case numberHead:
		if i > 0 && isWord(s.r[i-1]) && c != '(' {
			return s.skipWord(i)
		}
		if end := s.phone(i); end > i {
			return end
		}
		if end := s.account(i); end > i {
			return end
		}
		if c == '+' || c == '(' {
			return i
		}
		return s.number(i)
	case wordHead:
		if end := s.wechat(i); end > i {
			return end
		}
		return s.skipWord(i)
	case whenHead:
		return s.number(i)
	case vagueHead:
		return s.count(i)
	case whoHead:
		if end := s.employee(i); end > i {
			return end
		}
		if end := s.person(i); end > i {
			return end
		}
		return s.payee(i)
	}
	return i
}

// number keeps a day or a time, a count, or a sum.
func (s *scan) number(i int) int {
	if end := s.when(i); end > i {
		return end
	}
	if end := s.count(i); end > i {
		return end
	}
	return s.money(i)
}

// head is what a rune may begin.
type head byte

const (
	yenHead head = iota + 1
	numberHead
	wordHead
	whenHead
	vagueHead
	whoHead
)

// heads are the Chinese characters with which facts begin.
var heads = sync.OnceValue(func() map[rune]head {
	m := map[rune]head{}
	for _, c := range surnames + "姓工员警坐座自他她名说" {
		m[c] = whoHead
	}
	for _, l := range payees {
		r, _ := utf8.DecodeRuneInString(l.word)
		m[r] = whoHead
	}
	for _, c := range "微加" {
		m[c] = whoHead
	}
	for _, c := range vagueHeads {
		m[c] = vagueHead
	}
	for _, c := range whenHeads {
		m[c] = whenHead
	}
	for _, c := range numerals {
		m[c] = numberHead
	}
	return m
})

func headOf(c rune) head {
	switch {
	case c == '¥':
		return yenHead
	case digit(c), c == '+', c == '(':
		return numberHead
	case 'a' <= c && c <= 'z':
		return wordHead
	case c < utf8.RuneSelf:
		return 0
	}
	return heads()[c]
}

// skipWord passes over a Latin word or a number inside one: no facts are in them.
func (s *scan) skipWord(i int) int {
	for i < len(s.r) && isWord(s.r[i]) {
		i++
	}
	return i
}

// at says that words stand at rune i, and gives where they end.
func (s *scan) at(i int, words ...string) (end int, ok bool) {
	for _, w := range words {
		j := i
		fits := true
		for _, c := range w {
			if j >= len(s.r) || s.r[j] != c {
				fits = false
				break
			}
			j++
		}
		if fits && j > end {
			end, ok = j, true
		}
	}
	return end, ok
}

// window is the text from rune i to j, held inside bounds.
func (s *scan) window(i, j, low, high int) string {
	i, j = max(i, low), min(j, high)
	if i >= j {
		return ""
	}
	return string(s.r[i:j])
}

// before and after are up to n runes beside a fact, in its clause.
func (s *scan) before(i, n int) string { return s.window(i-n, i, int(s.clause[i]), i) }
func (s *scan) after(end, n int) string {
	if end == 0 || end > len(s.r) {
		return ""
	}
	return s.window(end, end+n, end, int(s.ends[end-1]))
}

// label is a word, and what a fact beside it is of.
type label struct{ word, of string }

// nearest finds the label that ends nearest to the end of a text, the longest of those.
func nearest(text string, labels []label) (of string, at int) {
	at = -1
	size := 0
	for _, l := range labels {
		if i := strings.LastIndex(text, l.word); i >= 0 && (i+len(l.word) > at+size || i+len(l.word) == at+size && len(l.word) > size) {
			of, at, size = l.of, i, len(l.word)
		}
	}
	return of, at
}

// soonest finds the label that begins soonest in a text, the longest of those.
func soonest(text string, labels []label) (of string, at int) {
	at = -1
	size := 0
	for _, l := range labels {
		if i := strings.Index(text, l.word); i >= 0 && (at < 0 || i < at || i == at && len(l.word) > size) {
			of, at, size = l.of, i, len(l.word)
		}
	}
	return of, at
}

func digit(r rune) bool { return '0' <= r && r <= '9' }

func hasAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}
