package bot_test

import (
	"slices"
	"strings"
	"testing"

	"anning/bot"
	"anning/content"
	"anning/flows"
)

func TestShippedFlowsAndContentFitTogether(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range bot.Check(library(t), set, content.DateOf(now)) {
		if f.MustFix {
			t.Error(f)
		}
	}
}

func TestCheckFindsWhatDoesNotFit(t *testing.T) {
	files := map[string]string{}
	for id, text := range small {
		files[id] = text
	}
	files["side"] = `title: 旁边
steps:
  - show: {name: law, of: zagl1900-1}
  - show: {name: script, of: nothing}
  - id: who
    source: laws/zagl1900-2
    ask: 谁？
    from: nobodies
    choices: [{id: a, label: 看一眼, show: {name: reporting_channel, of: nowhere}}]
  - document: novel
  - end: return
`
	files["the_man_at_the_door"] = "title: 门外\nphrases: [门外的人]\nsteps:\n  - {id: the_moment_of_the_visit_at_home, accept: moment, ask: 什么时候？}\n  - end: return\n"
	delete(files, "help")
	lib := *library(t)
	lib.Wording = map[string]string{}
	lib.Signals = append([]*content.Signal{{ID: "lost", Flow: "gone"}}, lib.Signals...)
	var all strings.Builder
	for _, f := range bot.Check(&lib, flowSet(t, files), content.DateOf(now)) {
		if f.MustFix {
			all.WriteString(f.String() + "\n")
		}
	}
	for _, want := range []string{
		`flows/side.yaml:3: law: the content has no "zagl1900-1"`,
		`flows/side.yaml:4: script: the content has no "nothing"`,
		`source: the content has no "laws/zagl1900-2"`,
		`reporting_channel: the content has no "nowhere"`,
		"nobodies", "novel", "shorten the id of the step",
		`flows/help.yaml: the engine opens this flow, and it is missing`,
		`the engine's sentence "error" is missing`,
		`content/signals/lost.yaml: no flow "gone"`,
	} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("no fault with %q in\n%s", want, all.String())
		}
	}
}

// What a blank of a letter says is written over, so it takes no room where the reporting channel counts.
func TestBlanksOfALetterAreCountedAsTheyAreHandedIn(t *testing.T) {
	letter := content.Letter{ID: "short", Name: "短信", Channels: []string{"s12321"}, Paragraphs: []string{"{who} 于 {when} 来电。"},
		Slots: []content.LetterSlot{{ID: "who", Name: "打来的那家公司的全称"}, {ID: "when", Name: "哪一天的几点几分"}}}
	lib := *library(t)
	lib.Letters = []*content.Letter{&letter}
	for most, want := range map[int]string{11: "", 10: "content/letters/short.yaml: even empty it has 11 characters; the reporting channel takes 10"} {
		letter.Most = most
		got := ""
		for _, f := range bot.Check(&lib, flowSet(t, small), content.DateOf(now)) {
			if strings.Contains(f.Text, "even empty") {
				got = f.String()
			}
		}
		if got != want {
			t.Errorf("at most %d characters: %q, want %q", most, got, want)
		}
	}
}

func TestReloadRefusesBrokenFlowsAndKeepsTheOld(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	say(t, b, "1", "/start")
	files := map[string]string{}
	for id, text := range small {
		files[id] = text
	}
	files["menu"] = "title: 菜单\nsteps:\n  - {id: door, ask: 哪一种？, choices: [{id: a, label: 走, to: nowhere/}]}\n"
	if err := b.Reload(library(t), flowSet(t, files)); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a broken edit was taken: %v", err)
	}
	if replies := say(t, b, "2", "可以记"); len(replies) == 0 || len(replies[len(replies)-1].Choices) < 2 {
		t.Errorf("after the refused edit: %v", replies)
	}
}

func TestCommandWordsAreDistinct(t *testing.T) {
	words := bot.CommandWords()
	if !slices.IsSorted(words) || len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Errorf("command words repeat: %v", words)
	}
}
