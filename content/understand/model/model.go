// Package model is the part of understanding that is learnt: which labels a text carries, whether they are done,
// announced, denied or asked about, and what is wanted.
//
// A convolutional network over characters reads the text. What stands at a place (its character, and the kinds of words
// of the lexicon that cover it) is looked up in tables that hold the products with every filter, so that a filter is a few
// additions; the strongest place of each filter counts. Whole numbers of 16 bits are added four at a time in a machine
// word. Package train makes the weights; no more than a few hundred kilobytes are touched for a message.
package model

import (
	"bytes"
	_ "embed"
	"encoding/gob"
	"fmt"
	"math"
	"sync"
)

// Weights is the trained model that ships, as Save wrote it.
//
//go:embed weights.bin
var Weights []byte

// Unknown is the token of a character that the model never met, Edge that of the ends of a text.
const (
	Unknown int32 = 0
	Edge    int32 = 1
)

// MaxPlaces is how many characters are read; MaxTokens how many tokens count at one place.
const (
	MaxPlaces = 1200
	MaxTokens = 8
)

// Input is what the model sees of a text.
type Input struct {
	Tokens []int32 // of all places, one after the other: of each the character first, then the kinds of words that cover it
	Ends   []int32 // place → where its tokens end
	Cues   []int32 // what the phrases of the content heard
}

// Model scores texts. It is safe for concurrent use.
type Model struct {
	Labels  []string
	Intents []string
	Chars   map[rune]int32
	Kinds   map[string]int32
	Cues    map[string]int32
	nets    []*net
	scratch sync.Pool
}

// Status of a label in a text.
type Status int

// The statuses, in the order of the outputs.
const (
	Told Status = iota // done or announced
	Threatened
	Negated
	Asked
	statuses
)

// Scores is what the model thinks of a text, as logits: above 0 is more likely than not.
type Scores struct {
	labels  int
	outputs []float32
}

// Label gives the logit of a label in a status.
func (s *Scores) Label(i int, status Status) float32 { return s.outputs[int(status)*s.labels+i] }

// Intent gives the logit of an intent; all intents together are one choice.
func (s *Scores) Intent(i int) float32 { return s.outputs[int(statuses)*s.labels+i] }

// Collector gives the logit of the text being a collector's words, not a person's own.
func (s *Scores) Collector() float32 { return s.outputs[len(s.outputs)-1] }

// Probability of a logit.
func Probability(logit float32) float64 { return 1 / (1 + math.Exp(-float64(logit))) }

// Exp is e to the power of a logit.
func Exp(logit float32) float64 { return math.Exp(float64(logit)) }

// net is one network.
type net struct {
	widths  []int
	bases   []int     // width → machine word in a row where its filters begin
	filters int       // of each width; a multiple of 4
	words   int       // machine words of one row of table
	table   []uint64  // token → what it adds to every filter at every offset, in lanes
	scale   []float32 // filter → what one step of its lanes is worth
	bias    []float32 // of each filter
	out     []float32 // output × filter
	cues    []float32 // cue × output; the last row is the bias
	outputs int
}

// File is how a model is kept.
type File struct {
	Labels, Intents, Kinds, Cues []string
	Chars                        string
	Nets                         []NetFile
	Examples                     string // what it was trained on: Hash of package train
}

// NetFile is one network of a File. Table holds whole steps of Scale, as signed bytes.
type NetFile struct {
	Widths      []int
	Filters     int
	Table       []byte
	Scale, Bias []float32
	Out, Cues   []float32
}

// Outputs is how many numbers a model of so many labels and intents gives.
func Outputs(labels, intents int) int { return int(statuses)*labels + intents + 1 }

// Load reads what Encode wrote.
func Load(data []byte) (*Model, error) {
	var f File
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&f); err != nil {
		return nil, fmt.Errorf("model: %w", err)
	}
	return New(&f)
}

// Encode gives the bytes of a model.
func Encode(f *File) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(f)
	return b.Bytes(), err
}

// New makes a model ready. It refuses a file whose parts do not fit each other.
func New(f *File) (*Model, error) {
	m := &Model{Labels: f.Labels, Intents: f.Intents, Chars: map[rune]int32{}, Kinds: map[string]int32{}, Cues: map[string]int32{}}
	next := Edge + 1
	for _, r := range f.Chars {
		m.Chars[r] = next
		next++
	}
	for _, k := range f.Kinds {
		m.Kinds[k] = next
		next++
	}
	for i, c := range f.Cues {
		m.Cues[c] = int32(i)
	}
	for i := range f.Nets {
		n, err := newNet(&f.Nets[i], int(next), len(f.Cues), Outputs(len(f.Labels), len(f.Intents)))
		if err != nil {
			return nil, fmt.Errorf("model: net %d: %w", i, err)
		}
		m.nets = append(m.nets, n)
	}
	m.scratch.New = func() any { works := make([]work, len(m.nets)); return &works }
	return m, nil
}

func newNet(f *NetFile, tokens, cues, outputs int) (*net, error) {
	slots := 0
	var bases []int
	for _, w := range f.Widths {
		if w < 1 || w > maxWidth {
			return nil, fmt.Errorf("width %d", w)
		}
		bases = append(bases, slots/lanes)
		slots += w * f.Filters
	}
	all := len(f.Widths) * f.Filters
	switch {
	case f.Filters <= 0 || f.Filters%lanes != 0:
		return nil, fmt.Errorf("%d filters", f.Filters)
	case len(f.Table) != tokens*slots, len(f.Scale) != all, len(f.Bias) != all, len(f.Out) != outputs*all, len(f.Cues) != (cues+1)*outputs:
		return nil, fmt.Errorf("parts do not fit: %d tokens, table %d, %d cues", tokens, len(f.Table), cues)
	}
	n := &net{widths: f.Widths, bases: bases, filters: f.Filters, words: slots / lanes, scale: f.Scale, bias: f.Bias, out: f.Out, cues: f.Cues, outputs: outputs}
	n.table = pack(f.Table)
	return n, nil
}

// Score reads a text.
func (m *Model) Score(in *Input) Scores {
	s, _ := m.Explain(in, func(*Scores) []int { return nil })
	return s
}

// Explain reads a text, and says of the labels that pick chooses how much each place of the text speaks for them, done or
// announced: what the filters that are strongest there add to the logit. weights has one number for each place of each label.
func (m *Model) Explain(in *Input, pick func(*Scores) []int) (s Scores, weights [][]float32) {
	s = Scores{labels: len(m.Labels), outputs: make([]float32, Outputs(len(m.Labels), len(m.Intents)))}
	works := m.scratch.Get().(*[]work)
	defer m.scratch.Put(works)
	for i, n := range m.nets {
		w := &(*works)[i]
		n.pool(in, w)
		n.answer(in, w.pooled, s.outputs)
	}
	for i := range s.outputs {
		s.outputs[i] /= float32(max(len(m.nets), 1))
	}
	labels := pick(&s)
	weights = make([][]float32, len(labels))
	for i := range weights {
		weights[i] = make([]float32, len(in.Ends))
	}
	if len(labels) > 0 {
		for i, n := range m.nets {
			n.weigh(&(*works)[i], labels, weights)
		}
	}
	return s, weights
}

// answer adds the outputs for what the filters found.
func (n *net) answer(in *Input, pooled, out []float32) {
	all := len(n.scale)
	for o := range out {
		out[o] += dot(n.out[o*all:(o+1)*all], pooled)
	}
	add(out, n.cues[len(n.cues)-n.outputs:])
	for _, c := range in.Cues {
		add(out, n.cues[int(c)*n.outputs:int(c+1)*n.outputs])
	}
}

func add(y, x []float32) {
	x = x[:len(y)]
	for i := range y {
		y[i] += x[i]
	}
}

func dot(x, y []float32) float32 {
	y = y[:len(x)]
	var a, b, c, d float32
	i := 0
	for ; i+4 <= len(x); i += 4 {
		a += x[i] * y[i]
		b += x[i+1] * y[i+1]
		c += x[i+2] * y[i+2]
		d += x[i+3] * y[i+3]
	}
	for ; i < len(x); i++ {
		a += x[i] * y[i]
	}
	return a + b + c + d
}
