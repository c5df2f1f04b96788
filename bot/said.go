package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

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
	brands  = []string{"支付宝", "京东", "美团", "抖音"}                                                                                                // they lend, and do much else
	broad   = []string{"银行", "平台", "app", "个人", "私人", "熟人", "借条", "欠条", "714", "不正规的", "无牌", "裸贷", "房贷", "车贷", "朋友借的", "亲戚借的", "老板借的", "同学借的"} // too wide, or as often said of something else
)

// maxSaid is in how many characters a lender is looked for: what somebody comes with is a few sentences.
const maxSaid = 200

// naming is a phrase of a kind of creditor in a clause: [from, to) in bytes.
type naming struct {
	id, phrase string
	from, to   int
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
				anyIn(key, through), slices.Contains(brands, n.phrase) && !anyIn(key, lent):
				continue
			case named && id != n.id:
				return "", true
			}
			id, named = n.id, true
		}
	}
	return id, named
}

// namings are the phrases of creditors in a clause, but for those inside a longer one.
func (g *guide) namings(key string) []naming {
	var all []naming
	for _, c := range g.lib.Creditors {
		if c.ID == "unknown" {
			continue
		}
		for _, p := range c.Phrases {
			if p = understand.Key(p); p == "" || slices.Contains(broad, p) {
				continue
			}
			if i := strings.Index(key, p); i >= 0 {
				all = append(all, naming{c.ID, p, i, i + len(p)})
			}
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
