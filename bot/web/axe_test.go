package web_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// axe is the accessibility checker, installed beside its lock file.
const axe = "testdata/axe/node_modules/axe-core/axe.min.js"

func TestAccessibility(t *testing.T) {
	checker, err := os.ReadFile(axe)
	if err != nil {
		t.Fatalf("%v\nHint: npm ci --prefix bot/web/testdata/axe", err)
	}
	scenes := []struct {
		name string
		to   []string
	}{
		{"hello", nil}, {"question", []string{"family"}}, {"danger", []string{"danger"}}, {"law", []string{"law"}},
		{"conduct", []string{"told"}}, {"reporting channel", []string{"police"}}, {"checklist", []string{"list"}}, {"running call", []string{"live"}}, {"file", []string{"拿文件"}},
		{"error", []string{"出错"}},
	}
	for _, scheme := range []string{"light", "dark"} {
		_, w := visit(t, nil)
		w.media("prefers-color-scheme", scheme)
		w.sees("我是安宁")
		for i, scene := range scenes {
			for _, text := range scene.to {
				w.write(text)
				w.holds(fmt.Sprintf(`document.querySelectorAll('.turn[data-turn], .turn.lost').length > %d`, i))
			}
			violations(t, w, string(checker), scheme+" "+scene.name)
		}
	}
	_, w := visit(t, nil)
	w.sees("我是安宁")
	w.visit(value[string](w, `location.origin`) + "/nowhere")
	w.sees("这一页没有")
	violations(t, w, string(checker), "not found")
	w.visit(value[string](w, `location.origin`))
	w.sees("接着上次")
	violations(t, w, string(checker), "come back")
}

// violations reports what axe finds wrong with what the window shows.
func violations(t *testing.T, w *window, checker, scene string) {
	t.Helper()
	w.holds(`document.getAnimations().every(a => a.playState === 'finished')`)
	value[bool](w, checker+";true")
	found := value[[]string](w, `axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
		.then(r => r.violations.map(v => v.id + ': ' + v.help + ' — ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')))`)
	if len(found) > 0 {
		t.Errorf("%s:\n%s", scene, strings.Join(found, "\n"))
	}
}
