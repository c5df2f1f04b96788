package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"anning/bot"
)

// listFaults writes faults as authors read them, one a line: where, what, and whether it has to be mended.
func (c *config) listFaults(faults []bot.Fault) string {
	lines := make([]string, 0, len(faults))
	for _, f := range faults {
		mark := "（可改）"
		if f.MustFix {
			mark = "（要改）"
		}
		f.Text = c.explain(f)
		lines = append(lines, f.String()+mark)
	}
	return strings.Join(slices.Compact(lines), "\n")
}

// explain says in Chinese what is wrong. What has no Chinese words stays as the checker said it.
func (c *config) explain(f bot.Fault) string {
	lines := c.linesOf(f.File)
	if what, ok := strings.CutPrefix(f.Text, "no YAML: "); ok {
		for n := max(f.Line-1, 1); n <= len(lines); n++ { // YAML notices late, or names the line where the list begins
			if slip := slipIn(lines[n-1], true); slip != "" {
				return fmt.Sprintf("YAML 写法不对：第 %d 行%s（原话：%s）", n, slip, what)
			}
		}
		return "YAML 写法不对：" + yamlWords(what) + "；错处在这一行附近，也可能在下面几行（原话：" + what + "）"
	}
	text := inWords(f.Text)
	if f.Line > 0 && f.Line <= len(lines) {
		if slip := slipIn(lines[f.Line-1], false); slip != "" {
			text = "这一行" + slip + "（" + text + "）"
		}
	}
	return text
}

// linesOf reads a file of flows/ or content/; none where it cannot be read.
func (c *config) linesOf(file string) []string {
	lib, set := c.files()
	from, name := lib, strings.TrimPrefix(file, "content/")
	if strings.HasPrefix(file, "flows/") {
		from, name = set, strings.TrimPrefix(file, "flows/")
	}
	if !fs.ValidPath(name) || path.Ext(name) != ".yaml" {
		return nil
	}
	data, err := fs.ReadFile(from, name)
	if err != nil {
		return nil
	}
	return strings.Split(string(data), "\n")
}

// slips are what a Chinese keyboard puts into YAML, and what else is hard to see.
var slips = []struct {
	form   *regexp.Regexp
	text   string
	syntax bool // only where YAML itself refused the file; elsewhere it may be people's words
}{
	{regexp.MustCompile(`(?:^\s*(?:- +)?|[{,，]\s*)["'{\s]*[a-z_]+["']?\s*：`), "的「：」是全角的，要用半角的冒号，后面空一格", false},
	{regexp.MustCompile(`[{][^{}]*，\s*["']?[a-z_]+["']?\s*[:：]`), "的「，」是全角的，要用半角的逗号", false},
	{regexp.MustCompile(`^\s*(?:- +)?(?:[a-z_]+:\s*)?[【［｛][^】］｝]*[】］｝]\s*$`), "的括号是全角的，要用半角的 [ ] 或 { }", false},
	{regexp.MustCompile(`^\s*(?:- +)?\{?\s*[a-z_]+:[^\s:/]`), "的冒号后面要空一格", false},
	{regexp.MustCompile(`^ *\t`), "开头有 Tab，缩进只能用空格", true},
	{regexp.MustCompile(`(?:[:\[,]\s*|^\s*- +)[“”‘’]`), "的引号是全角的，括住整句要用半角的 \"", true},
	{regexp.MustCompile(`^\s*(?:- +)?(?:[a-z_]+: +)?[{\[][^{}\[\]:,]+[}\]][^\s#,}\]]`), "的话用 { 或 [ 开头，整句要用半角的 \" 括起来", true},
	{regexp.MustCompile(`^\s*(?:- +)?[a-z_]+: +[@%*&!|>` + "`" + `][^\s\d+-]`), "的话用特殊符号开头，整句要用半角的 \" 括起来", true},
	{regexp.MustCompile(`^\s*(?:- +)?[a-z_]+: +[^"'{\[|>#\s][^"#]*[^"#\s]: `), "的话里有半角的冒号，改成「：」，或者整句用半角的 \" 括起来", true},
}

// slipIn says what is wrong with the signs of a line; "" where nothing is to be seen.
func slipIn(line string, syntax bool) string {
	if strings.HasPrefix(strings.TrimSpace(line), "#") {
		return ""
	}
	for _, s := range slips {
		if (syntax || !s.syntax) && s.form.MatchString(line) {
			return s.text
		}
	}
	return ""
}

// yamlWords is what the YAML parser says, in Chinese.
func yamlWords(what string) string {
	for _, w := range [][2]string{
		{"did not find expected ',' or '}'", "花括号没有写完，或中间少了半角的逗号"},
		{"did not find expected ',' or ']'", "方括号没有写完，或中间少了半角的逗号"},
		{"mapping values are not allowed", "缩进没有对齐，或一行里多了一个半角的冒号"},
		{"could not find expected ':'", "少了半角的冒号（冒号后面要空一格）"},
		{"cannot start any token", "有个符号不能放在开头：Tab，或 @ ` % 开头的话没有用引号括起来"},
		{"found unexpected end of stream", "引号没有配成一对"},
		{"did not find expected key", "缩进没有对齐，或引号后面还有字"},
		{"did not find expected '-' indicator", "缩进没有对齐：同一个列表里的 - 要在同一列，它的键要更靠右"},
		{"unknown escape", "双引号里的反斜杠要写两个"},
		{"already defined", "同一个键写了两遍"},
		{"unknown anchor", "* 开头的话要用引号括起来"},
	} {
		if strings.Contains(what, w[0]) {
			return w[1]
		}
	}
	return "这里不合 YAML 的写法"
}

// mustBeMended is the error of flows and content that may not go out to people; nil where there is none of that.
func (c *config) mustBeMended(faults []bot.Fault) error {
	n := mustFix(faults)
	if n == 0 {
		return nil
	}
	return hint(errors.New(fmt.Sprintf("流程和内容有 %d 处要先改好：\n", n)+c.listFaults(faults)), "改好以后用 anning check 再看一遍。")
}
