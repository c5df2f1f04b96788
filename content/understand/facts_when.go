package understand

import (
	"strings"
	"time"

	"anning/bot/answer"
)

// when is a day and a clock time as they stand in a text: runes [from, day) and [clockFrom, clock).
type when struct {
	day       int    // where the day ends; from where there is none
	month     string // "2025-08", where no more than a month was told
	clockFrom int
	clock     int    // where the clock ends; 0 where there is none
	period    string // 晚上, said with the clock or with the day
}

var (
	dayWords = []string{"大前天", "前天", "昨天", "今天", "明天", "后天", "大后天", "刚才", "刚刚", "昨日", "今日", "明日", "昨晚上", "今晚上", "明晚上", "昨晚", "今晚", "明晚", "前晚", "昨夜", "今夜",
		"昨早", "今早", "明早", "今晨", "昨儿", "今儿", "明儿", "当天", "昨上午", "昨下午", "今上午", "今下午", "昨中午", "昨凌晨", "今凌晨", "前日", "前天晚上", "昨天晚上", "今天晚上", "昨天夜里", "今天早上", "昨天早上"}
	periods = []string{"凌晨", "大清早", "清晨", "清早", "大早上", "一大早", "早上", "早晨", "早间", "上午", "中午", "正午", "午间", "下午", "午后", "傍晚", "晚上", "晚间", "夜里", "夜间",
		"大半夜", "半夜", "深夜", "午夜", "大晚上", "晚", "早"}
	weeks    = []string{"周", "星期", "礼拜"}
	weekRefs = []string{"上上个", "上上", "上个", "上", "这个", "这", "本", "下个", "下"}
	yearRefs = []string{"去年", "今年", "前年", "明年", "当年"}
	months   = []string{"上上个月", "上个月", "上月", "这个月", "本月", "下个月", "下月"}
	befores  = []string{"之前", "以前", "前"}
)

// when keeps a day, a clock time, or what both set as a deadline.
func (s *scan) when(i int) int {
	if end := s.span(i); end > i {
		return end
	}
	w, ok := s.readWhen(i)
	if !ok {
		return i
	}
	end := max(w.day, w.clock)
	if stop, ok := s.at(end, befores...); ok && w.month == "" && s.due(i, stop) {
		if value, ok := s.limit(i, w); ok {
			return s.add(Fact{Kind: Deadline, Value: value, Of: "collector"}, i, stop)
		}
	} else if ends := s.limited(end, w); ends > end {
		if value, ok := s.limit(i, w); ok && s.due(i, ends) {
			return s.add(Fact{Kind: Deadline, Value: value, Of: "collector"}, i, ends)
		}
	}
	if w.day > i {
		s.addDay(i, w)
	}
	if w.clock > 0 {
		s.addClock(w)
	}
	return end
}

// limited is where 今天之内, 今天下班前, 今天必须 end: words that make a bare day a term.
func (s *scan) limited(end int, w when) int {
	if w.clock > 0 || w.month != "" {
		return end
	}
	stop, ok := s.at(end, "之内", "以内", "内", "下班前", "下班之前", "下班以前", "晚上之前", "晚上前", "中午前", "中午之前", "天黑前", "零点前", "结束前")
	if !ok {
		return end
	}
	return stop
}

// dueWords stand beside what a collector demands until a day or a time.
var dueWords = []string{"还款", "还清", "还钱", "必须", "处理", "结清", "付", "交", "转", "联系", "回复", "回电", "到账", "缴", "否则", "不然", "要求", "务必", "履行", "偿", "还上", "还不", "不还", "截止", "最后", "限", "凑", "打款", "存", "还", "给我", "逾期不"}

// due says that what stands around runes [i, end) is a demand, not what happened.
func (s *scan) due(i, end int) bool {
	after := s.window(end, end+14, end, len(s.r))
	text := s.before(i, 10) + "|" + after
	return hasAny(text, dueWords...) && !hasAny(after, "还了", "打了", "来了", "骂了", "付了", "交了", "转了", "发了", "就开始", "就在", "都没", "已经")
}

// limit is the value of a deadline: a day, or a moment; ok where it does not lie in the past.
func (s *scan) limit(i int, w when) (string, bool) {
	text := ""
	if w.day > i {
		text = string(s.r[i:w.day])
	} else {
		text = "今天"
	}
	if w.clock == 0 {
		a := answer.Date(text, s.now, false)
		return a.Value, a.OK() && a.Value >= s.now.Format(time.DateOnly)
	}
	period := w.period
	if w.day > i && strings.HasSuffix(text, period) {
		period = ""
	}
	a := answer.Moment(text+period+string(s.r[w.clockFrom:w.clock]), s.now, false)
	if !a.OK() && len(a.Candidates) > 0 { // 三点前: the next one there is
		for _, c := range a.Candidates {
			if c >= s.now.Format("2006-01-02 15:04") {
				return c, true
			}
		}
	}
	return a.Value, a.OK() && a.Value >= s.now.Format(time.DateOnly)
}

// span reads 48小时内, 三天内, 24小时之内, and 3天前, 两个月前.
func (s *scan) span(i int) int {
	n, ok := s.numeral(i)
	if c := s.r[i]; c == '半' && !ok {
		n, ok = numeral{low: cents / 2, high: cents / 2, to: i + 1}, true
	}
	if !ok || n.low > 10_000*cents {
		return i
	}
	unit, ok := s.at(n.to, "小时", "个小时", "个钟头", "个钟", "天", "日", "个工作日", "工作日", "周", "个星期", "个礼拜", "星期", "分钟", "个月", "年")
	if !ok {
		return i
	}
	word := string(s.r[n.to:unit])
	if end, ok := s.at(unit, "之内", "以内", "内"); ok {
		if !s.due(i, end) {
			return end // how long it took: no fact
		}
		return s.add(Fact{Kind: Deadline, Value: s.within(n, word), Of: "collector"}, i, end)
	}
	end, ok := s.at(unit, "之前", "以前", "前")
	if !ok || strings.Contains(word, "工作日") {
		return i
	}
	if word == "年" && n.low == n.high {
		return s.add(Fact{Kind: Day, Value: s.now.AddDate(-int(n.low/cents), 0, 0).Format("2006"), Of: s.dayOf(i, end)}, i, end)
	}
	a := answer.Date(string(s.r[i:end]), s.now, true)
	if !a.OK() {
		return end
	}
	f := Fact{Kind: Day, Value: a.Value, Of: s.dayOf(i, end), Sure: strings.Contains(word, "天") && n.low == n.high}
	if strings.Contains(word, "月") {
		f.Value = a.Value[:len("2006-01")]
	}
	return s.add(f, i, end)
}

// within is the value of a term: hours end at a moment, days on a day. Working days are only counted.
func (s *scan) within(n numeral, unit string) string {
	v := int(n.low / cents)
	switch clock := strings.ContainsAny(unit, "时钟"); {
	case n.low != n.high || !clock && n.low%cents != 0 || strings.Contains(unit, "工作日") || v > 1000:
		return ""
	case strings.Contains(unit, "分"):
		return s.now.Add(time.Duration(v) * time.Minute).Format("2006-01-02 15:04")
	case clock:
		return s.now.Add(time.Duration(n.low) * time.Hour / cents).Format("2006-01-02 15:04")
	case strings.ContainsAny(unit, "周星礼"):
		v *= 7
	case strings.Contains(unit, "月"):
		return s.now.AddDate(0, v, 0).Format(time.DateOnly)
	case unit == "年":
		return s.now.AddDate(v, 0, 0).Format(time.DateOnly)
	}
	return s.now.AddDate(0, 0, v).Format(time.DateOnly)
}

// readWhen reads a day, a clock, or both, at rune i.
func (s *scan) readWhen(i int) (w when, ok bool) {
	w.day = i
	if end, month := s.day(i); end > i {
		w.day, w.month = end, month
		w.period = periodOf(string(s.r[i:end]))
	}
	at := w.day
	if at > i {
		at, _ = s.skip(at, "的", "大概", "大约", "差不多", "左右")
	}
	p := at
	if end, said := s.at(at, periods...); said && (at > i || end-at > 1 || s.clockAt(end) > end) {
		w.period = string(s.r[at:end])
		p = end
	}
	q, _ := s.skip(p, "的", "大概", "大约", "差不多")
	if end := s.clockAt(q); end > q && (w.period != "" || s.r[q] != '一' && s.r[q] != '两' || strings.ContainsAny(string(s.r[q:end]), "半钟刻分整")) {
		w.clockFrom, w.clock = q, end
		return w, true
	}
	if w.day > i && p > at { // 昨天晚上
		w.day = p
	}
	return w, w.day > i
}

func (s *scan) skip(i int, words ...string) (int, bool) {
	if end, ok := s.at(i, words...); ok {
		return end, true
	}
	return i, false
}

// periodOf is the period that a day word holds: 昨晚.
func periodOf(day string) string {
	switch {
	case hasAny(day, "凌晨"):
		return "凌晨"
	case strings.ContainsAny(day, "晚夜"):
		return "晚上"
	case strings.ContainsAny(day, "早晨"):
		return "早上"
	case hasAny(day, "上午"):
		return "上午"
	case hasAny(day, "中午"):
		return "中午"
	case hasAny(day, "下午"):
		return "下午"
	}
	return ""
}
