package content_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"anning/content"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// today is the day of every check in these tests.
var today = day("2026-11-21")

func day(s string) content.Date {
	d, err := content.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// shipped loads the content of the program.
func shipped(t testing.TB) *content.Library {
	t.Helper()
	lib, err := content.Load(content.Files)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func TestShippedContentIsInOrder(t *testing.T) {
	if must := content.Check(shipped(t), today).MustFix(); len(must) > 0 {
		t.Error(must)
	}
}

// TestEverythingIsEmbedded holds the embedded files against those on disk, so that no folder is forgotten.
func TestEverythingIsEmbedded(t *testing.T) {
	onDisk, err := content.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	type counts struct{ Conducts, Laws, Channels, Creditors, Routes, Checklists, Hotlines, Scripts, Signals, Negotiations, Letters, Plans, Yardsticks, Questions, Phones, Holidays, Wording int }
	count := func(l *content.Library) counts {
		return counts{len(l.Conducts), len(l.Laws), len(l.ReportingChannels), len(l.Creditors), len(l.Routes), len(l.Checklists), len(l.Hotlines),
			len(l.Scripts), len(l.Signals), len(l.Negotiations), len(l.Letters), len(l.ReminderPlans), len(l.Yardsticks), len(l.Questions), len(l.Phones), len(l.Holidays), len(l.Wording)}
	}
	if diff := cmp.Diff(count(onDisk), count(shipped(t))); diff != "" {
		t.Errorf("embed.go misses files (-on disk +embedded):\n%s", diff)
	}
}

// TestFaults plays each archive in testdata/faults: content files, and the faults that Load and Check find in them.
func TestFaults(t *testing.T) {
	archives, err := fs.Glob(os.DirFS("."), "testdata/faults/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(name[len("testdata/faults/"):], ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files, want := fstest.MapFS{}, ""
			for _, f := range archive.Files {
				if f.Name == "faults" {
					want = string(f.Data)
				} else {
					files[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			lib, err := content.Load(files)
			var all content.Faults
			if err != nil && !errors.As(err, &all) {
				t.Fatalf("the error of Load is %T", err)
			}
			got := append(all, content.Check(lib, today)...).Error() + "\n"
			if os.Getenv("UPDATE") != "" {
				update(t, name, archive, got)
			} else if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("(-golden +found)\n%s", diff)
			}
		})
	}
}

// update writes the faults found into the archive; read the difference before keeping it.
func update(t *testing.T, name string, archive *txtar.Archive, got string) {
	t.Helper()
	for i, f := range archive.Files {
		if f.Name == "faults" {
			archive.Files[i].Data = []byte(got)
		}
	}
	if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestLoadRefusesWhatIsNoFile(t *testing.T) {
	tests := map[string]struct {
		files fstest.MapFS
		want  string
	}{
		"too big": {fstest.MapFS{"laws/a.yaml": {Data: []byte("title: " + strings.Repeat("a", 1<<20))}},
			"content/laws/a.yaml: 1048583 bytes are too many: at most 1048576"},
		"not UTF-8": {fstest.MapFS{"laws/a.yaml": {Data: []byte("title: a\nshort: \xff\n")}},
			"content/laws/a.yaml:2: this is not UTF-8"},
		"aliases": {fstest.MapFS{"wording/a.yaml": {Data: []byte("a: &x lots\nb: *x\n")}},
			"content/wording/a.yaml:1: no anchors and aliases: write it out\ncontent/wording/a.yaml:2: no anchors and aliases: write it out"},
		"merge key": {fstest.MapFS{"wording/a.yaml": {Data: []byte("<<: {a: b}\n")}},
			"content/wording/a.yaml:1: a key has to be a plain word"},
		"tags": {fstest.MapFS{"wording/a.yaml": {Data: []byte("a: !!binary aGk=\n")}},
			"content/wording/a.yaml:1: no tags like !!binary"},
		"empty": {fstest.MapFS{"wording/a.yaml": {Data: []byte("# nothing\n")}},
			"content/wording/a.yaml: the file is empty"},
		"two documents": {fstest.MapFS{"wording/a.yaml": {Data: []byte("a: b\n---\nc: d\n")}},
			"content/wording/a.yaml:2: one document a file: no second one after ---"},
		"no YAML": {fstest.MapFS{"wording/a.yaml": {Data: []byte("a: b\nc: 'open\n")}},
			"content/wording/a.yaml:2: no YAML: found unexpected end of stream"},
		"nested": {fstest.MapFS{"wording/a.yaml": {Data: []byte("a: " + strings.Repeat("[", 9000) + strings.Repeat("]", 9000))}},
			"content/wording/a.yaml:1: \"a\" has to be one text, not a list or keys"},
		"other files": {fstest.MapFS{"laws/a.yml": {Data: []byte("a: b")}, "law/b.yaml": {Data: []byte("a: b")}, "creditor.yaml": {Data: []byte("a: b")},
			"laws/deep/c.yaml": {Data: []byte("a: b")}, "laws/.gitkeep": {}, "docs/readme.md": {}},
			"content/creditor.yaml: nobody reads this file, did you mean \"creditors.yaml\"\n" +
				"content/law: nobody reads this folder, did you mean \"laws\"\n" +
				"content/laws/a.yml: only .yaml files belong here\ncontent/laws/deep: only .yaml files belong here"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := content.Load(test.files)
			got := "no fault"
			if err != nil {
				got = err.Error()
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	kinds := []string{"conducts/a.yaml", "laws/a.yaml", "reporting_channels/a.yaml", "routes/a.yaml", "checklists/a.yaml", "scripts/a.yaml", "signals/a.yaml",
		"negotiation/a.yaml", "letters/a.yaml", "holidays/2026.yaml", "creditors.yaml", "hotlines.yaml", "wording/a.yaml"}
	for i, kind := range kinds {
		for _, name := range []string{kind, "conducts/third_party_contact.yaml", "laws/zagl2025-50-1-5.yaml"} {
			if data, err := fs.ReadFile(content.Files, name); err == nil {
				f.Add(i, data)
			}
		}
	}
	for _, seed := range []string{"", "a: b", "- a\n- b", "a: &x [*x]", "<<: {}", "? [a]\n: b", "by: {bank_card: {primary: [a]}}", "by: {bank_card: }",
		"from: 2026-13-01", "from: {a: b}", "phrases: [a|b !c]", "---\n---\n", "a: !!map b", "{}", "null", "\ufeffa: b", "a: \"\\0\""} {
		for i := range kinds {
			f.Add(i, []byte(seed))
		}
	}
	f.Fuzz(func(t *testing.T, kind int, data []byte) {
		if kind < 0 {
			kind = -(kind + 1)
		}
		name := kinds[kind%len(kinds)]
		lib, err := content.Load(fstest.MapFS{name: {Data: data}})
		var faults content.Faults
		if err != nil && (!errors.As(err, &faults) || len(faults) == 0) {
			t.Fatalf("%T: %v", err, err)
		}
		lines := strings.Count(string(data), "\n") + strings.Count(string(data), "\r") + 2
		for _, x := range append(faults, content.Check(lib, today)...) {
			if x.Text == "" || x.Line < 0 || x.Line > lines*3 {
				t.Errorf("fault %v of a file of %d lines", x, lines)
			}
		}
		content.Check(lib, content.Date{})
	})
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := content.Load(content.Files); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheck(b *testing.B) {
	lib := shipped(b)
	for b.Loop() {
		content.Check(lib, today)
	}
}
