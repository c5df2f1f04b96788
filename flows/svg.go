package flows

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"
	"unicode"
)

// Sizes of a picture, in pixels.
const (
	letter   = 14 // a Chinese character; a Latin letter is about 8
	line     = 20
	padding  = 10
	maxWidth = 17 * letter // of a line in a box
	maxLines = 8           // of a box
)

// look is how a box is drawn.
type look struct{ fill, border, ink string }

var looks = map[Kind]look{
	Ask: {"#DCEDEA", "#1D6B66", "#1F2A2E"}, Say: {"#FFFFFF", "#7A878D", "#1F2A2E"}, Show: {"#FFF3DC", "#7A4A00", "#1F2A2E"},
	Document: {"#FFF3DC", "#7A4A00", "#1F2A2E"}, End: {"#1F2A2E", "#1F2A2E", "#FFFFFF"}, Next: {"#F6F4EF", "#7A878D", "#1F2A2E"},
	Call: {"#E6F3E9", "#24613A", "#1F2A2E"}, "": {"#E6F3E9", "#24613A", "#1F2A2E"},
}

var plainLook = look{"#F6F4EF", "#7A878D", "#55626A"}

// SVG draws a flow as a picture: steps as boxes by kind, choices and conditions on the arrows, from top to bottom.
func SVG(set *Set, f *Flow) []byte {
	p := draw(set, f)
	sizes := make([][2]float64, len(p.boxes))
	for i := range p.boxes {
		b := &p.boxes[i]
		b.lines = wrap(b.lines, maxLines)
		w := width(b.head)
		for _, l := range b.lines {
			w = max(w, width(l))
		}
		sizes[i] = [2]float64{w + 2*padding, float64(len(b.lines)+1)*line + 2*padding}
	}
	l := place(sizes, p.arrows, func(label string) (float64, float64) {
		lines, w := wrap([]string{label}, 4), 0.0
		for _, text := range lines {
			w = max(w, width(text))
		}
		return w + padding, float64(len(lines)) * line
	})
	var b bytes.Buffer
	l.open(&b, f)
	for i, a := range p.arrows {
		l.drawArrow(&b, i, a)
	}
	for i, x := range p.boxes {
		l.drawBox(&b, l.spots[i], x)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// open writes the head of the picture: its size, and the arrow's point.
func (l *layout) open(b *bytes.Buffer, f *Flow) {
	left, right, bottom := math.Inf(1), math.Inf(-1), 0.0
	for _, s := range l.spots {
		left, right, bottom = min(left, s.x-s.w/2), max(right, s.x+s.w/2), max(bottom, s.y+s.h)
	}
	const margin = 24
	w, h := right-left+2*margin, bottom+2*margin+line
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="%.0f %d %.0f %.0f" `+
		`font-family="PingFang SC, Noto Sans SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif" font-size="%d">`+"\n",
		w, h, left-margin, -margin-line, w, h, letter)
	title := f.ID
	if f.Title != "" {
		title = f.Title + "（" + f.ID + "）"
	}
	fmt.Fprintf(b, "<title>%s</title>\n", escape(title))
	fmt.Fprintf(b, `<rect x="%.0f" y="%d" width="%.0f" height="%.0f" fill="#FFFFFF"/>`+"\n", left-margin, -margin-line, w, h)
	fmt.Fprintf(b, `<text x="%.0f" y="%d" font-weight="600" fill="#1F2A2E">%s</text>`+"\n", left, -line/2, escape(title))
	b.WriteString(`<defs><marker id="point" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" ` +
		`orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="#55626A"/></marker></defs>` + "\n")
}

// drawArrow writes one arrow and its label.
func (l *layout) drawArrow(b *bytes.Buffer, i int, a arrow) {
	path := l.paths[i]
	from := l.spots[path[0]]
	fmt.Fprintf(b, `<path d="M%.1f %.1f`, from.x, from.y+from.h)
	for _, n := range path[1:] {
		s, edge := l.spots[n], l.bottom[from.layer]
		fmt.Fprintf(b, "V%.1fC%.1f %.1f %.1f %.1f %.1f %.1f", edge, from.x, edge+gapY*0.6, s.x, s.y-gapY*0.6, s.x, s.y)
		from = s
	}
	end, dash := "end", ""
	if l.back[i] {
		end, dash = "start", ` stroke-dasharray="5 4"`
	}
	fmt.Fprintf(b, `" fill="none" stroke="#7A878D" marker-%s="url(#point)"%s/>`+"\n", end, dash)
	if a.label == "" || len(path) < 3 {
		return
	}
	n := path[1]
	if l.back[i] {
		n = path[len(path)-2]
	}
	s := l.spots[n]
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="#FFFFFF"/>`+"\n", s.x-s.w/2, s.y, s.w, s.h)
	for j, text := range wrap([]string{a.label}, 4) {
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="middle" fill="#1D6B66">%s</text>`+"\n",
			s.x, s.y+float64(j)*line+line*0.75, escape(text))
	}
}

// drawBox writes one box and its words.
func (l *layout) drawBox(b *bytes.Buffer, s spot, x box) {
	k, ok := looks[x.kind]
	if !ok {
		k = plainLook
	}
	if x.danger {
		k = look{"#FCEBE8", "#B3261E", "#8C1D18"}
	}
	dash := ""
	if x.kind == "" {
		dash = ` stroke-dasharray="5 4"`
	}
	left := s.x - s.w/2
	fmt.Fprintf(b, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="8" fill="%s" stroke="%s"%s/>`+"\n",
		left, s.y, s.w, s.h, k.fill, k.border, dash)
	y := s.y + padding + line*0.75
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s" font-weight="600">%s</text>`+"\n", left+padding, y, k.ink, escape(x.head))
	for _, text := range x.lines {
		y += line
		fmt.Fprintf(b, `<text x="%.1f" y="%.1f" fill="%s">%s</text>`+"\n", left+padding, y, k.ink, escape(text))
	}
}

// wrap cuts lines that are too wide, and ends with … after most lines. A number stays whole, and no line begins with a
// mark that closes.
func wrap(lines []string, most int) []string {
	var out []string
	for _, l := range lines {
		for l != "" {
			end := fitting(l)
			out, l = append(out, l[:end]), l[end:]
		}
	}
	if len(out) > most {
		out = append(out[:most-1], "…")
	}
	return out
}

// fitting is the length in bytes of the first line of a text; at least one character.
func fitting(text string) int {
	w, word := 0.0, -1 // where the word or number begins that is not yet over
	for i, r := range text {
		latin := r < 0x2000 && !unicode.IsSpace(r)
		if w += runeWidth(r); w > maxWidth && i > 0 && !strings.ContainsRune("，。；：？！、」』）》…", r) {
			if latin && word > 0 {
				return word
			}
			return i
		}
		switch {
		case !latin:
			word = -1
		case word < 0:
			word = i
		}
	}
	return len(text)
}

func width(s string) float64 {
	w := 0.0
	for _, r := range s {
		w += runeWidth(r)
	}
	return w
}

func runeWidth(r rune) float64 {
	if r < 0x2000 {
		return 8.2
	}
	return letter
}

func escape(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a bytes.Buffer takes everything
	return b.String()
}
