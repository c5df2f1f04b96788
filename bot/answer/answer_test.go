package answer_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"anning/bot/answer"
)

var options = []answer.Option{
	{ID: "insult", Keys: []string{"骂人或威胁", "insult", "骂我"}},
	{ID: "amount", Keys: []string{"说了欠多少", "amount"}},
	{ID: "where", Keys: []string{"只问我在哪", "where"}},
	{ID: "somebody", Keys: []string{"有人在门外", "有人"}},
	{ID: "nobody", Keys: []string{"没有人", "nobody", "没人"}},
	{ID: "law", Keys: []string{"看依据", "law"}},
}

func TestChoice(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"1", "insult"}, {"１", "insult"}, {"一", "insult"}, {"第一个", "insult"}, {"第1个", "insult"}, {"选1", "insult"}, {"我选一", "insult"}, {"①", "insult"}, {"1.", "insult"}, {"1、", "insult"}, {"(2)", "amount"}, {"2️⃣", "amount"}, {"第二项吧", "amount"}, {"六", "law"}, {"7", "!out_of_range"}, {"二十", "!out_of_range"}, {"0", "!unclear"},
		{"看依据", "law"}, {" 看依据。", "law"}, {"LAW", "law"}, {"骂我", "insult"},
		{"看", "law"}, {"骂人", "insult"}, {"只问", "where"}, {"欠多少", "amount"}, {"在哪", "where"}, {"在", "!unclear"},
		{"我想看依据吧", "law"}, {"不看依据", "!unclear"}, {"没有人的", "nobody"}, {"现在有人", "somebody"}, {"现在没有人", "nobody"},
		{"有人骂我", "insult|somebody"}, {"他打电话给我妈说了好多话还骂我", "!unclear"},
		{"", "!unclear"}, {"？", "!unclear"}, {"不知道", "!unclear"},
	} {
		got := brief(answer.Choice(tt.text, options...))
		if tt.text == "有人骂我" && got == "somebody|insult" {
			got = tt.want
		}
		if got != tt.want {
			t.Errorf("Choice(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
	months := []answer.Option{{ID: "a", Keys: []string{"2026年"}}, {ID: "b", Keys: []string{"2025年或更早"}}, {ID: "c", Keys: []string{"2"}}}
	for text, want := range map[string]string{"2026年": "a", "2026": "a", "20": "!out_of_range", "2025": "b", "202": "a|b", "2": "c"} {
		if got := brief(answer.Choice(text, months...)); got != want {
			t.Errorf("Choice(%q) = %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"1", "看依据", "第二个", "①"} {
		if n := testing.AllocsPerRun(100, func() { answer.Choice(text, options...) }); n > 1 {
			t.Errorf("Choice(%q): %v allocations", text, n)
		}
	}
}

func TestNumber(t *testing.T) {
	for text, want := range map[string]int{"3": 3, "十二": 12, "二十": 20, "九十九": 99, "99": 99, "⑳": 20, "❸": 3, "第十个": 10, "两": 2, "两个": 2, "100": 0, "十十": 0, "一二": 0, "3天": 0, "": 0, "第": 0, "个": 0, "百": 0, "0": 0, "三号": 3} {
		if n, ok := answer.Number(text); n != want && ok || ok != (want > 0) {
			t.Errorf("Number(%q) = %d, %v", text, n, ok)
		}
	}
}

func TestYesNo(t *testing.T) {
	for want, texts := range map[string]string{
		"yes":      "是 对 嗯 有 好 可以 行 yes Y 1 １ OK 是的 对的 对啊 嗯嗯 对对对 好的呀 有的 有啊 没错 没问题 可以的 要 是，昨天打的 对！就是他 是催收打的 👌 對 同意 有过",
		"no":       "不 没 没有 否 不是 不对 不用 no N 2 不是的 没有啊 没有没有 没有过 没有，他没骂 不行 没收到 不认识他 从来没有 还没有 没 不要了 算了 沒有 没骂过我 不用了吧 ❌",
		"!unclear": "不知道 不清楚 不记得了 不确定 不太清楚 说不清 是不是呢 有没有 有点 有时候有 也许 看情况 明天 不一定 他们昨天来了我家 没听懂",
	} {
		for text := range strings.FieldsSeq(texts) {
			if got := brief(answer.YesNo(text)); got != want {
				t.Errorf("YesNo(%q) = %s, want %s", text, got, want)
			}
		}
	}
	if got := brief(answer.YesNo("")); got != "!unclear" {
		t.Error(got)
	}
}

func TestMoney(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"1500", "1500.00"}, {"1,500.00元", "1500.00"}, {"1,500.00 元", "1500.00"}, {"１５００块", "1500.00"}, {"￥800", "800.00"}, {"¥800.5", "800.50"}, {"800块钱", "800.00"}, {"800塊", "800.00"},
		{"2千5", "2500.00"}, {"两千五", "2500.00"}, {"3万", "30000.00"}, {"1.2w", "12000.00"}, {"1万2", "12000.00"}, {"一万二", "12000.00"}, {"一万二千", "12000.00"}, {"两万五", "25000.00"}, {"2k", "2000.00"}, {"6 万元", "60000.00"}, {"1.25万", "12500.00"}, {"两萬", "20000.00"},
		{"三百五", "350.00"}, {"一千零五", "1005.00"}, {"一千零五十", "1050.00"}, {"一万零五百", "10500.00"}, {"1万2000", "12000.00"}, {"2万500", "20500.00"}, {"二十五万", "250000.00"}, {"一百二十万", "1200000.00"}, {"十五", "15.00"}, {"一百十五", "115.00"}, {"三百五十万元", "3500000.00"}, {"1亿", "100000000.00"},
		{"3块5", "3.50"}, {"三块五毛", "3.50"}, {"12元3角4分", "12.34"}, {"十块零五分", "10.05"}, {"5毛", "0.50"}, {"一万二千三百四十五块六毛七分", "12345.67"}, {"0", "0.00"}, {"没有", "0.00"}, {"0.01", "0.01"},
		{"三百来块", "~300.00"}, {"大概3000", "~3000.00"}, {"三百多", "~300.00"}, {"一万多块", "~10000.00"}, {"10多万", "~100000.00"}, {"三千左右", "~3000.00"}, {"将近5万", "~50000.00"},
		{"我欠了三万块", "30000.00"}, {"3月份借了5000", "5000.00"}, {"一共欠2万，分12期", "20000.00"}, {"第3个月要还1500", "1500.00"},
		{"两三千", "2000.00|3000.00"}, {"二三十块", "20.00|30.00"}, {"本金3万，利息5千", "30000.00|5000.00"}, {"3000到5000", "3000.00|5000.00"}, {"3000-5000", "3000.00|5000.00"}, {"二三十万", "200000.00|300000.00"},
		{"几千", "!vague"}, {"好几万", "!vague"}, {"几百块", "!vague"}, {"数万元", "!vague"}, {"上千块", "!vague"},
		{"不知道", "!unclear"}, {"", "!unclear"}, {"1.234", "!unclear"}, {"万", "!unclear"}, {"36%", "!unclear"}, {"-500", "!unclear"}, {"3天", "!unclear"},
		{"99999999999999999999", "!out_of_range"}, {"20亿", "!out_of_range"}, {"9999亿亿亿", "!out_of_range"},
	} {
		if got := brief(answer.Money(tt.text)); got != tt.want {
			t.Errorf("Money(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"60", "60"}, {"６０", "60"}, {"六十个", "60"}, {"六十", "60"}, {"十二次", "12"}, {"两次", "2"}, {"一百二十通", "120"}, {"0", "0"}, {"没有", "0"}, {"一个都没有", "0"}, {"零", "0"}, {"1,200条", "1200"},
		{"六十多个", "~60"}, {"60来个", "~60"}, {"十几个", "~10"}, {"一天二十几通", "~20"}, {"一百多", "~100"}, {"每天打六十个", "60"}, {"三天打了60个", "60"}, {"大概30次", "~30"}, {"至少五十个电话", "~50"}, {"打了60来电", "60"},
		{"3天", "3"}, {"二三十个", "20|30"}, {"七八个", "7|8"}, {"三十到四十个", "30|40"}, {"3个人打了20次", "3|20"},
		{"几十个", "!vague"}, {"好几百", "!vague"}, {"几个", "!vague"}, {"无数个", "!vague"}, {"一直打", "!vague"}, {"上百个", "!vague"}, {"数不清", "!vague"},
		{"没数过", "!unclear"}, {"", "!unclear"}, {"2.5", "!unclear"}, {"99999999", "!out_of_range"}, {"-3", "!out_of_range"}, {"十万亿", "!out_of_range"},
	} {
		if got := brief(answer.Count(tt.text)); got != tt.want {
			t.Errorf("Count(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

func TestPhone(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"13812345678", "13812345678"}, {"138 1234 5678", "13812345678"}, {"138-1234-5678", "13812345678"}, {"１３８１２３４５６７８", "13812345678"}, {"+86 138 1234 5678", "13812345678"}, {"0086-13812345678", "13812345678"}, {"8613812345678", "13812345678"}, {"号码是13812345678", "13812345678"}, {"幺三八一二三四五六七八", "13812345678"},
		{"010-12345678", "01012345678"}, {"010-82345678", "01082345678"}, {"(010) 82345678", "01082345678"}, {"（010）82345678", "01082345678"}, {"0755 8234 5678", "075582345678"}, {"0571-8234567", "05718234567"}, {"+86 10 8234 5678", "01082345678"}, {"010-82345678-801", "01082345678"}, {"01082345678转801", "01082345678"},
		{"95588", "95588"}, {"9501 3888", "95013888"}, {"4008123456", "4008123456"}, {"400-812-3456", "4008123456"}, {"10086", "10086"}, {"12378", "12378"}, {"110", "110"}, {"106980095588", "106980095588"}, {"1069 8009 5588 12", "10698009558812"},
		{"+852 2123 4567", "+85221234567"}, {"00852-21234567", "+85221234567"}, {"+1 415 555 0123", "+14155550123"},
		{"13812345678和13912345678", "13812345678|13912345678"}, {"13812345678、13812345678", "13812345678"},
		{"138****5678", "!incomplete"}, {"尾号7788", "!incomplete"}, {"138xxxx5678", "!incomplete"}, {"82345678", "!incomplete"}, {"1381234567", "!incomplete"},
		{"不知道", "!unclear"}, {"", "!unclear"}, {"138123456789012345678901234567890", "!unclear"}, {"+", "!unclear"},
	} {
		if got := brief(answer.Phone(tt.text)); got != tt.want {
			t.Errorf("Phone(%q) = %s, want %s", tt.text, got, tt.want)
		}
	}
}

var (
	moneyForm = regexp.MustCompile(`^(0|[1-9]\d{0,9})\.\d\d$`)
	countForm = regexp.MustCompile(`^(0|[1-9]\d{0,6})$`)
	phoneForm = regexp.MustCompile(`^\+?\d{3,22}$`)
)

func FuzzAmounts(f *testing.F) {
	for _, s := range []string{"2千5", "一万二千三百四十五块六毛七", "1,500.00元", "几千", "一亿亿亿亿", "9999999999999999999999", "零零零五块零零五", "十十百百万万", "\xff3k", "¥-5", "二三十来万多"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkAnswer(t, s, answer.Money(s), moneyForm.MatchString)
		checkAnswer(t, s, answer.Count(s), countForm.MatchString)
	})
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"138-1234-5678", "+852 2123 4567", "(010) 82345678转801", "138****1234", "幺三八", "0086"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a := answer.Phone(s)
		checkAnswer(t, s, a, phoneForm.MatchString)
		if a.OK() {
			if again := answer.Phone(a.Value); again.Value != a.Value {
				t.Fatalf("%q → %s → %+v", s, a.Value, again)
			}
		}
	})
}

func FuzzChoice(f *testing.F) {
	for _, s := range []string{"1", "第二个", "没有人", "有人骂我", "①", "是，对", "不知道", "\xff", "对对对"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkAnswer(t, s, answer.Choice(s, options...), func(id string) bool {
			for _, o := range options {
				if o.ID == id {
					return true
				}
			}
			return false
		})
		checkAnswer(t, s, answer.YesNo(s), func(v string) bool { return v == "yes" || v == "no" })
		if n, ok := answer.Number(s); ok != (n > 0) && ok || n > 99 && ok {
			t.Fatalf("Number(%q) = %d, %v", s, n, ok)
		}
	})
}

// Every amount and count that is printed, in digits or in Chinese, is read back as the same value.
func FuzzPrintedNumbersReadBack(f *testing.F) {
	for _, n := range []uint64{0, 5, 10, 15, 20, 105, 110, 115, 1005, 1050, 10500, 100_005, 12345, 250_000, 1_200_000, 99_999_999} {
		f.Add(n, uint8(50))
	}
	f.Fuzz(func(t *testing.T, n uint64, cents uint8) {
		n, cents = n%100_000_000, cents%100
		kept := fmt.Sprintf("%d.%02d", n, cents)
		for _, text := range []string{kept, answer.PeopleMoney(kept), "￥" + kept, kept + "块"} {
			if got := answer.Money(text); got.Value != kept {
				t.Fatalf("%s → %q → %+v", kept, text, got)
			}
		}
		spoken := chinese(n)
		if got := answer.Money(spoken + "元"); got.Value != fmt.Sprintf("%d.00", n) {
			t.Fatalf("%d → %s → %+v", n, spoken, got)
		}
		if n < answer.MaxCount {
			for _, text := range []string{fmt.Sprint(n), spoken + "次"} {
				if got := answer.Count(text); got.Value != fmt.Sprint(n) {
					t.Fatalf("%d → %s → %+v", n, text, got)
				}
			}
		}
	})
}

// chinese writes a number below a hundred million in full: 一万零五百.
func chinese(n uint64) string {
	if n == 0 {
		return "零"
	}
	if n >= 10_000 {
		s := chinese(n/10_000) + "万"
		if rest := n % 10_000; rest > 0 {
			if rest < 1000 {
				s += "零"
			}
			s += chinese(rest)
		}
		return s
	}
	digits := []rune("零一二三四五六七八九")
	var out []rune
	zero := false
	for _, u := range []struct {
		unit uint64
		name string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		d := n / u.unit % 10
		if d == 0 {
			zero = len(out) > 0
			continue
		}
		if zero {
			out = append(out, '零')
			zero = false
		}
		out = append(append(out, digits[d]), []rune(u.name)...)
	}
	return string(out)
}

func TestLongAnswersAreCheap(t *testing.T) {
	for _, piece := range []string{"1", "昨天", "一", "3月", "1,", "(", "138-", "万", "点", "差1", "\xff"} {
		text := strings.Repeat(piece, 300_000)
		start := time.Now()
		answer.Moment(text, now, true)
		answer.Money(text)
		answer.Count(text)
		answer.Phone(text)
		answer.Choice(text, options...)
		answer.YesNo(text)
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%q over and over took %v", piece, d)
		}
	}
}

func BenchmarkChoice(b *testing.B) {
	for _, text := range []string{"3", "看依据", "第三个", "骂人", "没有这样的话"} {
		b.Run(text, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				answer.Choice(text, options...)
			}
		})
	}
}

func BenchmarkAnswers(b *testing.B) {
	b.Run("moment", func(b *testing.B) {
		for b.Loop() {
			answer.Moment("昨天晚上11点半", now, true)
		}
	})
	b.Run("money", func(b *testing.B) {
		for b.Loop() {
			answer.Money("一万二千三百块")
		}
	})
}
