package flows_test

import (
	"strings"
	"testing"

	"anning/flows"
)

// shout fills a slot with its name in capitals.
func shout(slot string) string { return strings.ToUpper(slot) }

func TestTemplate(t *testing.T) {
	tests := []struct{ text, want, slots string }{
		{"", "", ""},
		{"好。", "好。", ""},
		{"{day}", "DAY", "day"},
		{"从{day}到{day_2}。", "从DAY到DAY_2。", "day day_2"},
		{"{{day}}", "{day}", ""},
		{"{" + strings.Repeat("a", 32) + "}", strings.Repeat("A", 32), strings.Repeat("a", 32)},
		{"{{{day}}}", "{DAY}", "day"},
		{"a } b", "a } b", ""},
		{"{a}{b}{c}{d}{e}{f}{g}{h}{i}", "ABCDEFGHI", "a b c d e f g h i"},
	}
	for _, test := range tests {
		got, err := flows.ParseTemplate(test.text)
		if err != nil {
			t.Errorf("%q: %v", test.text, err)
			continue
		}
		if s := got.Render(shout); s != test.want || got.Text != test.text {
			t.Errorf("%q renders as %q, want %q", test.text, s, test.want)
		}
		if s := strings.Join(got.Slots(), " "); s != test.slots || got.Fixed() != (test.slots == "") || got.Empty() != (test.text == "") {
			t.Errorf("%q: slots %q, fixed %v, empty %v", test.text, s, got.Fixed(), got.Empty())
		}
	}
	for _, text := range []string{"{", "{day", "{Day}", "{}", "{da\ny}", "{a b}", "{a{b}}", "{" + strings.Repeat("a", 33) + "}"} {
		if got, err := flows.ParseTemplate(text); err == nil {
			t.Errorf("%q is read as %v", text, got.Parts)
		}
	}
}

// TestRenderAllocations holds Render to what it promises.
func TestRenderAllocations(t *testing.T) {
	value := func(string) string { return "值" }
	for text, most := range map[string]float64{"好。": 0, "{day}": 0, "从{day}到{day_2}。": 1, "{a}b{c}d{e}f{g}h": 1} {
		template, err := flows.ParseTemplate(text)
		if err != nil {
			t.Fatal(err)
		}
		if n := testing.AllocsPerRun(100, func() { template.Render(value) }); n > most {
			t.Errorf("%q takes %v allocations, at most %v", text, n, most)
		}
	}
}

func TestCondition(t *testing.T) {
	slots := map[string]string{"role": "debtor", "calls": "60", "sum": "1500.00", "day": "2026-11-20", "moment": "2026-11-20 22:15", "clock": "22:15", "empty": ""}
	tests := []struct {
		when string
		want bool
	}{
		{"role: debtor", true}, {"role: relative", false}, {"role: [relative, debtor]", true}, {"none: x", false},
		{"role: {not: debtor}", false}, {"role: {not: relative}", true}, {"role: {not: [relative, debtor]}", false}, {"none: {not: x}", true},
		{"calls: {gt: 7}", true}, {"calls: {gt: 60}", false}, {"calls: {lt: 100}", true}, {"calls: {lt: 9}", false},
		{"sum: {gt: 1499.99}", true}, {"sum: {lt: 1500}", false}, {"sum: {gt: -1}", true},
		{"role: {gt: 1}", false}, {"role: {lt: 1}", false}, {"none: {lt: 1}", false}, {"none: {gt: -1}", false},
		{"day: {gt: 2026-01-01}", true}, {"day: {lt: 2026-01-01}", false}, {"moment: {gt: 2026-11-19}", true}, {"moment: {gt: 2026-11-20}", false},
		{"clock: {gt: \"22:00\"}", true}, {"clock: {lt: \"22:00\"}", false}, {"calls: {gt: 2026-01-01}", false}, {"day: {gt: 1}", false},
		{"role: {set: true}", true}, {"role: {set: false}", false}, {"none: {set: true}", false}, {"none: {set: false}", true}, {"empty: {set: true}", false},
		{"role: debtor, calls: {gt: 7}", true}, {"role: debtor, calls: {lt: 7}", false}, {"calls: {gt: 59, lt: 61}", true},
	}
	for _, test := range tests {
		_, f := load(t, "steps: [{say: 好。, when: {"+test.when+"}}]")
		when := f.Steps[0].When
		if got := when.Holds(slots); got != test.want {
			t.Errorf("%s: %v", test.when, got)
		}
		if n := testing.AllocsPerRun(50, func() { when.Holds(slots) }); n > 0 {
			t.Errorf("%s takes %v allocations", test.when, n)
		}
	}
	if !(flows.Condition)(nil).Holds(nil) {
		t.Error("no condition does not hold")
	}
}

// FuzzTemplate holds that what is read renders: the fixed parts and the slots, and nothing else.
func FuzzTemplate(f *testing.F) {
	for _, text := range []string{"", "好。", "{day}", "从{day}到{day_2}。", "{{", "}}", "{{{a}}}", "{", "{a", "{a}}", "\xff{a}", "{\n}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		template, err := flows.ParseTemplate(text)
		if err != nil {
			if !strings.Contains(text, "{") {
				t.Fatalf("%q has no brace to open: %v", text, err)
			}
			return
		}
		if template.Text != text || template.Empty() != (text == "") {
			t.Fatalf("%q is read as %+v", text, template)
		}
		// Written again from its parts, it is the same template.
		var again strings.Builder
		for _, p := range template.Parts {
			if p.Slot != "" {
				again.WriteString("{" + p.Slot + "}")
				continue
			}
			again.WriteString(strings.NewReplacer("{", "{{", "}", "}}").Replace(p.Fixed))
		}
		second, err := flows.ParseTemplate(again.String())
		if err != nil || second.Render(shout) != template.Render(shout) {
			t.Fatalf("%q, written again %q, is %v, %v", text, again.String(), second, err)
		}
	})
}

func BenchmarkRender(b *testing.B) {
	template, err := flows.ParseTemplate("记下了：{conduct}，{day}，{creditor}。")
	if err != nil {
		b.Fatal(err)
	}
	value := func(string) string { return "11月20日（周五）" }
	b.ReportAllocs()
	for b.Loop() {
		template.Render(value)
	}
}

func BenchmarkHolds(b *testing.B) {
	when := flows.Condition{
		{Slot: "role", Op: flows.In, Args: []string{"relative", "debtor"}}, {Slot: "calls", Op: flows.Gt, Args: []string{"7"}},
	}
	slots := map[string]string{"role": "debtor", "calls": "60"}
	b.ReportAllocs()
	for b.Loop() {
		if !when.Holds(slots) {
			b.Fatal("does not hold")
		}
	}
}
