package train

import (
	"math"
	"math/rand/v2"

	"anning/content/understand"
	"anning/content/understand/model"
)

// worker goes through half of a batch, on its own.
type worker struct {
	f     *fitter
	rng   *rand.Rand
	loss  float64
	table []float32 // gradient of the table's rows of this batch
	bias  []float32 // gradients, as in fitter
	out   []float32
	cue   []float32
	conv  []float32 // a share of the gradient of fitter.conv

	found []float32 // filter → what it found, after leaving out
	keep  []float32 // filter → 0, or what makes up for those left out
	where []int32   // filter → its strongest place
	acc   []float32
	y, g  []float32 // outputs and their gradients
	back  []float32 // gradient of found
}

func newWorker(f *fitter) *worker {
	floats := func(n int) []float32 { return make([]float32, n) }
	return &worker{f: f, conv: floats(f.o.Dims * f.slots), rng: rand.New(rand.NewPCG(f.rng.Uint64(), f.rng.Uint64())),
		bias: floats(f.filters), out: floats(f.outputs * f.filters), cue: floats((f.cues + 1) * f.outputs),
		found: floats(f.filters), keep: floats(f.filters), where: make([]int32, f.filters), acc: floats(f.o.Filters),
		y: floats(f.outputs), g: floats(f.outputs), back: floats(f.filters)}
}

func (w *worker) grads() [3][]float32 { return [3][]float32{w.bias, w.out, w.cue} }

// sample reads one example and adds what it says of the weights.
func (w *worker) sample(s *sample) {
	f := w.f
	for i := range w.keep {
		w.keep[i] = 0
		if w.rng.Float64() >= f.o.Drop {
			w.keep[i] = float32(1 / (1 - f.o.Drop))
		}
	}
	w.pool(&s.in)
	w.answer(&s.in)
	w.loss += w.lose(s)
	clear(w.back)
	for o, g := range w.g {
		if g == 0 {
			continue
		}
		row := f.out.v[o*f.filters : (o+1)*f.filters]
		grad := w.out[o*f.filters : (o+1)*f.filters]
		for i, x := range w.found {
			w.back[i] += g * row[i]
			grad[i] += g * x
		}
	}
	for _, c := range s.in.Cues {
		plus(w.cue[int(c)*f.outputs:int(c+1)*f.outputs], w.g)
	}
	plus(w.cue[f.cues*f.outputs:], w.g)
	base := 0
	for i, width := range f.o.Widths {
		for j := range f.o.Filters {
			at := i*f.o.Filters + j
			if w.found[at] <= 0 {
				continue
			}
			g := w.back[at] * w.keep[at]
			w.bias[at] += g
			for k := range width {
				p := int(w.where[at]) + k
				if p >= len(s.in.Ends) {
					break
				}
				for _, t := range tokensAt(&s.in, p) {
					w.table[int(f.local[t])*f.slots+base+k*f.o.Filters+j] += g
				}
			}
		}
		base += width * f.o.Filters
	}
}

func tokensAt(in *model.Input, p int) []int32 {
	from := int32(0)
	if p > 0 {
		from = in.Ends[p-1]
	}
	return in.Tokens[from:in.Ends[p]]
}

// pool finds each filter's strongest place.
func (w *worker) pool(in *model.Input) {
	f := w.f
	n := f.o.Filters
	base := 0
	for i, width := range f.o.Widths {
		best, where := w.found[i*n:(i+1)*n], w.where[i*n:(i+1)*n]
		for j := range best {
			best[j] = -math.MaxFloat32
		}
		for p := 0; p+width <= len(in.Ends) || p == 0; p++ {
			copy(w.acc, f.bias.v[i*n:(i+1)*n])
			for k := range min(width, len(in.Ends)-p) {
				for _, t := range tokensAt(in, p+k) {
					plus(w.acc, f.table[int(f.local[t])*f.slots+base+k*n:][:n])
				}
			}
			for j, x := range w.acc {
				if x > best[j] {
					best[j], where[j] = x, int32(p)
				}
			}
		}
		base += width * n
	}
	for i, x := range w.found {
		w.found[i] = max(x, 0) * w.keep[i]
	}
}

// answer gives the outputs.
func (w *worker) answer(in *model.Input) {
	f := w.f
	copy(w.y, f.cue.v[f.cues*f.outputs:])
	for _, c := range in.Cues {
		plus(w.y, f.cue.v[int(c)*f.outputs:int(c+1)*f.outputs])
	}
	for o := range w.y {
		var sum float32
		for i, x := range f.out.v[o*f.filters : (o+1)*f.filters] {
			sum += x * w.found[i]
		}
		w.y[o] += sum
	}
}

// weightTold makes a label that is there count more than one that is not: most are not.
const (
	weightTold = 1.5
	weightLife = 4.0 // labels of life and safety: to miss one is worse than to ask in vain
)

// lose gives the loss of the outputs, and leaves its gradient in g: cross entropy, of each label alone, of the intents
// as one choice.
func (w *worker) lose(s *sample) (loss float64) {
	clear(w.g)
	first := 4 * len(Labels)
	for o, y := range w.y {
		if !s.heeds[o] || o >= first && o < first+len(Intents) {
			continue
		}
		p, want, weight := model.Probability(y), float64(s.want[o]), 1.0
		if want > 0 && o < len(Labels) {
			weight = weightTold
			if understand.Life(Labels[o]) {
				weight = weightLife
			}
		}
		w.g[o] = float32(weight * (p - want))
		loss -= weight * (want*math.Log(p+1e-9) + (1-want)*math.Log(1-p+1e-9))
	}
	if !s.heeds[first] {
		return loss
	}
	most, sum := float32(-math.MaxFloat32), 0.0
	intents := w.y[first : first+len(Intents)]
	for _, y := range intents {
		most = max(most, y)
	}
	for _, y := range intents {
		sum += math.Exp(float64(y - most))
	}
	for i, y := range intents {
		p, want := math.Exp(float64(y-most))/sum, float64(s.want[first+i])
		w.g[first+i] = float32(p - want)
		loss -= want * math.Log(p+1e-9)
	}
	return loss
}
