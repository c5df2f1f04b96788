package understand

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// lexiconFiles are words of a kind, for the model: kind → words, parted by blanks.
//
//go:embed lexicon
var lexiconFiles embed.FS

// lexicon finds the words of each kind in a text.
type lexicon struct {
	words *words
	names []string  // kinds, sorted
	kinds [][]int32 // word → its kinds, as places in names
	marks [][]int32 // word → its kinds and those of the words of two and more characters that begin it
}

// readLexicon reads every file of a folder. What a file lists twice counts once.
func readLexicon(dir fs.FS) (*lexicon, error) {
	files, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	said := map[string][]string{}
	for _, file := range files {
		data, err := fs.ReadFile(dir, file)
		if err != nil {
			return nil, err
		}
		var kinds map[string]string
		if err := yaml.Unmarshal(data, &kinds); err != nil {
			return nil, fmt.Errorf("lexicon/%s: %w", file, err)
		}
		for kind, list := range kinds {
			said[kind] = append(said[kind], strings.Fields(list)...)
		}
	}
	l := &lexicon{words: newWords()}
	for kind := range said {
		l.names = append(l.names, kind)
	}
	slices.Sort(l.names)
	for i, kind := range l.names {
		for _, word := range said[kind] {
			form := Normalise(word).Text
			if n := utf8.RuneCountInString(form); n == 0 || n > maxWord {
				return nil, fmt.Errorf("lexicon: %s: %q has no or too many characters", kind, word)
			}
			id := l.words.add(form)
			for int(id) >= len(l.kinds) {
				l.kinds = append(l.kinds, nil)
			}
			if !slices.Contains(l.kinds[id], int32(i)) {
				l.kinds[id] = append(l.kinds[id], int32(i))
			}
		}
	}
	l.marks = make([][]int32, len(l.kinds))
	for word, id := range l.words.ids {
		marks := slices.Clone(l.kinds[id])
		for n, runes := 0, []rune(word); n < len(runes); n++ {
			if begins, ok := l.words.ids[string(runes[:n])]; ok && n >= 2 {
				for _, k := range l.kinds[begins] {
					if !slices.Contains(marks, k) {
						marks = append(marks, k)
					}
				}
			}
		}
		l.marks[id] = marks
	}
	return l, nil
}
