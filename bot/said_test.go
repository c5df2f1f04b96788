package bot_test

import "testing"

// What somebody came with says who lent the money: it is not asked again, but said, and taken back in one tap.
func TestCreditorSaidAtFirstIsNotAskedAgain(t *testing.T) {
	for text, want := range map[string]struct{ id, label string }{
		"信用卡逾期了，他们一天打几十个电话":     {"bank_card", "银行信用卡"},
		"美团借钱没还上，一天打几十个电话":      {"online_loan", " App 网贷"},
		"租手机的钱没还，他们一天打几十个电话":    {"rental", "租机、分期商城"},
		"花呗，一天打几十个电话":           {"online_loan", " App 网贷"},
		"不是信用卡，是网贷，一天打几十个电话":    {"online_loan", " App 网贷"},
		"欠的网贷，让我转到支付宝，一天打几十个电话": {"online_loan", " App 网贷"},
	} {
		k := shippedWalk(t)
		heard := k.toCreditor(text)
		k.want(heard, "你说的是"+want.label, "[不是"+want.label+"]")
		k.silentOf(heard, "是哪一种？")
		k.slot("creditor", want.id)

		k.want(k.say("不是"+want.label), "是哪一种？", "[还是")
		k.slot("creditor", "")
		heard = k.say("消费金融公司")
		k.slot("creditor", "cfc")
		k.silentOf(heard, "你说的是", "[不是")
	}
}

func TestCreditorIsAskedWhereTheWordsDoNotSay(t *testing.T) {
	for _, text := range []string{
		"一天打几十个电话",
		"信用卡和网贷都逾期，一天打几十个电话",
		"不是信用卡，一天打几十个电话",
		"冒充京东客服，一天打几十个电话",
		"自称公安的说我欠网贷，一天打几十个电话",
		"欠的钱要我转进花呗账户，一天打几十个电话",
		"让我打钱到支付宝，一天打几十个电话",
		"我做抖音的，一天打几十个电话",
		"逼我打借条，一天打几十个电话",
		"银行的人，一天打几十个电话",
	} {
		k := shippedWalk(t)
		heard := k.toCreditor(text)
		k.want(heard, "是哪一种？")
		k.silentOf(heard, "你说的是")
	}
}

// Words that were taken once are not taken again: who wants another one is asked.
func TestSaidCreditorIsTakenOnce(t *testing.T) {
	k := shippedWalk(t)
	k.toCreditor("信用卡逾期了，他们一天打几十个电话")
	k.want(k.say("谁放的款"), "银行信用卡", "[换一家]")
	k.want(k.say("换一家"), "是哪一种？")
	k.slot("creditor", "")
}

func TestSaidCreditorAndTheStepBefore(t *testing.T) {
	k := shippedWalk(t)
	k.toCreditor("信用卡逾期了，他们一天打几十个电话")
	k.want(k.say("改"), "[银行信用卡]")
	k.say("接着现在的")
	k.want(k.say("返回"), "是哪一种？")
	k.slot("creditor", "")
}

// A word or two to a stranger's hello are heard too, and what is told later does not make them forgotten.
func TestCreditorNamedToTheHello(t *testing.T) {
	w, err := shippedWalker()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"信用卡": "bank_card", "美团借钱": "online_loan"} {
		k := &walk{t: t, w: w, at: now}
		k.say(text, "1")
		k.toCreditor("一天打几十个电话")
		k.slot("creditor", want)
	}
	k := &walk{t: t, w: w, at: now} // a flow of its own has taken it
	k.say("租手机", "1", "一天打几十个电话", "先看那一件", "昨天")
	k.want(k.heard(), "租机、分期商城", "[换一家]")
	k.want(k.say("换一家"), "是哪一种？")
	k = &walk{t: t, w: w, at: now}
	k.say("信用卡", "1")
	k.want(k.toCreditor("信用卡和网贷都逾期，一天打几十个电话"), "是哪一种？")
}

// toCreditor walks from a first message to where the creditor is known or asked.
func (k *walk) toCreditor(text string) string {
	heard := k.say(text)
	for range 8 {
		if k.w.Slots(k.session)["said_taken"] != "" {
			return heard
		}
		for _, r := range k.last {
			for _, c := range r.Choices {
				if c.Value == "creditor/creditor=unknown" {
					return heard
				}
			}
		}
		heard = k.say("1")
	}
	k.t.Fatalf("%q does not lead to the creditor: %q", text, heard)
	return ""
}
