package flows

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// step reads one step; nil where it is none.
func (r *reader) step(n *yaml.Node) *Step {
	kind, ok := r.kind(n)
	if !ok {
		return nil
	}
	at := r.fields(n, string(kind)+" step", keysOf(kind))
	s := &Step{Kind: kind, Line: n.Line, ID: at.id("id"), When: at.condition("when"), Checkpoint: at.flag("checkpoint")}
	switch own := string(kind); kind {
	case Say:
		s.Text, s.Source, s.Danger = at.template(own), at.source("source"), at.flag("danger")
	case Ask:
		s.Text, s.Source, s.Danger = at.template(own), at.source("source"), at.flag("danger")
		s.Private, s.Ask = at.flag("private"), at.question(s.ID)
	case Show:
		s.Show = at.view(own)
	case Document:
		s.Doc = at.id(own)
	case Remind:
		s.Remind = at.reminder(own)
	case Record:
		s.Record = at.recording(own)
	case SetStep:
		s.Set = at.assigns(own)
	case Call:
		s.Call = at.callee(own)
	case Next:
		s.Next = at.branches(own)
	case End:
		s.End = Ending(at.word(own, endings))
	}
	return s
}

// kind finds the one key that makes the step.
func (r *reader) kind(n *yaml.Node) (Kind, bool) {
	if n.Kind != yaml.MappingNode {
		r.fault(n.Line, "a step is a mapping such as `say: …`, not %s", describe(n))
		return "", false
	}
	known, found := kindNames(), []string(nil)
	for i := 0; i < len(n.Content); i += 2 {
		if k := n.Content[i].Value; slices.Contains(known, k) && !slices.Contains(found, k) {
			found = append(found, k)
		}
	}
	switch {
	case len(found) == 1:
		return Kind(found[0]), true
	case len(found) > 1:
		r.fault(n.Line, "a step does one thing, not %s", strings.Join(found, " and "))
		return "", false
	}
	close := ""
	for i := 0; i < len(n.Content) && close == ""; i += 2 {
		if k := n.Content[i].Value; !slices.Contains(names(keysOf(Ask)), k) {
			close = hint(k, known)
		}
	}
	r.fault(n.Line, "a step needs one of: %s%s", strings.Join(known, " "), close)
	return "", false
}

var sourceShape = regexp.MustCompile(`^[a-z_]+/[a-z0-9_-]+$`)

// source reads the content a claim rests on.
func (f fields) source(k string) string {
	s := f.text(k)
	if s != "" && !sourceShape.MatchString(s) {
		f.fault(f.keyLine(k), "%q: %q is no content; write it as laws/mfd-1033", k, s)
	}
	return s
}

// view reads what is shown: a name, or a name and which one.
func (f fields) view(k string) *View {
	v := f.values[k]
	switch {
	case v == nil:
		return nil
	case v.Kind == yaml.ScalarNode:
		return &View{Name: f.id(k)}
	}
	at := f.fields(v, "view", objects["view_of"])
	return &View{Name: at.id("name"), Of: at.template("of")}
}

// reminder reads a reminder: set by exactly one of days, due and from, or cancelled.
func (f fields) reminder(k string) *Reminder {
	at := f.fields(f.values[k], "reminder", objects["reminder_of"])
	m := &Reminder{
		Flow: at.id("flow"), Days: at.number("days", 3660), Due: at.id("due"),
		From: at.word("from", []string{"reporting_channel"}), Cancel: at.flag("cancel"),
	}
	ways := 0
	for _, way := range []bool{m.Days > 0, m.Due != "", m.From != "", m.Cancel} {
		if way {
			ways++
		}
	}
	if ways != 1 {
		f.fault(at.line, "a reminder needs exactly one of days (1 or more), due, from, cancel: true")
	}
	return m
}

// recording reads what is kept.
func (f fields) recording(k string) *Recording {
	v := f.values[k]
	if v.Kind == yaml.ScalarNode {
		return &Recording{Kind: f.word(k, records)}
	}
	at := f.fields(v, "recording", objects["recording_of"])
	m := &Recording{Kind: at.word("kind", records), With: at.texts("with")}
	for _, slot := range m.With {
		if !isID(slot) {
			f.fault(at.keyLine("with"), "%q is no slot", slot)
		}
	}
	return m
}

// assigns reads slots and their values, in order; null empties a slot.
func (f fields) assigns(k string) []Assign {
	v := f.values[k]
	if v == nil {
		return nil
	}
	at := f.mapping(v, "set")
	var out []Assign
	for _, slot := range at.order {
		if !isID(slot) {
			f.fault(at.keyLine(slot), "%q is no slot: English snake_case, at most %d characters", slot, maxID)
		}
		a := Assign{Slot: slot}
		if value := at.values[slot]; value.ShortTag() != "!!null" {
			a.Value = at.template(slot)
		}
		out = append(out, a)
	}
	if len(out) == 0 && v.Kind == yaml.MappingNode {
		f.fault(v.Line, "nothing to set")
	}
	return out
}

// callee reads the flow to call: an id, or "{slot}".
func (f fields) callee(k string) string {
	s := f.text(k)
	inner, isSlot := strings.CutPrefix(s, "{")
	if isSlot {
		inner = strings.TrimSuffix(inner, "}")
	}
	if s != "" && (!isID(inner) || isSlot && !strings.HasSuffix(s, "}")) {
		f.fault(f.keyLine(k), `%q: %q is neither a flow's id nor "{slot}"`, k, s)
	}
	return s
}

// branches reads the ways on: a target, one branch, or a list of branches.
func (f fields) branches(k string) []Branch {
	v := f.values[k]
	if v.Kind == yaml.ScalarNode {
		return []Branch{{To: f.target(k)}}
	}
	list := []*yaml.Node{v}
	if v.Kind == yaml.SequenceNode {
		list = f.list(k, 50)
		if len(list) == 0 {
			f.fault(v.Line, "no way on")
		}
	}
	var out []Branch
	for i, n := range list {
		at := f.fields(n, "branch", objects["branch"])
		b := Branch{When: at.condition("when"), To: at.target("to")}
		if b.When == nil && i < len(list)-1 && n.Kind == yaml.MappingNode {
			f.fault(n.Line, "a branch without when is always taken; it has to be the last")
		}
		out = append(out, b)
	}
	return out
}

// target reads "step", "flow/" or "flow/step".
func (f fields) target(k string) string {
	s := f.text(k)
	if s != "" && !isTarget(s) {
		f.fault(f.keyLine(k), "%q: %q is no target; write step, flow/ or flow/step", k, s)
	}
	return s
}

func isTarget(s string) bool {
	flow, step, apart := strings.Cut(s, "/")
	return isID(flow) && (!apart || step == "" || isID(step))
}

// moved reads where the steps went that are gone.
func (f fields) moved(k string) map[string]string {
	v := f.values[k]
	if v == nil {
		return nil
	}
	at := f.mapping(v, "moved")
	out := make(map[string]string, len(at.order))
	for _, old := range at.order {
		if !isID(old) {
			f.fault(at.keyLine(old), "%q was no step's id", old)
		}
		out[old] = at.target(old)
	}
	return out
}
