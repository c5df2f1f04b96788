package transcript

import (
	"slices"
	"strings"

	"anning/bot"
)

// unescape joins lines of a text as they are written in a file.
func unescape(lines []string) string {
	plain := make([]string, len(lines))
	for i, l := range lines {
		plain[i] = strings.TrimPrefix(l, `\`)
	}
	return strings.Join(plain, "\n")
}

// escape cuts a text into lines as they are written in a file, none of which is taken for something else.
func escape(text string) []string {
	text = strings.ReplaceAll(text, "\r", "")
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		l = strings.TrimRight(l, " \t")
		if i > 0 && strings.TrimSpace(l) == "" || l != "" && strings.ContainsRune("\\[{ \t", rune(l[0])) {
			l = `\` + l
		}
		lines[i] = l
	}
	return lines
}

// same says whether two texts are the same words; spaces at the ends of lines do not count.
func same(a, b string) bool { return a == b || slices.Equal(escape(a), escape(b)) }

// cutBracket takes "[name] words" apart; "\]" inside is a bracket of the name.
func cutBracket(s string) (name, words string, ok bool) {
	if !strings.HasPrefix(s, "[") {
		return "", "", false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == ']':
			return b.String(), strings.TrimSpace(s[i+1:]), b.Len() > 0
		default:
			b.WriteByte(s[i])
		}
	}
	return "", "", false
}

// cutChoices reads a line of nothing but "[label] [label]".
func cutChoices(line string) ([]string, bool) {
	var labels []string
	for line != "" {
		label, rest, ok := cutBracket(line)
		if !ok {
			return nil, false
		}
		labels, line = append(labels, label), rest
	}
	return labels, len(labels) > 0
}

func bracket(label string) string {
	return "[" + strings.NewReplacer(`\`, `\\`, `]`, `\]`, "\n", " ").Replace(label) + "]"
}

func labels(r bot.Reply) []string {
	all := make([]string, len(r.Choices))
	for i, c := range r.Choices {
		all[i] = strings.TrimRight(strings.ReplaceAll(c.Label, "\n", " "), " ")
	}
	return all
}

// writeReply gives a reply as lines of a file: by its content where it has some, unless the words are asked for.
func writeReply(r bot.Reply, words, choices bool) []string {
	if r.Source != "" && !words {
		return indent("<< "+r.Source, nil, r, choices)
	}
	text := escape(r.Text)
	return indent(strings.TrimRight("< "+text[0], " "), text[1:], r, choices)
}

func indent(head string, under []string, r bot.Reply, choices bool) []string {
	lines := []string{head}
	for _, l := range under {
		lines = append(lines, "  "+l)
	}
	if r.File != nil && strings.HasPrefix(head, "< ") || r.File != nil && head == "<" {
		lines = append(lines, "  {file "+r.File.Name+"}")
	}
	if choices && len(r.Choices) > 0 {
		brackets := make([]string, len(r.Choices))
		for i, l := range labels(r) {
			brackets[i] = bracket(l)
		}
		lines = append(lines, "  "+strings.Join(brackets, " "))
	}
	return lines
}

// matches says whether a reply is the one that a file expects.
func (it *item) matches(r bot.Reply) bool {
	if it.kind == source {
		return it.text == r.Source && (it.choices == nil || slices.Equal(it.choices, labels(r)))
	}
	var files []string
	if r.File != nil {
		files = []string{r.File.Name}
	}
	return same(it.text, r.Text) && slices.Equal(it.files, files) && slices.Equal(it.choices, labels(r))
}
