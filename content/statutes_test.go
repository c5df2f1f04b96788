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
	if len(all) != 155 || len(byID) != 155 {
		t.Fatalf("%d golden citations with %d ids, want 155", len(all), len(byID))
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
