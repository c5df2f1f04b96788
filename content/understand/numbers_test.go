package understand

import "testing"

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ text, kind, words string }{
		{"一天打三十几个", numberMany, "三十几个"},
		{"今天就打了两次", numberFew, "两次"},
		{"打了120多通", numberMany, "120多通"},
		{"22:14又来了", numberNight, "22:14"},
		{"晚上十点半", numberNight, "十点"},
		{"晚上9点", numberHour, "9点"},
		{"凌晨12点", numberNight, "12点"},
		{"下午3点", numberHour, "3点"},
		{"早上六点", numberNight, "六点"},
		{"欠了1,200.50元", numberAmount, "1,200.50元"},
		{"三万块", numberAmount, "三万块"},
		{"限你三天内", numberDays, "三天"},
		{"年化36%", numberRate, "36%"},
		{"三分利", numberRate, "三分利"},
		{"未接×26", numberMany, "26"},
	} {
		found := numbers(Normalise(tt.text).Text)
		if len(found) == 0 {
			t.Errorf("%s: nothing found", tt.text)
			continue
		}
		last := found[len(found)-1]
		if got := Normalise(tt.text).Text[last.from:last.to]; last.kind != tt.kind || got != tt.words {
			t.Errorf("%s: %s %q, want %s %q", tt.text, last.kind, got, tt.kind, tt.words)
		}
	}
}
