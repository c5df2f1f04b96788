package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
)

// creditorFlow asks who lent the money; its slot has the same name.
const creditorFlow = "creditor"

// saidLender is the slot of the kind of creditor that the person named before anybody asked; it is emptied when it is
// taken, so that the same words answer once only: who says 换一家 is asked. saidTaken is the slot of the question which
// was passed over for it: "flow/step".
const (
	saidLender = "said_lender"
	saidTaken  = "said_taken"
)

// hearLender remembers who lent the money where a text that a person comes with says it.
func (t *turn) hearLender(text string) {
	if id, named := t.g.lender(text); named {
		t.set(saidLender, id)
	}
}

// taken is a question passed over in this turn because its answer had been said.
type taken struct {
	way snapshot // back to it
	cut int      // how many of turn.old are of before it
}

// fromSaid takes the creditor from what the person said when they came, where they named just one; it is said aloud,
// and the next question offers to take it back.
func (t *turn) fromSaid(f *flows.Flow, step *flows.Step) (done bool, err error) {
	q := step.Ask
	if f.ID != creditorFlow || q.Slot != creditorFlow || q.From != "creditors" || t.s.Slots[q.Slot] != "" || t.taken != nil {
		return false, nil
	}
	all := t.list(q.From)
	i := slices.IndexFunc(all, func(o option) bool { return o.id == t.s.Slots[saidLender] })
	if i < 0 {
		return false, nil
	}
	t.set(saidLender, "")
	t.set(saidTaken, frame(f.ID, step.ID, false))
	t.taken = &taken{way: snapshot{at: t.s.Slots[saidTaken], stack: strings.Join(t.s.Stack, ">")}, cut: len(t.old)}
	t.reply(Reply{Text: t.g.words.say("said_taken", "item", spaced(all[i].label))})
	return true, t.choseListed(f, step, all[i])
}

// otherKey marks in Session.Shown that the waiting question offers to take back what was taken as said.
const otherKey = "other"

// otherThanSaid adds the way back to the question that was passed over.
func (t *turn) otherThanSaid(out []Choice) []Choice {
	if t.s.Shown[otherKey] == 0 {
		return out
	}
	label := t.g.words.say("said_other", "item", spaced(t.brief(creditorFlow, t.s.Slots[creditorFlow])))
	return append(out, Choice{Value: valueFix + t.s.Slots[saidTaken], Label: label})
}

// Words around the name of a lender. One in whose name others speak, or through which money goes, did not lend it.
var (
	lent    = []string{"借", "贷", "欠", "逾期", "分期", "还不上", "还不起", "没还", "还款", "催", "债", "透支", "刷", "租"}
	played  = []string{"冒充", "假冒", "自称", "假装", "客服"} // what these say of a debt may be made up
	through = []string{"收款", "账户", "帐户", "账号"}
	denied  = []string{"不是", "不算", "没借", "没有", "没办", "没用", "没欠", "没刷", "不欠", "没开"}
	towards = "到往用向给转"
)

// maxSaid is in how many characters a lender is looked for: what somebody comes with is a few sentences.
const maxSaid = 200

// lenderWord is what people call a kind of creditor, in normal form.
type lenderWord struct {
	id, key string
	brand   bool // it counts beside words of lending only
}

// newLenders prepares what people call creditors: the words that name one unasked, and all that answer who lent the
// money, by its id.
func newLenders(lib *content.Library) (words []lenderWord, called map[string][]string) {
	keys := func(said []string) (all []string) {
		for _, w := range said {
			if key := understand.Key(w); key != "" {
				all = append(all, key)
			}
		}
		return all
	}
	called = map[string][]string{}
	for _, c := range lib.Creditors {
		called[c.ID] = slices.Concat(keys(c.Phrases), keys(c.Broad))
		if c.ID == "unknown" {
			continue
		}
		for _, key := range keys(c.Phrases) {
			words = append(words, lenderWord{c.ID, key, false})
		}
	}
	for _, l := range lib.EveryLender() {
		for _, kind := range l.Kinds {
			called[kind] = append(called[kind], keys(l.Calls())...)
		}
		if len(l.Kinds) > 1 {
			continue
		}
		for i, key := range slices.Concat(keys(l.Names), keys(l.Common)) {
			words = append(words, lenderWord{l.Kinds[0], key, i >= len(keys(l.Names))})
		}
	}
	return words, called
}

// naming is the name of a kind of creditor in a clause: [from, to) in bytes.
type naming struct {
	lenderWord
	from, to int
}

// lender is the id of the one kind of creditor that a text names as who lent the money, empty where it names several;
// named is false where it names none.
func (g *guide) lender(said string) (id string, named bool) {
	if utf8.RuneCountInString(said) > maxSaid || anyIn(said, played) {
		return "", false
	}
	for _, clause := range strings.FieldsFunc(said, func(r rune) bool { return strings.ContainsRune("，,。；;！!？?、\n", r) }) {
		key := understand.Key(clause)
		for _, n := range g.namings(key) {
			before := key[:n.from]
			last, _ := utf8.DecodeLastRuneInString(before)
			switch {
			case anyIn(lastRunes(before, 4), denied), before != "" && strings.ContainsRune(towards, last),
				anyIn(key, through), n.brand && !anyIn(key, lent):
				continue
			case named && id != n.id:
				return "", true
			}
			id, named = n.id, true
		}
	}
	return id, named
}

// namings are the names of creditors in a clause, but for those inside a longer one.
func (g *guide) namings(key string) []naming {
	var all []naming
	for _, w := range g.lenders {
		if i := strings.Index(key, w.key); i >= 0 {
			all = append(all, naming{w, i, i + len(w.key)})
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(n naming) bool {
		return slices.ContainsFunc(all, func(o naming) bool { return o.from <= n.from && n.to <= o.to && o.to-o.from > n.to-n.from })
	})
}

func anyIn(text string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(text, w) })
}

// lastRunes are the last n runes of a text.
func lastRunes(text string, n int) string {
	r := []rune(text)
	return string(r[max(0, len(r)-n):])
}
