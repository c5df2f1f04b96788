package train

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"anning/content"
	"anning/content/understand"
	"anning/content/understand/model"
)

// Options of a fit. Zero fields take their defaults.
type Options struct {
	Nets    int                                // networks, each from another start; their mean counts; 2
	Widths  []int                              // of the filters, in characters; 2, 3, 4, 5
	Filters int                                // of each width; 96
	Dims    int                                // numbers that a token is made of while it is learnt; 64
	Epochs  int                                // times each example is seen; 14
	Rate    float64                            // of learning, at the start; 0.004
	Drop    float64                            // part of the filters left out in each step; 0.3
	Mix     float64                            // part of the examples to which another one is joined; 0.2
	Seed    uint64                             //
	Told    func(net, epoch int, loss float64) // progress
}

func (o *Options) fill() {
	fill := func(x *int, v int) {
		if *x == 0 {
			*x = v
		}
	}
	fill(&o.Nets, 2)
	fill(&o.Filters, 96)
	fill(&o.Dims, 64)
	fill(&o.Epochs, 14)
	if o.Widths == nil {
		o.Widths = []int{2, 3, 4, 5}
	}
	if o.Rate == 0 {
		o.Rate = 0.004
	}
	if o.Drop == 0 {
		o.Drop = 0.3
	}
	if o.Mix == 0 {
		o.Mix = 0.2
	}
	if o.Told == nil {
		o.Told = func(int, int, float64) {}
	}
}

const (
	batchSize = 64
	workers   = 2    // fixed, so that the sums come out the same on every machine
	dropChar  = 0.02 // part of the characters taken for unknown
	dropKinds = 0.02 // part of the places whose kinds of words are left out
	dropCues  = 0.3  // part of the examples whose cues are left out
	decay     = 0.01
)

// sample is an example made ready.
type sample struct {
	e     *Example
	in    model.Input
	want  []float32 // output → what it should be
	heeds []bool    // output → it counts
}

// fitter trains one network.
type fitter struct {
	o       Options
	rng     *rand.Rand
	samples []*sample
	tokens  int
	cues    int
	outputs int
	slots   int // columns of the table
	filters int // of all widths

	token, conv, bias, out, cue *param

	list  []int32   // tokens of the batch
	local []int32   // token → its place in list
	rows  []float32 // list × Dims
	table []float32 // list × slots
	team  [workers]*worker
}

// param is numbers that are learnt, with what Adam remembers of them.
type param struct{ v, g, m, s []float32 }

func newParam(n int, rng *rand.Rand, sd float64) *param {
	p := &param{make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)}
	if sd > 0 {
		for i := range p.v {
			p.v[i] = float32(sd * rng.NormFloat64())
		}
	}
	return p
}

// Fit trains a model on examples. The same examples, content and options give the same model on the same kind of machine.
func Fit(lib *content.Library, examples []Example, options Options) (*model.File, error) {
	options.fill()
	vocabulary, err := understand.NewVocabulary(lib)
	if err != nil {
		return nil, err
	}
	file := &model.File{Labels: Labels, Intents: Intents, Kinds: vocabulary.Kinds, Cues: vocabulary.Cues, Chars: characters(examples)}
	empty, err := model.New(file)
	if err != nil {
		return nil, err
	}
	reader, err := understand.NewWith(lib, empty)
	if err != nil {
		return nil, err
	}
	samples := make([]*sample, len(examples))
	for i := range examples {
		samples[i] = newSample(reader, &examples[i])
	}
	for n := range options.Nets {
		f := newFitter(options, samples, file, uint64(n))
		f.run(func(epoch int, loss float64) { options.Told(n, epoch, loss) })
		file.Nets = append(file.Nets, f.file())
	}
	return file, nil
}

// FitBytes is Fit with the bytes that are kept.
func FitBytes(lib *content.Library, examples []Example, options Options) ([]byte, error) {
	file, err := Fit(lib, examples, options)
	if err != nil {
		return nil, err
	}
	return model.Encode(file)
}

// characters lists those that occur twice or more, in their order.
func characters(examples []Example) string {
	count := map[rune]int{}
	for _, e := range examples {
		for _, r := range understand.Normalise(e.Text).Text {
			count[r]++
		}
	}
	var all []rune
	for r, n := range count {
		if n >= 2 {
			all = append(all, r)
		}
	}
	slices.Sort(all)
	return string(all)
}

func newSample(r *understand.Reader, e *Example) *sample {
	n := model.Outputs(len(Labels), len(Intents))
	s := &sample{e: e, in: r.Input(e.Text), want: make([]float32, n), heeds: make([]bool, n)}
	if e.Labelled {
		for k, list := range [][]string{e.Labels, e.Threatened, e.Negated, e.Asked} {
			for _, l := range list {
				s.want[k*len(Labels)+slices.Index(Labels, l)] = 1
			}
		}
		for o := range 4 * len(Labels) {
			s.heeds[o] = true
		}
	}
	if e.Intent != "" {
		share := 1 / (1 + float32(len(e.Alt))/2)
		at := 4 * len(Labels)
		s.want[at+slices.Index(Intents, e.Intent)] = share
		for _, alt := range e.Alt {
			s.want[at+slices.Index(Intents, alt)] = share / 2
		}
		for i := range Intents {
			s.heeds[at+i] = true
		}
	}
	s.heeds[n-1] = true
	if e.Kind == Collector {
		s.want[n-1] = 1
	}
	return s
}

func newFitter(o Options, samples []*sample, file *model.File, net uint64) *fitter {
	f := &fitter{o: o, samples: samples, rng: rand.New(rand.NewPCG(o.Seed, net+1)),
		tokens: int(model.Edge) + 1 + len([]rune(file.Chars)) + len(file.Kinds), cues: len(file.Cues),
		outputs: model.Outputs(len(file.Labels), len(file.Intents)), filters: len(o.Widths) * o.Filters}
	for _, w := range o.Widths {
		f.slots += w * o.Filters
	}
	f.token = newParam(f.tokens*o.Dims, f.rng, 0.3)
	f.conv = newParam(o.Dims*f.slots, f.rng, math.Sqrt(0.5/float64(o.Dims)))
	f.bias = newParam(f.filters, f.rng, 0)
	f.out = newParam(f.outputs*f.filters, f.rng, 1/math.Sqrt(float64(f.filters)))
	f.cue = newParam((f.cues+1)*f.outputs, f.rng, 0)
	f.local = make([]int32, f.tokens)
	for i := range f.local {
		f.local[i] = -1
	}
	for i := range f.team {
		f.team[i] = newWorker(f)
	}
	return f
}

// run goes through the examples, batch by batch.
func (f *fitter) run(told func(epoch int, loss float64)) {
	order := make([]int, len(f.samples))
	for i := range order {
		order[i] = i
	}
	batches := (len(order) + batchSize - 1) / batchSize
	step, steps := 0, batches*f.o.Epochs
	for epoch := range f.o.Epochs {
		f.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		loss := 0.0
		for from := 0; from < len(order); from += batchSize {
			var batch []*sample
			for _, i := range order[from:min(from+batchSize, len(order))] {
				batch = append(batch, f.blur(f.samples[i]))
			}
			loss += f.batch(batch)
			step++
			rate := f.o.Rate * 0.5 * (1 + math.Cos(math.Pi*float64(step)/float64(steps+1)))
			f.learn(float32(rate), step)
		}
		told(epoch, loss/float64(len(order)))
	}
}

// batch adds up what each example says of the weights, and returns the loss.
func (f *fitter) batch(batch []*sample) (loss float64) {
	for _, t := range f.list {
		f.local[t] = -1
	}
	f.list = f.list[:0]
	for _, s := range batch {
		for _, t := range s.in.Tokens {
			if f.local[t] < 0 {
				f.local[t] = int32(len(f.list))
				f.list = append(f.list, t)
			}
		}
	}
	n, d := len(f.list), f.o.Dims
	f.rows = f.rows[:0]
	for _, t := range f.list {
		f.rows = append(f.rows, f.token.v[int(t)*d:int(t+1)*d]...)
	}
	f.table = resize(f.table, n*f.slots)
	shares(n, func(_, from, to int) {
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, matrix(to-from, d, f.rows[from*d:]), matrix(d, f.slots, f.conv.v), 0, matrix(to-from, f.slots, f.table[from*f.slots:]))
	})
	var wg sync.WaitGroup
	for i, w := range f.team {
		wg.Go(func() {
			w.table = resize(w.table, n*f.slots)
			clear(w.table)
			w.loss = 0
			for k := i; k < len(batch); k += workers {
				w.sample(batch[k])
			}
		})
	}
	wg.Wait()
	all := f.team[0]
	loss = all.loss
	for _, w := range f.team[1:] {
		loss += w.loss
		plus(all.table, w.table)
		for i, p := range w.grads() {
			plus(all.grads()[i], p)
			clear(p)
		}
	}
	for i, p := range []*param{f.bias, f.out, f.cue} {
		plus(p.g, all.grads()[i])
		clear(all.grads()[i])
	}
	grad := make([]float32, n*d)
	shares(n, func(i, from, to int) {
		part := all.table[from*f.slots:]
		blas32.Gemm(blas.NoTrans, blas.Trans, 1, matrix(to-from, f.slots, part), matrix(d, f.slots, f.conv.v), 0, matrix(to-from, d, grad[from*d:]))
		blas32.Gemm(blas.Trans, blas.NoTrans, 1, matrix(to-from, d, f.rows[from*d:]), matrix(to-from, f.slots, part), 0, matrix(d, f.slots, f.team[i].conv))
	})
	for _, w := range f.team {
		plus(f.conv.g, w.conv)
	}
	for i, t := range f.list {
		plus(f.token.g[int(t)*d:int(t+1)*d], grad[i*d:(i+1)*d])
	}
	return loss
}

// shares deals rows [0, n) among the workers.
func shares(n int, do func(i, from, to int)) {
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() { do(i, n*i/workers, n*(i+1)/workers) })
	}
	wg.Wait()
}

// matrix is the beginning of some numbers, row by row.
func matrix(rows, cols int, data []float32) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: data[:rows*cols]}
}

func resize(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}

func plus(y, x []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += x[i]
	}
}

// learn moves the weights: Adam (Kingma and Ba, 2015) with decay apart from the gradient (Loshchilov and Hutter, 2019).
func (f *fitter) learn(rate float32, step int) {
	d := f.o.Dims
	for _, t := range f.list {
		f.token.step(rate, step, int(t)*d, int(t+1)*d)
	}
	var wg sync.WaitGroup
	for _, p := range []*param{f.conv, f.bias, f.out, f.cue} {
		wg.Go(func() { p.step(rate, step, 0, len(p.v)) })
	}
	wg.Wait()
}

func (p *param) step(rate float32, step, from, to int) {
	const beta1, beta2 = 0.9, 0.999
	c1 := float32(1 - math.Pow(beta1, float64(step)))
	c2 := float32(1 - math.Pow(beta2, float64(step)))
	v, g, m, s := p.v[from:to], p.g[from:to], p.m[from:to], p.s[from:to]
	for i, x := range g {
		x /= batchSize
		m[i] = beta1*m[i] + (1-beta1)*x
		s[i] = beta2*s[i] + (1-beta2)*x*x
		v[i] -= rate * ((m[i]/c1)/(float32(math.Sqrt(float64(s[i]/c2)))+1e-8) + decay*v[i])
		g[i] = 0
	}
}

// file gives the network as it is kept: the products of every token with every filter, in whole steps.
func (f *fitter) file() model.NetFile {
	d := f.o.Dims
	table := make([]float32, f.tokens*f.slots)
	blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, matrix(f.tokens, d, f.token.v), matrix(d, f.slots, f.conv.v), 0, matrix(f.tokens, f.slots, table))
	n := model.NetFile{Widths: f.o.Widths, Filters: f.o.Filters, Table: make([]byte, len(table)), Scale: make([]float32, f.filters),
		Bias: f.bias.v, Out: f.out.v, Cues: f.cue.v}
	base := 0
	for i, w := range f.o.Widths {
		for j := range f.o.Filters {
			most := float32(1e-6)
			each := func(do func(at int)) {
				for t := range f.tokens {
					for k := range w {
						do(t*f.slots + base + k*f.o.Filters + j)
					}
				}
			}
			each(func(at int) { most = max(most, float32(math.Abs(float64(table[at])))) })
			scale := most / 127
			n.Scale[i*f.o.Filters+j] = scale
			each(func(at int) { n.Table[at] = byte(int8(math.Round(float64(table[at] / scale)))) })
		}
		base += w * f.o.Filters
	}
	return n
}
