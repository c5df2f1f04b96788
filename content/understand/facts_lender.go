package understand

import (
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
)

// lenderName is what a lender, or a kind of creditor, is called.
type lenderName struct {
	lender *content.Lender // nil for a kind
	kinds  []string
	beside bool // it counts beside words of lending only
}

// unknownKind is the kind of creditor nobody could name: no words tell it unasked.
const unknownKind = "unknown"

// newFactBook prepares the names of lenders and of kinds of creditors.
func newFactBook(lib *content.Library) *factBook {
	b := &factBook{words: newWords()}
	add := func(words []string, name lenderName) {
		for _, w := range words {
			key := Normalise(w).Text
			if utf8.RuneCountInString(key) < 2 || utf8.RuneCountInString(key) > maxWord {
				continue
			}
			if id := int(b.words.add(key)); id == len(b.named) {
				b.named = append(b.named, name)
			}
		}
	}
	for _, c := range lib.Creditors {
		if c.ID != unknownKind {
			add(c.Phrases, lenderName{kinds: []string{c.ID}})
		}
	}
	for _, l := range lib.EveryLender() {
		add(l.Common, lenderName{l, l.Kinds, true})
		add(append([]string{l.Name}, l.Names...), lenderName{l, l.Kinds, len(l.Kinds) > 1})
	}
	return b
}

// Words around the name of a lender. One in whose name others speak, or through which money goes, did not lend it.
var (
	lent    = []string{"借", "贷", "欠", "逾期", "分期", "还不上", "还不起", "没还", "还款", "催", "债", "透支", "刷", "租", "信用卡", "套现"}
	played  = []string{"冒充", "假冒", "自称", "假装", "客服"} // what these say of a debt may be made up
	through = []string{"收款", "账户", "帐户", "账号"}
	disown  = []string{"不是", "不算", "没借", "没有", "没办", "没用", "没欠", "没刷", "不欠", "没开"}
)

const (
	towards  = "到往用向给转"
	wordTail = "就慢能该得会要想那再后过起下出原本快便没哪其施社微" // 慢慢还呗, 后来分期, 其中行为: no names
	notBank  = "为业动政程驶李不吗情人走"
)

// maxSaid is in how many characters a lender is taken for who lent the money: what somebody tells is a few sentences.
const maxSaid = 200

// lender keeps a name of a lender at rune i, the longest.
func (s *scan) lender(i int) int {
	node, end, id := int32(0), i, int32(-1)
	for j := i; j < len(s.r); j++ {
		next, ok := s.book.words.edges[edge(node, s.r[j])]
		if !ok {
			break
		}
		node = next
		if at := s.book.words.at[node]; at >= 0 {
			id, end = at, j+1
		}
	}
	if id < 0 || isWord(s.r[i]) && i > 0 && isWord(s.r[i-1]) || isWord(s.r[end-1]) && isWord(s.rune(end)) {
		return i
	}
	name := s.book.named[id]
	if s.r[end-1] == '行' && s.rune(end) != 0 && strings.ContainsRune(notBank, s.rune(end)) && end-i == 2 {
		return i
	}
	if end-i == 2 && name.beside && i > 0 && strings.ContainsRune(wordTail, s.r[i-1]) || name.beside && end-i == 3 && i > 0 && strings.ContainsRune("后过没你能", s.r[i-1]) {
		return end
	}
	kinds := name.kinds
	if len(kinds) > 1 {
		kinds = s.kindBeside(end, kinds)
	}
	f := Fact{Kind: Creditor, Value: strings.Join(kinds, ","), Lender: name.lender}
	clause := s.window(int(s.clause[i])-0, int(s.ends[i]), max(int(s.clause[i]), i-60), min(int(s.ends[i]), end+60))
	before := s.before(i, 4)
	f.Denied = hasAny(before, disown...)
	f.Sure = !f.Denied && !(i > 0 && int(s.clause[i]) < i && strings.ContainsRune(towards, s.r[i-1])) &&
		!hasAny(clause, through...) && (!name.beside || hasAny(clause, lent...))
	if f.Sure {
		f.Of = "lent"
	}
	return s.add(f, i, end)
}

// kindWords choose between what a bank lends.
var kindWords = []label{
	{"信用卡", "bank_card"}, {"的信用卡", "bank_card"}, {"卡", "bank_card"}, {"卡中心", "bank_card"}, {"的卡", "bank_card"},
	{"贷款", "bank_loan"}, {"的贷款", "bank_loan"}, {"信用贷", "bank_loan"}, {"消费贷", "bank_loan"}, {"房贷", "bank_loan"}, {"车贷", "bank_loan"}, {"的房贷", "bank_loan"}, {"的车贷", "bank_loan"}, {"经营贷", "bank_loan"}, {"网贷", "bank_loan"}, {"快贷", "bank_loan"}, {"的网贷", "bank_loan"}, {"闪电贷", "bank_loan"},
}

// kindBeside is the one of several kinds that the words right behind a name tell, all of them where none does.
func (s *scan) kindBeside(end int, kinds []string) []string {
	for _, l := range kindWords {
		if _, ok := s.at(end, l.word); ok && slices.Contains(kinds, l.of) {
			return []string{l.of}
		}
	}
	return kinds
}

// lenders takes back that anybody lent, where the text is long or others speak in a lender's name.
func (s *scan) lenders() {
	if len(s.r) <= maxSaid && !hasAny(s.n.Text, played...) {
		return
	}
	for i := range s.out {
		if f := &s.out[i]; f.Kind == Creditor {
			f.Of, f.Sure = "", false
		}
	}
}

// Lent joins what facts say of who lent the money: the kind of creditor where there is one only, and the lender where just
// one was named. named is false where nobody was.
func Lent(facts []Fact) (kind string, lender *content.Lender, named bool) {
	var kinds []string  // of names that mean one kind
	var open [][]string // of those that mean several
	var firms []*content.Lender
	for _, f := range facts {
		if f.Kind != Creditor || !f.Sure {
			continue
		}
		named = true
		if all := strings.Split(f.Value, ","); len(all) > 1 {
			open = append(open, all)
		} else if !slices.Contains(kinds, all[0]) {
			kinds = append(kinds, all[0])
		}
		if f.Lender != nil && !slices.Contains(firms, f.Lender) {
			firms = append(firms, f.Lender)
		}
	}
	if len(firms) == 1 {
		lender = firms[0]
	}
	if len(kinds) != 1 {
		return "", lender, named
	}
	for _, all := range open {
		if !slices.Contains(all, kinds[0]) {
			return "", nil, named
		}
	}
	return kinds[0], lender, named
}
