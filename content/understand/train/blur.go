package train

import (
	"slices"

	"anning/content/understand/model"
)

// blur leaves out a little of an example, and joins another one to it now and then: what a text says does not depend on
// one character, and people tell several things at once.
func (f *fitter) blur(s *sample) *sample {
	c := *s
	if f.rng.Float64() < f.o.Mix && joins(s) {
		for range 4 {
			other := f.samples[f.rng.IntN(len(f.samples))]
			if joins(other) && other.e.Kind == s.e.Kind && len(other.in.Ends)+len(s.in.Ends) <= 200 {
				c = *join(s, other)
				break
			}
		}
	}
	in := model.Input{Tokens: make([]int32, 0, len(c.in.Tokens)), Ends: make([]int32, 0, len(c.in.Ends))}
	from := int32(0)
	for _, to := range c.in.Ends {
		tokens := c.in.Tokens[from:to]
		switch p := f.rng.Float64(); {
		case p < dropChar && tokens[0] != model.Edge:
			in.Tokens = append(append(in.Tokens, model.Unknown), tokens[1:]...)
		case p < dropChar+dropKinds:
			in.Tokens = append(in.Tokens, tokens[0])
		default:
			in.Tokens = append(in.Tokens, tokens...)
		}
		in.Ends, from = append(in.Ends, int32(len(in.Tokens))), to
	}
	if f.rng.Float64() >= dropCues {
		in.Cues = c.in.Cues
	}
	c.in = in
	return &c
}

// joins says that an example may stand beside another one: it is not of a kind that is true of a whole text only.
func joins(s *sample) bool {
	return s.e.Labelled && s.e.Kind != Question && !slices.Contains(s.e.Labels, "other") && !slices.Contains(s.e.Labels, "lawful_collection")
}

// join makes one example of two, told one after the other. What one tells as done, the other does not deny.
func join(a, b *sample) *sample {
	c := &sample{e: a.e, want: slices.Clone(a.want), heeds: slices.Clone(a.heeds)}
	c.in.Tokens = append(slices.Clone(a.in.Tokens[:len(a.in.Tokens)-1]), b.in.Tokens...) // one edge between them
	c.in.Ends = slices.Clone(a.in.Ends[:len(a.in.Ends)-1])
	shift := int32(len(a.in.Tokens) - 1)
	for _, end := range b.in.Ends {
		c.in.Ends = append(c.in.Ends, end+shift)
	}
	c.in.Cues = append(slices.Clone(a.in.Cues), b.in.Cues...)
	n := len(Labels)
	for o := range 4 * n {
		c.want[o] = max(a.want[o], b.want[o])
	}
	for i := range n {
		if c.want[i] == 0 {
			continue
		}
		c.want[2*n+i], c.want[3*n+i] = 0, 0
		done := func(s *sample) bool { return s.want[i] > 0 && s.want[n+i] == 0 }
		if done(a) || done(b) {
			c.want[n+i] = 0
		}
	}
	for i := range Intents {
		c.heeds[4*n+i] = false
	}
	return c
}
