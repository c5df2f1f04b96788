package flows

import (
	"strings"
	"testing"
	"testing/fstest"
)

// TestRefused says each refused word by itself, in quotation marks, and inside the longer words where it may stand.
func TestRefused(t *testing.T) {
	for _, w := range refused {
		for text, want := range map[string]bool{"这里是" + w.word + "在说": true, "念「" + w.word + "」给我听": false} {
			if got := said(t, text, w); got != want {
				t.Errorf("%s in %s: %v, want %v", w.word, text, got, want)
			}
		}
		for _, longer := range w.unless {
			if !strings.Contains(longer, w.word) {
				t.Errorf("%s does not hold %s", longer, w.word)
			}
			if said(t, "这里是"+longer+"在说", w) {
				t.Errorf("%s is refused in %s", w.word, longer)
			}
		}
	}
}

// said reports whether Check finds the word in the text, at the word's severity.
func said(t *testing.T, text string, w word) bool {
	t.Helper()
	set, err := Load(fstest.MapFS{"a.yaml": {Data: []byte("steps:\n  - say: " + text + "\n  - end: rest\n")}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range Check(set, nil) {
		if f.Severity == w.severity && f.Line == 2 && strings.Contains(f.Text, "「"+w.word+"」") {
			return true
		}
	}
	return false
}

// TestPatterns gives each form a text that has it and one near it that does not.
func TestPatterns(t *testing.T) {
	tests := []struct{ bad, good string }{
		{"先看☀️这里", "✓ □ ■ ○ · › ┃"},
		{"好！", "念「好！」"},
		{"看 `这里`", "看_这里"},
		{"先记(下)", "12:30 打 110, 再看"},
		{"用App记", "用 App 记，2026年1月1日，第3步"},
		{"好哈～", "哈尔滨"},
		{"亲爱的", "亲友都在"},
		{"6w 元", "6 万元，www"},
	}
	if len(tests) != len(patterns) {
		t.Fatalf("%d tests of %d patterns", len(tests), len(patterns))
	}
	for i, p := range patterns {
		if !p.form.MatchString(unquoted(tests[i].bad)) || p.form.MatchString(unquoted(tests[i].good)) {
			t.Errorf("%s: %q or %q", p.why, tests[i].bad, tests[i].good)
		}
	}
}
