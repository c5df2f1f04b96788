//go:build !race

// These walk everything that ships, one step after another: the race detector would only make them ten times slower.
// make test runs them without it.
package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"anning/bot"
	"anning/flows"
)

func TestExploreReachesEveryStep(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	cov, err := bot.Explore(t.Context(), library(t), set, now, 400_000)
	if err != nil {
		t.Fatal(err)
	}
	if cov.Cut || len(cov.Missed) > 0 || len(cov.Faults) > 0 {
		t.Error(cov)
	}
	if len(cov.Texts) < 1000 {
		t.Errorf("only %d different texts were said", len(cov.Texts))
	}
	for _, crossed := range crossedRedLines(cov.Texts) {
		t.Error("said on the walk: " + crossed)
	}
	t.Log(cov)
}

// Every way of asking that a question lists is answered by it, typed at the menu, or is led on to where something graver
// is heard in the same words. Nobody who asks one is sent to the menu or asked what it is about.
func TestEveryShippedQuestionIsAnswered(t *testing.T) {
	k := shippedWalk(t)
	menu := slices.Clone(k.session)
	var lost []string
	asks, led := 0, 0
	for _, q := range library(t).Questions {
		for _, ask := range q.Asks {
			asks++
			k.session = slices.Clone(menu)
			if k.say(ask); k.answers(q.ID) {
				continue
			}
			led++
			at, flow := "no question", ""
			if last := k.last[len(k.last)-1]; len(last.Choices) > 0 {
				at, _, _ = strings.Cut(last.Choices[0].Value, "=")
				flow, _, _ = strings.Cut(at, "/")
			}
			if flow == "menu" && len(k.last) == 1 || flow == "identify" || flow == "question" {
				lost = append(lost, fmt.Sprintf("content/questions/%s.yaml: 「%s」 → %s", q.ID, ask, at))
			}
		}
	}
	if len(lost) > 0 || led*4 > asks {
		t.Errorf("%d of %d ways to ask are lost, %d led elsewhere:\n%s", len(lost), asks, led, strings.Join(lost, "\n"))
	}
	t.Logf("%d of %d ways to ask are answered, the others led to a flow", asks-led, asks)
}

// TestEveryoneReachesAReportingChannel holds the promise of the guide: whatever happened and whoever the creditor is,
// a stranger who tells it in a sentence has the card of a reporting channel that is right for it, with its contact, after
// at most six buttons, the one that allows keeping among them; so has whoever only presses buttons.
func TestEveryoneReachesAReportingChannel(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	for name, most := range map[string]int{"told": 6, "buttons": 6} {
		t.Run(name, func(t *testing.T) {
			all, err := bot.Reaches(t.Context(), library(t), set, now, name == "told", most)
			if err != nil {
				t.Fatal(err)
			}
			taps := map[int]int{}
			for _, r := range all {
				if taps[r.Taps]++; r.Taps == 0 {
					t.Errorf("%s, %s: no reporting channel within %d buttons", r.Conduct, r.Creditor, most)
				}
			}
			if len(all) < 210 {
				t.Errorf("only %d pairs of conduct and creditor were tried", len(all))
			}
			t.Logf("buttons to the first right card: %v", taps)
		})
	}
}
