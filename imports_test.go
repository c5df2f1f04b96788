// Package anning_test holds what is true of the whole module.
package anning_test

import (
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// imports is who may import whom, besides the standard library and other people's modules. A pattern ending in "/*"
// is for every package of that folder that has no line of its own. Only cmd/anning and tests know everybody.
var imports = map[string][]string{
	"cmd/anning":               {"*"},
	"bot":                      {"flows", "content", "content/*", "storage", "bot/answer", "bot/casefile", "bot/ocr", "bot/reminders"},
	"bot/*":                    {"bot"}, // a messenger, transcripts, the messengers' suite
	"bot/answer":               {},
	"bot/casefile":             {"storage"},
	"bot/reminders":            {"storage"},
	"bot/ocr":                  {},
	"bot/ocr/*":                {"bot/ocr"},
	"bot/telegram/*":           {"bot"}, // Telegram's side, for tests
	"bot/wechat/*":             {},      // WeChat's own server, for tests
	"e2e/*":                    {},      // tests against what others wrote
	"flows":                    {},
	"content":                  {},
	"content/*":                {"content"},
	"content/understand":       {"content", "content/understand/*", "bot/answer"}, // it reads days and times as answers are read
	"content/understand/model": {},
	"content/understand/train": {"content", "content/understand", "content/understand/model"}, // makes the model
	"content/loans":            {},
	"storage":                  {},
	"storage/*":                {"storage"}, // a driver, the drivers' suite
	"storage/redistest":        {},
}

// rule finds what a package may import.
func rule(pkg string) ([]string, bool) {
	if may, ok := imports[pkg]; ok {
		return may, true
	}
	may, ok := imports[path.Dir(pkg)+"/*"]
	return may, ok
}

func allowed(may []string, pkg string) bool {
	return slices.Contains(may, "*") || slices.Contains(may, pkg) || slices.Contains(may, path.Dir(pkg)+"/*")
}

func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").CombinedOutput()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, out)
	}
	seen := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		pkg, ours := strings.CutPrefix(words[0], "anning/")
		if !ours {
			continue
		}
		seen++
		may, ok := rule(pkg)
		if !ok {
			t.Errorf("%s: no line in the table says what it may import", pkg)
		}
		for _, imp := range words[1:] {
			if imp, ours := strings.CutPrefix(imp, "anning/"); ours && !allowed(may, imp) {
				t.Errorf("%s imports %s; it may import %v", pkg, imp, may)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d packages of ours were seen:\n%s", seen, out)
	}
}

func TestImportsTable(t *testing.T) {
	for _, tt := range []struct {
		pkg, imp string
		want     bool
	}{
		{"bot/web", "bot", true}, {"bot/web", "storage", false}, {"bot/web", "bot/terminal", false},
		{"bot/answer", "bot", false}, {"bot", "content/understand", true}, {"bot", "bot/web", false},
		{"flows", "content", false}, {"storage/redisstore", "storage", true}, {"storage/redisstore", "storage/sqlitestore", false},
		{"bot/reminders", "storage", true}, {"bot/reminders", "bot", false}, {"cmd/anning", "storage/redisstore", true},
	} {
		may, ok := rule(tt.pkg)
		if got := ok && allowed(may, tt.imp); got != tt.want {
			t.Errorf("%s may import %s: %v, want %v", tt.pkg, tt.imp, got, tt.want)
		}
	}
}
