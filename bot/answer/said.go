package answer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// said is what a text says about when: its day words, clock words and spans, before they are put together.
type said struct {
	days   []day
	clocks []clock
	approx bool
	vague  bool   // 前几天, 最近
	part   bool   // 上周, 3月, 晚上: a part of the answer only
	fault  Reason // NoSuch, OutOfRange
}

var plainWords = strings.NewReplacer(
	"星期", "周", "礼拜", "周",
	"昨晚上", "昨天晚上", "今晚上", "今天晚上", "明晚上", "明天晚上", "前晚上", "前天晚上",
	"昨晚", "昨天晚上", "昨夜", "昨天夜里", "昨早", "昨天早上", "昨日", "昨天", "昨凌晨", "昨天凌晨", "昨上午", "昨天上午", "昨中午", "昨天中午", "昨下午", "昨天下午",
	"今晚", "今天晚上", "今夜", "今天夜里", "今早", "今天早上", "今晨", "今天早上", "今日", "今天", "今上午", "今天上午", "今下午", "今天下午", "今凌晨", "今天凌晨",
	"明晚", "明天晚上", "明早", "明天早上", "明日", "明天", "前晚", "前天晚上", "前夜", "前天夜里", "前日", "前天",
	"几号", "?", "小时候", "?", "一下", "", "一直", "", "一共", "", "一次", "", "两次", "",
	"点钟", "点", "点整", "点", "点过", "点", "点零", "点0", "点〇", "点0",
)

// The shapes of days; numerals are Arabic by now.
var dayShape = regexp.MustCompile(strings.Join([]string{
	`(?P<y>\d{4}|\d{2})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?`,
	`(?P<iy>\d{4})[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})`,
	`(?P<cy>20\d{2})(?P<cm>\d{2})(?P<cd>\d{2})`,
	`(?P<back>上上个?月|上个?月|这个?月|本月|当月|下个?月)(?P<bd>\d{1,2})[日号]?`,
	`(?P<ry>去年|今年|前年|明年|当年)?的?(?P<mm>\d{1,2})月份?的?(?P<md>\d{1,2})[日号]?`,
	`(?P<n>\d+|半)个?(?P<half>半)?(?P<u>天|日|周|月|小时|钟头|分钟|刻钟|分|年)(?P<tail>半)?(?:之|以)?(?P<dir>前|后)`,
	`(?P<sm>\d{1,2})/(?P<sd>\d{1,2})`,
	`^(?P<xm>\d{1,2})[-.](?P<xd>\d{1,2})$`,
	`(?P<od>\d{1,2})[日号]`,
	`(?P<word>大前天|大后天|前天|昨天|今天|明天|后天)`,
	`(?P<w>上上|上|这|本|下)?个?周(?P<wd>[1-7]) `,
	`(?P<now>刚才|刚刚|方才|现在|此刻|刚打|刚接|刚收|刚来|刚发)`,
	`(?P<vague>前几天|前两天|前2天|前些天|前阵子|这几天|这两天|最近|近期|好久|很久|月初|月底|月中|月末|年初|年底|周末|初\d|农历|阴历|\d~\d)`,
	`(?P<part>上上个?周|上个?周|这个?周|本周|下个?周|上个?月|这个?月|本月|下个?月|去年|前年|今年|明年|\d{1,2}月)`,
}, "|"))

var dayNames = dayShape.SubexpNames()

// listen finds everything that says when.
func listen(text string) said {
	s := arabic(plainWords.Replace(fold(text)))
	var out said
	out.approx = containsAny(s, "大概", "大约", "左右", "好像", "可能", "应该", "估计", "差不多", "多的时候", "点多")
	for s != "" {
		loc := dayShape.FindStringSubmatchIndex(s)
		if loc == nil {
			break
		}
		if loc[0] > 0 && isDigit(rune(s[loc[0]-1])) && isDigit(rune(s[loc[0]])) || cutsNumber(s, loc[1]) { // 95588号
			s = s[:loc[0]] + strings.Repeat("#", loc[1]-loc[0]) + s[loc[1]:]
			continue
		}
		out.take(group(s, loc))
		s = s[:loc[0]] + " " + s[loc[1]:]
	}
	if slices.ContainsFunc(out.days, func(d day) bool { return d.kind != thisMoment }) { // 昨天刚收到
		out.days = slices.DeleteFunc(out.days, func(d day) bool { return d.kind == thisMoment && d.span == 0 })
	}
	out.clocks = clocks(s)
	if len(out.clocks) == 0 && periodShape.MatchString(s) {
		out.part = true
	}
	return out
}

// cutsNumber says that a shape that ends at end would cut a number in two.
func cutsNumber(s string, end int) bool {
	return end < len(s) && isDigit(rune(s[end-1])) && isDigit(rune(s[end]))
}

// group gives the named pieces of a match.
func group(s string, loc []int) map[string]string {
	m := map[string]string{}
	for i, name := range dayNames {
		if name != "" && loc[2*i] >= 0 {
			m[name] = s[loc[2*i]:loc[2*i+1]]
		}
	}
	return m
}

// take notes one shape.
func (s *said) take(m map[string]string) {
	switch {
	case m["y"] != "":
		s.days = append(s.days, day{kind: fullDay, year: century(m["y"]), month: atoi(m["m"]), day: atoi(m["d"])})
	case m["iy"] != "":
		s.days = append(s.days, day{kind: fullDay, year: atoi(m["iy"]), month: atoi(m["im"]), day: atoi(m["id"])})
	case m["cy"] != "":
		s.days = append(s.days, day{kind: fullDay, year: atoi(m["cy"]), month: atoi(m["cm"]), day: atoi(m["cd"])})
	case m["back"] != "":
		s.days = append(s.days, day{kind: monthBack, back: monthsBack(m["back"]), day: atoi(m["bd"])})
	case m["mm"] != "":
		s.days = append(s.days, day{kind: monthDay, yearWord: m["ry"], month: atoi(m["mm"]), day: atoi(m["md"])})
	case m["u"] != "":
		s.span(m)
	case m["sm"] != "":
		s.days = append(s.days, day{kind: monthDay, month: atoi(m["sm"]), day: atoi(m["sd"])})
	case m["xm"] != "":
		s.days = append(s.days, day{kind: monthDay, month: atoi(m["xm"]), day: atoi(m["xd"])})
	case m["od"] != "":
		s.days = append(s.days, day{kind: onlyDay, day: atoi(m["od"])})
	case m["word"] != "":
		s.days = append(s.days, day{kind: dayBack, back: daysBack[m["word"]]})
	case m["wd"] != "":
		s.days = append(s.days, day{kind: weekday, weekWord: m["w"], day: atoi(m["wd"])})
	case m["now"] != "":
		s.days = append(s.days, day{kind: thisMoment})
	case m["vague"] != "":
		s.vague = true
	default:
		s.part = true
	}
}

// span notes 三天前, 半小时前, 一个半小时前, 两个月前.
func (s *said) span(m map[string]string) {
	halves := 2 * atoi(m["n"])
	if m["n"] == "半" {
		halves = 1
	} else if m["half"] != "" || m["tail"] != "" {
		halves++
	}
	if len(m["n"]) > 6 {
		s.fault = OutOfRange
		return
	}
	if m["dir"] == "后" {
		halves = -halves
	}
	s.approx = true
	switch u := m["u"]; {
	case u == "年" || (u == "天" || u == "日") && halves%2 != 0:
		s.vague = true
	case u == "月" && halves%2 != 0:
		s.days = append(s.days, day{kind: dayBack, back: halves * 15})
	case u == "月":
		s.days = append(s.days, day{kind: monthsAgo, back: halves / 2})
	case u == "周":
		s.days = append(s.days, day{kind: dayBack, back: halves * 7 / 2})
	case u == "天" || u == "日":
		s.days = append(s.days, day{kind: dayBack, back: halves / 2})
	case u == "分钟" || u == "分":
		s.days = append(s.days, day{kind: thisMoment, span: time.Duration(halves) * time.Minute / 2})
	case u == "刻钟":
		s.days = append(s.days, day{kind: thisMoment, span: time.Duration(halves) * 15 * time.Minute / 2})
	default:
		s.days = append(s.days, day{kind: thisMoment, span: time.Duration(halves) * time.Hour / 2})
	}
}

var daysBack = map[string]int{"大前天": 3, "前天": 2, "昨天": 1, "今天": 0, "明天": -1, "后天": -2, "大后天": -3}

func monthsBack(s string) int {
	switch {
	case strings.HasPrefix(s, "上上"):
		return 2
	case strings.HasPrefix(s, "上"):
		return 1
	case strings.HasPrefix(s, "下"):
		return -1
	}
	return 0
}

func century(s string) int {
	if n := atoi(s); n >= 100 {
		return n
	} else {
		return 2000 + n
	}
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }
