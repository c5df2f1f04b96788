package understand

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A question is heard within a sentence, not only a clause: 「信用卡逾期了，会坐牢吗」 is one. A sentence longer than this
// is cut at its commas, so that what is far apart is not put together.
const maxSentence = 60 * 3 // bytes of Chinese characters

// span is bytes [from, to) of a text, clause or covered word.
type span struct{ from, to int }

// asking is what was found for one question, so far.
type asking struct {
	target   int32
	covers   []span // the words of every phrase that holds
	longest  int    // runes of the longest of these phrases
	sentence span   // where that one stands
}

// questions finds the questions that the text puts, best first: whose words cover more of it, whose longest phrase is
// longer, by id.
func (rd *reading) questions() []Match {
	if len(rd.book.asks) == 0 || len(rd.all) == 0 {
		return nil
	}
	next := 0
	for i := 0; i < len(rd.cuts); {
		whole := rd.cuts[i].span
		for i++; i < len(rd.cuts) && joins(rd.cuts[i-1].mark) && rd.cuts[i].to-whole.from <= maxSentence; i++ {
			whole.to = rd.cuts[i].to
		}
		next = rd.take(next, whole)
		rd.ask(whole)
	}
	if len(rd.asked) == 0 {
		return nil
	}
	letters := 0
	for _, c := range rd.cuts {
		letters += utf8.RuneCountInString(rd.n.Text[c.from:c.to])
	}
	found := make([]Match, len(rd.asked))
	longest := make(map[string]int, len(rd.asked))
	for i, a := range rd.asked {
		m := Match{ID: rd.book.targets[a.target].id, Asked: true, Quote: rd.n.Original(a.sentence.from, a.sentence.to)}
		covered := 0
		for _, s := range merged(a.covers) {
			m.Words = append(m.Words, rd.n.Original(s.from, s.to))
			covered += utf8.RuneCountInString(rd.n.Text[s.from:s.to])
		}
		m.Score = float64(covered) / float64(letters)
		found[i], longest[m.ID] = m, a.longest
	}
	slices.SortFunc(found, func(a, b Match) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(longest[b.ID], longest[a.ID]), cmp.Compare(a.ID, b.ID))
	})
	return found
}

// joins says that a mark between two clauses does not end the sentence.
func joins(mark rune) bool { return mark == ',' || mark == ' ' }

// ask tries every phrase of a question of which a word stands in the sentence.
func (rd *reading) ask(sentence span) {
	if len(rd.hits) == 0 {
		return
	}
	rd.chain()
	rd.turn++
	for _, h := range rd.hits {
		for _, i := range rd.book.byAsk[h.word] {
			if p := &rd.book.asks[i]; rd.triedAsk[i] != rd.turn {
				rd.triedAsk[i] = rd.turn
				if rd.puts(p) {
					rd.note(p.target, sentence)
				}
			}
		}
	}
	rd.unchain()
}

// puts finds the longest hit for each group of a question's phrase, leaving them in best. What is denied is asked all
// the same.
func (rd *reading) puts(p *pattern) bool {
	for _, w := range p.not {
		if rd.first[w] >= 0 {
			return false
		}
	}
	rd.best = rd.best[:0]
	for _, group := range p.need {
		best := hit{from: -1}
		for _, w := range group {
			if i := rd.first[w]; i >= 0 {
				if h := rd.hits[i]; best.from < 0 || h.to-h.from > best.to-best.from {
					best = h
				}
			}
		}
		if best.from < 0 {
			return false
		}
		rd.best = append(rd.best, best)
	}
	return true
}

// note adds the phrase that just held to what is known of its question.
func (rd *reading) note(target int32, sentence span) {
	i := slices.IndexFunc(rd.asked, func(a asking) bool { return a.target == target })
	if i < 0 {
		i = len(rd.asked)
		rd.asked = append(rd.asked, asking{target: target})
	}
	a, runes := &rd.asked[i], 0
	for _, h := range rd.best {
		a.covers = append(a.covers, span{h.from, h.to})
		runes += utf8.RuneCountInString(rd.n.Text[h.from:h.to])
	}
	if runes > a.longest {
		a.longest, a.sentence = runes, sentence
	}
}

// merged joins spans that touch or overlap, in order.
func merged(all []span) []span {
	slices.SortFunc(all, func(a, b span) int { return cmp.Or(a.from-b.from, a.to-b.to) })
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Words by which a text asks something. They say nothing of what it asks about.
var askingWords = []string{
	"吗", "怎么", "怎样", "咋", "什么", "啥", "为何", "如何", "多少", "多久", "多长", "多大", "多高", "哪", "谁", "几个", "几次", "几天", "几点", "几年", "几条", "几号", "几月", "几分", "几成", "几种", "第几",
	"能不能", "可不可以", "可以不", "会不会", "是不是", "要不要", "有没有", "用不用", "该不该", "算不算", "行不行", "好不好", "对不对", "还不还", "给不给", "需不需要", "是否", "能否", "可否", "应否", "有无",
	"合法", "违法", "犯法", "犯罪", "违规", "算", "最多", "最少", "最长", "最久", "最高", "最低", "几折", "几期", "请问", "想问", "问一下", "问下", "问问", "想知道", "咨询", "区别", "还是", "了没", "过没", "真的假的", "真假", "是真是假",
}

var askingEnds = []string{"呢", "么", "不", "没", "没有", "冇", "伐"}

// asks says that a text asks something.
func (rd *reading) asks() bool {
	for _, h := range rd.all {
		if rd.book.asking[h.word] {
			return true
		}
	}
	return slices.ContainsFunc(rd.cuts, func(c cut) bool { return asksByForm(rd.n.Text[c.from:c.to], c.mark) })
}

// asksByForm says that a clause asks something by its mark, its end, or by offering both: 管不管.
func asksByForm(clause string, mark rune) bool {
	ends := strings.TrimRight(clause, "啊呀了的")
	if _, ok := cutSuffix(ends, askingEnds); mark == '?' || ok && !strings.HasSuffix(ends, "那么") {
		return true
	}
	for from := 0; ; {
		i := strings.Index(clause[from:], "不")
		if i < 0 {
			return false
		}
		from += i + len("不")
		before, _ := utf8.DecodeLastRuneInString(clause[:from-len("不")])
		if after, n := utf8.DecodeRuneInString(clause[from:]); n > 0 && before == after {
			return true
		}
	}
}
