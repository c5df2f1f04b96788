package bot_test

import (
	"testing"

	"anning/bot"
	"anning/flows"
)

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
