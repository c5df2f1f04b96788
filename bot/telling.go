package bot

import (
	"slices"
	"strings"

	"anning/flows"
)

// telling is what the conditions and dynamic calls look at on the ways from a step: slot → tests.
type telling map[string]*tests

// tests are all there is to know of a slot: two values that no test tells apart lead the same ways.
type tests struct {
	list []flows.Test // each once
	call bool         // the slot names a flow that is called, or the conduct that one tells of
}

// ahead tells of every step what is looked at on the ways from it, in its own flow and in those it leads to directly,
// before it is answered or set anew.
type ahead struct {
	set  *flows.Set
	own  map[string][]telling // by flow and step: within the flow
	told map[string][]telling // and in those it leads to
}

func deciding(set *flows.Set) *ahead {
	return &ahead{set, map[string][]telling{}, map[string][]telling{}}
}

// from is what is looked at on the ways from a step, or from below it.
func (a *ahead) from(flow, step string, below bool) telling {
	f := a.set.Flow(flow)
	if f == nil {
		return nil
	}
	i := 0
	if step != "" {
		i = f.Index(step)
	}
	if below {
		i++
	}
	all, ok := a.told[flow]
	if !ok {
		all = a.flow(f, true)
		a.told[flow] = all
	}
	if i < 0 || i >= len(all) {
		return nil
	}
	return all[i]
}

// flow finds what is looked at from each step of a flow, going round until nothing is new; beyond: in the flows it leads
// to as well.
func (a *ahead) flow(f *flows.Flow, beyond bool) []telling {
	all := make([]telling, len(f.Steps)+1)
	for i := range all {
		all[i] = telling{}
	}
	for more := true; more; {
		more = false
		for i := len(f.Steps) - 1; i >= 0; i-- {
			for _, w := range ways(f, i) {
				g, j := f, i+1
				if w.to != "" {
					g, j = a.set.Target(f, w.to)
				}
				switch {
				case g == f:
					more = all[i].join(all[j], w.sets) || more
				case g != nil && beyond:
					if a.own[g.ID] == nil {
						a.own[g.ID] = a.flow(g, false)
					}
					more = all[i].join(a.own[g.ID][j], w.sets) || more
				}
			}
			more = all[i].reads(f.Steps[i]) || more
		}
	}
	return all
}

// on is a way on from a step: to a target, or below where it is empty; sets are the slots that are filled anew by it.
type on struct {
	to   string
	sets []string
}

// ways are the ways on from a step.
func ways(f *flows.Flow, i int) []on {
	s := f.Steps[i]
	var out []on
	switch s.Kind {
	case flows.End:
	case flows.Next:
		for _, b := range s.Next {
			out = append(out, on{to: b.To})
		}
		if n := len(s.Next); n == 0 || len(s.Next[n-1].When) > 0 {
			out = append(out, on{})
		}
	case flows.SetStep:
		out = append(out, on{sets: slotsOf(s.Set)})
	case flows.Call:
		out = append(out, on{})
		if s.Call[0] != '{' {
			out = append(out, on{to: s.Call + "/"})
		}
	case flows.Ask:
		out = answers(s)
	default:
		out = append(out, on{})
	}
	if len(s.When) > 0 {
		out = append(out, on{})
	}
	return out
}

// answers are the ways on from a question.
func answers(s *flows.Step) []on {
	q := s.Ask
	var out []on
	if q.Skip || q.Accept != flows.AcceptChoice {
		out = append(out, on{sets: []string{q.Slot}})
	} else if q.From != "" {
		out = append(out, on{})
	}
	for _, c := range q.Choices {
		switch {
		case c.Show != nil:
		case c.Visit != "":
			out = append(out, on{to: c.Visit + "/"})
		case q.From == "" && (q.Accept == flows.AcceptChoice || q.Accept == flows.AcceptYesNo):
			out = append(out, on{c.To, append(slotsOf(c.Set), q.Slot)})
		default:
			out = append(out, on{c.To, slotsOf(c.Set)})
		}
	}
	return out
}

func slotsOf(as []flows.Assign) []string {
	var out []string
	for _, a := range as {
		if a.Value.Fixed() { // what is copied from another slot may be that slot's value
			out = append(out, a.Slot)
		}
	}
	return out
}

// reads adds what a step looks at.
func (tl telling) reads(s *flows.Step) (more bool) {
	s.Conditions(func(_ int, when flows.Condition) {
		for _, test := range when {
			more = tl.at(test.Slot).add(test) || more
		}
	})
	if slot, ok := strings.CutPrefix(s.Call, "{"); ok {
		ts := tl.at(strings.TrimSuffix(slot, "}"))
		more = more || !ts.call
		ts.call = true
	}
	return more
}

// join adds what is looked at later, but for slots filled anew on the way.
func (tl telling) join(later telling, sets []string) (more bool) {
	for slot, ts := range later {
		if slices.Contains(sets, slot) {
			continue
		}
		mine := tl.at(slot)
		more = more || ts.call && !mine.call
		mine.call = mine.call || ts.call
		for _, t := range ts.list {
			more = mine.add(t) || more
		}
	}
	return more
}

func (tl telling) at(slot string) *tests {
	if tl[slot] == nil {
		tl[slot] = &tests{}
	}
	return tl[slot]
}

// add adds a test unless it is there.
func (ts *tests) add(t flows.Test) bool {
	if slices.ContainsFunc(ts.list, func(o flows.Test) bool { return o.Op == t.Op && slices.Equal(o.Args, t.Args) }) {
		return false
	}
	ts.list = append(ts.list, t)
	return true
}

// values are the ones that the tests name.
func (ts *tests) values(g *guide) (all []string) {
	for _, t := range ts.list {
		if t.Op == flows.In || t.Op == flows.NotIn {
			all = append(all, t.Args...)
		}
	}
	if ts.call {
		for _, c := range g.lib.Conducts {
			all = append(all, c.ID)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// class writes what the tests say of a value: the same for all values that lead the same ways.
func (ts *tests) class(g *guide, value string) string {
	out := make([]byte, 0, len(ts.list))
	for i := range ts.list {
		if ts.list[i].Holds(value) {
			out = append(out, '1')
		} else {
			out = append(out, '0')
		}
	}
	if ts.call {
		called := generalID
		if g.set.Flow(value) != nil {
			called = value
		}
		return string(out) + called
	}
	return string(out)
}

// key names a place: the question, what it returns to, and what the ways on tell of the slots.
func (x *explorer) key(s *Session) string {
	here, after, at := x.matter.from(s.Flow, s.Step, false), telling(nil), ""
	if n := len(s.Stack); n > 0 { // where the flow returns to; what lies below is seen when that flow is the one walked
		at, _, _ = strings.Cut(s.Stack[n-1], "?")
		after = x.matter.from(cutFrame(at))
	}
	var slots []string
	for slot, value := range s.Slots {
		told := slot
		if ts := here[slot]; ts != nil {
			told += "=" + ts.class(x.w.g, value)
		}
		if ts := after[slot]; ts != nil {
			told += ">" + ts.class(x.w.g, value)
		}
		if told != slot {
			slots = append(slots, told)
		}
	}
	slices.Sort(slots)
	return s.Flow + "/" + s.Step + "|" + at + "|" + strings.Join(slots, ",") + "|" + strings.Join(s.Buttons, ",")
}
