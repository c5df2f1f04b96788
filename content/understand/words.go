package understand

import "unicode/utf8"

// words is a tree of all the words of all phrases; one pass over a text finds every place of every word.
type words struct {
	ids   map[string]int32
	edges map[uint64]int32 // node and rune → node
	at    []int32          // node → word that ends there, or -1
}

func newWords() *words {
	return &words{ids: map[string]int32{}, edges: map[uint64]int32{}, at: []int32{-1}}
}

// add gives the word's number, the same for the same word.
func (w *words) add(word string) int32 {
	if id, ok := w.ids[word]; ok {
		return id
	}
	id := int32(len(w.ids))
	w.ids[word] = id
	node := int32(0)
	for _, r := range word {
		e := edge(node, r)
		next, ok := w.edges[e]
		if !ok {
			next = int32(len(w.at))
			w.at = append(w.at, -1)
			w.edges[e] = next
		}
		node = next
	}
	w.at[node] = id
	return id
}

func edge(node int32, r rune) uint64 { return uint64(uint32(node))<<32 | uint64(uint32(r)) }

// hit is one place of a word: bytes [from, to) of the text.
type hit struct {
	word     int32
	from, to int
}

// find appends every hit in text[from:to], by where it begins. No word is longer than maxWord runes, so this is linear.
func (w *words) find(hits []hit, text string, from, to int) []hit {
	for i := from; i < to; {
		_, size := utf8.DecodeRuneInString(text[i:to])
		node, j := int32(0), i
		for j < to {
			r, n := utf8.DecodeRuneInString(text[j:to])
			next, ok := w.edges[edge(node, r)]
			if !ok {
				break
			}
			node, j = next, j+n
			if id := w.at[node]; id >= 0 {
				hits = append(hits, hit{id, i, j})
			}
		}
		i += size
	}
	return hits
}
