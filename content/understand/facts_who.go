package understand

import (
	"strings"

	"anning/bot/answer"
)

// phone keeps a telephone number. Short ones count only beside words of telephones.
func (s *scan) phone(i int) int {
	end, digits := i, 0
	for end < len(s.r) && end < i+28 && (isPhone(s.r[end]) || end == i) {
		if digit(s.r[end]) {
			digits++
		}
		end++
	}
	if !isPhone(s.r[i]) { // 幺三八……
		if figure(s.rune(i-1)) >= 0 {
			return i
		}
		for end = i; figure(s.rune(end)) >= 0 && end < i+16; end++ {
		}
		if digits = end - i; digits < 7 {
			return i
		}
	}
	for end > i && !digit(s.r[end-1]) && figure(s.r[end-1]) < 0 {
		end--
	}
	if digits < 3 || digits > 18 || isLetter(s.rune(end)) || s.rune(end) == '*' || strings.ContainsRune("元块万千年月", s.rune(end)) && s.rune(end) != 0 {
		return i
	}
	words := string(s.r[i:end])
	if gap := strings.IndexByte(words, ' '); gap > 0 && digits > 13 { // two numbers side by side
		words = words[:gap]
		end, digits = i+len(words), len(words)
	}
	near := hasAny(s.before(i, 10), "电话", "号码", "来电", "拨", "号是", "打过来", "打来", "致电", "手机", "热线", "联系", "号打") || hasAny(s.after(end, 6), "打", "来电", "的电话", "号码", "这个号", "骚扰", "热线", "客服", "发短信", "发的短信", "发来")
	near = near || strings.HasSuffix(s.before(i, 1), "打")
	money, _ := nearest(s.before(i, 5), sumLabels)
	if digits < 7 && (!near || money != "" && !hasAny(s.before(i, 5), "电话", "号码", "来电")) {
		return i
	}
	a := answer.Phone(words)
	if !a.OK() || digits >= 16 && !strings.HasPrefix(a.Value, "106") || digits < 7 && !short(a.Value) || digits > 6 && digits < 11 && strings.HasPrefix(a.Value, "1") && !near {
		return i
	}
	f := Fact{Kind: Phone, Value: a.Value, Sure: true, Of: "other"}
	if e, ok := s.at(end, "转", "-"); ok && (a.Value[0] == '0' || a.Value[0] == '4') { // an extension
		for end = e; digit(s.rune(end)) && end < e+6; {
			end++
		}
	}
	switch around := s.before(i, 10) + "|" + s.after(end, 10); {
	case hasAny(around, "我的号", "我的电话", "我的手机", "我手机", "本人", "我电话", "我号码"):
		f.Of = "mine"
	case hasAny(around, "催收", "打来", "打过来", "打给", "打我", "来电", "骚扰", "对方", "他们", "发来", "发的", "发短信", "骂", "威胁", "打的", "这个号", "用"):
		f.Of = "collector"
	}
	return s.add(f, i, end)
}

// short says that a short number is one to dial: 95588, 12378, 110.
func short(v string) bool {
	return strings.HasPrefix(v, "95") && len(v) >= 5 || strings.HasPrefix(v, "96") && len(v) >= 5 || len(v) == 5 && strings.HasPrefix(v, "12") || len(v) == 5 && strings.HasPrefix(v, "100") || len(v) == 3 && strings.HasPrefix(v, "1")
}

func isPhone(r rune) bool  { return digit(r) || strings.ContainsRune("+()- ", r) }
func isLetter(r rune) bool { return 'a' <= r && r <= 'z' }

// Words of paying to somebody.
var payWords = []string{"转", "打", "付", "汇", "还", "扫", "存", "收款", "交", "款", "钱"}

// account keeps the number of a bank card.
func (s *scan) account(i int) int {
	end, digits := i, 0
	for end < len(s.r) && (digit(s.r[end]) || s.r[end] == ' ' && digit(s.rune(end+1)) || s.r[end] == '-' && digit(s.rune(end+1))) && end < i+26 {
		if digit(s.r[end]) {
			digits++
		}
		end++
	}
	if digits < 16 || digits > 19 || isWord(s.rune(end)) || s.rune(end) == '*' {
		return i
	}
	around := s.before(i, 12)
	if digits == 18 && (hasAny(around, "身份证", "证件") || identity(s.r[i:end]) && !hasAny(around, "卡", "账")) || hasAny(around, "单号", "编号", "合同号", "流水号", "案号", "订单") {
		return end
	}
	value := strings.Map(func(r rune) rune {
		if digit(r) {
			return r
		}
		return -1
	}, string(s.r[i:end]))
	return s.add(Fact{Kind: Account, Value: value, Of: "card", Sure: true}, i, end)
}

// identity says that digits are those of an identity card: a year of birth stands in them.
func identity(r []rune) bool {
	return len(r) == 18 && (r[6] == '1' && r[7] == '9' || r[6] == '2' && r[7] == '0') && r[10] <= '1' && r[12] <= '3'
}

// payees are accounts told by their kind.
var payees = []label{
	{"私人账户", "private"}, {"个人账户", "private"}, {"私人账号", "private"}, {"个人账号", "private"}, {"私人卡", "private"}, {"个人卡", "private"}, {"私户", "private"}, {"个人银行卡", "private"}, {"私人银行卡", "private"}, {"私人帐户", "private"}, {"个人帐户", "private"},
	{"私人微信", "private"}, {"个人微信", "private"}, {"他的微信", "private"}, {"她的微信", "private"}, {"他微信", "private"}, {"私人支付宝", "private"}, {"个人支付宝", "private"}, {"他的支付宝", "private"}, {"她的支付宝", "private"}, {"他卡里", "private"}, {"他的卡", "private"}, {"个人收款码", "private"}, {"私人收款码", "private"}, {"个人二维码", "private"},
	{"对公账户", "company"}, {"公司账户", "company"}, {"公户", "company"}, {"单位账户", "company"}, {"公司账号", "company"}, {"对公帐户", "company"}, {"公司帐户", "company"}, {"对公账号", "company"}, {"官方账户", "company"},
	{"收款码", "qr"}, {"二维码", "qr"}, {"收钱码", "qr"}, {"付款码", "qr"}, {"扫码", "qr"},
}

// payee keeps an account told by its kind, where the words beside it speak of paying.
func (s *scan) payee(i int) int {
	if id := s.wechat(i); id > i {
		return id
	}
	for _, l := range payees {
		end, ok := s.at(i, l.word)
		if !ok {
			continue
		}
		if !hasAny(s.before(i, 8)+"|"+s.after(end, 8), payWords...) || s.rune(end) == '号' {
			continue
		}
		return s.add(Fact{Kind: Account, Of: l.of, Sure: !hasAny(s.before(i, 4), "不是", "没", "不要", "别")}, i, end)
	}
	return i
}

// wechat keeps an id told as 微信号abc123.
func (s *scan) wechat(i int) int {
	from, ok := s.at(i, "微信号", "微信", "加微信", "wx", "vx")
	if !ok {
		return i
	}
	for s.rune(from) != 0 && strings.ContainsRune(":是为号 ", s.rune(from)) {
		from++
	}
	end := from
	for end < len(s.r) && end < from+20 && (isWord(s.r[end]) || s.r[end] == '_' || s.r[end] == '-') {
		end++
	}
	if end-from < 6 || isWord(s.rune(end)) || !isLetter(s.rune(from)) && end-from != 11 {
		return i
	}
	value := strings.ToValidUTF8(s.n.Original(len(string(s.r[:from])), len(string(s.r[:end]))), "")
	return s.add(Fact{Kind: Account, Value: value, Of: "wechat", Sure: true}, i, end)
}

// employee keeps 工号 and what follows.
func (s *scan) employee(i int) int {
	from, ok := s.at(i, "工号", "员工号", "警号", "坐席号", "座席号")
	if !ok {
		return i
	}
	for s.rune(from) != 0 && strings.ContainsRune(":是为", s.rune(from)) {
		from++
	}
	end := from
	for end < len(s.r) && end < from+12 && (isWord(s.r[end]) || figure(s.r[end]) >= 0 || s.r[end] == '-' && isWord(s.rune(end+1))) {
		end++
	}
	if end == from || !strings.ContainsAny(string(s.r[from:end]), "0123456789") && end-from < 3 {
		return i
	}
	value := strings.ToUpper(string(s.r[from:end]))
	if figure(s.r[from]) >= 0 {
		value = strings.Map(func(r rune) rune {
			if v := figure(r); v >= 0 {
				return rune('0' + v)
			}
			return r
		}, value)
	}
	return s.add(Fact{Kind: Employee, Value: value, Sure: true}, i, end)
}

// surnames are those that are seldom the end of another word.
const surnames = "王李张刘陈杨赵黄周吴徐孙胡朱林何郭罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余杜叶程魏苏吕丁沈任姚卢姜崔钟谭陆汪范廖石金韦贾夏付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱覃武戴莫孔白盛尚施洪严牛温俞葛耿詹翁柯梅童颜柳"

var titles = []string{"经理", "主任", "律师", "警官", "专员", "法官", "先生", "女士", "主管", "组长", "队长", "科长", "总监", "助理", "调解员", "所长", "处长", "总"}

// person keeps how a collector calls themselves: 姓王的, 王经理, 自称张三, 他说他叫李明.
func (s *scan) person(i int) int {
	c := s.r[i]
	if c == '姓' && strings.ContainsRune(surnames, s.rune(i+1)) && s.rune(i+1) != 0 && !strings.HasSuffix(s.before(i, 2), "我") && s.rune(i+1) != '什' {
		end, _ := s.skip(i+2, "的")
		return s.add(Fact{Kind: Person, Value: string(s.r[i+1 : i+2]), Sure: true}, i, end)
	}
	if strings.ContainsRune(surnames, c) {
		end, ok := s.at(i+1, titles...)
		if ok && !strings.ContainsRune("事函协楼团费", s.rune(end)) && !hasAny(s.before(i, 2), "我们", "我是") && !(s.r[end-1] == '总' && s.rune(end) != 0 && strings.ContainsRune("是说共部行额计之体来", s.rune(end))) {
			return s.add(Fact{Kind: Person, Value: string(s.r[i:end]), Sure: true}, i, end)
		}
		return i
	}
	from, ok := s.at(i, "自称叫", "自称是", "自称", "他叫", "她叫", "名字叫", "说叫")
	if !ok || !strings.ContainsRune(surnames, s.rune(from)) || s.rune(from) == 0 {
		return i
	}
	if end, ok := s.at(from+1, titles...); ok {
		return s.add(Fact{Kind: Person, Value: string(s.r[from:end]), Sure: true}, i, end)
	}
	end := from + 1
	for end < from+3 && end < int(s.ends[from]) && isHan(s.r[end]) && !strings.ContainsRune("的说是打来在让要我他她给发和又就也还", s.r[end]) {
		end++
	}
	if end-from < 2 || end == from+3 && end < int(s.ends[from]) && isHan(s.rune(end)) && !strings.ContainsRune("的说是打来在让要我他她给发和又就也还", s.rune(end)) {
		return i
	}
	return s.add(Fact{Kind: Person, Value: string(s.r[from:end]), Sure: true}, i, end)
}
