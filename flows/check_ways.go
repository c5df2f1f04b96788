package flows

import (
	"fmt"
	"strings"
)

// checkWays finds dead ends, steps nobody comes to, circles without a question, and regions without a way out.
func (c *checker) checkWays() {
	reached := c.graph.walk(c.graph.roots(), func(int, way) bool { return true })
	out := c.graph.wayOut()
	for _, f := range c.set.Flows {
		c.checkReached(f, reached)
		c.checkOut(f, reached, out)
		for i, s := range f.Steps {
			if n := c.graph.start[f.ID] + i; reached[n] {
				c.checkFalls(f, s, c.graph.ways[n])
			}
		}
	}
	c.checkCircles()
}

// roots are the nodes where people start: the first step of each flow, and where moved brings them.
func (g *graph) roots() []int {
	var out []int
	for _, f := range g.set.Flows {
		if len(f.Steps) == 0 {
			continue
		}
		out = append(out, g.start[f.ID])
		for _, to := range f.Moved {
			if n, ok := g.target(g.start[f.ID], to); ok {
				out = append(out, n)
			}
		}
	}
	return out
}

// wayOut marks the nodes from which an end can be reached. A return from a called or visited flow is none for the
// caller. Falling off counts as one: it is a fault of its own.
func (g *graph) wayOut() []bool {
	forGood := g.reaching(make([]bool, len(g.nodes)), func(n int, w way) bool {
		return w.to >= 0 || w.to == falls || g.nodes[n].step.End != EndReturn
	})
	return g.reaching(forGood, func(_ int, w way) bool { return !w.into })
}

// reaching adds to out every node from which a way that counts leads off or to a node of out.
func (g *graph) reaching(out []bool, counts func(n int, w way) bool) []bool {
	into := make([][]int, len(g.nodes))
	var todo []int
	for n, ways := range g.ways {
		for _, w := range ways {
			switch {
			case !counts(n, w):
			case w.to >= 0:
				into[w.to] = append(into[w.to], n)
			default:
				out[n] = true
			}
		}
		if out[n] {
			todo = append(todo, n)
		}
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, m := range into[n] {
			if !out[m] {
				out[m] = true
				todo = append(todo, m)
			}
		}
	}
	return out
}

// checkReached reports each run of steps that nobody comes to.
func (c *checker) checkReached(f *Flow, reached []bool) {
	base := c.graph.start[f.ID]
	for i := 0; i < len(f.Steps); i++ {
		if reached[base+i] {
			continue
		}
		first := f.Steps[i]
		for i+1 < len(f.Steps) && !reached[base+i+1] {
			i++
		}
		more := ""
		if last := f.Steps[i]; last != first {
			more = fmt.Sprintf(" to %q in line %d", last.ID, last.Line)
		}
		c.must(f, first.Line, "nobody comes to the step %q%s", first.ID, more)
	}
}

// checkOut reports the first step of a flow from which there is no way out.
func (c *checker) checkOut(f *Flow, reached, out []bool) {
	base := c.graph.start[f.ID]
	for i, s := range f.Steps {
		if reached[base+i] && !out[base+i] {
			c.must(f, s.Line, "from %q no way leads to an end", s.ID)
			return
		}
	}
}

// checkFalls reports a step that goes below where there is nothing.
func (c *checker) checkFalls(f *Flow, s *Step, ways []way) {
	var choices []string
	off := false
	for _, w := range ways {
		if w.to == falls {
			off = true
			if w.choice != "" {
				choices = append(choices, w.choice)
			}
		}
	}
	switch {
	case !off:
	case len(choices) > 0:
		c.must(f, s.Line, "dead end: nothing follows the choices %s; give them `to`, or add a step below", strings.Join(choices, ", "))
	default:
		c.must(f, s.Line, "dead end: the flow stops after %q; add next or end", s.ID)
	}
}

// checkCircles reports circles that can be walked without anybody being asked.
func (c *checker) checkCircles() {
	for _, circle := range c.graph.circles() {
		first := c.graph.nodes[circle[0]]
		ids := make([]string, 0, len(circle))
		for _, n := range circle {
			id := c.graph.nodes[n].step.ID
			if c.graph.nodes[n].flow != first.flow {
				id = c.graph.nodes[n].flow.ID + "/" + id
			}
			ids = append(ids, id)
		}
		if len(ids) > 8 {
			ids = append(ids[:7], "…")
		}
		c.must(first.flow, first.step.Line, "a circle that asks nothing: %s", strings.Join(ids, ", "))
	}
}

// circles returns the strongly connected parts of the graph without its waiting ways, each by node, in order (Tarjan).
func (g *graph) circles() [][]int {
	t := &tarjan{g: g, index: make([]int, len(g.nodes)), low: make([]int, len(g.nodes)), on: make([]bool, len(g.nodes))}
	for n := range g.nodes {
		if t.index[n] == 0 {
			t.visit(n)
		}
	}
	return t.found
}

type tarjan struct {
	g          *graph
	count      int
	index, low []int
	on         []bool
	stack      []int
	found      [][]int
}

func (t *tarjan) visit(n int) {
	t.count++
	t.index[n], t.low[n], t.on[n] = t.count, t.count, true
	t.stack = append(t.stack, n)
	itself := false
	for _, w := range t.g.ways[n] {
		switch {
		case w.waits || w.to < 0:
		case t.index[w.to] == 0:
			t.visit(w.to)
			t.low[n] = min(t.low[n], t.low[w.to])
		case t.on[w.to]:
			itself = itself || w.to == n
			t.low[n] = min(t.low[n], t.index[w.to])
		}
	}
	if t.low[n] != t.index[n] {
		return
	}
	var part []int
	for last := -1; last != n; {
		last = t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.on[last] = false
		part = append([]int{last}, part...)
	}
	if len(part) > 1 || itself {
		t.found = append(t.found, ordered(part))
	}
}

// ordered turns the circle so that its first node in the files comes first.
func ordered(part []int) []int {
	least := 0
	for i, n := range part {
		if n < part[least] {
			least = i
		}
	}
	return append(append([]int(nil), part[least:]...), part[:least]...)
}
