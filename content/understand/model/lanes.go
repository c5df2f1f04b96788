package model

import "math"

// Four numbers of 16 bits are kept in the lanes of a machine word. A table's entry is a signed byte plus entryBias, so that
// lanes stay positive and never carry into each other; a sum of k entries is brought to a common level by adding
// level - k*entryBias.
const (
	lanes     = 4
	maxWidth  = 8
	entryBias = 128
	level     = 16384
	ones      = 0x0001_0001_0001_0001
	high      = 0x8000 * ones
)

// A window holds at most maxWidth*MaxTokens = 64 entries of up to 255, and level; a lane below 2^15 holds that.
var _ = [1]struct{}{}[(maxWidth*MaxTokens*255+level)>>15]

// work is the memory of one Score.
type work struct {
	places []uint64  // place × words: its tokens' rows, added
	counts []int32   // place → how many tokens were added
	best   []uint64  // strongest place of each filter, in lanes
	acc    []uint64  // the window being added
	pooled []float32 // what each filter found; at least 0
}

// pack makes lanes of signed bytes.
func pack(table []byte) []uint64 {
	out := make([]uint64, len(table)/lanes)
	for i := range out {
		var word uint64
		for l := range lanes {
			word |= uint64(int(int8(table[i*lanes+l]))+entryBias) << (16 * l)
		}
		out[i] = word
	}
	return out
}

// sum adds the rows of the tokens at each place.
func (n *net) sum(in *Input, w *work) int {
	places := min(len(in.Ends), MaxPlaces)
	if need := places * n.words; cap(w.places) < need {
		w.places = make([]uint64, need)
	}
	w.places, w.counts = w.places[:places*n.words], w.counts[:0]
	from := int32(0)
	for p := range places {
		row := w.places[p*n.words : (p+1)*n.words]
		to := min(in.Ends[p], from+MaxTokens)
		for k, t := range in.Tokens[from:to] {
			entry := n.table[int(t)*n.words : int(t+1)*n.words]
			if k == 0 {
				copy(row, entry)
				continue
			}
			addWords(row, entry)
		}
		w.counts = append(w.counts, to-from)
		from = in.Ends[p]
	}
	return places
}

// pool finds what each filter finds at its strongest place.
func (n *net) pool(in *Input, w *work) {
	places := n.sum(in, w)
	all := len(n.scale)
	group := n.filters / lanes
	w.best = grow(w.best, all/lanes)
	w.acc = grow(w.acc, group)
	base := 0
	for i, width := range n.widths {
		best := w.best[i*group : (i+1)*group]
		clear(best)
		for p := 0; p+width <= places || p == 0 && places > 0; p++ {
			n.window(w, p, base, width, places)
			maxWords(best, w.acc)
		}
		base += width * group
	}
	w.pooled = w.pooled[:0]
	for j, word := range w.best {
		for l := range lanes {
			k := j*lanes + l
			v := float32(int(word>>(16*l)&0xffff)-level)*n.scale[k] + n.bias[k]
			w.pooled = append(w.pooled, max(v, 0))
		}
	}
}

// window adds up the filters of a width at place p into w.acc, at the common level.
func (n *net) window(w *work, p, base, width, places int) {
	group := len(w.acc)
	count := int32(0)
	for k := range min(width, places-p) {
		row := w.places[(p+k)*n.words+base+k*group:][:group]
		if k == 0 {
			copy(w.acc, row)
		} else {
			addWords(w.acc, row)
		}
		count += w.counts[p+k]
	}
	shift := uint64(level-int(count)*entryBias) * ones
	for i := range w.acc {
		w.acc[i] += shift
	}
}

// enoughGain is the part of the greatest gain from which on a filter is worth finding again.
const enoughGain = 0.3

// weigh spreads what the filters that speak most for each of some outputs add to it over the places of their strongest
// windows. It follows pool.
func (n *net) weigh(w *work, outputs []int, weights [][]float32) {
	all := len(n.scale)
	for x, o := range outputs {
		out := n.out[o*all : (o+1)*all]
		most := float32(0)
		for k, found := range w.pooled {
			most = max(most, found*out[k])
		}
		for k, found := range w.pooled {
			gain := found * out[k]
			if gain <= most*enoughGain {
				continue
			}
			width, base := n.widths[k/n.filters], n.bases[k/n.filters]
			at := n.strongest(w, base+k%n.filters/lanes, 16*(k%lanes), width)
			for p := at; p < min(at+width, len(weights[x])); p++ {
				weights[x][p] += gain / float32(width)
			}
		}
	}
}

// strongest is the place of one filter's strongest window; column is the machine word of its first character in a row,
// shift its lane.
func (n *net) strongest(w *work, column, shift, width int) (at int) {
	group, places := n.filters/lanes, len(w.counts)
	best := math.MinInt
	for p := 0; p+width <= places || p == 0 && places > 0; p++ {
		sum := 0
		for k := range min(width, places-p) {
			sum += int(w.places[(p+k)*n.words+column+k*group]>>shift&0xffff) - int(w.counts[p+k])*entryBias
		}
		if sum > best {
			best, at = sum, p
		}
	}
	return at
}

func grow(s []uint64, n int) []uint64 {
	if cap(s) < n {
		return make([]uint64, n)
	}
	return s[:n]
}

func addWords(y, x []uint64) {
	x = x[:len(y)]
	for i := range y {
		y[i] += x[i]
	}
}

// maxWords keeps the greater of each lane; all lanes are below 2^15.
func maxWords(y, x []uint64) {
	x = x[:len(y)]
	for i, a := range y {
		b := x[i]
		more := (((a | high) - b) & high) >> 15 // 1 in each lane where a >= b
		mask := more<<15 - more
		y[i] = a&mask | b&^mask
	}
}
