package bot

import (
	"slices"
	"strings"
	"time"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
)

// saidLender is the slot of the kind of creditor that the person named before anybody asked, creditorName the one of the
// lender's name in full, as letters have it.
const (
	saidLender   = "said_lender"
	creditorName = "fill_creditor_name"
)

// tellable is a slot that what people tell can fill before it is asked for: by a fact of a kind, of one sort. What belongs
// to one matter is forgotten when another is told.
type tellable struct {
	slot   string
	kind   understand.FactKind
	of     string
	matter bool
	latest bool // of several the latest, else none
}

// tellables are those slots. The blanks of letters are filled without a question.
var tellables = []tellable{
	{"day", understand.Day, "happened", true, true},
	{"filed_on", understand.Day, "filed", true, false},
	{"received_on", understand.Day, "received", true, false},
	{"call_phone", understand.Phone, "collector", true, false},
	{"monthly", understand.Amount, "offer", false, false},
	{"fill_number", understand.Phone, "collector", true, false},
	{"fill_clock", understand.Clock, "", true, false},
}

// saidSlot is where what was told for a slot waits for its question.
func saidSlot(slot string) string {
	if slot == creditorFlow {
		return saidLender
	}
	return "said_" + slot
}

// hear remembers what a person tells unasked, where it is certain.
func (t *turn) hear(text string) {
	facts := t.g.reader.Facts(text, t.now)
	t.hearLender(facts)
	pasted := strings.ContainsAny(text, "【您") || strings.Contains(text, "尊敬的")
	for _, x := range tellables {
		value := ""
		if !pasted || x.kind == understand.Phone {
			value = x.from(facts, text)
		}
		slot := saidSlot(x.slot)
		if strings.HasPrefix(x.slot, "fill_") {
			slot = x.slot
		}
		if value != "" || x.matter {
			t.set(slot, value)
		}
	}
}

// goesOn are words of what has not stopped: the day of the last time is not the one told.
var goesOn = []string{"天天", "每天", "一直", "到现在", "还在", "不停", "这几天", "这两天", "最近", "至今"}

// from is what facts tell for the slot; empty where it is not certain.
func (x tellable) from(facts []understand.Fact, text string) string {
	var values []string
	for _, f := range facts {
		if f.Kind == understand.Phone && f.Kind == x.kind && f.Of != x.of && f.Of != "mine" {
			return "" // whose it is was not told
		}
		if f.Kind != x.kind || x.of != "" && f.Of != x.of {
			continue
		}
		if !f.Sure {
			return ""
		}
		if !slices.Contains(values, f.Value) {
			values = append(values, f.Value)
		}
	}
	if len(values) == 0 || len(values) > 1 && !x.latest {
		return ""
	}
	if x.slot == "day" && slices.ContainsFunc(goesOn, func(w string) bool { return strings.Contains(text, w) }) {
		return ""
	}
	return slices.Max(values)
}

// hearLender remembers who lent the money where the facts say it.
func (t *turn) hearLender(facts []understand.Fact) {
	kind, lender, named := understand.Lent(facts)
	if !named {
		return
	}
	t.set(saidLender, kind)
	t.nameLender(lender)
}

// nameLender keeps the name of a lender for letters. Apps have none: who lends stands in the contract.
func (t *turn) nameLender(l *content.Lender) {
	if l != nil && !l.App {
		t.set(creditorName, l.Name)
	} else {
		t.set(creditorName, "")
	}
}

// lenderOf keeps the lender that an answer to who lent the money names; one named before stays while it is of the kind.
func (t *turn) lenderOf(kind string) {
	var named []*content.Lender
	for _, f := range t.g.reader.Facts(t.m.Text, time.Time{}) {
		if l := f.Lender; l != nil && slices.Contains(l.Kinds, kind) && !slices.Contains(named, l) {
			named = append(named, l)
		}
	}
	if len(named) == 1 {
		t.nameLender(named[0])
		return
	}
	if l := t.g.lib.Lender(t.s.Slots[creditorName]); l != nil && !slices.Contains(l.Kinds, kind) {
		t.set(creditorName, "")
	}
}

// newCalled is all that answers who lent the money, by the kind of creditor.
func newCalled(lib *content.Library) map[string][]string {
	called := map[string][]string{}
	add := func(kind string, words []string) {
		for _, w := range words {
			if key := understand.Key(w); key != "" && !slices.Contains(called[kind], key) {
				called[kind] = append(called[kind], key)
			}
		}
	}
	for _, c := range lib.Creditors {
		add(c.ID, c.Phrases)
		add(c.ID, c.Broad)
	}
	for _, l := range lib.EveryLender() {
		if len(l.Kinds) == 1 {
			add(l.Kinds[0], l.Calls())
		}
	}
	return called
}

// lenderTyped takes a lender named in answer to who lent the money: 我是招行的. Where it may be of two kinds, it asks which.
func (t *turn) lenderTyped(f *flows.Flow, step *flows.Step, text string) (done bool, err error) {
	if step.Ask.From != "creditors" {
		return false, nil
	}
	var kinds []string
	var lender *content.Lender
	for _, fact := range t.g.reader.Facts(text, t.now) {
		if fact.Kind != understand.Creditor || fact.Denied {
			continue
		}
		all := strings.Split(fact.Value, ",")
		if len(kinds) > 0 && !slices.Equal(kinds, all) {
			return false, nil
		}
		kinds, lender = all, fact.Lender
	}
	options := slices.DeleteFunc(slices.Clone(t.list(step.Ask.From)), func(o option) bool { return !slices.Contains(kinds, o.id) })
	switch len(options) {
	case 1:
		return true, t.choseListed(f, step, options[0])
	case 2:
		t.nameLender(lender)
		t.either(f, step, []string{options[0].id, options[1].id})
		return true, nil
	}
	return false, nil
}
