package flows

// graph is every step of every flow with the ways between them. Conditions count as possibly true and possibly false.
type graph struct {
	set   *Set
	nodes []node
	start map[string]int // flow id → its first node
	ways  [][]way        // by node

	returns map[string]bool // flows that can come back to their caller
	silent  map[string]bool // flows that can come back without having asked anything
	dynamic []*Slot         // slots that a call step reads its flow from
}

// node is one step.
type node struct {
	flow *Flow
	step *Step
	i    int
}

// way leads from a step to another.
type way struct {
	to     int    // node, or falls or leaves
	waits  bool   // the person is asked on the way
	into   bool   // into a flow that is called or visited: its return comes back here
	choice string // the choice that is the way, where one is
}

// Ways that lead to no step.
const (
	falls  = -1 // off the end of the flow
	leaves = -2 // out, by an end step
)

// newGraph works out the ways of all steps.
func newGraph(set *Set) *graph {
	g := &graph{set: set, start: map[string]int{}, returns: map[string]bool{}, silent: map[string]bool{}}
	for _, f := range set.Flows {
		g.start[f.ID] = len(g.nodes)
		for i, s := range f.Steps {
			g.nodes = append(g.nodes, node{f, s, i})
		}
	}
	set.Steps(func(_ *Flow, s *Step) {
		if slot := g.slotOf(s); slot != nil {
			g.dynamic = append(g.dynamic, slot)
		}
	})
	g.settle(g.returns, false)
	g.settle(g.silent, true)
	return g
}

// settle finds the flows that can come back, until no more are found. The ways are left as they are then.
func (g *graph) settle(found map[string]bool, silently bool) {
	for more := true; more; {
		more = false
		g.ways = make([][]way, len(g.nodes))
		for n := range g.nodes {
			g.ways[n] = g.waysOf(n)
		}
		for _, f := range g.set.Flows {
			if !found[f.ID] && g.canReturn(g.start[f.ID], silently) {
				found[f.ID], more = true, true
			}
		}
	}
}

// canReturn reports whether an `end: return` can be reached from the node.
func (g *graph) canReturn(from int, silently bool) bool {
	found := false
	g.walk([]int{from}, func(n int, w way) bool {
		found = found || w.to == leaves && g.nodes[n].step.End == EndReturn
		return !w.into && !(silently && w.waits)
	})
	return found
}

// walk goes along the ways from the nodes and returns which nodes it came to. It shows each way to take, which says
// whether to go along it.
func (g *graph) walk(from []int, take func(n int, w way) bool) []bool {
	seen := make([]bool, len(g.nodes))
	todo := make([]int, 0, len(from))
	come := func(n int) {
		if !seen[n] {
			seen[n] = true
			todo = append(todo, n)
		}
	}
	for _, n := range from {
		come(n)
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, w := range g.ways[n] {
			if take(n, w) && w.to >= 0 {
				come(w.to)
			}
		}
	}
	return seen
}

// waysOf lists the ways on from a step.
func (g *graph) waysOf(n int) []way {
	s := g.nodes[n].step
	var out []way
	switch s.Kind {
	case End:
		out = append(out, way{to: leaves})
	case Next:
		out = g.branches(n)
	case Call:
		out = g.call(n)
	case Ask:
		out = g.answers(n)
	default:
		out = append(out, way{to: g.below(n)})
	}
	if s.When != nil {
		out = append(out, way{to: g.below(n)})
	}
	return out
}

// below is the next step of the flow.
func (g *graph) below(n int) int {
	if g.nodes[n].i+1 == len(g.nodes[n].flow.Steps) {
		return falls
	}
	return n + 1
}

// target is the node a target names; false where it names none.
func (g *graph) target(n int, to string) (int, bool) {
	flow, i := g.set.Target(g.nodes[n].flow, to)
	if flow == nil {
		return 0, false
	}
	return g.start[flow.ID] + i, true
}

func (g *graph) branches(n int) []way {
	var out []way
	for _, b := range g.nodes[n].step.Next {
		if to, ok := g.target(n, b.To); ok {
			out = append(out, way{to: to})
		} else {
			out = append(out, way{to: leaves}) // reported as unknown; one fault is enough
		}
		if b.When == nil {
			return out
		}
	}
	return append(out, way{to: g.below(n)})
}

// call leads into the flows it may call and, where one of them comes back, below. A flow that is not known before
// somebody speaks is taken to ask and to come back.
func (g *graph) call(n int) []way {
	s := g.nodes[n].step
	ids := []string{s.Call}
	back, silent := false, false
	if slot := g.slotOf(s); slot != nil {
		ids, back = nil, slot.open
		for v := range slot.values {
			ids = append(ids, v)
		}
	}
	var out []way
	for _, id := range ids {
		if start, ok := g.start[id]; ok {
			out = append(out, way{to: start, into: true})
			back, silent = back || g.returns[id], silent || g.silent[id]
		}
	}
	if back || len(out) == 0 {
		out = append(out, way{to: g.below(n), waits: !silent})
	}
	return out
}

// slotOf returns the slot a call step reads its flow from, or nil.
func (g *graph) slotOf(s *Step) *Slot {
	if len(s.Call) < 2 || s.Call[0] != '{' {
		return nil
	}
	return g.set.Slots[s.Call[1:len(s.Call)-1]]
}

// answers lists the ways on from a question.
func (g *graph) answers(n int) []way {
	q := g.nodes[n].step.Ask
	var out []way
	if q.Skip || q.goesBelow() {
		out = append(out, way{to: g.below(n), waits: true})
	}
	for _, c := range q.Choices {
		w := way{waits: true, choice: c.ID}
		switch {
		case c.Show != nil:
			w.to = n
		case c.Visit != "":
			w.to = n
			if start, ok := g.start[c.Visit]; ok {
				out = append(out, way{to: start, waits: true, into: true, choice: c.ID})
			}
		case c.To == "":
			w.to = g.below(n)
		default:
			to, ok := g.target(n, c.To)
			if w.to = to; !ok {
				w.to = leaves
			}
		}
		out = append(out, w)
	}
	return out
}

// goesBelow reports whether an answer that is no fixed choice leads below.
func (q *Question) goesBelow() bool {
	switch q.Accept {
	case AcceptChoice:
		return q.From != "" && !q.Many
	case AcceptYesNo:
		yes, no := q.Choice("yes"), q.Choice("no")
		return yes == nil || no == nil || yes.When != nil || no.When != nil
	}
	return true
}
