package bot

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"anning/storage"
)

func TestCalendar(t *testing.T) {
	at := time.Date(2026, 12, 7, 10, 0, 0, 0, time.FixedZone("", 8*3600))
	file := string(Calendar("a@b", at, at.AddDate(0, 0, -15)))
	for line := range strings.SplitSeq(strings.TrimSuffix(file, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.Contains(line, "\n") {
			t.Errorf("a line of %d bytes: %q", len(line), line)
		}
	}
	whole := strings.ReplaceAll(file, "\r\n ", "")
	for _, want := range []string{"UID:a@b\r\n", "DTSTART:20261207T020000Z\r\n", "DTSTAMP:20261122T020000Z\r\n", "SUMMARY:有一件事到时间了\r\n",
		"DESCRIPTION:回到你和我说话的地方，随便发一句，我接着说。\r\n", "TRIGGER:PT0S\r\n", "END:VCALENDAR\r\n"} {
		if !strings.Contains(whole, want) {
			t.Errorf("no %q in\n%s", want, whole)
		}
	}
	for _, word := range []string{"债", "催", "投诉", "安宁", "还款"} {
		if strings.Contains(whole, word) {
			t.Errorf("the calendar says %s", word)
		}
	}
}

// TestDueIsTold: what falls due in some days is said with the last words that ask for nothing, the next one of several.
func TestDueIsTold(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, china)
	in := func(days int) storage.Reminder { return storage.Reminder{At: now.AddDate(0, 0, days)} }
	question := Reply{Text: "还有吗？", Choices: []Choice{{Value: "n", Label: "没有"}}}
	for name, tt := range map[string]struct {
		remind  []storage.Reminder
		replies []Reply
		at      int // which reply tells; -1: none
		days    int
	}{
		"before the question": {[]storage.Reminder{in(15)}, []Reply{{Text: "一"}, {Text: "二"}, question}, 1, 15},
		"the next one":        {[]storage.Reminder{in(15), in(4), in(30)}, []Reply{{Text: "一"}}, 0, 4},
		"only a question":     {[]storage.Reminder{in(15)}, []Reply{question}, 0, 15},
		"tomorrow":            {[]storage.Reminder{in(1)}, []Reply{{Text: "一"}}, -1, 0},
		"tomorrow and later":  {[]storage.Reminder{in(1), in(7)}, []Reply{{Text: "一"}}, 0, 7},
		"nothing":             {nil, []Reply{{Text: "一"}}, -1, 0},
		"nothing said":        {[]storage.Reminder{in(15)}, nil, -1, 0},
	} {
		turn := &turn{now: now, remind: tt.remind, replies: tt.replies}
		turn.tellDue()
		for i, r := range turn.replies {
			want := time.Time{}
			if i == tt.at {
				want = now.AddDate(0, 0, tt.days)
			}
			if !r.Due.Equal(want) {
				t.Errorf("%s: reply %d falls due %v, want %v", name, i, r.Due, want)
			}
		}
	}
}
