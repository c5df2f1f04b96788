package content

// Sentence is one text of the content as an author wrote it, with where it stands.
type Sentence struct {
	File string // "content/laws/pipl-10.yaml"
	Line int
	Path string // "says", "evidence[1].how"
	Text string
	Warn bool // it names what is wrong, to warn of it
	Them bool // it names what the other side does
}

// Sentences returns everything in the library that people can read, in the order of its files, except the exact words
// of rules and their titles.
func (lib *Library) Sentences() []Sentence {
	var all []Sentence
	for _, l := range lib.leaves {
		if !l.scalar || l.rule.quiet || l.rule.quote || l.rule.ref != "" || l.rule.form != "" || len(l.rule.one) > 0 {
			continue
		}
		all = append(all, Sentence{place(l.file), l.line, l.path, l.value, l.rule.warn, l.rule.theirs})
	}
	return all
}
