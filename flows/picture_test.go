package flows_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"anning/flows"
)

const drawn = `
title: 画 <&"> 图
steps:
  - id: q
    ask: "说 <b> & \"x\"；\n{q} 哪一种？"
    when: {role: debtor}
    choices:
      - {id: a, label: 甲种, to: gone}
      - {id: b, label: 乙种, to: gone}
      - {id: c, label: 丙种, to: q, when: {day: {set: true}}}
      - {id: d, label: 看依据, show: laws}
      - {id: e, label: 别处, to: other/}
      - {id: f, label: 往下}
  - next: gone
  - {id: gone, set: {x: "1", y: null}}
  - next: [{when: {x: {gt: 3}}, to: q}, {to: last}]
  - {id: last, end: rest}
`

func drawnSet(t *testing.T) (*flows.Set, *flows.Flow) {
	t.Helper()
	set, err := flows.Load(fstest.MapFS{
		"drawn.yaml": {Data: []byte(drawn)}, "other.yaml": {Data: []byte("title: 另一处\nsteps: [{end: menu}]")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return set, set.Flow("drawn")
}

func TestMermaid(t *testing.T) {
	got := flows.Mermaid(drawnSet(t))
	for _, want := range []string{
		"flowchart TD\n",
		`s0(["问 · q<br>当 role 是 debtor<br>说 #60;b#62; #38; #34;x#34;；<br>#123;q#125; 哪一种？<br>↺ 看依据：laws<br>↺ 丙种（day 已知）"])`,
		`s1["填 · gone<br>x = 1<br>y 清空"]`,
		`s3(("结束 · last<br>停在这里"))`,
		`s4[/"流程 · other<br>另一处"/]`,
		`s0 -->|"甲种／乙种／往下／否则"| s1`,
		`s0 -->|"别处"| s4`,
		`s2 -->|"x #62; 3"| s0`,
		`s2 --> s3`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// TestSVG looks whether the picture is XML that holds every word, and whether no box lies on another.
func TestSVG(t *testing.T) {
	set, f := drawnSet(t)
	text := words(t, flows.SVG(set, f))
	for _, want := range []string{`画 <&"> 图`, "说 <b> &", "甲种／乙种", "↺ 丙种（day 已知）", "别处", "另一处", "↺ 看依据：laws", "停在这里"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the words of the picture: %s", want, text)
		}
	}
	shipped, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range shipped.Flows {
		svg := flows.SVG(shipped, f)
		words(t, svg)
		apart(t, f.ID, svg)
	}
}

// words returns the text of an SVG, and fails where it is no XML.
func words(t *testing.T, svg []byte) string {
	t.Helper()
	var b strings.Builder
	for d := xml.NewDecoder(strings.NewReader(string(svg))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if chars, ok := token.(xml.CharData); ok {
			b.Write(chars)
		}
	}
}

var rect = regexp.MustCompile(`<rect x="([-\d.]+)" y="([-\d.]+)" width="([-\d.]+)" height="([-\d.]+)"`)

// apart fails where two boxes or labels of a picture overlap.
func apart(t *testing.T, flow string, svg []byte) {
	t.Helper()
	type area struct{ x, y, w, h float64 }
	var areas []area
	for i, m := range rect.FindAllStringSubmatch(string(svg), -1) {
		var v [4]float64
		for j := range v {
			v[j], _ = strconv.ParseFloat(m[j+1], 64)
		}
		if i > 0 { // the first is the paper
			areas = append(areas, area{v[0], v[1], v[2], v[3]})
		}
	}
	for i, a := range areas {
		for _, b := range areas[:i] {
			if a.x < b.x+b.w && b.x < a.x+a.w && a.y < b.y+b.h && b.y < a.y+a.h {
				t.Errorf("%s: %v lies on %v", flow, a, b)
			}
		}
	}
	if len(areas) == 0 {
		t.Errorf("%s: no boxes", flow)
	}
}
