package flows_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"testing/fstest"

	"anning/flows"
)

// many writes 30 flows of 30 steps, without a fault.
func many() fstest.MapFS {
	out := fstest.MapFS{}
	for f := range 30 {
		var b bytes.Buffer
		fmt.Fprintf(&b, "title: 第 %d 条\nphrases: [开第%d条]\nsteps:\n", f, f)
		for s := range 14 {
			fmt.Fprintf(&b, `  - id: q%d
    checkpoint: true
    ask: |
      先看一件事，别着急。
      打来的人说了什么？
    when: {role: {not: stranger}}
    choices:
      - {id: insult, label: 骂人或威胁, also: [骂, 威胁], set: {conduct: insult}}
      - {id: amount, label: 说了欠多少}
      - {id: law, label: 看依据, show: laws}
      - {id: other, label: 去别处, to: f%d/}
  - say: 记下了：{q%d}，{day}。
`, s, (f+1)%30, s)
		}
		b.WriteString("  - {set: {done: \"1\"}}\n  - end: return\n")
		out[fmt.Sprintf("f%d.yaml", f)] = &fstest.MapFile{Data: b.Bytes()}
	}
	return out
}

func BenchmarkLoadCheck(b *testing.B) {
	files := many()
	steps := 0
	b.ReportAllocs()
	for b.Loop() {
		set, err := flows.Load(files)
		if err != nil {
			b.Fatal(err)
		}
		if faults := flows.Check(set, &flows.Limits{Commands: []string{"返回", "菜单", "帮助"}}); len(faults) != 0 {
			b.Fatal(flows.Faults(faults))
		}
		steps = 0
		set.Steps(func(*flows.Flow, *flows.Step) { steps++ })
	}
	b.ReportMetric(float64(steps), "steps")
}

// FuzzLoad reads, checks and draws any bytes: no panic, an end, and faults of this file only.
func FuzzLoad(f *testing.F) {
	for _, data := range seeds(f) {
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, err := flows.Load(fstest.MapFS{"a.yaml": {Data: data}})
		if err != nil {
			var faults flows.Faults
			if !errors.As(err, &faults) || len(faults) == 0 || set != nil {
				t.Fatalf("no faults but %v", err)
			}
			for _, fault := range faults {
				if fault.File != "flows/a.yaml" || fault.Line < 0 || fault.Line > lines(data)+1 {
					t.Fatalf("fault outside the file: %+v", fault)
				}
			}
			return
		}
		flows.Check(set, nil)
		flow := set.Flow("a")
		if svg := flows.SVG(set, flow); !bytes.HasSuffix(svg, []byte("</svg>\n")) || flows.Mermaid(set, flow) == "" {
			t.Fatal("no picture")
		}
		for i, step := range flow.Steps {
			if flow.Index(step.ID) != i {
				t.Fatalf("step %q is not at %d", step.ID, i)
			}
		}
	})
}

// seeds are the shipped flows, and short ones of each form.
func seeds(f *testing.F) [][]byte {
	out := [][]byte{
		[]byte("steps: [{say: 好。}, {end: rest}]"), []byte("&a [*a]"), []byte("a: !!binary x"), []byte("? [a]\n: b"),
		[]byte(drawn), []byte("steps:\n  - {id: q, ask: 好？, choices: [{id: a, label: 甲, to: q}]}\n"), []byte("<<: {a: b}"), []byte("\xff"),
		[]byte("steps:\n  - next: [{when: {a: {gt: 1}}, to: b/}]\n---\n"), []byte("steps: [[[[[[[[[[[[[[[[[["), []byte("moved: {a: b}\nsteps: [{call: \"{a}\"}]"),
	}
	names, err := fs.Glob(flows.Files, "*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := flows.Files.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		out = append(out, data)
	}
	return out
}

// lines counts the lines as YAML does.
func lines(data []byte) int {
	n := 1
	for _, brk := range []string{"\n", "\r", "\u2028", "\u2029", "\u0085"} {
		n += bytes.Count(data, []byte(brk))
	}
	return n
}
