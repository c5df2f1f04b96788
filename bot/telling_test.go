package bot_test

import (
	"maps"
	"strings"
	"testing"

	"anning/bot"
)

func TestPlacesAreToldApartByWhatIsStillLookedAt(t *testing.T) {
	files := maps.Clone(small)
	files["long"] = `title: 长的
phrases: [走长的]
steps:
  - {id: first, accept: date, slot: day, ask: 哪天？}
  - {id: pause, ask: 歇一下？, choices: [{id: go, label: 接着, to: again}, {id: side, label: 去别处, to: other/}, {id: set, label: 换人, set: {role: debtor}, to: who}]}
  - {id: again, accept: date, slot: day, ask: 再说哪天？}
  - {id: what, ask: 怎样？, choices: [{id: a, label: 甲}, {id: b, label: 乙}]}
  - next: [{when: {day: {lt: 2026-01-01}}, to: who}]
  - end: return
  - {id: who, ask: 谁？, choices: [{id: me, label: 我, when: {role: debtor}}, {id: you, label: 你}]}
  - end: return
`
	files["other"] = "title: 别处\nphrases: [走别处]\nsteps:\n  - {id: here, when: {creditor: bank_card}, ask: 这里？, choices: [{id: ok, label: 行}]}\n  - next: long/who\n"
	set := flowSet(t, files)
	for _, tt := range []struct{ step, want string }{
		{"first", "creditor role"},
		{"pause", "creditor role"}, // day is asked again before it is looked at
		{"again", "role"},
		{"what", "day role"},
		{"who", "role"},
	} {
		if got := strings.Join(bot.LooksAhead(set, "long", tt.step), " "); got != tt.want {
			t.Errorf("from %s: %s, want %s", tt.step, got, tt.want)
		}
	}
	if got := strings.Join(bot.LooksAhead(set, "other", "here"), " "); got != "creditor role" {
		t.Errorf("from other/here: %s", got)
	}
}
