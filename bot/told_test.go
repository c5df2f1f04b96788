package bot_test

import "testing"

// now is Wednesday, 4 March 2026, 15:00.
func TestToldUnasked(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"昨天他们打给我妈骂人":                         {"said_day": "2026-03-03"},
		"前天打过，昨天又打来骂我":                       {"said_day": "2026-03-03"}, // the last time is asked for
		"他们天天打我电话，昨天打了30个":                   {"said_day": ""},           // it goes on
		"昨天没打电话，以前天天骂我":                      {"said_day": ""},
		"上周三开始打电话骂我":                         {"said_day": ""},
		"昨天借的钱，他们打电话骂我":                      {"said_day": ""},
		"如果昨天打来骂我怎么办":                        {"said_day": ""},
		"明天他们说要打给我领导":                        {"said_day": ""},
		"周三打来骂我":                             {"said_day": ""}, // today, or a week ago
		"【催收】您的欠款昨天已逾期，催收打来骂人，回电13800138000": {"said_day": "", "fill_number": ""},
		"晚上10点半，13800138000打来骂我":             {"fill_clock": "22:30", "fill_number": "13800138000", "said_call_phone": "13800138000"},
		"8点打来骂我":                             {"fill_clock": ""},
		"13800138000和13900139000都打来骂我":       {"fill_number": ""},
		"招行信用卡的催收打来骂我":                       {"said_lender": "bank_card", "fill_creditor_name": "招商银行股份有限公司"},
		"招行逾期，他们骂我":                          {"said_lender": "", "fill_creditor_name": "招商银行股份有限公司"},
		"马上消费逾期，他们骂我":                        {"said_lender": "cfc", "fill_creditor_name": "马上消费金融股份有限公司"},
		"花呗逾期，他们骂我":                          {"said_lender": "online_loan", "fill_creditor_name": ""}, // an app lends to nobody
		"马上打来骂我":                             {"said_lender": "", "fill_creditor_name": ""},
		"我每个月最多能还500，他们骂我":                   {"said_monthly": "500.00"},
	} {
		k := shippedWalk(t)
		k.say("菜单", text)
		for slot, value := range want {
			if got := k.w.Slots(k.session)[slot]; got != value {
				t.Errorf("%s: %s is %q, want %q", text, slot, got, value)
			}
		}
	}
}

// What belongs to one matter is forgotten when another is told; who lent the money is not.
func TestToldOfAnotherMatter(t *testing.T) {
	k := shippedWalk(t)
	k.say("昨天花呗的人打来骂我", "菜单", "他们打给我同事")
	k.slot("said_day", "")
	k.slot("said_lender", "online_loan")
}

// Two questions in a row are passed over with one sentence, and each is taken back by itself.
func TestToldTwoAtOnce(t *testing.T) {
	k := shippedWalk(t)
	k.say("昨天花呗的人上门泼油漆")
	k.slot("day", "")
	heard := k.toCreditor("昨天花呗的人一天打几十个电话")
	k.want(heard, "你说的是 3月3日、App 网贷", "[不是 3月3日]", "[不是 App 网贷]")
	k.slot("day", "2026-03-03")
	k.want(k.say("不是 App 网贷"), "是哪一种？")
	k.slot("day", "2026-03-03")
	k.slot("creditor", "")
}

// Who is asked may answer with a name; of a bank that does both, the kind is asked.
func TestLenderAnswered(t *testing.T) {
	for text, want := range map[string]struct{ kind, name string }{
		"马消":      {"cfc", "马上消费金融股份有限公司"},
		"还呗":      {"online_loan", ""},
		"网商银行的":   {"bank_loan", "浙江网商银行股份有限公司"},
		"是招行的信用卡": {"bank_card", "招商银行股份有限公司"},
	} {
		k := shippedWalk(t)
		k.toCreditor("一天打几十个电话")
		k.say(text)
		k.slot("creditor", want.kind)
		k.slot("fill_creditor_name", want.name)
	}
	k := shippedWalk(t)
	k.toCreditor("一天打几十个电话")
	k.want(k.say("我欠的是交行的"), "[银行信用卡]", "[银行贷款]")
	k.say("银行贷款")
	k.slot("creditor", "bank_loan")
	k.slot("fill_creditor_name", "交通银行股份有限公司")
}
