package understand_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"anning/content"
	"anning/content/understand"
)

// Every way of putting a question that its file lists is understood as this question.
func TestShippedQuestionsAreUnderstood(t *testing.T) {
	lib, err := content.Load(content.Files)
	if err != nil {
		t.Fatal(err)
	}
	r, err := understand.NewWith(lib, silent(t))
	if err != nil {
		t.Fatal(err)
	}
	var faults []string
	asks := 0
	for _, q := range lib.Questions {
		for _, ask := range q.Asks {
			asks++
			m := r.Read(ask)
			if len(m.Questions) > 0 && m.Questions[0].ID == q.ID {
				continue
			}
			got := "nothing"
			if len(m.Questions) > 0 {
				got = fmt.Sprintf("%s %q", m.Questions[0].ID, m.Questions[0].Words)
			}
			own := "not heard"
			if i := slices.IndexFunc(m.Questions, func(x understand.Match) bool { return x.ID == q.ID }); i >= 0 {
				own = fmt.Sprintf("heard only in %q", m.Questions[i].Words)
			}
			faults = append(faults, fmt.Sprintf("content/questions/%s.yaml: 「%s」 → %s; its own %s", q.ID, ask, got, own))
		}
	}
	if len(faults) > 0 {
		t.Errorf("%d of %d ways to ask are not understood:\n%s", len(faults), asks, strings.Join(faults, "\n"))
	}
	t.Logf("%d questions, %d ways to ask", len(lib.Questions), asks)
}

func TestQuestions(t *testing.T) {
	lib := library()
	lib.Questions = []*content.Question{
		{ID: "jail", Phrases: []content.Phrase{"坐牢|坐监|判刑", "欠钱|逾期|还不上 坐牢|犯法"}},
		{ID: "calls_a_day", Phrases: []content.Phrase{"一天|每天 最多|能 几次|几个|多少次"}},
		{ID: "call_family", Phrases: []content.Phrase{"能|可以|能不能 打给|联系 我妈|家人|父母", "打给|联系 我妈|家人"}},
		{ID: "fee", Phrases: []content.Phrase{"收费 !银行"}},
	}
	r, err := understand.NewWith(lib, silent(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		text string
		want string // ids, best first
		asks bool
	}{
		{"催收能打给我妈吗", "call_family", true},
		{"信用卡逾期了，会坐牢吗", "jail", true},
		{"欠钱不还会不会坐牢", "jail", true},
		{"催收一天能打几次，能不能打给家人", "call_family calls_a_day", true}, // 能不能 打给 家人 covers more
		{"他们天天打给我妈", "call_family", false},
		{"收费吗", "fee", true},
		{"银行收费吗", "", true},
		{"坐牢。", "jail", false},
		{"不会坐牢吧？", "jail", true},
		{"要坐牢么", "jail", true},
		{"那么多", "", false},
		{"能" + strings.Repeat("很长的一句话，", 20) + "打给我妈", "call_family", false},
		{"", "", false},
	} {
		m := r.Read(tt.text)
		var ids []string
		for _, q := range m.Questions {
			ids = append(ids, q.ID)
			if q.Score <= 0 || q.Score > 1 || !q.Asked || q.Covers() == 0 {
				t.Errorf("%s: %+v", tt.text, q)
			}
		}
		if got := strings.Join(ids, " "); got != tt.want || m.Asks != tt.asks {
			t.Errorf("%s: got %q, asks %t; want %q, asks %t", tt.text, got, m.Asks, tt.want, tt.asks)
		}
	}
	m := r.Read("催收能打给我妈吗")
	if got := strings.Join(m.Questions[0].Words, " "); got != "能打给我妈" {
		t.Errorf("words %q", got)
	}
}
