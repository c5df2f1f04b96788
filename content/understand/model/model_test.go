package model

import (
	"math"
	"math/rand/v2"
	"testing"
)

// random makes a small model whose weights mean nothing.
func random(rng *rand.Rand) *File {
	f := &File{Labels: []string{"a", "b", "c"}, Intents: []string{"x", "y"}, Kinds: []string{"k1", "k2"}, Cues: []string{"c1", "c2"}, Chars: "他们打电话骂我"}
	tokens := int(Edge) + 1 + len([]rune(f.Chars)) + len(f.Kinds)
	n := NetFile{Widths: []int{1, 2, 5, 8}, Filters: 8}
	for _, w := range n.Widths {
		for range w * n.Filters * tokens {
			n.Table = append(n.Table, byte(rng.IntN(256)))
		}
	}
	floats := func(n int) []float32 {
		out := make([]float32, n)
		for i := range out {
			out[i] = float32(rng.NormFloat64())
		}
		return out
	}
	filters := len(n.Widths) * n.Filters
	n.Scale, n.Bias = floats(filters), floats(filters)
	for i, x := range n.Scale {
		n.Scale[i] = float32(math.Abs(float64(x))) / 50
	}
	n.Out, n.Cues = floats(Outputs(3, 2)*filters), floats(3*Outputs(3, 2))
	f.Nets = []NetFile{n, n}
	return f
}

func input(rng *rand.Rand, places int) *Input {
	in := &Input{}
	for range places {
		for range 1 + rng.IntN(MaxTokens) {
			in.Tokens = append(in.Tokens, int32(rng.IntN(11)))
		}
		in.Ends = append(in.Ends, int32(len(in.Tokens)))
	}
	if rng.IntN(2) == 0 {
		in.Cues = []int32{int32(rng.IntN(2))}
	}
	return in
}

// slow is Score written plainly.
func slow(f *File, in *Input) []float64 {
	outputs := Outputs(len(f.Labels), len(f.Intents))
	sum := make([]float64, outputs)
	for _, n := range f.Nets {
		slots, base, k := 0, 0, 0
		for _, w := range n.Widths {
			slots += w * n.Filters
		}
		filters := len(n.Scale)
		for _, w := range n.Widths {
			for j := range n.Filters {
				best := math.Inf(-1)
				for p := 0; p+w <= len(in.Ends) || p == 0; p++ {
					v := 0.0
					for at := p; at < min(p+w, len(in.Ends)); at++ {
						from := int32(0)
						if at > 0 {
							from = in.Ends[at-1]
						}
						for _, t := range in.Tokens[from:in.Ends[at]] {
							v += float64(int8(n.Table[int(t)*slots+base+(at-p)*n.Filters+j]))
						}
					}
					best = max(best, v)
				}
				found := max(0, best*float64(n.Scale[k])+float64(n.Bias[k]))
				for o := range sum {
					sum[o] += found * float64(n.Out[o*filters+k])
				}
				k++
			}
			base += w * n.Filters
		}
		for o := range sum {
			sum[o] += float64(n.Cues[len(f.Cues)*outputs+o])
			for _, c := range in.Cues {
				sum[o] += float64(n.Cues[int(c)*outputs+o])
			}
		}
	}
	for o := range sum {
		sum[o] /= float64(len(f.Nets))
	}
	return sum
}

// Numbers added four at a time come out as they do one by one.
func TestScore(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		f := random(rng)
		m, err := New(f)
		if err != nil {
			t.Fatal(err)
		}
		in := input(rng, 1+rng.IntN(40))
		got, want := m.Score(in), slow(f, in)
		for o, x := range got.outputs {
			if d := math.Abs(float64(x) - want[o]); d > 1e-3*(1+math.Abs(want[o])) {
				t.Fatalf("output %d: %v, want %v", o, x, want[o])
			}
		}
	}
}

// What weighs for a label is where its strongest filters found something, and no more than they add to its logit.
func TestExplain(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		f := random(rng)
		m, err := New(f)
		if err != nil {
			t.Fatal(err)
		}
		in := input(rng, 1+rng.IntN(30))
		s, all := m.Explain(in, func(*Scores) []int { return []int{0, 2} })
		if len(all) != 2 || s.outputs[0] != m.Score(in).outputs[0] {
			t.Fatal("other scores than Score, or not two labels")
		}
		for i, label := range []int{0, 2} {
			var sum, gains float64
			for _, w := range all[i] {
				sum += float64(w)
			}
			filters := len(f.Nets[0].Scale)
			for range f.Nets {
				var w work
				m.nets[0].pool(in, &w)
				for k, found := range w.pooled {
					gains += max(0, float64(found*f.Nets[0].Out[label*filters+k]))
				}
			}
			if sum < 0 || sum > gains*1.001+1e-3 {
				t.Fatalf("label %d: places weigh %v, filters %v", label, sum, gains)
			}
			if short := len(in.Ends) < 8; !short && gains > 0 && sum < gains*0.05 {
				t.Fatalf("label %d: places weigh %v of %v only", label, sum, gains)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for name, spoil := range map[string]func(*File){
		"short table": func(f *File) { f.Nets[0].Table = f.Nets[0].Table[1:] },
		"no filters":  func(f *File) { f.Nets[0].Filters = 0 },
		"odd filters": func(f *File) { f.Nets[0].Filters = 7 },
		"wide":        func(f *File) { f.Nets[0].Widths[0] = 9 },
		"short out":   func(f *File) { f.Nets[0].Out = f.Nets[0].Out[1:] },
		"more cues":   func(f *File) { f.Cues = append(f.Cues, "c3") },
	} {
		f := random(rng)
		spoil(f)
		if _, err := New(f); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := Load([]byte("nothing of the kind")); err == nil {
		t.Error("other bytes: taken")
	}
	m, err := New(&File{Labels: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Score(&Input{Tokens: []int32{1}, Ends: []int32{1}}); s.Label(0, Told) != 0 {
		t.Error("a model without a network is not silent")
	}
}
