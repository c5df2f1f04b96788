package flows

import (
	"fmt"
	"slices"
	"strings"
)

// Limits is what Check has to know of the world around the flows. A nil list is not checked against.
type Limits struct {
	Commands  []string            // words the engine always hears, wherever a person is
	Opened    []string            // flows that the engine or the content opens by itself
	Slots     []string            // slots that the engine fills, besides the well-known ones
	Views     []string            // names that show knows
	Lists     []string            // names that from knows
	Documents []string            // names that document knows
	Normalise func(string) string // how typed words are compared; nil: case, width, spaces and punctuation do not count
}

// Check reads the flows as a whole: whether every way leads on and out, whether every word means one thing, whether
// every slot is known, and whether the texts keep the house's voice. It returns the faults by file and line, each once.
// Nil limits work: nothing outside the flows is compared then.
func Check(set *Set, limits *Limits) []Fault {
	c := &checker{set: set}
	if limits != nil {
		c.limits = *limits
	}
	if c.limits.Normalise == nil {
		c.limits.Normalise = Normalise
	}
	c.graph = newGraph(set)
	c.checkTargets()
	c.checkWays()
	c.checkSlots()
	c.checkPhrases()
	set.Steps(func(f *Flow, s *Step) {
		c.checkNames(f, s)
		c.checkText(f, s)
		if s.Ask != nil {
			c.checkQuestion(f, s)
			c.checkWords(f, s)
		}
	})
	for _, f := range set.Flows {
		c.checkFlow(f)
	}
	return c.faults.sorted()
}

// checker gathers faults.
type checker struct {
	set      *Set
	limits   Limits
	graph    *graph
	faults   Faults
	commands map[string]string // normalised → as written; made when first asked for
}

func (c *checker) must(f *Flow, line int, format string, args ...any) {
	c.faults = append(c.faults, Fault{f.File, line, MustFix, fmt.Sprintf(format, args...)})
}

func (c *checker) may(f *Flow, line int, format string, args ...any) {
	c.faults = append(c.faults, Fault{f.File, line, MayFix, fmt.Sprintf(format, args...)})
}

// ids returns the ids of all flows.
func (c *checker) ids() []string {
	out := make([]string, len(c.set.Flows))
	for i, f := range c.set.Flows {
		out[i] = f.ID
	}
	return out
}

// checkTargets finds references to flows and steps that are not there.
func (c *checker) checkTargets() {
	opened := map[string]bool{}
	references(c.set, func(f *Flow, line int, r reference) {
		if r.target != "" {
			c.checkTarget(f, line, r)
			if flow, _, apart := strings.Cut(r.target, "/"); apart && flow != f.ID {
				opened[flow] = true
			}
			return
		}
		opened[r.flow] = true
		if c.set.Flow(r.flow) == nil {
			c.must(f, line, "%s: no flow %q%s", r.key, r.flow, hint(r.flow, c.ids()))
		}
	})
	for _, f := range c.set.Flows {
		for old := range f.Moved {
			if f.Step(old) != nil {
				c.must(f, 0, "moved: the step %q is still there", old)
			}
		}
	}
	c.checkOpened(opened)
}

// checkTarget tells what is wrong with a target that leads nowhere.
func (c *checker) checkTarget(f *Flow, line int, r reference) {
	if flow, _ := c.set.Target(f, r.target); flow != nil {
		return
	}
	flow, step, apart := strings.Cut(r.target, "/")
	at := f
	if apart {
		at = c.set.Flow(flow)
	} else {
		step = flow
	}
	if at == nil {
		c.must(f, line, "%s: no flow %q%s", r.key, flow, hint(flow, c.ids()))
		return
	}
	ids := make([]string, 0, len(at.Steps))
	for _, s := range at.Steps {
		ids = append(ids, s.ID)
	}
	more := hint(step, ids)
	if !apart && c.set.Flow(step) != nil {
		more = fmt.Sprintf(" (the flow is written %q)", step+"/")
	}
	c.must(f, line, "%s: no step %q in %s%s", r.key, step, at.ID, more)
}

// checkOpened finds flows that nothing opens.
func (c *checker) checkOpened(opened map[string]bool) {
	if c.limits.Opened == nil {
		return
	}
	for _, id := range c.limits.Opened {
		opened[id] = true
		if c.set.Flow(id) == nil {
			c.faults = append(c.faults, Fault{"flows/" + id + ".yaml", 0, MustFix, "is missing; the engine opens it"})
		}
	}
	for _, s := range c.graph.dynamic {
		for v := range s.values {
			opened[v] = true
		}
	}
	for _, f := range c.set.Flows {
		if !opened[f.ID] && len(f.Phrases) == 0 {
			c.may(f, 0, "nothing opens this flow: no phrases, no call, visit, target or reminder")
		}
	}
}

// checkNames compares the names of views, lists and documents with those the engine knows.
func (c *checker) checkNames(f *Flow, s *Step) {
	named := func(line int, key, name string, known []string) {
		if name != "" && known != nil && !slices.Contains(known, name) {
			c.must(f, line, "%s: unknown name %q%s", key, name, hint(name, known))
		}
	}
	named(s.Line, "document", s.Doc, c.limits.Documents)
	if s.Show != nil {
		named(s.Line, "show", s.Show.Name, c.limits.Views)
	}
	if s.Ask == nil {
		return
	}
	named(s.Line, "from", s.Ask.From, c.limits.Lists)
	for _, choice := range s.Ask.Choices {
		if choice.Show != nil {
			named(choice.Line, "show", choice.Show.Name, c.limits.Views)
		}
	}
}

// checkFlow looks at a flow as a whole.
func (c *checker) checkFlow(f *Flow) {
	asks, checkpoints := 0, 0
	for _, s := range f.Steps {
		if s.Kind == Ask {
			asks++
		}
		if s.Checkpoint {
			checkpoints++
		}
	}
	if asks > 5 && checkpoints == 0 {
		c.may(f, f.Steps[0].Line, "%d questions and no checkpoint: who waits at a step that is gone falls back to the menu", asks)
	}
	c.checkVoice(f, 1, "title", f.Title)
}

// reference is one place where a flow names a flow or a step.
type reference struct {
	key    string // "to", "call" …
	flow   string // a flow's id
	target string // or a target
}

// references calls do with every reference of every flow.
func references(set *Set, do func(f *Flow, line int, r reference)) {
	for _, f := range set.Flows {
		olds := make([]string, 0, len(f.Moved))
		for old := range f.Moved {
			olds = append(olds, old)
		}
		slices.Sort(olds)
		for _, old := range olds {
			do(f, 0, reference{key: "moved", target: f.Moved[old]})
		}
	}
	set.Steps(func(f *Flow, s *Step) {
		for _, b := range s.Next {
			do(f, s.Line, reference{key: "next", target: b.To})
		}
		if s.Call != "" && s.Call[0] != '{' {
			do(f, s.Line, reference{key: "call", flow: s.Call})
		}
		if s.Remind != nil {
			do(f, s.Line, reference{key: "remind", flow: s.Remind.Flow})
		}
		if s.Ask == nil {
			return
		}
		for _, choice := range s.Ask.Choices {
			if choice.To != "" {
				do(f, choice.Line, reference{key: "to", target: choice.To})
			}
			if choice.Visit != "" {
				do(f, choice.Line, reference{key: "visit", flow: choice.Visit})
			}
		}
	})
}
