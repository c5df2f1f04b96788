package train_test

import (
	"os"
	"testing"

	"anning/content/understand"
	"anning/content/understand/train"
)

// What ships understands texts by another hand, of which it learnt nothing, about as well as docs/understanding.md says.
// The floors lie a little below the figures there: content that grows may move them, a model that broke falls through.
func TestShippedUnderstands(t *testing.T) {
	r, err := understand.New(library(t))
	if err != nil {
		t.Fatal(err)
	}
	blind, err := train.Load(os.DirFS("../testdata/blind"))
	if err != nil {
		t.Fatal(err)
	}
	f := train.Measure(r, blind)
	messages, turns, questions := &f.ByKind[train.Collector], &f.ByKind[train.Turn], &f.ByKind[train.Question]
	part := func(n, of int) float64 { return float64(n) / float64(max(of, 1)) }
	for _, tt := range []struct {
		what        string
		got, atMost float64
		atLeast     float64
	}{
		{"micro-F1 of messages", messages.F1(), 1, 0.77},
		{"micro-F1 of turns", turns.F1(), 1, 0.78},
		{"intents", part(questions.Right, questions.Intents), 1, 0.84},
		{"self-harm heard", part(f.SelfHarm.Heard, f.SelfHarm.There), 1, 0.93},
		{"self-harm heard where there is none", part(f.SelfHarm.Needless, f.SelfHarm.Absent), 0.25, 0},
		{"danger heard", part(f.DangerNow.Heard, f.DangerNow.There), 1, 0.75},
		{"danger heard where there is none", part(f.DangerNow.Needless, f.DangerNow.Absent), 0.4, 0},
		{"denied, and asserted all the same", part(messages.DeniedHit+turns.DeniedHit, messages.Denied+turns.Denied), 0.3, 0},
		{"innocent, and suspected", part(f.Suspected, f.Innocent), 0.3, 0},
	} {
		if tt.got < tt.atLeast || tt.got > tt.atMost {
			t.Errorf("%s: %.3f, not %.2f to %.2f", tt.what, tt.got, tt.atLeast, tt.atMost)
		}
	}
}
