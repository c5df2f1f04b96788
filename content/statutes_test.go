package content_test

import (
	"os"
	"regexp"
	"testing"

	"anning/content"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// statute is the exact form of one citation.
type statute struct {
	ID      string
	Article string
	Text    string
	From    content.Date `yaml:"effective_from"`
	To      content.Date `yaml:"effective_to"`
}

func goldenStatutes(t *testing.T) map[string]statute {
	t.Helper()
	data, err := os.ReadFile("testdata/statutes.golden.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []statute
	if err := yaml.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	byID := map[string]statute{}
	for _, s := range all {
		byID[s.ID] = s
	}
	if len(all) < 155 || len(byID) != len(all) {
		t.Fatalf("%d golden citations with %d ids, want 155 or more, each id once", len(all), len(byID))
	}
	return byID
}

// unread are the articles that stand in the facts without having been read there: none, or one from memory.
var unread = regexp.MustCompile(`^—$|凭记忆|未核|待核`)

func TestEveryLawIsQuotedToTheLetter(t *testing.T) {
	golden := goldenStatutes(t)
	lib := shipped(t)
	if len(lib.Laws) == 0 {
		t.Fatal("no laws")
	}
	for _, law := range lib.Laws {
		want, ok := golden[law.ID]
		if !ok {
			t.Errorf("laws/%s.yaml: no golden citation of this id", law.ID)
			continue
		}
		got := statute{law.ID, law.Article, law.Text, law.From, law.To}
		if unread.MatchString(want.Article) { // a number nobody read, or none: not for people
			want.Article = ""
		}
		if law.Confidence == content.Low { // its words may be left out, not changed
			got.Article, got.Text = keep(got.Article, want.Article), keep(got.Text, want.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("laws/%s.yaml (-golden +shipped):\n%s", law.ID, diff)
		}
	}
}

// keep returns got, or want where got is empty.
func keep(got, want string) string {
	if got == "" {
		return want
	}
	return got
}

// TestEachDayHasItsOwnWording holds every citation that took the place of another, and those that took the place of none,
// against the day of the change.
func TestEachDayHasItsOwnWording(t *testing.T) {
	lib := shipped(t)
	for _, test := range []struct{ id, before, first, after string }{ // before and after are of the days around the change
		{"zagl2025-50-1-1", "zagl2012-42", "2026-01-01", "zagl2025-50-1-1"},
		{"zagl2025-50-1-2", "zagl2012-42", "2026-01-01", "zagl2025-50-1-2"},
		{"zagl2025-50-1-5", "zagl2012-42", "2026-01-01", "zagl2025-50-1-5"},
		{"zagl2025-50-1-6", "zagl2012-42", "2026-01-01", "zagl2025-50-1-6"},
		{"zagl2025-47-3", "zagl2012-40-3", "2026-01-01", "zagl2025-47-3"},
		{"zagl2025-58", "zagl2012-49", "2026-01-01", "zagl2025-58"},
		{"zagl2025-59", "zagl2012-49", "2026-01-01", "zagl2025-59"},
		{"zagl2025-62", "zagl2012-51", "2026-01-01", "zagl2025-62"},
		{"zagl2025-56", "", "2026-01-01", "zagl2025-56"},
		{"zagl2025-50-2-no-contact", "", "2026-01-01", "zagl2025-50-2-no-contact"},
		{"gbt-45251-2025", "nifa-2024", "2025-02-28", "gbt-45251-2025"},
		{"xyxf-2025", "xyxf-2025", "2026-04-01", ""},
	} {
		for on, want := range map[content.Date]string{day(test.first).Add(-1): test.before, day(test.first): test.after} {
			got := ""
			if law, ok := lib.LawOn(test.id, on); ok {
				got = law.ID
			}
			if got != want {
				t.Errorf("%s on %s: %q, want %q", test.id, on, got, want)
			}
		}
	}
}
