package train_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"anning/content"
	"anning/content/understand"
	"anning/content/understand/model"
	"anning/content/understand/train"
)

func library(t *testing.T) *content.Library {
	t.Helper()
	lib, err := content.Load(content.Files)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// Every example in the repository is in order, and none that the model is measured on is among those it learns from.
func TestExamples(t *testing.T) {
	examples, err := train.Load(os.DirFS("../../examples"))
	if err != nil {
		t.Fatal(err)
	}
	blind, err := train.Load(os.DirFS("../testdata/blind"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for _, e := range examples {
		key := understand.Key(e.Text)
		if len([]rune(key)) > 6 && seen[key] != "" && strings.SplitN(seen[key], ":", 2)[0] == strings.SplitN(e.Where, ":", 2)[0] {
			t.Errorf("%s says the same as %s", e.Where, seen[key])
		}
		seen[key] = e.Where
	}
	for _, e := range blind {
		if key := understand.Key(e.Text); len([]rune(key)) > 6 && seen[key] != "" {
			t.Errorf("%s is learnt from: %s", e.Where, seen[key])
		}
	}
	if len(examples) < 10000 || len(blind) < 500 {
		t.Errorf("%d examples, %d blind", len(examples), len(blind))
	}
}

func TestLoadRefuses(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":       `{"text":`,
		"unknown field": `{"text":"他打我","labelz":[]}`,
		"no label":      `{"text":"他打我","labels":["beating"]}`,
		"no intent":     `{"text":"他打我","intent":"fun"}`,
		"threatened":    `{"text":"他打我","threatened":["insult"]}`,
		"both":          `{"text":"他打我","labels":["insult"],"negated":["insult"]}`,
		"alone":         `{"text":"他打我","labels":["insult","other"]}`,
		"empty":         `{"text":" "}`,
		"too long":      `{"text":"` + strings.Repeat("a", 70<<10) + `"}`,
	} {
		if _, err := train.Load(fstest.MapFS{"turns.jsonl": {Data: []byte(line)}}); err == nil || !strings.Contains(err.Error(), "turns.jsonl:1") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := train.Load(fstest.MapFS{"others.jsonl": {Data: []byte(`{"text":"a"}`)}}); err == nil {
		t.Error("a file of no kind is taken")
	}
}

// A few examples are learnt, and the same examples give the same model.
func TestFit(t *testing.T) {
	lib := library(t)
	var lines strings.Builder
	for i := range 40 {
		digit := string(rune('一' + i*13))
		lines.WriteString(`{"text":"蓝色的` + digit + `车","labels":["insult"]}` + "\n" + `{"text":"红色的` + digit + `船","labels":["off_hours"],"threatened":["off_hours"]}` + "\n")
	}
	examples, err := train.Load(fstest.MapFS{"turns.jsonl": {Data: []byte(lines.String())}})
	if err != nil {
		t.Fatal(err)
	}
	o := train.Options{Nets: 1, Filters: 8, Dims: 8, Epochs: 120, Widths: []int{2, 3}, Rate: 0.02, Mix: 0.001, Seed: 7}
	data, err := train.FitBytes(lib, examples, o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := train.FitBytes(lib, examples, o)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(data, again) {
		t.Error("another model from the same examples")
	}
	m, err := model.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	r, err := understand.NewWith(lib, m)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"蓝色的旧车": "insult", "红色的旧船": "off_hours"} {
		a := train.AnswerOf(r.Read(text))
		if strings.Join(a.Labels, " ") != want || (len(a.Threatened) > 0) != (want == "off_hours") {
			t.Errorf("%s: %+v, want %s", text, a, want)
		}
	}
}

// The tally counts as the corpus says: what is asked about or implied is free, what is denied never is.
func TestTally(t *testing.T) {
	for _, tt := range []struct {
		e              train.Example
		said           []string
		hit, no, miss  int
		denied, exactN int
	}{
		{train.Example{Labels: []string{"insult"}}, []string{"insult"}, 1, 0, 0, 0, 1},
		{train.Example{Labels: []string{"insult"}}, []string{"off_hours"}, 0, 1, 1, 0, 0},
		{train.Example{Labels: []string{"insult"}, Asked: []string{"off_hours"}}, []string{"insult", "off_hours"}, 1, 0, 0, 0, 1},
		{train.Example{Labels: []string{"school_minor"}}, []string{"school_minor", "third_party_contact"}, 1, 0, 0, 0, 1},
		{train.Example{Negated: []string{"insult"}}, []string{"insult"}, 0, 1, 0, 1, 0},
	} {
		var got train.Tally
		tt.e.Labelled = true
		got.Add(&tt.e, &train.Answer{Labels: tt.said})
		if got.Hit != tt.hit || got.False != tt.no || got.Miss != tt.miss || got.DeniedHit != tt.denied || got.Exact != tt.exactN {
			t.Errorf("%+v said %v: %+v", tt.e, tt.said, got)
		}
	}
}
