package understand

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed variants.txt
var variantLines string

// variant is one hidden way of writing a word.
type variant struct{ from, to []rune }

// variants gives the hidden ways of writing by their first rune, the longest first.
var variants = sync.OnceValue(func() map[rune][]variant {
	all := map[rune][]variant{}
	for line := range strings.Lines(variantLines) {
		from, to, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		v := variant{[]rune(from), []rune(to)}
		all[v.from[0]] = append(all[v.from[0]], v)
	}
	for _, list := range all {
		slices.SortStableFunc(list, func(a, b variant) int { return len(b.from) - len(a.from) })
	}
	return all
})

// undoVariants puts the plain word where a hidden one stands, the longest first, from left to right.
func undoVariants(in []glyph) []glyph {
	table := variants()
	var out []glyph // nil until the first one is found
	for i := 0; i < len(in); {
		v := variantAt(table[in[i].r], in, i)
		if v == nil {
			if out != nil {
				out = append(out, in[i])
			}
			i++
			continue
		}
		if out == nil {
			out = append(make([]glyph, 0, len(in)+4), in[:i]...)
		}
		from, to := in[i].from, in[i+len(v.from)-1].to
		for _, r := range v.to {
			out = append(out, glyph{r, letter, from, to})
		}
		i += len(v.from)
	}
	if out == nil {
		return in
	}
	return out
}

func variantAt(list []variant, in []glyph, i int) *variant {
	for k := range list {
		v := &list[k]
		end := i + len(v.from)
		if end > len(in) {
			continue
		}
		same := true
		for j, r := range v.from {
			if in[i+j].r != r {
				same = false
				break
			}
		}
		first, last := v.from[0], v.from[len(v.from)-1]
		if !same || isWord(first) && i > 0 && isWord(in[i-1].r) || isWord(last) && end < len(in) && isWord(in[end].r) {
			continue
		}
		return v
	}
	return nil
}
