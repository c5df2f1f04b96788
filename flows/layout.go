package flows

import "slices"

// layout places boxes in layers from top to bottom (after Sugiyama): every arrow leads down at least one layer, an
// arrow with a label two, and passes each layer between at a place of its own, the first of which holds its label.
type layout struct {
	spots  []spot
	layers [][]int // spots by layer, from left to right
	up     [][]int // spot → its neighbours in the layer above
	down   [][]int
	paths  [][]int   // arrow → its spots, from top to bottom
	back   []bool    // arrow → it leads up
	bottom []float64 // layer → its lower edge
}

// spot is a box, or where an arrow passes a layer. x and y are its middle and its top.
type spot struct {
	layer      int
	w, h, x, y float64
}

// Distances, in pixels.
const (
	gapX = 24
	gapY = 34
)

// place lays out boxes of the sizes given.
func place(sizes [][2]float64, arrows []arrow, labelSize func(string) (w, h float64)) *layout {
	l := &layout{paths: make([][]int, len(arrows)), back: make([]bool, len(arrows))}
	for _, s := range sizes {
		l.spots = append(l.spots, spot{w: s[0], h: s[1]})
	}
	l.sink(arrows)
	for i, a := range arrows {
		l.paths[i] = l.path(i, a, labelSize)
	}
	l.link()
	for range 12 {
		l.sort(l.up, false)
		l.sort(l.down, true)
	}
	l.spread()
	return l
}

// sink gives each box its layer: under every box that leads to it. Arrows to a box that comes earlier lead up.
func (l *layout) sink(arrows []arrow) {
	state := make([]int, len(l.spots)) // 0 not seen, 1 on the way, 2 done
	from := make([][]int, len(l.spots))
	for i, a := range arrows {
		from[a.from] = append(from[a.from], i)
	}
	var order []int
	var visit func(n int)
	visit = func(n int) {
		state[n] = 1
		for _, i := range from[n] {
			switch to := arrows[i].to; state[to] {
			case 0:
				visit(to)
			case 1:
				l.back[i] = true
			}
		}
		state[n] = 2
		order = append(order, n)
	}
	for n := range l.spots {
		if state[n] == 0 {
			visit(n)
		}
	}
	slices.Reverse(order)
	under := make([][]int, len(l.spots))
	for i, a := range arrows {
		top := a.from
		if l.back[i] {
			top = a.to
		}
		under[top] = append(under[top], i)
	}
	for _, n := range order {
		for _, i := range under[n] {
			a := arrows[i]
			low := a.to
			if l.back[i] {
				low = a.from
			}
			step := 1
			if a.label != "" {
				step = 2
			}
			if low != n {
				l.spots[low].layer = max(l.spots[low].layer, l.spots[n].layer+step)
			}
		}
	}
}

// path makes the spots where an arrow passes the layers between its boxes.
func (l *layout) path(i int, a arrow, labelSize func(string) (w, h float64)) []int {
	top, low := a.from, a.to
	if l.back[i] {
		top, low = low, top
	}
	out := []int{top}
	for layer := l.spots[top].layer + 1; layer < l.spots[low].layer; layer++ {
		s := spot{layer: layer, w: 8}
		if a.label != "" && layer == l.labelLayer(i, a) {
			s.w, s.h = labelSize(a.label)
		}
		out = append(out, len(l.spots))
		l.spots = append(l.spots, s)
	}
	return append(out, low)
}

// labelLayer is the layer beside the box that the arrow leaves.
func (l *layout) labelLayer(i int, a arrow) int {
	if l.back[i] {
		return l.spots[a.from].layer - 1
	}
	return l.spots[a.from].layer + 1
}

// link fills the layers and the neighbours.
func (l *layout) link() {
	l.up, l.down = make([][]int, len(l.spots)), make([][]int, len(l.spots))
	for n, s := range l.spots {
		for len(l.layers) <= s.layer {
			l.layers = append(l.layers, nil)
		}
		l.layers[s.layer] = append(l.layers[s.layer], n)
	}
	for _, path := range l.paths {
		for i := 1; i < len(path); i++ {
			l.down[path[i-1]] = append(l.down[path[i-1]], path[i])
			l.up[path[i]] = append(l.up[path[i]], path[i-1])
		}
	}
}

// sort orders each layer by the mean place of the neighbours, so that fewer arrows cross.
func (l *layout) sort(neighbours [][]int, upwards bool) {
	place := make([]float64, len(l.spots))
	index := func(layer []int) {
		for i, n := range layer {
			place[n] = float64(i) - float64(len(layer))/2
		}
	}
	layers := slices.Clone(l.layers)
	if upwards {
		slices.Reverse(layers)
	}
	for _, layer := range layers {
		index(layer)
		mean := make(map[int]float64, len(layer))
		for _, n := range layer {
			mean[n] = place[n]
			if len(neighbours[n]) > 0 {
				sum := 0.0
				for _, m := range neighbours[n] {
					sum += place[m]
				}
				mean[n] = sum / float64(len(neighbours[n]))
			}
		}
		slices.SortStableFunc(layer, func(a, b int) int {
			switch {
			case mean[a] < mean[b]:
				return -1
			case mean[a] > mean[b]:
				return 1
			}
			return 0
		})
		index(layer)
	}
}

// spread gives every spot its x, near its neighbours, and every layer its y.
func (l *layout) spread() {
	for _, layer := range l.layers {
		x := 0.0
		for _, n := range layer {
			l.spots[n].x = x + l.spots[n].w/2
			x += l.spots[n].w + gapX
		}
		for _, n := range layer {
			l.spots[n].x -= x / 2
		}
	}
	for round := range 24 {
		layers, neighbours := slices.Clone(l.layers), l.up
		if round%2 == 1 {
			slices.Reverse(layers)
			neighbours = l.down
		}
		for _, layer := range layers {
			l.pull(layer, neighbours)
		}
	}
	y := 0.0
	for _, layer := range l.layers {
		height := 0.0
		for _, n := range layer {
			l.spots[n].y = y
			height = max(height, l.spots[n].h)
		}
		l.bottom = append(l.bottom, y+height)
		y += height + gapY
	}
}

// pull moves the spots of a layer towards the mean of their neighbours, keeping their order and distance.
func (l *layout) pull(layer []int, neighbours [][]int) {
	wish := make([]float64, len(layer))
	for i, n := range layer {
		wish[i] = l.spots[n].x
		if len(neighbours[n]) > 0 {
			sum := 0.0
			for _, m := range neighbours[n] {
				sum += l.spots[m].x
			}
			wish[i] = sum / float64(len(neighbours[n]))
		}
	}
	apart := func(i int) float64 { return (l.spots[layer[i-1]].w+l.spots[layer[i]].w)/2 + gapX }
	left, right := slices.Clone(wish), slices.Clone(wish)
	for i := 1; i < len(layer); i++ {
		left[i] = max(left[i], left[i-1]+apart(i))
	}
	for i := len(layer) - 2; i >= 0; i-- {
		right[i] = min(right[i], right[i+1]-apart(i+1))
	}
	for i, n := range layer {
		l.spots[n].x = (left[i] + right[i]) / 2
	}
}
