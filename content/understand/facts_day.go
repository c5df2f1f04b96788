package understand

import (
	"fmt"
	"strings"
	"time"

	"anning/bot/answer"
)

// day reads a day at rune i; month is set where no more than a month was told.
func (s *scan) day(i int) (end int, month string) {
	if end, ok := s.at(i, dayWords...); ok {
		if end == i+2 && s.r[i+1] == '天' {
			if e, ok := s.at(end, "晚上", "夜里", "早上", "凌晨", "上午", "中午", "下午", "傍晚", "半夜", "深夜", "晚", "早"); ok && s.clockAt(e) == e {
				return e, ""
			}
		}
		return end, ""
	}
	if end := s.weekday(i); end > i {
		return end, ""
	}
	if end, month := s.monthDay(i); end > i {
		return end, month
	}
	return s.written(i), ""
}

// weekday reads 上周三, 星期五, 这周日.
func (s *scan) weekday(i int) int {
	at, _ := s.skip(i, weekRefs...)
	end, ok := s.at(at, weeks...)
	if !ok || !strings.ContainsRune("一二三四五六日天1234567", s.rune(end)) || s.rune(end) == 0 {
		return i
	}
	if s.rune(end) == '一' && at == i && strings.ContainsRune("次个遍趟", s.rune(end+1)) || digit(s.rune(end+1)) || s.rune(end+1) == '天' { // 一周一次
		return i
	}
	if at == i && i > 0 && (isNumeral(s.r[i-1]) || strings.ContainsRune("每几个整半", s.r[i-1])) {
		return i
	}
	return end + 1
}

// monthDay reads 8月3号, 去年8月, 2025年8月3日, 上个月5号, 上个月, 20号.
func (s *scan) monthDay(i int) (end int, month string) {
	at, year := i, 0
	if e, ok := s.at(i, yearRefs...); ok {
		year = s.now.Year() + map[rune]int{'去': -1, '前': -2, '明': 1}[s.r[i]]
		at, _ = s.skip(e, "的")
	} else if a, _, e, count := s.digits(i); e > i && s.rune(e) == '年' && (count == 4 || count == 2) && digit(s.r[i]) == (count == 2) || e > i && s.rune(e) == '年' && count == 4 {
		year = int(a / cents)
		if count == 2 {
			year += 2000
		}
		at, _ = s.skip(e+1, "的")
	}
	if e, ok := s.at(i, months...); ok {
		if n, ok := s.numeral(e); ok && n.low == n.high && n.low <= 31*cents && strings.ContainsRune("日号", s.rune(n.to)) && s.rune(n.to) != 0 {
			return n.to + 1, ""
		}
		if s.rune(e) == '的' {
			return i, ""
		}
		return e, s.monthsAgo(s.r[i : e+0])
	}
	n, ok := s.numeral(at)
	if !ok || strings.ContainsRune("两俩仨", s.r[at]) || n.low != n.high || n.low < cents || n.low > 31*cents || n.low%cents != 0 {
		return i, ""
	}
	m := int(n.low / cents)
	if s.rune(n.to) == '月' && m <= 12 {
		e, _ := s.skip(n.to+1, "份")
		e2, _ := s.skip(e, "的")
		if d, ok := s.numeral(e2); ok && d.low == d.high && d.low >= cents && d.low <= 31*cents {
			if strings.ContainsRune("日号", s.rune(d.to)) && s.rune(d.to) != 0 {
				return d.to + 1, ""
			}
			if !isWord(s.rune(d.to)) && !strings.ContainsRune("个次点时万千元块条人:%/.-年", s.rune(d.to)) {
				return d.to, ""
			}
		}
		return e, s.inMonth(year, m)
	}
	if at == i && strings.ContainsRune("日号", s.rune(n.to)) && s.rune(n.to) != 0 && !strings.ContainsRune("线楼店院门机员码工卡码仓柜桌铺铁", s.rune(n.to+1)) &&
		!(s.rune(n.to) == '日' && !s.dated(n.to+1)) && !(i > 0 && strings.ContainsRune("第每", s.r[i-1])) {
		return n.to + 1, ""
	}
	return i, ""
}

func (s *scan) digits(i int) (a, b int64, end, count int) {
	if !digit(s.r[i]) && figure(s.r[i]) < 0 {
		return 0, 0, i, 0
	}
	return s.run(i)
}

// dated says that 5日 ends there: 5日内 and 3日游 are no days.
func (s *scan) dated(i int) bool {
	return !strings.ContainsRune("内之以游均息利", s.rune(i)) || s.rune(i) == 0
}

// inMonth is a month of a year; of none, the latest that has begun.
func (s *scan) inMonth(year, m int) string {
	if year == 0 {
		year = s.now.Year()
		if m > int(s.now.Month()) {
			year--
		}
	}
	return fmt.Sprintf("%04d-%02d", year, m)
}

func (s *scan) monthsAgo(words []rune) string {
	back := 0
	switch {
	case len(words) > 1 && words[0] == '上' && words[1] == '上':
		back = 2
	case words[0] == '上':
		back = 1
	case words[0] == '下':
		back = -1
	}
	return time.Date(s.now.Year(), s.now.Month()-time.Month(back), 1, 0, 0, 0, 0, s.now.Location()).Format("2006-01")
}

// written reads 2026-08-03, 2026/8/3, 2026.8.3 and 20260803 with a word before.
func (s *scan) written(i int) int {
	if !digit(s.r[i]) {
		return i
	}
	part := func(at, most int) (v, end int) {
		for end = at; end < at+most && digit(s.rune(end)); end++ {
			v = 10*v + int(s.r[end]-'0')
		}
		return v, end
	}
	if m, a := part(i, 2); s.rune(a) == '/' && m >= 1 && m <= 12 { // 11/5
		if d, end := part(a+1, 2); d >= 1 && d <= 31 && end > a+1 && !isWord(s.rune(end)) && s.rune(end) != '/' && s.rune(end) != '.' {
			return end
		}
	}
	y, a := part(i, 4)
	if a-i != 4 || y < 1990 || y > 2100 || !strings.ContainsRune("-/.", s.rune(a)) || s.rune(a) == 0 {
		return i
	}
	m, b := part(a+1, 2)
	if s.rune(b) != s.rune(a) || m < 1 || m > 12 {
		return i
	}
	d, end := part(b+1, 2)
	if d < 1 || d > 31 || end == b+1 || digit(s.rune(end)) {
		return i
	}
	return end
}

// What a day is of, by the words beside it. Words of what happened come first where none is nearer.
var dayLabels = []label{
	{"借", "borrowed"}, {"贷款", "borrowed"}, {"放款", "borrowed"}, {"下款", "borrowed"}, {"办的", "borrowed"}, {"办了", "borrowed"}, {"申请", "borrowed"}, {"签", "borrowed"},
	{"到期", "due"}, {"还款日", "due"}, {"该还", "due"}, {"应还", "due"}, {"要还", "due"}, {"逾期", "due"}, {"还款", "due"}, {"开始还", "due"}, {"还上", "due"},
	{"还了", "paid"}, {"还的", "paid"}, {"结清", "paid"}, {"付了", "paid"}, {"还清", "paid"}, {"还过", "paid"}, {"转了", "paid"}, {"交了钱", "paid"},
	{"收到传票", "received"}, {"收到法院", "received"}, {"收到起诉", "received"}, {"收到了传票", "received"}, {"收到了法院", "received"}, {"收到判决", "received"}, {"收到律师函", "received"},
	{"投诉", "filed"}, {"举报", "filed"}, {"报警", "filed"}, {"报了警", "filed"}, {"报案", "filed"}, {"反映", "filed"},
	{"打", "happened"}, {"来电", "happened"}, {"骂", "happened"}, {"骚扰", "happened"}, {"上门", "happened"}, {"发", "happened"}, {"威胁", "happened"}, {"恐吓", "happened"}, {"来了", "happened"}, {"来的", "happened"}, {"来过", "happened"}, {"来家", "happened"}, {"来公司", "happened"}, {"来单位", "happened"}, {"闹", "happened"},
	{"堵", "happened"}, {"泼", "happened"}, {"贴", "happened"}, {"催", "happened"}, {"爆", "happened"}, {"砸", "happened"}, {"跟踪", "happened"}, {"敲门", "happened"}, {"找到", "happened"}, {"找我", "happened"},
	{"短信", "happened"}, {"电话", "happened"}, {"联系", "happened"}, {"诱骗", "happened"}, {"来我", "happened"}, {"来人", "happened"}, {"到我家", "happened"}, {"到我单位", "happened"}, {"说要", "happened"}, {"辱", "happened"}, {"冒充", "happened"}, {"群发", "happened"},
	{"失业", "other"}, {"离职", "other"}, {"住院", "other"}, {"生病", "other"}, {"发工资", "other"}, {"工资", "other"}, {"出生", "other"}, {"发薪", "other"}, {"上班", "other"}, {"协商", "other"}, {"谈", "other"}, {"打工", "other"}, {"打算", "other"}, {"换", "other"}, {"开庭", "other"}, {"起诉", "other"}, {"立案", "other"},
}

// dayOf says what a day at runes [i, end) is of; empty where no word tells.
func (s *scan) dayOf(i, end int) string {
	after := s.after(end, 40)
	if hasAny(after, "开始", "以来", "至今") || strings.HasPrefix(after, "起") {
		return "began"
	}
	of, at := soonest(after, dayLabels)
	if stop := int(s.ends[end-1]); at < 0 && stop-end <= 3 && s.rune(stop) == ',' { // 昨天晚上，他们……
		after = s.window(stop+1, stop+40, stop+1, int(s.ends[min(stop+1, len(s.r)-1)]))
		of, at = soonest(after, dayLabels)
	}
	if at < 0 {
		text := s.before(i, 10)
		if of, at = nearest(text, dayLabels); at < 0 {
			return ""
		}
		return s.undenied(text[:at], of)
	}
	return s.undenied(after[:at], of)
}

// undenied is of, but where the words before deny it: 昨天没打, 昨天才没上门.
func (s *scan) undenied(before, of string) string {
	if hasAny(last(before, 4), "没", "未", "不再", "停了") {
		return ""
	}
	return of
}

// last are the last n runes of a text.
func last(text string, n int) string {
	r := []rune(text)
	return string(r[max(0, len(r)-n):])
}

// addDay keeps the day of w. Days are in the past where that is what the words tell of.
func (s *scan) addDay(i int, w when) {
	words := string(s.r[i:w.day])
	f := Fact{Kind: Day, Of: s.dayOf(i, max(w.day, w.clock))}
	if w.month != "" {
		f.Value = w.month
		s.add(f, i, w.day)
		return
	}
	after := s.after(w.day, 16)
	a, near := answer.Date(words, s.now, true), answer.Date(words, s.now, false)
	today := s.now.Format(time.DateOnly)
	open := near.Value != a.Value // it may lie ahead as well
	announced := (open || near.Value >= today) && !gone(words) && hasAny(after, announcing...)
	if f.Of == "due" || f.Of == "" || announced || !a.OK() && len(a.Candidates) == 0 {
		a = near
	}
	f.Value, f.Sure = a.Value, a.OK() && !s.supposed(i) && !announced && (!open || gone(words) || hasAny(after, "了", "过", "的", "着", "又", "还在", "刚", "收到", "打来", "来电"))
	if !a.OK() && len(a.Candidates) > 0 {
		f.Value = a.Candidates[0]
	}
	if f.Value == "" {
		return
	}
	if announced && f.Of == "happened" || f.Value > today && f.Of != "due" {
		f.Of, f.Sure = "ahead", false
	}
	s.add(f, i, w.day)
}

// announcing are words of what is to come: 今天不还就上门, 周五要来.
var announcing = []string{"要", "会", "将", "准备", "打算", "不还", "还不", "不处理", "再不", "否则"}

// gone says that a day word is of the past by itself: 昨天, 上周三, 2026-11-05 is not.
func gone(words string) bool {
	return hasAny(words, "昨", "前天", "前日", "前晚", "前夜", "上周", "上星期", "上礼拜", "上个", "上上", "上月", "去年", "前年", "刚", "前")
}

// supposed says that the clause before rune i supposes or asks what it speaks of.
func (s *scan) supposed(i int) bool {
	return hasAny(s.before(i, 12), "如果", "要是", "假如", "万一", "会不会", "从", "自", "截至", "截止", "直到", "不是", "除了")
}
