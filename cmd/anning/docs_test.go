package main

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"anning/bot/transcript"
	"anning/content"
)

const authorsGuide = "../../docs/authors.zh.md"

// between cuts what stands between two marks of a text.
func between(t *testing.T, text, begin, end string) (before, inside, after string) {
	t.Helper()
	before, rest, ok1 := strings.Cut(text, begin)
	inside, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("the guide has no place between %q and %q", begin, end)
	}
	return before, inside, after
}

// TestAuthorsExample: the flow that the authors' guide shows works when it is copied, and so does its transcript.
func TestAuthorsExample(t *testing.T) {
	data, err := os.ReadFile(authorsGuide)
	if err != nil {
		t.Fatal(err)
	}
	guide := string(data)
	const begin, end = "<!-- transcript -->\n```\n", "```\n<!-- /transcript -->"
	_, flow, _ := between(t, guide, "```yaml\n", "```\n")
	before, talk, after := between(t, guide, begin, end)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../flows")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "neighbour.yaml"), []byte(flow), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConfig(env("FLOWS_DIR", dir, "ANNING_DATA", t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	_, _, faults, err := c.library()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		if strings.Contains(f.File, "neighbour") || f.MustFix {
			t.Error(f)
		}
	}
	file, err := transcript.Parse("docs/authors.zh.md", []byte(talk))
	if err != nil {
		t.Fatal(err)
	}
	res, err := c.playAlone(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(authorsGuide, []byte(before+begin+string(res.Updated)+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(res.Faults) > 0 {
		t.Errorf("the guide is behind; run go test ./cmd/anning -run AuthorsExample -update\n%v", res.Faults)
	}
}

// TestAuthorsKeys: every key of what authors write most, and every word it can take, is told where the guide tells of it.
func TestAuthorsKeys(t *testing.T) {
	data, err := os.ReadFile(authorsGuide)
	if err != nil {
		t.Fatal(err)
	}
	schemas := content.Schemas()
	for kind, heading := range map[string]string{
		"conducts": "加一种催收行为", "routes": "加一个去向（route）", "laws": "加一条法律", "reporting_channels": "加一个渠道",
		"questions": "加一个问题", "letters": "加一封信", "checklists": "加一张清单", "creditors": "加一种债权人，或一个叫法",
		"lenders": "加一家银行、一个 App",
	} {
		_, section, _ := between(t, string(data), "\n## "+heading+"\n", "\n## ")
		section += "`source` `confidence` `checked`" // told once, for all
		var schema any
		if err := json.Unmarshal(schemas[kind], &schema); err != nil {
			t.Fatal(kind, err)
		}
		words := keysAndWords(schema)
		if len(words) < 4 {
			t.Fatalf("%s: %d keys in its schema", kind, len(words))
		}
		for _, word := range words {
			if !regexp.MustCompile("[`{ ]" + word + "[`: }]").MatchString(section) {
				t.Errorf("「%s」 does not tell of %s of %s", heading, word, kind)
			}
		}
	}
}

// keysAndWords are the keys of a JSON Schema and the words its texts can be, apart from ids and how sure a fact is.
func keysAndWords(schema any) (words []string) {
	switch s := schema.(type) {
	case map[string]any:
		for key, value := range s {
			if properties, ok := value.(map[string]any); ok && key == "properties" {
				words = slices.AppendSeq(words, maps.Keys(properties))
			}
			if one, ok := value.([]any); ok && key == "enum" && !slices.Contains(one, any("high")) {
				for _, word := range one {
					if w, ok := word.(string); ok && w != "" {
						words = append(words, w)
					}
				}
				continue
			}
			words = append(words, keysAndWords(value)...)
		}
	case []any:
		for _, value := range s {
			words = append(words, keysAndWords(value)...)
		}
	}
	return words
}

// TestReadme: a newcomer finds every command and every room in README.md.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	for _, c := range commands() {
		if !strings.Contains(readme, "`anning "+c.name) {
			t.Errorf("README.md does not tell of anning %s", c.name)
		}
	}
	list := exec.Command("go", "list", "./...")
	list.Dir = "../.."
	out, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for pkg := range strings.FieldsSeq(string(out)) {
		if room := path.Base(pkg) + "/"; pkg != "anning" && !strings.Contains(readme, room) {
			t.Errorf("README.md does not name the room %s of %s", room, pkg)
		}
	}
}
