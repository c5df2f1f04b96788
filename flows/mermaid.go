package flows

import (
	"fmt"
	"strings"
)

// mermaidShapes are the brackets around a box's words, by kind.
var mermaidShapes = map[Kind][2]string{
	Ask: {"([", "])"}, Next: {"{{", "}}"}, End: {"((", "))"}, Call: {"[[", "]]"}, "": {"[/", "/]"},
}

// Mermaid draws a flow as a Mermaid flowchart.
func Mermaid(set *Set, f *Flow) string {
	p := draw(set, f)
	var b strings.Builder
	fmt.Fprintf(&b, "flowchart TD\n")
	for i, x := range p.boxes {
		shape, ok := mermaidShapes[x.kind]
		if !ok {
			shape = [2]string{"[", "]"}
		}
		words := append([]string{x.head}, x.lines...)
		for j, w := range words {
			words[j] = mermaidEscape(w)
		}
		fmt.Fprintf(&b, "  s%d%s\"%s\"%s\n", i, shape[0], strings.Join(words, "<br>"), shape[1])
		if x.danger {
			fmt.Fprintf(&b, "  class s%d danger\n", i)
		}
	}
	for _, a := range p.arrows {
		label := ""
		if a.label != "" {
			label = `|"` + mermaidEscape(a.label) + `"|`
		}
		fmt.Fprintf(&b, "  s%d -->%s s%d\n", a.from, label, a.to)
	}
	b.WriteString("  classDef danger fill:#FCEBE8,stroke:#B3261E\n")
	return b.String()
}

// mermaidEscape writes what has a meaning for Mermaid or HTML as entity codes.
func mermaidEscape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune("\"#<>&;|`[]{}()\\", r):
			fmt.Fprintf(&b, "#%d;", r)
		case r == '\n':
			b.WriteString("<br>")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
