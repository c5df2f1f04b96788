package understand

import (
	"slices"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand/model"
)

// Vocabulary is what a model for a library can be told of a text, besides its characters.
type Vocabulary struct {
	Kinds []string // of words of the lexicon
	Cues  []string // what the phrases of the library can hear
}

// standing is how a cue tells the ways of standing apart.
var standing = [...]string{"", "/threatened", "/asked", "/negated"}

// cueAsks and the lengths are cues beside those of signals, conducts and questions.
const (
	cueAsks     = "asks"
	cueQuestion = "question/"
)

var cueLengths = []struct {
	name  string
	below int // runes
}{{"length/8", 8}, {"length/20", 20}, {"length/50", 50}, {"length/more", 1 << 30}}

// NewVocabulary lists what can be told of a text read with a library.
func NewVocabulary(lib *content.Library) (Vocabulary, error) {
	l, err := shippedLexicon()
	if err != nil {
		return Vocabulary{}, err
	}
	v := Vocabulary{Kinds: slices.Concat(l.names, numberKinds), Cues: []string{cueAsks}}
	for _, s := range scopeKinds {
		v.Kinds = append(v.Kinds, s.inside)
	}
	for _, length := range cueLengths {
		v.Cues = append(v.Cues, length.name)
	}
	heard := func(id string) {
		for _, s := range standing {
			v.Cues = append(v.Cues, id+s)
		}
	}
	for _, s := range lib.Signals {
		heard(s.ID)
	}
	for _, c := range lib.Conducts {
		heard(c.ID)
	}
	for _, q := range lib.Questions {
		v.Cues = append(v.Cues, cueQuestion+q.ID)
	}
	return v, nil
}

// Input is what the model sees of a text.
func (r *Reader) Input(text string) model.Input {
	n := Normalise(text)
	m := r.listen(n)
	return r.input(n, &m)
}

// input says what stands at each place of a text, and what its phrases heard.
func (r *Reader) input(n Normal, m *Meaning) model.Input {
	runes := len(n.marks)
	in := model.Input{Tokens: make([]int32, 0, 5*runes+8), Ends: make([]int32, 0, runes+2)}
	in.Tokens, in.Ends = append(in.Tokens, model.Edge), append(in.Ends, 1)
	words := r.wordsOf(n)
	meant := r.scopes(n, words)
	nums := numbers(n.Text)
	const cover = 8
	var open [cover]word // those that reach over this place
	for i := range runes {
		at := int(n.marks[i].at)
		c, _ := utf8.DecodeRuneInString(n.Text[at:])
		token, ok := r.model.Chars[c]
		if !ok {
			token = model.Unknown
		}
		in.Tokens = append(in.Tokens, token)
		first := len(in.Tokens)
		add := func(t int32) {
			if t > 0 && !slices.Contains(in.Tokens[first:], t) && len(in.Tokens)-first < model.MaxTokens-1 {
				in.Tokens = append(in.Tokens, t)
			}
		}
		for k, scope := range scopeKinds {
			if meant[i]&(1<<k) != 0 {
				add(r.model.Kinds[scope.inside])
			}
		}
		for len(nums) > 0 && nums[0].to <= at {
			nums = nums[1:]
		}
		if len(nums) > 0 && nums[0].from <= at {
			add(r.model.Kinds[nums[0].kind])
		}
		if words[i].to > i {
			for k := range open {
				if open[k].to <= i {
					open[k] = words[i]
					break
				}
			}
		}
		for k := range open {
			if open[k].to > i {
				for _, kind := range open[k].marks {
					add(r.kinds[kind])
				}
			}
		}
		in.Ends = append(in.Ends, int32(len(in.Tokens)))
	}
	in.Tokens = append(in.Tokens, model.Edge)
	in.Ends = append(in.Ends, int32(len(in.Tokens)))
	in.Cues = r.cues(m, runes)
	return in
}

// word is the longest word of the lexicon that begins at a place, and the place after it.
type word struct {
	kinds []int32 // its own
	marks []int32 // those of words that begin it besides
	to    int
}

// wordsOf finds the longest word that begins at each rune.
func (r *Reader) wordsOf(n Normal) []word {
	all := make([]word, len(n.marks))
	w := r.lexicon.words
	for i := range all {
		node := int32(0)
		for j := i; j < len(n.marks); j++ {
			c, _ := utf8.DecodeRuneInString(n.Text[n.marks[j].at:])
			next, ok := w.edges[edge(node, c)]
			if !ok {
				break
			}
			node = next
			if id := w.at[node]; id >= 0 {
				all[i] = word{r.lexicon.kinds[id], r.lexicon.marks[id], j + 1}
			}
		}
	}
	return all
}

// scopeKinds are kinds of words that say how what stands near them is meant, and the kinds that say so of each place.
var scopeKinds = [...]struct{ word, inside string }{
	{"scope_deny", "in_deny"}, {"scope_ask", "in_ask"}, {"scope_suppose", "in_suppose"}, {"scope_threat", "in_threat"},
}

// Places in scopeKinds, as bits.
const (
	inDeny = 1 << iota
	inAsk
	inSuppose
	inThreat
)

// scopes says of each place how it is meant: a denial reaches to the end of its clause, a question over all of its clause,
// what is supposed or announced to the end of the sentence.
func (r *Reader) scopes(n Normal, words []word) []byte {
	meant := make([]byte, len(words))
	var now byte
	clause, skip := 0, 0 // where the clause began; places inside a word that means nothing of the kind
	for i := range words {
		c, _ := utf8.DecodeRuneInString(n.Text[n.marks[i].at:])
		if kindOf(c) == breaking || c == ' ' {
			if c == '?' {
				spread(meant[clause:i], inAsk)
			}
			now &^= inDeny | inAsk
			if c != ',' && c != ' ' {
				now = 0
			}
			clause = i + 1
			continue
		}
		if i >= skip {
			for _, k := range words[i].kinds {
				switch r.lexicon.names[k] {
				case "scope_none":
					skip = words[i].to
				case "scope_end":
					now &^= inDeny
				case "scope_deny":
					now |= inDeny
				case "scope_ask":
					spread(meant[clause:i], inAsk)
					now |= inAsk
				case "scope_suppose":
					now |= inSuppose
				case "scope_threat":
					now |= inThreat
				}
			}
		}
		meant[i] |= now
	}
	return meant
}

func spread(meant []byte, bit byte) {
	for i := range meant {
		meant[i] |= bit
	}
}

// cues lists what the phrases heard.
func (r *Reader) cues(m *Meaning, runes int) (cues []int32) {
	add := func(name string) {
		if c, ok := r.model.Cues[name]; ok {
			cues = append(cues, c)
		}
	}
	for _, list := range [][]Match{m.Signals, m.Conducts} {
		for _, match := range list {
			if w := match.weight(); w > 0 {
				add(match.ID + standing[w])
			}
			add(match.ID)
		}
	}
	for i, q := range m.Questions {
		if i == 2 {
			break
		}
		add(cueQuestion + q.ID)
	}
	if m.Asks {
		add(cueAsks)
	}
	for _, length := range cueLengths {
		if runes < length.below {
			add(length.name)
			break
		}
	}
	return cues
}
