package flows_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"anning/flows"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestLoadShipped(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"start", "menu"} {
		if set.Flow(id) == nil {
			t.Errorf("no flow %q", id)
		}
	}
}

// load reads one flow called a.
func load(t testing.TB, text string) (*flows.Set, *flows.Flow) {
	t.Helper()
	set, err := flows.Load(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return set, set.Flow("a")
}

func fixed(text string) flows.Template {
	return flows.Template{Text: text, Parts: []flows.Part{{Fixed: text}}}
}

// TestLoadSteps reads every kind of step with every key.
func TestLoadSteps(t *testing.T) {
	_, got := load(t, `title: 标题
phrases: [爆通讯录, 110]
aside: true
moved: {old: who, far: "b/x"}
steps:
  - {say: "先{day}。", source: laws/mfd-1033, danger: true}
  - id: who
    ask: |
      你是谁？

    when: {role: debtor, day: {gt: 2026-01-01, lt: 2027-01-01}, said: {not: [a, b]}, app: {set: false}, x: [1, 2]}
    slot: role
    from: creditors
    many: true
    max: 4
    why: 为什么
    example: 比如
    skip: true
    private: true
    checkpoint: true
    choices:
      - {id: call, label: 拨打 110, also: [报警], when: {day: {set: true}}, style: danger, call: 110, set: {a: "{day}", b: null}, to: b/}
      - {id: law, label: 看依据, show: {name: law, of: "{law_id}"}}
      - {id: go, label: 看一眼, visit: b}
  - {id: day, ask: 哪天？, accept: moment, past: true}
  - show: laws
  - document: export
  - remind: {flow: b, days: 16}
  - remind: {flow: b, due: day}
  - remind: {flow: b, from: reporting_channel}
  - remind: {flow: b, cancel: true}
  - record: {kind: event, with: [day]}
  - record: complaint
  - set: {conduct: calls}
  - call: "{conduct}"
  - next: {when: {role: debtor}, to: who}
  - next: [{when: {role: debtor}, to: who}, {to: b/x}]
  - end: return
  - end: rest
`)
	want := &flows.Flow{
		ID: "a", Title: "标题", Phrases: []string{"爆通讯录", "110"}, Aside: true, File: "flows/a.yaml",
		Moved: map[string]string{"old": "who", "far": "b/x"},
		Steps: []*flows.Step{
			{ID: "say@6", Kind: flows.Say, Line: 6, Source: "laws/mfd-1033", Danger: true,
				Text: flows.Template{Text: "先{day}。", Parts: []flows.Part{{Fixed: "先"}, {Slot: "day"}, {Fixed: "。"}}}},
			{ID: "who", Kind: flows.Ask, Line: 7, Private: true, Checkpoint: true, Text: fixed("你是谁？"),
				When: flows.Condition{
					{Slot: "role", Op: flows.In, Args: []string{"debtor"}}, {Slot: "day", Op: flows.Gt, Args: []string{"2026-01-01"}},
					{Slot: "day", Op: flows.Lt, Args: []string{"2027-01-01"}}, {Slot: "said", Op: flows.NotIn, Args: []string{"a", "b"}},
					{Slot: "app", Op: flows.Unset}, {Slot: "x", Op: flows.In, Args: []string{"1", "2"}},
				},
				Ask: &flows.Question{
					Accept: flows.AcceptChoice, Slot: "role", From: "creditors", Many: true, Max: 4, Why: "为什么", Example: "比如", Skip: true,
					Choices: []flows.Choice{
						{ID: "call", Label: "拨打 110", Also: []string{"报警"}, Style: "danger", Call: "110", To: "b/", Line: 22,
							When: flows.Condition{{Slot: "day", Op: flows.IsSet}},
							Set:  []flows.Assign{{Slot: "a", Value: flows.Template{Text: "{day}", Parts: []flows.Part{{Slot: "day"}}}}, {Slot: "b"}}},
						{ID: "law", Label: "看依据", Line: 23,
							Show: &flows.View{Name: "law", Of: flows.Template{Text: "{law_id}", Parts: []flows.Part{{Slot: "law_id"}}}}},
						{ID: "go", Label: "看一眼", Visit: "b", Line: 24},
					},
				}},
			{ID: "day", Kind: flows.Ask, Line: 25, Text: fixed("哪天？"), Ask: &flows.Question{Accept: flows.AcceptMoment, Slot: "day", Past: true}},
			{ID: "show@26", Kind: flows.Show, Line: 26, Show: &flows.View{Name: "laws"}},
			{ID: "document@27", Kind: flows.Document, Line: 27, Doc: "export"},
			{ID: "remind@28", Kind: flows.Remind, Line: 28, Remind: &flows.Reminder{Flow: "b", Days: 16}},
			{ID: "remind@29", Kind: flows.Remind, Line: 29, Remind: &flows.Reminder{Flow: "b", Due: "day"}},
			{ID: "remind@30", Kind: flows.Remind, Line: 30, Remind: &flows.Reminder{Flow: "b", From: "reporting_channel"}},
			{ID: "remind@31", Kind: flows.Remind, Line: 31, Remind: &flows.Reminder{Flow: "b", Cancel: true}},
			{ID: "record@32", Kind: flows.Record, Line: 32, Record: &flows.Recording{Kind: "event", With: []string{"day"}}},
			{ID: "record@33", Kind: flows.Record, Line: 33, Record: &flows.Recording{Kind: "complaint"}},
			{ID: "set@34", Kind: flows.SetStep, Line: 34, Set: []flows.Assign{{Slot: "conduct", Value: fixed("calls")}}},
			{ID: "call@conduct", Kind: flows.Call, Line: 35, Call: "{conduct}"},
			{ID: "next@36", Kind: flows.Next, Line: 36,
				Next: []flows.Branch{{When: flows.Condition{{Slot: "role", Op: flows.In, Args: []string{"debtor"}}}, To: "who"}}},
			{ID: "next@37", Kind: flows.Next, Line: 37,
				Next: []flows.Branch{{When: flows.Condition{{Slot: "role", Op: flows.In, Args: []string{"debtor"}}}, To: "who"}, {To: "b/x"}}},
			{ID: "end@38", Kind: flows.End, Line: 38, End: flows.EndReturn},
			{ID: "end@39", Kind: flows.End, Line: 39, End: flows.EndRest},
		},
	}
	if len(got.Hash) != 8 {
		t.Errorf("hash %q", got.Hash)
	}
	options := cmp.Options{cmpopts.IgnoreUnexported(flows.Flow{}, flows.Question{}), cmpopts.IgnoreFields(flows.Flow{}, "Hash")}
	if diff := cmp.Diff(want, got, options); diff != "" {
		t.Errorf("flow (-want +got):\n%s", diff)
	}
}

func TestLookUp(t *testing.T) {
	set, err := flows.Load(fstest.MapFS{
		"b.yaml": {Data: []byte("steps: [{id: x, say: 好。}, {id: q, ask: 好吗？, checkpoint: true, choices: [{id: c, label: 好啊}]}, {say: 好。}, {end: rest}]")},
		"a.yaml": {Data: []byte("steps: [{id: x, end: rest}]")},
		"a.yml":  {Data: []byte("not read")}, "deep/c.yaml": {Data: []byte("not read")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Flows) != 2 || set.Flows[0].ID != "a" || set.Flow("c") != nil {
		t.Fatalf("flows %v", set.Flows)
	}
	b := set.Flow("b")
	if b.Index("q") != 1 || b.Index("no") != -1 || b.Step("q") != b.Steps[1] || b.Step("no") != nil {
		t.Error("steps are not found by their ids")
	}
	if id := b.Steps[3].ID; b.Steps[2].ID == id || b.Step(id) != b.Steps[3] {
		t.Errorf("two steps in one line share the id %q", id)
	}
	if q := b.Step("q").Ask; q.Choice("c") != &q.Choices[0] || q.Choice("no") != nil {
		t.Error("choices are not found by their ids")
	}
	if b.Checkpoint(0) != nil || b.Checkpoint(2) != b.Steps[1] || b.Checkpoint(99) != b.Steps[1] {
		t.Error("the checkpoint before a step is not found")
	}
	for _, target := range []struct {
		to, flow string
		i        int
	}{{"x", "a", 0}, {"q", "", -1}, {"b/", "b", 0}, {"b/q", "b", 1}, {"b/no", "", -1}, {"c/", "", -1}} {
		flow, i := set.Target(set.Flow("a"), target.to)
		id := ""
		if flow != nil {
			id = flow.ID
		}
		if id != target.flow || i != target.i {
			t.Errorf("Target(a, %q) = %s, %d; want %s, %d", target.to, id, i, target.flow, target.i)
		}
	}
}

// TestSlots looks at what the flows together know of a slot.
func TestSlots(t *testing.T) {
	set, _ := load(t, `steps:
  - id: kind
    ask: 哪一种？
    choices: [{id: a, label: 甲种, set: {tone: rude}}, {id: law, label: 看依据, show: laws}]
  - {id: later, slot: kind, ask: 哪天？, accept: date}
  - {id: firm, ask: 谁放的款？, from: creditors}
  - {set: {tone: "{kind}"}}
  - {end: rest}
`)
	want := map[string]flows.Slot{
		"kind": {Name: "kind", Accept: flows.AcceptDate, Labels: map[string]string{"a": "甲种"},
			Lines: []flows.Place{{File: "flows/a.yaml", Line: 2}, {File: "flows/a.yaml", Line: 5}}},
		"firm": {Name: "firm", Accept: flows.AcceptChoice, From: "creditors", Labels: map[string]string{},
			Lines: []flows.Place{{File: "flows/a.yaml", Line: 6}}},
		"tone": {Name: "tone", Labels: map[string]string{},
			Lines: []flows.Place{{File: "flows/a.yaml", Line: 4}, {File: "flows/a.yaml", Line: 7}}},
		"day":     {Name: "day", Accept: flows.AcceptDate, Labels: map[string]string{}, Known: true},
		"conduct": {Name: "conduct", Accept: flows.AcceptChoice, From: "conducts", Labels: map[string]string{}, Known: true},
	}
	for name, slot := range want {
		got := set.Slots[name]
		if got == nil {
			t.Errorf("no slot %q", name)
			continue
		}
		if diff := cmp.Diff(slot, *got, cmpopts.IgnoreUnexported(flows.Slot{})); diff != "" {
			t.Errorf("slot %s (-want +got):\n%s", name, diff)
		}
	}
}

// TestLoadLimits tries what is too much for a flow file.
func TestLoadLimits(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"size", "steps: [{say: " + strings.Repeat("好", 90<<10) + "}]", "flows/a.yaml: larger than 256 KiB; cut the flow in two"},
		{"steps", "steps:\n" + strings.Repeat("- say: 好\n", 501), `flows/a.yaml:2: "steps" has more than 500 items`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set, err := flows.Load(fstest.MapFS{"a.yaml": {Data: []byte(test.text)}})
			if set != nil || err == nil || err.Error() != test.want {
				t.Errorf("got %v, %v; want %s", set, err, test.want)
			}
		})
	}
}

// TestLoadUnreadable wants an error of the file system itself, not faults.
func TestLoadUnreadable(t *testing.T) {
	_, err := flows.Load(unreadable{fstest.MapFS{"a.yaml": {Data: []byte("steps: []")}}})
	if faults := (flows.Faults{}); !errors.Is(err, fs.ErrPermission) || errors.As(err, &faults) {
		t.Errorf("got %v", err)
	}
}

type unreadable struct{ fs.FS }

func (u unreadable) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".yaml") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return u.FS.Open(name)
}

func TestFaults(t *testing.T) {
	faults := flows.Faults{
		{File: "flows/a.yaml", Line: 5, Text: "one"}, {File: "flows/a.yaml", Severity: flows.MayFix, Text: "two"},
	}
	if got, want := faults.Error(), "flows/a.yaml:5: one\nflows/a.yaml: two (may fix)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if must := faults.MustFix(); len(must) != 1 || must[0] != faults[0] {
		t.Errorf("must fix: %v", must)
	}
}
