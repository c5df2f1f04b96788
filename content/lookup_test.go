package content_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/fstest"

	"anning/content"

	"github.com/google/go-cmp/cmp"
)

// law returns the file of a law.
func law(from, to, more string) *fstest.MapFile {
	return &fstest.MapFile{Data: fmt.Appendf(nil, "title: 法\nshort: 法\nstrength: statute\ntext: 文\nfrom: %s\nto: %s\nsource: 原文\nchecked: 2026-11-21\n%s\n", from, to, more)}
}

const high = "confidence: high\n"

func libraryOf(t *testing.T, files fstest.MapFS) *content.Library {
	t.Helper()
	lib, err := content.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func TestLawOn(t *testing.T) {
	lib := libraryOf(t, fstest.MapFS{
		"laws/new-50.yaml":   law("2026-01-01", "null", high+"replaces: [old-42, old-43]"),
		"laws/old-42.yaml":   law("2013-01-01", "2025-12-31", high+"replaces: [first-19]"),
		"laws/old-43.yaml":   law("2006-03-01", "2025-12-31", high),
		"laws/first-19.yaml": law("1987-01-01", "2006-02-28", high),
		"laws/always.yaml":   law("null", "null", high),
		"laws/a.yaml":        law("2020-01-01", "2020-12-31", high+"replaces: [b]"),
		"laws/b.yaml":        law("2019-01-01", "2019-12-31", high+"replaces: [a]"),
	})
	tests := []struct{ id, day, want string }{
		{"new-50", "2026-01-01", "new-50"},
		{"new-50", "2025-12-31", "old-42"},
		{"new-50", "2026-11-21", "new-50"},
		{"new-50", "2099-01-01", "new-50"},
		{"new-50", "2013-01-01", "old-42"},
		{"new-50", "2012-12-31", "old-43"},
		{"new-50", "2006-02-28", "first-19"},
		{"new-50", "1986-12-31", ""},
		{"new-50", "", "new-50"},
		{"old-42", "2025-12-31", "old-42"},
		{"old-42", "2026-01-01", ""},
		{"always", "1999-01-01", "always"},
		{"a", "2019-06-01", "b"},
		{"a", "2021-01-01", ""},
		{"nothing", "2026-01-01", ""},
	}
	for _, test := range tests {
		got := ""
		found, ok := lib.LawOn(test.id, day(test.day))
		if ok {
			got = found.ID
		}
		if got != test.want || ok != (found != nil) {
			t.Errorf("LawOn(%q, %s) = %q, %t, want %q", test.id, test.day, got, ok, test.want)
		}
	}
}

// TestTheNewLawOnPublicSecurityBegins holds the shipped laws against the one change every person's case turns on.
func TestTheNewLawOnPublicSecurityBegins(t *testing.T) {
	lib := shipped(t)
	for day, want := range map[content.Date]string{day("2025-12-31"): "zagl2012-42", day("2026-01-01"): "zagl2025-50-1-5"} {
		if got, ok := lib.LawOn("zagl2025-50-1-5", day); !ok || got.ID != want {
			t.Errorf("on %s: %v, want %s", day, got, want)
		}
	}
	if got, ok := lib.LawOn("zagl2025-50-2-no-contact", day("2025-12-31")); ok {
		t.Errorf("no order to keep away before 2026, got %s", got.ID)
	}
}

// TestAnOldLawThatDidNotCoverAConductIsNotShown: the old article 42 spoke of messages, not of pestering at the door.
func TestAnOldLawThatDidNotCoverAConductIsNotShown(t *testing.T) {
	lib := shipped(t)
	ids := func(conduct, on string) (out []string) {
		for _, law := range lib.LawsFor(lib.Conduct(conduct), day(on), "unknown") {
			out = append(out, law.ID)
		}
		return out
	}
	for _, test := range []struct {
		conduct, day, law string
		want              bool
	}{
		{"home_visit_harassment", "2025-12-20", "zagl2012-42", false},
		{"home_visit_harassment", "2025-12-20", "zagl2012-49", true},
		{"home_visit_harassment", "2025-12-20", "zagl2012-40-3", true},
		{"home_visit_harassment", "2026-01-01", "zagl2025-50-1-5", true},
		{"third_party_contact", "2025-12-20", "zagl2012-42", true},
		{"confinement_assault", "2025-12-20", "zagl2025-51", false},
	} {
		if got := ids(test.conduct, test.day); slices.Contains(got, test.law) != test.want {
			t.Errorf("%s on %s: %v; %s there: %t", test.conduct, test.day, got, test.law, test.want)
		}
	}
}

const conductFile = `name: 名
short: 短
category: privacy
severity: 5
is: [是]
plain: 可能违法，由公安机关认定。
do_now: [做]
source: 原文
confidence: high
checked: 2026-11-21
laws: [new, twin, low, other, banks]
route: r
`

func TestLawsFor(t *testing.T) {
	lib := libraryOf(t, fstest.MapFS{
		"conducts/c.yaml":           {Data: []byte(conductFile)},
		"laws/new.yaml":             law("2026-01-01", "", high+"replaces: [old]"),
		"laws/twin.yaml":            law("2026-01-01", "", high+"replaces: [old]"),
		"laws/old.yaml":             law("2006-03-01", "2025-12-31", high),
		"laws/low.yaml":             law("2006-03-01", "", "confidence: low"),
		"laws/other.yaml":           law("2021-01-01", "", high),
		"laws/banks.yaml":           law("2021-01-01", "", high+"binds: [bank_card]"),
		"routes/r.yaml":             {Data: []byte("by: {bank_card: {primary: [x, y], secondary: [low, y], escalate: [z], reason: 卡}, unknown: {primary: [z], reason: 先查}}\nsource: 原文\nconfidence: high\nchecked: 2026-11-21\n")},
		"creditors.yaml":            {Data: []byte("- {id: bank_card, name: 卡, short: 卡}\n- {id: amc, name: 资产, short: 资产}\n- {id: unknown, name: 说不清, short: 说不清}\n")},
		"reporting_channels/x.yaml": channel("high"), "reporting_channels/y.yaml": channel("medium"), "reporting_channels/z.yaml": channel("high"),
		"reporting_channels/low.yaml": channel("low"),
	})
	for at, want := range map[string][]string{
		"2026-11-21": {"new", "twin", "other"}, "2025-12-31": {"old", "other"}, "2020-01-01": {"old"}, "": {"new", "twin", "other"}, "1990-01-01": nil} {
		var got []string
		for _, l := range lib.LawsFor(lib.Conduct("c"), day(at), "unknown") {
			got = append(got, l.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("on %s (-want +got)\n%s", at, diff)
		}
	}
	if n := len(lib.LawsFor(lib.Conduct("c"), day("2026-11-21"), "bank_card")); n != 4 {
		t.Errorf("%d laws bind the bank, want 4: what binds everybody and the rule for banks", n)
	}
	if n := len(lib.LawsFor(lib.Conduct("c"), day("2026-11-21"), "amc")); n != 3 {
		t.Errorf("%d laws bind the asset company, want 3: a rule for banks does not", n)
	}
	for _, test := range []struct {
		conduct, creditor, reason string
		want                      []string
	}{
		{"c", "bank_card", "卡", []string{"x", "y", "z"}},
		{"c", "unknown", "先查", []string{"z"}},
		{"c", "", "先查", []string{"z"}},
		{"c", "amc", "先查", []string{"z"}},
		{"nothing", "bank_card", "", nil},
	} {
		var got []string
		channels, reason := lib.ChannelsFor(test.conduct, test.creditor)
		for _, c := range channels {
			got = append(got, c.ID)
		}
		if diff := cmp.Diff(test.want, got); diff != "" || reason != test.reason {
			t.Errorf("ChannelsFor(%q, %q): reason %q (-want +got)\n%s", test.conduct, test.creditor, reason, diff)
		}
	}
}

func channel(confidence string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("name: 台\nshort: 台\naccepts: [事]\nsource: 原文\nchecked: 2026-11-21\nconfidence: " + confidence + "\n")}
}

func TestStrengthsSpeakInTheFixedWords(t *testing.T) {
	var got []string
	for _, s := range []content.Strength{content.Statute, content.Regulation, content.Interpretation, content.DepartmentalRule,
		content.LocalRegulation, content.NormativeDoc, content.NationalStandard, content.SelfDiscipline, "rumour"} {
		got = append(got, fmt.Sprint(s.Label(), "（", s.Gloss(), "）", s.Law()))
	}
	want := []string{"法律（全国人大及其常委会定的，都要守）true", "行政法规（国务院定的，都要守）true", "司法解释（法院断案照它）true",
		"部门规章（监管部门定的，被管的机构要守）true", "地方性法规（当地人大定的，只在当地用）true",
		"规范性文件（机关通知、意见，照原文，不引条号）true", "国家推荐标准（不是法律，可写进投诉）false",
		"行业自律（协会对会员的约定，不是法律）false", "（）false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestDaysInPeoplesWords(t *testing.T) {
	ref := day("2026-11-21")
	for _, test := range []struct{ day, people, full, deadline string }{
		{"2026-11-20", "11月20日（周五）", "2026年11月20日", "过了 1 天，到期是 11月20日（周五）"},
		{"2026-11-21", "11月21日（周六）", "2026年11月21日", "今天到期，11月21日（周六）"},
		{"2026-12-07", "12月7日（周一）", "2026年12月7日", "还有 16 天，到 12月7日（周一）"},
		{"2025-12-31", "2025年12月31日", "2025年12月31日", "过了 325 天，到期是 2025年12月31日"},
		{"2027-01-01", "2027年1月1日", "2027年1月1日", "还有 41 天，到 2027年1月1日"},
		{"", "", "", ""},
	} {
		d := day(test.day)
		got := []string{d.People(ref), d.Full(), d.Deadline(ref), d.String()}
		if diff := cmp.Diff([]string{test.people, test.full, test.deadline, test.day}, got); diff != "" {
			t.Errorf("%q (-want +got)\n%s", test.day, diff)
		}
	}
	if got := ref.Add(16); !got.Equal(day("2026-12-07")) || got.Weekday() != "周一" || ref.Until(got) != 16 {
		t.Errorf("16 days after %s is %s", ref, got)
	}
}

func TestDatesAreReadStrictly(t *testing.T) {
	for _, s := range []string{"2026-1-1", "2026-02-29", "2026/01/01", "2026-01-01 ", "26-01-01", "2026-01-01T00:00:00Z", "今天", "null"} {
		if d, err := content.ParseDate(s); err == nil {
			t.Errorf("%q is read as %s", s, d)
		}
	}
	type box struct{ D content.Date }
	for _, want := range []box{{day("2024-02-29")}, {}} {
		data, err := json.Marshal(want)
		var got box
		if err == nil {
			err = json.Unmarshal(data, &got)
		}
		if err != nil || !got.D.Equal(want.D) {
			t.Errorf("%s comes back as %s, %v", data, got.D, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"D": 20260101}`), &box{}); err == nil {
		t.Error("a number is no day")
	}
}
