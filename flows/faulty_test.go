package flows_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"anning/flows"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "rewrite the wanted faults in testdata/faulty")

// limits are those the faulty flows are checked against.
var limits = &flows.Limits{
	Commands:  []string{"返回", "菜单", "跳过", "/menu"},
	Slots:     []string{"picture"},
	Views:     []string{"laws", "law"},
	Lists:     []string{"creditors", "evidence"},
	Documents: []string{"export"},
}

// TestFaulty loads and checks the flows of each archive in testdata/faulty and compares the faults with its last file.
func TestFaulty(t *testing.T) {
	for _, path := range archives(t) {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := &archive.Files[len(archive.Files)-1]
			if want.Name != "want" {
				t.Fatalf("the last file is %s, not want", want.Name)
			}
			got := []byte(faultsOf(t, archive))
			if *update {
				want.Data = got
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(want.Data), string(got)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if len(bytes.TrimSpace(got)) == 0 {
				t.Error("no faults")
			}
		})
	}
}

// TestEveryFault looks whether each sentence of a fault in the sources is wanted by some archive.
func TestEveryFault(t *testing.T) {
	var all strings.Builder
	for _, path := range archives(t) {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(archive.Files[len(archive.Files)-1].Data)
	}
	known := map[string]bool{ // needs a file that no archive should hold; see TestLoadLimits
		"larger than %d KiB; cut the flow in two": true, "%q has more than %d items": true,
		"no YAML: %v": true, // yaml errors always name themselves; kept for a later yaml
	}
	sentences := faultSentences(t)
	if len(sentences) < 60 {
		t.Fatalf("found only %d sentences; the search is broken", len(sentences))
	}
	for _, sentence := range sentences {
		form := regexp.QuoteMeta(sentence)
		form = regexp.MustCompile(`%[qsdv]`).ReplaceAllString(form, ".*")
		if !known[sentence] && !regexp.MustCompile(form).MatchString(all.String()) {
			t.Errorf("no archive in testdata/faulty has the fault %q", sentence)
		}
	}
}

// faultSentences finds the formats given to fault, must and may in the sources.
func faultSentences(t *testing.T) []string {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || method.Sel.Name != "fault" && method.Sel.Name != "must" && method.Sel.Name != "may" {
				return true
			}
			for _, arg := range call.Args {
				if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					sentence, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					out = append(out, sentence)
					break
				}
			}
			return true
		})
	}
	return out
}

func archives(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/faulty/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	return paths
}

// faultsOf lists what Load says, or else what Check says, one fault a line.
func faultsOf(t *testing.T, archive *txtar.Archive) string {
	t.Helper()
	set, err := flows.Load(tree(archive))
	faults := flows.Faults{}
	switch {
	case err == nil:
		faults = flows.Check(set, limitsOf(archive))
	case !errors.As(err, &faults):
		t.Fatal(err)
	}
	if len(faults) == 0 {
		return ""
	}
	return fmt.Sprintln(faults.Error())
}

// limitsOf adds to the limits what a line "opened: a b" above the files says.
func limitsOf(archive *txtar.Archive) *flows.Limits {
	all := *limits
	for line := range strings.Lines(string(archive.Comment)) {
		if ids, ok := strings.CutPrefix(line, "opened: "); ok {
			all.Opened = strings.Fields(ids)
		}
	}
	return &all
}

// tree makes the archive's flows a file system.
func tree(archive *txtar.Archive) fstest.MapFS {
	out := fstest.MapFS{}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".yaml") {
			out[f.Name] = &fstest.MapFile{Data: f.Data}
		}
	}
	return out
}
