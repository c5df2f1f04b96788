package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
)

// checkers are the packages that find faults.
var checkers = []string{"../../flows", "../../content", "../../content/understand", "../../bot"}

// sentences reads the checkers' sources: every text put together there, with %s for what is filled in by +; and of those
// the ones that become faults. Reasons are the words that a refused form or word is explained with.
func sentences(t *testing.T) (all, faults, reasons map[string]bool) {
	t.Helper()
	all, faults, reasons = map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, dir := range checkers {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					for _, arg := range n.Args {
						if text, ok := joined(arg); ok && reports(n.Fun, filepath.Base(name)) && sentence.MatchString(text) {
							faults[text] = true
							break
						}
					}
				case *ast.CompositeLit:
					if text := reason(n); text != "" {
						reasons[text] = true
					}
				}
				if e, ok := n.(ast.Expr); ok {
					if text, ok := joined(e); ok {
						all[text] = true
					}
				}
				return true
			})
		}
	}
	return all, faults, reasons
}

// sentence tells English words from keys, ids and paths.
var sentence = regexp.MustCompile(`[a-z]{2,} [a-z0-9%&:]|[a-z]; `)

// reports tells whether a function called so notes a fault.
func reports(fun ast.Expr, file string) bool {
	name := ""
	switch f := fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	switch name {
	case "must", "may", "fault", "wrong":
		return true
	case "add":
		return file == "words.go"
	case "Errorf":
		return file == "template.go" || file == "date.go" || file == "phrase.go"
	}
	return false
}

// reason is the explanation in an entry of refused words, forms, or words with something better to say; "" elsewhere.
func reason(entry *ast.CompositeLit) string {
	for i, e := range entry.Elts {
		id, ok := e.(*ast.Ident)
		if ok && (id.Name == "MustFix" || id.Name == "MayFix") && i+1 < len(entry.Elts) {
			text, _ := joined(entry.Elts[i+1])
			return text
		}
		if ok && (id.Name == "true" || id.Name == "false") && i == 3 && len(entry.Elts) == 4 {
			text, _ := joined(entry.Elts[1])
			return text
		}
	}
	return ""
}

// joined is a text, or texts and other things joined by +, the others as %s.
func joined(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, one := joined(e.X)
		right, other := joined(e.Y)
		if e.Op != token.ADD || !one && !other {
			return "", false
		}
		if !one {
			left = "%s"
		}
		if !other {
			right = "%s"
		}
		return left + right, true
	}
	return "", false
}

// TestFaultWords holds the left side of the table to the checkers' sources: a sentence that changed there would
// silently stay English.
func TestFaultWords(t *testing.T) {
	all, _, _ := sentences(t)
	for _, w := range faultWords {
		if !all[w[0]] {
			t.Errorf("no checker says %q", w[0])
		}
	}
}

// TestEveryFaultIsChinese: whatever a checker can say, authors read in Chinese. Failing here, a new sentence needs a line
// in faultwords_flows.go or faultwords_content.go, a new reason one in faultwords_reasons.go.
func TestEveryFaultIsChinese(t *testing.T) {
	_, faults, reasons := sentences(t)
	if len(faults) < 150 || len(reasons) < 60 {
		t.Fatalf("%d sentences and %d reasons found: the sources are not read right", len(faults), len(reasons))
	}
	filled := strings.NewReplacer("%q", `"x"`, "%d", "7", "%s", "x", "%t", "true", "%v", "x", "%w", "x")
	for _, text := range slices.Sorted(maps.Keys(faults)) {
		if strings.HasPrefix(text, "no YAML: ") { // said by explain, which sees the line
			continue
		}
		if said := filled.Replace(text); inWords(said) == said || english.MatchString(inWords(said)) {
			t.Errorf("English for authors: %q", text)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(reasons)) {
		if english.MatchString(text) && inWords(text) == text {
			t.Errorf("English for authors: the reason %q", text)
		}
	}
}

// english is words of it, not keys that authors write.
var english = regexp.MustCompile(`[a-z]{2,} (?:[a-z]{2,}|a)\b|^nothing$`)

func TestInWords(t *testing.T) {
	for text, want := range map[string]string{
		`unknown key "saying" in a step (did you mean "say"?)`:                                              `没有 "saying" 这个键，是不是 "say"？`,
		`no law "zagl2025-50-1-6", did you mean "zagl2025-50-1-5"`:                                          `没有法律 "zagl2025-50-1-6"，是不是 "zagl2025-50-1-5"？`,
		`to: no step "kep" in flows/a (did you mean "keep"?)`:                                               `流程 flows/a 里没有步骤 "kep"，是不是 "keep"？`,
		`when: no step fills the slot "who"`:                                                                `when 里的 "who" 没有哪一步会记下`,
		`the label 「一二三四五六七八九十一」 has 11 characters; at most 10`:                                             `按钮「一二三四五六七八九十一」有 11 个字，最多 10 个`,
		`category is "provacy", did you mean "privacy": it has to be privacy, threat`:                       `category 写了 "provacy"，只能是 privacy, threat，是不是 "privacy"？`,
		`evidence[0].why is empty`:                                                                          `evidence[0].why 是空的`,
		`no checklist "recordin", did you mean "recording"`:                                                 `没有清单 "recordin"，是不是 "recording"？`,
		`no reporting channel "x"`:                                                                          `没有渠道 "x"`,
		`conducts/a: phrase "打 |" has an empty word: one space between words, something on both sides of |`: `conducts/a：phrases 里的 "打 |"：有个词是空的：词之间只空一格，| 两边都要有字`,
		`say: 「您」: say 你; 您 only in words the person will say or send`:                                      `say 里的「您」：写「你」，「您」只写在给人照着念、照着发的话里`,
		`to: no step "report" in menu (the flow is written "report/")`:                                      `流程 menu 里没有步骤 "report"；去那个流程，写 "report/"`,
		`names: 「12378」 is a phrase of the flow channel_12378`:                                              `names：「12378」已经会打开流程 channel_12378`,
		`the file is empty`:             `文件是空的`,
		`something new`:                 `something new`,
		`menu/door: there is no way on`: `menu/door：没有路了`,
	} {
		if got := inWords(text); got != want {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestSlips: what a Chinese keyboard does to YAML is said in Chinese, at the line where it is.
func TestSlips(t *testing.T) {
	const head = "title: 试\nsteps:\n  - say: 好：的，“嗯”\n"
	for yaml, want := range map[string]string{
		"  - id: a\n    ask: 好吗？\n    choices:\n      - {id: x，label: 一, to: b}\n": "第 7 行的「，」是全角的",
		"  - id: a\n    ask：好吗？\n    accept: yes_no\n":                             "第 5 行的「：」是全角的",
		"  - {id：a, ask: 好吗？, accept: yes_no}\n":                                   "这一行的「：」是全角的",
		"  - say：好\n":        "这一行的「：」是全角的",
		"  - say:好\n":        "这一行的冒号后面要空一格",
		"  - say: 他说: 你好\n":  "第 4 行的话里有半角的冒号",
		"\t- say: 好\n":       "第 4 行开头有 Tab",
		"  - say: @好\n":      "第 4 行的话用特殊符号开头",
		"  - say: {day}那天\n": "第 4 行的话用 { 或 [ 开头",
		"  - say: \"好\n":     "引号没有配成一对；错处在这一行附近",
		"  - {say: 好\n":      "花括号没有写完",
		" - say: 好\n":        "缩进没有对齐",
		"  - {id: b, ask: 好吗？, accept: choice, choices: [{id: x, label: “一”, 二}]}\n": "", // whatever it says, it says it without breaking
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "x.yaml"), []byte(head+yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readConfig(env("FLOWS_DIR", dir, "ANNING_DATA", dir))
		if err != nil {
			t.Fatal(err)
		}
		_, _, faults, err := c.library()
		if err != nil || len(faults) == 0 {
			t.Fatalf("%s: %d faults, %v", yaml, len(faults), err)
		}
		if got := c.listFaults(faults); !strings.Contains(got, want) {
			t.Errorf("%s\nwant %s, got\n%s", yaml, want, got)
		}
	}
}

// TestCleanLines: nothing that is shipped looks like a slip.
func TestCleanLines(t *testing.T) {
	for _, pattern := range []string{"../../flows/*.yaml", "../../content/*/*.yaml", "../../content/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(data), "\n") {
				if slip := slipIn(line, false); slip != "" {
					t.Errorf("%s:%d: %s\n%s", name, i+1, slip, line)
				}
			}
		}
	}
}

func TestCoverage(t *testing.T) {
	got := coverage(&bot.Coverage{States: 9, Reached: 3, Missed: []string{"menu/door"}, Faults: []string{"a/b: an empty reply"}, Cut: true})
	want := "到过 9 个不同的地方，4 个步骤走到了 3 个。\n地方太多，没有走完。\n  没走到：menu/door\n  a/b：一条空的回复（要改）\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzExplain(f *testing.F) {
	f.Add("  - {id: x，label: 一}", "no YAML: did not find expected ',' or '}'", 1)
	f.Add("steps：", `unknown key "a" in a step (did you mean "b"?)`, 1)
	f.Add("", "", 0)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, line, text string, n int) {
		slipIn(line, true)
		c := &config{FlowsDir: dir}
		if got := c.explain(bot.Fault{File: "flows/../x.yaml", Line: n, Text: text}); got == "" && text != "" {
			t.Errorf("%q became nothing", text)
		}
	})
}
