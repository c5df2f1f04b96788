package answer_test

import (
	"strings"
	"testing"
	"time"

	"anning/bot/answer"
)

var shanghai = time.FixedZone("CST", 8*60*60)

// Saturday, 21 November 2026, ten past ten in the morning.
var now = time.Date(2026, 11, 21, 10, 10, 0, 0, shanghai)

// brief writes an answer as "value", "~value" for an approximate one, "a|b" for readings, or "!reason".
func brief(a answer.Answer) string {
	switch {
	case a.Reason == answer.Ambiguous:
		return strings.Join(a.Candidates, "|")
	case a.Reason != "":
		return "!" + string(a.Reason)
	case a.Approximate:
		return "~" + a.Value
	}
	return a.Value
}

func TestDatePast(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"今天", "2026-11-21"}, {"昨天", "2026-11-20"}, {"前天", "2026-11-19"}, {"大前天", "2026-11-18"}, {"昨日", "2026-11-20"},
		{"昨晚", "2026-11-20"}, {"今早", "2026-11-21"}, {"昨天夜里", "2026-11-20"}, {"是昨天下午打的", "2026-11-20"},
		{"上周三", "2026-11-11"}, {"上個星期三", "2026-11-11"}, {"上上周三", "2026-11-04"}, {"上礼拜天", "2026-11-15"}, {"这周一", "2026-11-16"}, {"本周五", "2026-11-20"},
		{"周五", "2026-11-20"}, {"周三", "2026-11-18"}, {"星期日", "2026-11-15"}, {"礼拜二", "2026-11-17"}, {"周六", "2026-11-21|2026-11-14"}, {"这周日", "!not_past"},
		{"上个月5号", "2026-10-05"}, {"上月31日", "2026-10-31"}, {"上上个月31号", "!no_such"}, {"这个月3号", "2026-11-03"}, {"本月25号", "!not_past"},
		{"3月5号", "2026-03-05"}, {"三月五号", "2026-03-05"}, {"3月5", "2026-03-05"}, {"3/5", "2026-03-05"}, {"3.5", "2026-03-05"}, {"３月５日", "2026-03-05"},
		{"12月30日", "2025-12-30"}, {"去年12月30号", "2025-12-30"}, {"今年3月5号", "2026-03-05"}, {"前年八月一号", "2024-08-01"}, {"十一月二十", "2026-11-20"}, {"十月廿三", "2026-10-23"},
		{"2026-03-05", "2026-03-05"}, {"2026年3月5日", "2026-03-05"}, {"2026/3/5", "2026-03-05"}, {"2026.3.5", "2026-03-05"}, {"20260305", "2026-03-05"}, {"26年3月5号", "2026-03-05"}, {"二零二六年三月五日", "2026-03-05"}, {"二〇二五年十二月三十一号", "2025-12-31"},
		{"20号", "2026-11-20"}, {"二十五号", "2026-10-25"}, {"31号", "2026-10-31"}, {"21号", "2026-11-21"},
		{"三天前", "~2026-11-18"}, {"3天之前", "~2026-11-18"}, {"两个月前", "~2026-09-21"}, {"一个半月前", "~2026-10-07"}, {"半个月前", "~2026-11-06"}, {"两周前", "~2026-11-07"}, {"两个星期以前", "~2026-11-07"},
		{"刚才", "2026-11-21"}, {"半小时前", "~2026-11-21"}, {"11小时前", "~2026-11-20"}, {"大概是上周三吧", "~2026-11-11"}, {"昨天刚收到", "2026-11-20"}, {"从昨天到现在", "2026-11-20"},
		{"11月20日（周五）", "2026-11-20"}, {"11月20号 星期五", "2026-11-20"}, {"昨天，周五", "2026-11-20"}, {"11月19日（周五）", "2026-11-19|2026-11-20"},
		{"昨天和前天", "2026-11-20|2026-11-19"}, {"11月3号到5号", "2026-11-03|2026-11-05"},
		{"2月30日", "!no_such"}, {"2026年2月29日", "!no_such"}, {"2月29日", "2024-02-29"}, {"13月1号", "!no_such"}, {"32号", "!no_such"}, {"0号", "!no_such"},
		{"明天", "!not_past"}, {"2027年1月1日", "!not_past"}, {"三天后", "!not_past"}, {"1850年1月1日", "!out_of_range"}, {"9999999天前", "!out_of_range"},
		{"前几天", "!vague"}, {"最近", "!vague"}, {"月初", "!vague"}, {"三四天前", "!vague"}, {"一年前", "!vague"}, {"八月初三", "!vague"},
		{"上周", "!incomplete"}, {"3月份", "!incomplete"}, {"去年", "!incomplete"}, {"晚上", "!incomplete"},
		{"不记得了", "!unclear"}, {"", "!unclear"}, {"95588号打的", "!unclear"}, {"2026-11-200", "!unclear"}, {"一周一次", "!unclear"},
	} {
		if got := brief(answer.Date(tt.text, now, true)); got != tt.want {
			t.Errorf("Date(%q, past) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestDateAnyTime(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"明天", "2026-11-22"}, {"后天", "2026-11-23"}, {"下周一", "2026-11-23"}, {"周三", "2026-11-25"}, {"三天后", "~2026-11-24"},
		{"1月5号", "2027-01-05"}, {"11月3号", "2026-11-03"}, {"25号", "2026-11-25"}, {"下个月10号", "2026-12-10"}, {"明年3月5号", "2027-03-05"}, {"半个月后", "~2026-12-06"},
	} {
		if got := brief(answer.Date(tt.text, now, false)); got != tt.want {
			t.Errorf("Date(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestDateAroundNewYear(t *testing.T) {
	january := time.Date(2027, 1, 5, 9, 0, 0, 0, shanghai)
	for text, want := range map[string]string{
		"12月30日": "2026-12-30", "20号": "2026-12-20", "上个月5号": "2026-12-05", "上周三": "2026-12-30", "31号": "2026-12-31", "两个月前": "~2026-11-05", "1月5号": "2027-01-05", "今天": "2027-01-05",
	} {
		if got := brief(answer.Date(text, january, true)); got != want {
			t.Errorf("in January, Date(%q) = %s, want %s", text, got, want)
		}
	}
	march := time.Date(2027, 3, 31, 9, 0, 0, 0, shanghai)
	for text, want := range map[string]string{"一个月前": "~2027-02-28", "上个月30号": "!no_such", "30号": "2027-03-30"} {
		if got := brief(answer.Date(text, march, true)); got != want {
			t.Errorf("on 31 March, Date(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestTime(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"早上8点", "08:00"}, {"上午十点", "10:00"}, {"晚上11点半", "23:30"}, {"下午2点一刻", "14:15"}, {"下午三点三刻", "15:45"}, {"中午12点", "12:00"}, {"中午1点", "13:00"}, {"傍晚6点", "18:00"}, {"晚8点", "20:00"},
		{"23:15", "23:15"}, {"23点05分", "23:05"}, {"晚上23点05分", "23:05"}, {"23點五分", "23:05"}, {"二十三点零五", "23:05"}, {"２３：１５", "23:15"}, {"08:15", "08:15"}, {"12:30", "12:30"}, {"0点", "00:00"}, {"24点", "00:00"}, {"22:15:30", "22:15"},
		{"凌晨1点", "01:00"}, {"凌晨12点", "00:00"}, {"半夜2点", "02:00"}, {"晚上12点", "00:00"}, {"夜里十一点四十", "23:40"}, {"半夜五点", "05:00"}, {"晚上5点", "17:00"}, {"大早上7点", "07:00"}, {"一大早六点", "06:00"},
		{"晚上8点差5分", "19:55"}, {"差一刻九点", "08:45|20:45"}, {"上午差五分十点", "09:55"}, {"8:15pm", "20:15"}, {"8 am", "08:00"}, {"12:05 am", "00:05"},
		{"8点", "08:00|20:00"}, {"8:15", "08:15|20:15"}, {"12点", "12:00|00:00"}, {"八点半", "08:30|20:30"},
		{"刚才", "10:10"}, {"半小时前", "~09:40"}, {"一个半小时前", "~08:40"}, {"一刻钟前", "~09:55"}, {"20分钟前", "~09:50"}, {"晚上8点左右", "~20:00"}, {"大概晚上八点多", "~20:00"},
		{"昨天晚上10点", "22:00"}, {"晚上8点到9点", "20:00|21:00"},
		{"25点", "!no_such"}, {"8:75", "!no_such"}, {"晚上", "!incomplete"}, {"三四点", "!vague"}, {"忘了", "!unclear"}, {"", "!unclear"}, {"3小时", "!unclear"},
	} {
		if got := brief(answer.Time(tt.text, now)); got != tt.want {
			t.Errorf("Time(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestMoment(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"昨天晚上11点", "2026-11-20 23:00"}, {"昨晚11点半", "2026-11-20 23:30"}, {"今早八点", "2026-11-21 08:00"}, {"上周三下午2点一刻", "2026-11-11 14:15"}, {"20号上午9点", "2026-11-20 09:00"},
		{"周五晚上23点05分", "2026-11-20 23:05"}, {"3月5号晚上10:30", "2026-03-05 22:30"}, {"2026-11-20 22:15", "2026-11-20 22:15"}, {"2026年11月20日22:15", "2026-11-20 22:15"}, {"11/20 22:15", "2026-11-20 22:15"},
		{"今天凌晨1点", "2026-11-21 01:00"}, {"昨天凌晨1点", "2026-11-20 01:00"}, {"昨天24点", "2026-11-21 00:00"},
		{"昨天夜里12点", "2026-11-21 00:00|2026-11-20 00:00"}, {"昨天晚上12点半", "2026-11-21 00:30|2026-11-20 00:30"}, {"昨晚2点", "2026-11-21 02:00|2026-11-20 02:00"}, {"昨晚凌晨1点", "2026-11-21 01:00|2026-11-20 01:00"},
		{"今晚12点", "2026-11-21 00:00"}, // the other reading lies ahead
		{"昨天8点", "2026-11-20 08:00|2026-11-20 20:00"}, {"昨天12点", "2026-11-20 12:00|2026-11-21 00:00"}, {"今天8点", "2026-11-21 08:00"}, {"今天11点", "!not_past"}, {"今天晚上8点", "!not_past"},
		{"8点", "2026-11-21 08:00"}, {"11点", "2026-11-20 11:00|2026-11-20 23:00"}, {"晚上11点", "2026-11-20 23:00"}, {"半夜2点", "2026-11-21 02:00"}, {"23:15", "2026-11-20 23:15"}, {"上午9点", "2026-11-21 09:00"},
		{"半小时前", "~2026-11-21 09:40"}, {"刚刚", "2026-11-21 10:10"}, {"现在", "2026-11-21 10:10"}, {"11个小时前", "~2026-11-20 23:10"}, {"三天前晚上9点", "~2026-11-18 21:00"},
		{"昨天", "2026-11-20"}, {"上周三", "2026-11-11"}, {"昨天晚上", "2026-11-20"}, {"三天前", "~2026-11-18"}, {"周五", "2026-11-20"},
		{"11月20日（周五）22:15", "2026-11-20 22:15"}, {"2月30日8点", "!no_such"}, {"昨天25点", "!no_such"}, {"不知道", "!unclear"}, {"明天8点", "!not_past"},
		{"周三四点", "2026-11-18 04:00|2026-11-18 16:00"}, {"五号八点", "2026-11-05 08:00|2026-11-05 20:00"},
	} {
		if got := brief(answer.Moment(tt.text, now, true)); got != tt.want {
			t.Errorf("Moment(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
	if got := brief(answer.Moment("明天晚上8点", now, false)); got != "2026-11-22 20:00" {
		t.Errorf("to come: %s", got)
	}
}

func TestPeople(t *testing.T) {
	for kept, want := range map[string]string{
		"2026-11-20": "11月20日（周五）", "2025-12-31": "2025年12月31日", "2026-11-20 22:15": "11月20日（周五）22:15", "2025-12-31 08:05": "2025年12月31日 08:05", "22:15": "22:15", "": "", "昨天": "昨天", "a b": "a b",
	} {
		if got := answer.PeopleMoment(kept, now); got != want {
			t.Errorf("PeopleMoment(%q) = %q, want %q", kept, got, want)
		}
	}
	for kept, want := range map[string]string{"1500.00": "1,500.00 元", "0.50": "0.50 元", "123456789.01": "123,456,789.01 元", "999.99": "999.99 元", "1500": "1500", "x.00": "x.00", "": ""} {
		if got := answer.PeopleMoney(kept); got != want {
			t.Errorf("PeopleMoney(%q) = %q, want %q", kept, got, want)
		}
	}
}

// What is printed for people is read back as the same value, on whatever day.
func FuzzPrintedDaysReadBack(f *testing.F) {
	f.Add(int64(0), int64(0))
	f.Add(int64(86400*400), int64(-86400*300))
	f.Add(int64(86400*60), int64(86400*200))
	f.Fuzz(func(t *testing.T, a, b int64) {
		const span = 60 * 365 * 86400
		now := now.Add(time.Duration(a%span) * time.Second)
		at := now.Add(time.Duration(b%span) * time.Second)
		if at.Year() < 1990 || at.Year() > 2100 || now.Year() > 2100 {
			return // no day anybody writes about
		}
		for _, form := range []string{"2006-01-02", "2006-01-02 15:04"} {
			kept := at.Format(form)
			printed := answer.PeopleMoment(kept, now)
			for _, text := range []string{kept, printed} {
				if got := answer.Moment(text, now, false); got.Value != kept {
					t.Fatalf("now %v: %s printed %s, read %+v", now, kept, text, got)
				}
			}
		}
		clock := at.Format("15:04")
		if got := answer.Time(answer.PeopleMoment(clock, now), now); got.Value != clock {
			t.Fatalf("%s read %+v", clock, got)
		}
	})
}

func FuzzWhen(f *testing.F) {
	for _, s := range []string{"昨天夜里12点", "2026-11-20 22:15", "差一刻九点", "3月5号", "99999999999999999999天前", "周三四点", "\xff点", "二十百十三个半月前", "上上个月31号"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, past := range []bool{true, false} {
			for form, a := range map[string]answer.Answer{"2006-01-02": answer.Date(s, now, past), "15:04": answer.Time(s, now), "2006-01-02 15:04": answer.Moment(s, now, past)} {
				checkAnswer(t, s, a, func(v string) bool {
					_, err := time.Parse(form, v)
					if err != nil && len(form) > 10 {
						_, err = time.Parse("2006-01-02", v)
					}
					return err == nil
				})
			}
		}
	})
}

// checkAnswer holds an Answer to its own promises.
func checkAnswer(t *testing.T, text string, a answer.Answer, form func(string) bool) {
	t.Helper()
	switch {
	case a.OK() != (a.Value != ""):
		t.Fatalf("%q: %+v", text, a)
	case (a.Reason == answer.Ambiguous) != (len(a.Candidates) > 1):
		t.Fatalf("%q: %+v", text, a)
	case a.OK() && !form(a.Value):
		t.Fatalf("%q: value %q", text, a.Value)
	}
	for _, c := range a.Candidates {
		if !form(c) {
			t.Fatalf("%q: candidate %q", text, c)
		}
	}
}
