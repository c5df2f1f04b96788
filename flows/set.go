package flows

import (
	"sort"
	"strings"
)

// Set is all the flows of the bot, and what they know of the slots. It is never changed after Load.
type Set struct {
	Flows []*Flow          // by id
	Slots map[string]*Slot // by name: every slot a step fills, and the well-known ones

	byID map[string]*Flow
}

// newSet gathers the flows.
func newSet(flows []*Flow) *Set {
	sort.Slice(flows, func(i, j int) bool { return flows[i].ID < flows[j].ID })
	set := &Set{Flows: flows, byID: make(map[string]*Flow, len(flows))}
	for _, f := range flows {
		set.byID[f.ID] = f
	}
	set.Slots = gatherSlots(set)
	return set
}

// Flow returns the flow with the id, or nil.
func (s *Set) Flow(id string) *Flow { return s.byID[id] }

// Steps calls do with every step of every flow, in order.
func (s *Set) Steps(do func(*Flow, *Step)) {
	for _, f := range s.Flows {
		for _, step := range f.Steps {
			do(f, step)
		}
	}
}

// Target finds where a target ("step", "flow/", "flow/step") written in flow from leads: the flow, and the index of the
// step in it. The flow is nil where there is none.
func (s *Set) Target(from *Flow, to string) (*Flow, int) {
	flow, step, apart := strings.Cut(to, "/")
	if !apart {
		flow, step = from.ID, to
	}
	if apart {
		if from = s.Flow(flow); from == nil {
			return nil, -1
		}
	}
	if apart && step == "" {
		return from, 0
	}
	if i := from.Index(step); i >= 0 {
		return from, i
	}
	return nil, -1
}

// Index returns the place of the step with the id, or -1.
func (f *Flow) Index(id string) int {
	if i, ok := f.index[id]; ok {
		return i
	}
	return -1
}

// Step returns the step with the id, or nil.
func (f *Flow) Step(id string) *Step {
	if i, ok := f.index[id]; ok {
		return f.Steps[i]
	}
	return nil
}

// Choice returns the fixed choice with the id, or nil.
func (q *Question) Choice(id string) *Choice {
	if i, ok := q.choice[id]; ok {
		return &q.Choices[i]
	}
	return nil
}

// Checkpoint returns the checkpoint at or before the place i, or nil.
func (f *Flow) Checkpoint(i int) *Step {
	for i = min(i, len(f.Steps)-1); i >= 0; i-- {
		if f.Steps[i].Checkpoint {
			return f.Steps[i]
		}
	}
	return nil
}
