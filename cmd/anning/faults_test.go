package main

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
)

// TestFaultWords holds the left side of the table to the checkers' sources: a sentence that changed there would
// silently stay English.
func TestFaultWords(t *testing.T) {
	var sources strings.Builder
	for _, dir := range []string{"../../flows", "../../content", "../../bot"} {
		files, err := filepath.Glob(dir + "/*.go")
		if err != nil || len(files) == 0 {
			t.Fatal(dir, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(name, "_test.go") {
				sources.Write(data)
			}
		}
	}
	for _, w := range faultWords {
		quoted := strconv.Quote(strings.TrimPrefix(w[0], "%s"))
		if !strings.Contains(sources.String(), quoted[1:len(quoted)-1]) {
			t.Errorf("no checker says %q", w[0])
		}
	}
}

func TestInWords(t *testing.T) {
	for text, want := range map[string]string{
		`unknown key "saying" in a step (did you mean "say"?)`:                        `没有 "saying" 这个键，是不是 "say"？`,
		`no law "zagl2025-50-1-6", did you mean "zagl2025-50-1-5"`:                    `没有 "zagl2025-50-1-6"（law），是不是 "zagl2025-50-1-5"？`,
		`to: no step "kep" in flows/a (did you mean "keep"?)`:                         `流程 flows/a 里没有步骤 "kep"，是不是 "keep"？`,
		`when: no step fills the slot "who"`:                                          `when 里的 "who" 没有哪一步会记下`,
		`the label 「一二三四五六七八九十一」 has 11 characters; at most 10`:                       `按钮「一二三四五六七八九十一」有 11 个字，最多 10 个`,
		`category is "provacy", did you mean "privacy": it has to be privacy, threat`: `category 写了 "provacy"，只能是 privacy, threat，是不是 "privacy"？`,
		`evidence[0].why is empty`:                                                    `evidence[0].why 是空的`,
		`something new`:                                                               `something new`,
		`menu/door: there is no way on`:                                               `menu/door：没有路了`,
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
		"  - say：好\n":       "这一行的「：」是全角的",
		"  - say:好\n":       "这一行的冒号后面要空一格",
		"  - say: 他说: 你好\n": "第 4 行的话里有半角的冒号",
		"\t- say: 好\n":      "第 4 行开头有 Tab",
		"  - say: @好\n":     "第 4 行的话用特殊符号开头",
		"  - say: \"好\n":    "引号没有配成一对；错处在这一行附近",
		"  - {say: 好\n":     "花括号没有写完",
		" - say: 好\n":       "缩进没有对齐",
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
