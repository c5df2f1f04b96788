package flows

import (
	"strings"

	"gopkg.in/yaml.v3"
)

// question reads what an ask step waits for.
func (f fields) question(id string) *Question {
	q := &Question{
		Accept: Accept(f.word("accept", accepts)), Slot: f.id("slot"), Choices: f.choices("choices"), From: f.id("from"),
		Many: f.flag("many"), Max: f.number("max", 10), Why: f.text("why"), Example: f.text("example"),
		Skip: f.flag("skip"), Past: f.flag("past"), Quotes: f.flag("quotes"),
	}
	if q.Accept == "" {
		q.Accept = AcceptText
		if len(q.Choices) > 0 || q.From != "" {
			q.Accept = AcceptChoice
		}
	}
	if id == "" {
		f.fault(f.line, "an ask step needs an id")
	}
	if q.Slot == "" {
		q.Slot = id
	}
	q.choice = make(map[string]int, len(q.Choices))
	for i, c := range q.Choices {
		if first, taken := q.choice[c.ID]; taken && c.ID != "" {
			f.fault(c.Line, "the choice %q is there already, in line %d", c.ID, q.Choices[first].Line)
			continue
		}
		q.choice[c.ID] = i
	}
	f.fitting(q)
	return q
}

// fitting refuses keys of a question that do not go together.
func (f fields) fitting(q *Question) {
	if q.Accept == AcceptChoice && len(q.Choices) == 0 && q.From == "" {
		f.fault(f.line, "accept: choice needs choices or from")
	}
	if q.From != "" && q.Accept != AcceptChoice {
		f.fault(f.keyLine("from"), "from gives choices; it does not go with accept: %s", q.Accept)
	}
	if q.From == "" {
		for _, k := range []string{"many", "max"} {
			if f.has(k) {
				f.fault(f.keyLine(k), "%q goes only with from", k)
			}
		}
	}
	if q.Past && q.Accept != AcceptDate && q.Accept != AcceptTime && q.Accept != AcceptMoment {
		f.fault(f.keyLine("past"), "past goes only with accept: date, time or moment")
	}
}

// choices reads the fixed choices.
func (f fields) choices(k string) []Choice {
	var out []Choice
	for _, n := range f.list(k, 50) {
		out = append(out, f.choice(n))
	}
	return out
}

func (r *reader) choice(n *yaml.Node) Choice {
	at := r.fields(n, "choice", objects["choice"])
	c := Choice{
		ID: at.id("id"), Label: at.text("label"), Also: at.texts("also"), When: at.condition("when"),
		Style: at.word("style", styles), Call: at.phone("call"), Set: at.assigns("set"), To: at.target("to"),
		Show: at.view("show"), Visit: at.id("visit"), Line: n.Line,
	}
	ways := 0
	for _, k := range []string{"to", "show", "visit"} {
		if at.has(k) {
			ways++
		}
	}
	if ways > 1 {
		r.fault(n.Line, "a choice has only one of to, show and visit")
	}
	if strings.Contains(c.Label, "\n") {
		r.fault(n.Line, "a label is one line")
	}
	return c
}

// phone reads a telephone number to dial.
func (f fields) phone(k string) string {
	s := f.text(k)
	if strings.Trim(s, "+0123456789") != "" || len(s) > 20 {
		f.fault(f.keyLine(k), "%q: %q is no number to dial; digits only", k, s)
	}
	return s
}

// condition reads the tests of a `when:`.
func (f fields) condition(k string) Condition {
	v := f.values[k]
	if v == nil {
		return nil
	}
	at := f.mapping(v, "condition")
	var out Condition
	for _, slot := range at.order {
		if !isID(slot) {
			f.fault(at.keyLine(slot), "%q is no slot: English snake_case, at most %d characters", slot, maxID)
		}
		out = append(out, at.tests(slot)...)
	}
	if len(out) == 0 && v.Kind == yaml.MappingNode {
		f.fault(v.Line, "an empty condition; leave it out")
	}
	return out
}

// tests reads what a condition asks of one slot.
func (f fields) tests(slot string) []Test {
	v := f.values[slot]
	if v.Kind != yaml.MappingNode {
		return []Test{{Slot: slot, Op: In, Args: f.args(slot)}}
	}
	keys := make([]key, len(opKeys))
	for i, name := range opKeys {
		keys[i].name = name
	}
	at := f.fields(v, "comparison", keys)
	var out []Test
	for _, k := range at.order {
		switch k {
		case "not":
			out = append(out, Test{Slot: slot, Op: NotIn, Args: at.args(k)})
		case "gt", "lt":
			out = append(out, Test{Slot: slot, Op: Op(k), Args: []string{at.limit(k)}})
		case "set":
			op := Unset
			if at.flag(k) {
				op = IsSet
			}
			out = append(out, Test{Slot: slot, Op: op})
		}
	}
	if len(at.order) == 0 {
		f.fault(v.Line, "%q: compare it with something", slot)
	}
	return out
}

// args reads one value or a list of them.
func (f fields) args(k string) []string {
	if f.values[k].Kind != yaml.SequenceNode {
		return []string{f.text(k)}
	}
	list := f.texts(k)
	if len(f.values[k].Content) == 0 {
		f.fault(f.keyLine(k), "%q: an empty list never holds", k)
	}
	return list
}

// limit reads what gt and lt compare with.
func (f fields) limit(k string) string {
	s := f.text(k)
	if _, ok := number(s); s != "" && !ok && !isDay(s) && !isClock(s) {
		f.fault(f.keyLine(k), "%q: %q is no number, day (2026-01-01) or clock time (22:00)", k, s)
	}
	return s
}
