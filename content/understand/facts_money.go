package understand

import (
	"fmt"
	"strconv"
	"strings"
)

// What a sum is of, by the word nearest to it.
var sumLabels = []label{
	{"每月还", "monthly"}, {"月供", "monthly"}, {"每个月还", "monthly"}, {"一个月还", "monthly"}, {"每期", "monthly"}, {"月还", "monthly"}, {"一期", "monthly"}, {"每月最多还", "offer"}, {"能还", "offer"}, {"只能还", "offer"}, {"最多还", "offer"}, {"能拿出", "offer"}, {"分期还", "monthly"},
	{"工资", "income"}, {"月薪", "income"}, {"收入", "income"}, {"到手", "income"}, {"挣", "income"}, {"赚", "income"}, {"底薪", "income"}, {"退休金", "income"}, {"低保", "income"},
	{"房租", "cost"}, {"房贷", "cost"}, {"生活费", "cost"}, {"学费", "cost"}, {"药费", "cost"}, {"花销", "cost"}, {"开销", "cost"},
	{"手续费", "fee"}, {"服务费", "fee"}, {"担保费", "fee"}, {"违约金", "fee"}, {"滞纳金", "fee"}, {"罚息", "fee"}, {"利息", "fee"}, {"砍头息", "fee"}, {"保证金", "fee"}, {"会员费", "fee"}, {"律师费", "fee"}, {"催收费", "fee"}, {"上门费", "fee"}, {"诉讼费", "fee"}, {"解冻费", "fee"}, {"工本费", "fee"}, {"管理费", "fee"},
	{"让我", "demanded"}, {"要我", "demanded"}, {"叫我", "demanded"}, {"逼我", "demanded"}, {"必须", "demanded"}, {"先还", "demanded"}, {"立马", "demanded"}, {"要求", "demanded"}, {"只要还", "demanded"}, {"一次性", "demanded"}, {"先转", "demanded"}, {"先打", "demanded"}, {"先交", "demanded"}, {"最低还", "demanded"}, {"应还", "demanded"}, {"转给", "demanded"}, {"索要", "demanded"}, {"勒索", "demanded"}, {"要价", "demanded"}, {"赔", "demanded"}, {"交钱", "demanded"}, {"转账", "demanded"}, {"转", "demanded"},
	{"欠", "debt"}, {"借", "debt"}, {"本金", "debt"}, {"逾期", "debt"}, {"贷", "debt"}, {"负债", "debt"}, {"还剩", "debt"}, {"总共", "debt"}, {"一共", "debt"}, {"欠款", "debt"}, {"债务", "debt"}, {"本息", "debt"}, {"账单", "debt"}, {"刷了", "debt"}, {"透支", "debt"}, {"额度", "debt"},
	{"还了", "paid"}, {"已还", "paid"}, {"还过", "paid"}, {"付了", "paid"}, {"转了", "paid"}, {"交了", "paid"}, {"打了", "paid"}, {"结清了", "paid"}, {"被骗", "paid"},
}

// afterSum are labels that may follow a sum: 三千块的手续费.
var afterSum = []label{
	{"手续费", "fee"}, {"服务费", "fee"}, {"担保费", "fee"}, {"违约金", "fee"}, {"滞纳金", "fee"}, {"罚息", "fee"}, {"利息", "fee"}, {"砍头息", "fee"}, {"保证金", "fee"}, {"会员费", "fee"}, {"律师费", "fee"}, {"上门费", "fee"}, {"催收费", "fee"},
	{"本金", "debt"}, {"欠款", "debt"}, {"债", "debt"}, {"贷款", "debt"}, {"逾期", "debt"}, {"没还", "debt"}, {"网贷", "debt"}, {"信用卡", "debt"}, {"还不上", "debt"}, {"的月供", "monthly"}, {"月供", "monthly"}, {"工资", "income"}, {"房租", "cost"}, {"房贷", "cost"},
}

// bareSum are words after which a number is a sum with no unit: 欠5000, 还了三千.
var bareSum = []string{"欠", "欠了", "欠款", "借", "借了", "本金", "还", "还了", "转", "转了", "转账", "打款", "汇", "汇款", "充值", "刷了", "交", "交了", "付", "付了", "给", "给了", "欠他", "欠他们", "工资", "月薪", "收入", "到手", "月供", "逾期", "利息", "手续费", "违约金", "滞纳金", "总共", "一共", "金额", "负债", "房租", "账单", "额度", "欠着", "剩", "要", "罚息", "应还", "每月", "每个月", "每期", "一期"}

// otherThings follow numbers that are no money.
const otherThings = "月日号年天点期个次%折岁小分时通条人位笔家周星礼张遍回层楼倍:/趟名口级码号-秒套辆米斤台部件只封句幢栋单套度"

// money keeps a sum: 5000元, 三万八, 1.2w, ¥800, 欠5000.
func (s *scan) money(i int) int {
	at, yen := i, s.r[i] == '¥'
	if yen {
		at++
	}
	n, ok := s.numeral(at)
	if !ok || n.open || s.rune(at) == '几' || s.rune(at) == '好' || s.rune(at) == '数' || at > 0 && strings.ContainsRune("第-.", s.r[at-1]) {
		if ok {
			return n.to
		}
		return i
	}
	end, unit := s.unit(&n)
	bare := false
	if next := s.rune(end); unit && n.high < 10*cents && n.low%cents == 0 && s.r[end-1] == '块' && isHan(next) && !strings.ContainsRune("的多了都没也吧呢一还就给", next) {
		return end // 两块腊肉
	}
	if !unit && !yen {
		label := s.before(at, 5)
		for _, w := range bareSum {
			rest := strings.TrimRight(label, "我他的约大概了差不多:是有快近共计才只")
			bare = bare || strings.HasSuffix(label, w) || strings.HasSuffix(rest, w)
		}
		if next := s.rune(end); next != 0 && strings.ContainsRune(otherThings, next) || n.plain > 8 || n.plain == 1 ||
			!(bare && n.low >= 100*cents || n.marked && n.low >= 1000*cents && n.to-at >= 2) {
			return end
		}
	}
	if n.low > 1_000_000_000*cents || n.low == 0 {
		return end
	}
	f := Fact{Kind: Amount, Value: yuan(n.low), Of: s.sumOf(i, end), Low: int(n.low / cents), High: int(n.high / cents)}
	f.Sure = n.low == n.high && !n.rough && !approximate(s.before(i, 3)) && !hasAny(s.after(end, 3), "左右", "上下", "出头")
	return s.add(f, i, end)
}

// approximate says that the words right before a number make it a rough one.
func approximate(before string) bool {
	return strings.HasSuffix(before, "大概") || strings.HasSuffix(before, "大约") || strings.HasSuffix(before, "差不多") || strings.HasSuffix(before, "快") || strings.HasSuffix(before, "近") || strings.HasSuffix(before, "小") || strings.HasSuffix(before, "大")
}

func yuan(v int64) string { return fmt.Sprintf("%d.%02d", v/cents, v%cents) }

// unit reads what follows a number of yuan: 块五, 元, 块钱, 毛, rmb.
func (s *scan) unit(n *numeral) (end int, ok bool) {
	end = n.to
	if e, ok := s.at(end, "块钱", "元钱", "元人民币", "块", "元", "圆", "rmb", "人民币", "大洋", "来块", "多块", "塊"); ok {
		if s.r[e-1] == '块' && e == end+1 {
			if d := figure(s.rune(e)); d > 0 && !strings.ContainsRune("十百千万个次天", s.rune(e+1)) || digit(s.rune(e)) && !isWord(s.rune(e+1)) && s.rune(e+1) != '.' {
				v := d
				if d < 0 {
					v = int64(s.r[e] - '0')
				}
				n.low, n.high = n.low+v*cents/10, n.high+v*cents/10
				e++
			}
		}
		return e, true
	}
	if e, ok := s.at(end, "毛钱", "毛", "角"); ok {
		n.low, n.high = n.low/10, n.high/10
		return e, true
	}
	return end, false
}

// sumOf says what a sum at runes [i, end) is of.
func (s *scan) sumOf(i, end int) string {
	after := s.after(end, 6)
	if of, at := soonest(after, afterSum); at >= 0 && len(after[:at]) <= len("的多") {
		return of
	}
	of, at := nearest(s.before(i, 12), sumLabels)
	if at < 0 {
		of, _ = soonest(after, afterSum)
	}
	return of
}

// What is counted, by the measure and the words around.
var countLabels = []label{
	{"电话", "calls"}, {"来电", "calls"}, {"打", "calls"}, {"拨", "calls"}, {"呼", "calls"}, {"轰炸", "calls"}, {"骚扰", "calls"},
	{"短信", "messages"}, {"信息", "messages"}, {"消息", "messages"}, {"验证码", "messages"}, {"微信", "messages"}, {"发", "messages"}, {"群发", "messages"},
	{"上门", "visits"}, {"来家", "visits"}, {"来我家", "visits"}, {"来公司", "visits"}, {"来单位", "visits"}, {"来过", "visits"}, {"来了", "visits"},
}

// pers are words that say in how long.
var pers = []label{
	{"一天", "day"}, {"每天", "day"}, {"天天", "day"}, {"一日", "day"}, {"每日", "day"}, {"1天", "day"}, {"一天到晚", "day"}, {"今天", "day"}, {"昨天", "day"}, {"当天", "day"},
	{"一小时", "hour"}, {"一个小时", "hour"}, {"每小时", "hour"}, {"1小时", "hour"}, {"1个小时", "hour"}, {"一个钟", "hour"}, {"一分钟", "minute"}, {"1分钟", "minute"}, {"每分钟", "minute"},
	{"一周", "week"}, {"每周", "week"}, {"一个星期", "week"}, {"一星期", "week"}, {"一礼拜", "week"}, {"一个礼拜", "week"}, {"这周", "week"}, {"一个月", "month"}, {"每月", "month"}, {"每个月", "month"}, {"这个月", "month"},
}

// count keeps how many: 一天打三十几个, 十几通, 上百条, 来了三个人.
func (s *scan) count(i int) int {
	n, ok := s.numeral(i)
	if !ok || n.low%cents != 0 || n.low > 1_000_000*cents || i > 0 && s.r[i-1] == '第' {
		return i
	}
	end, measure := s.at(n.to, "个电话", "通电话", "个短信", "条短信", "条信息", "条消息", "个", "次", "通", "遍", "条", "趟", "回", "人", "个人", "多个", "多次", "来个", "来次", "来通", "多通", "多条", "来条", "名", "位")
	if !measure {
		return i
	}
	if _, not := s.at(end, "月", "小时", "钟", "星期", "礼拜", "工作日", "多月", "半月", "平台", "分钟"); not || strings.HasSuffix(string(s.r[n.to:end]), "个") && strings.ContainsRune("月小钟星礼工平半分", s.rune(end)) && s.rune(end) != 0 {
		return i
	}
	of := s.countOf(i, end, string(s.r[n.to:end]))
	f := Fact{Kind: Count, Of: of}
	if f.Per, _ = nearest(s.sentence(i, 14), pers); f.Per == "" {
		if e, ok := s.at(end, "一天", "每天", "/天", "天"); ok && e > end {
			f.Per = "day"
		}
	}
	if of == "" && (f.Per == "" || !strings.ContainsAny(string(s.r[n.to:end]), "个次遍回")) || n.high <= cents && of != "visits" && of != "calls" || n.high <= cents && !hasAny(s.before(i, 3), "打", "了") {
		return end
	}
	low, high := int(n.low/cents), int(n.high/cents)
	before := s.before(i, 4)
	if n.open || hasAny(before, "至少", "不下", "超过", "起码", "不止", "不少于", "最少") {
		high = 0
	}
	f.Low, f.High, f.Value = low, high, strconv.Itoa(low)
	switch {
	case high == 0:
		f.Value += "+"
	case high > low:
		f.Value += "-" + strconv.Itoa(high)
	default:
		f.Sure = !n.rough
	}
	return s.add(f, i, end)
}

// sentence is up to n runes before rune i, of the same sentence.
func (s *scan) sentence(i, n int) string {
	text := s.window(i-n, i, 0, i)
	return text[strings.LastIndexAny(text, "。!?;\n")+1:]
}

// countOf says what is counted.
func (s *scan) countOf(i, end int, measure string) string {
	switch {
	case strings.Contains(measure, "电话"), strings.Contains(measure, "通"):
		return "calls"
	case strings.Contains(measure, "短信"), strings.Contains(measure, "信息"), strings.Contains(measure, "消息"):
		return "messages"
	case strings.ContainsAny(measure, "人名位"):
		if hasAny(s.before(i, 8)+"|"+s.after(end, 8), "来", "上门", "堵", "围", "站", "敲门", "门口", "带") {
			return "people"
		}
		return ""
	case strings.Contains(measure, "趟"):
		return "visits"
	}
	after := s.after(end, 5)
	if strings.HasPrefix(after, "人") {
		return ""
	}
	if of, at := soonest(after, countLabels); at >= 0 && at <= len("的骚扰") && !strings.HasPrefix(after[at:], "打") {
		return of
	}
	of, _ := nearest(s.sentence(i, 9), countLabels)
	if of == "messages" && strings.ContainsAny(measure, "个") && hasAny(after, "人") {
		return ""
	}
	return of
}
