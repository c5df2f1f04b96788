package bot_test

import (
	"strings"
	"testing"
	"time"

	"anning/bot"
)

// What was understood is said with the words it rests on, and may be taken back; what was declined is not heard again
// from the same words, and the next likeliest is asked.
func TestUnderstoodIsSaidAndTakenBack(t *testing.T) {
	k := shippedWalk(t)
	heard := k.say("他们骂我骂得很难听，还打给我妈")
	k.want(heard, "我从「", "」听出，像是：", "还有：", "[不太像]")
	first := k.w.Slots(k.session)["conduct"]
	heard = k.say("不太像")
	k.want(heard, "有点像：", "是这一件吗？")
	k.slot("conduct", "")
	if second := k.w.Slots(k.session)["maybe"]; second == "" || second == first {
		t.Errorf("after %s comes %q", first, second)
	}
	heard = k.say("不太像")
	k.want(heard, "他们是怎么找你的？")
	k.say("菜单")
	heard = k.say("他们骂我骂得很难听，还打给我妈")
	k.silentOf(heard, "我从「", "有点像：")
	k.say("菜单", "催收在找我", "打电话发消息") // picked by the person it is opened again
	k.want(k.say("骂人"), "是怎么骂的？")
	k.slot("conduct", "insult")
}

func TestDeclinedInTheGeneralFlow(t *testing.T) {
	k := shippedWalk(t)
	k.want(k.say("一天打几十个电话给我"), "我从「", "电话短信不停打", "是这样吗？")
	k.say("不太像")
	k.slot("conduct", "")
	k.want(k.say("返回"), "电话短信不停打", "是这样吗？")
	k.slot("conduct", "call_bombing")
	// 「不是」 and what it is, in one breath
	heard := k.say("不是，是他们打给我妈了")
	k.want(heard, "我从「", "亲友、同事被联系")
	k.slot("conduct", "third_party_contact")
}

// Threats to a body are asked after however often they were declined, and nothing stands before the first question.
func TestDangerIsNeverDeclined(t *testing.T) {
	k := shippedWalk(t)
	for range 2 {
		heard := k.say("他们说要打断我的腿")
		k.want(heard, "你现在的地方安全吗？")
		k.silentOf(heard, "我从「")
		k.say("菜单")
	}
}

func TestAnswerAndMoreAreBothHeard(t *testing.T) {
	at := func(step string) *walk {
		k := shippedWalk(t)
		k.session, _ = k.w.At("test:1", "general", step, map[string]string{"consent": "yes", "conduct": "call_bombing", "said": "一天打几十个"})
		return k
	}
	// a choice by number, with another matter
	k := at("sure")
	k.want(k.say("1，他们还打给我妈"), "也记下了：亲友被联系，等会儿看。", "最后一次是哪天？")
	k.slot("also", "third_party_contact")
	// a day
	k = at("day")
	k.want(k.say("昨天，他们还打给我妈"), "也记下了：亲友被联系，等会儿看。")
	k.slot("also", "third_party_contact")
	if day := k.w.Slots(k.session)["day"]; day != "2026-03-03" {
		t.Errorf("the day is %q", day)
	}
	// a lender of a list
	k.want(k.say("银行信用卡，他们骂我是畜生"), "也记下了：辱骂，等会儿看。")
	k.slot("creditor", "bank_card")
	k.slot("also", "third_party_contact,insult")
	// a question: it is answered, and the answer counts
	k = at("day")
	heard := k.say("昨天。逾期会坐牢吗？")
	k.want(heard, "网贷还不上，一般是民事的事")
	k.slot("day", "2026-03-03")
	// the same matter once more is no other
	k = at("day")
	k.silentOf(k.say("昨天，一天打了六十个电话"), "也记下了")
	// a threat goes first; what was answered is offered when its question comes again
	k = at("day")
	k.want(k.say("昨天，他们还说要弄死我"), "你现在的地方安全吗？")
}

// Where a conversation does not come to what else there was, it is offered at once, and the answer stays.
func TestMoreIsOfferedWhereNothingAsksForIt(t *testing.T) {
	k := shippedWalk(t)
	k.say("我想协商还款")
	before := k.w.Slots(k.session)
	k.want(k.say("没有，他们天天打给我妈"), "我还听到另一件：", "[接着现在的]")
	heard := k.say("接着现在的")
	k.silentOf(heard, "没看懂")
	if len(k.w.Slots(k.session)) <= len(before) {
		t.Errorf("the answer was lost: %v", k.w.Slots(k.session))
	}
}

func TestNothingIsHeardTwiceInDanger(t *testing.T) {
	k := inVisit(t)
	k.say("他们正在砸门")
	k.silentOf(k.say("安全，他们还打给我妈"), "也记下了", "我还听到")
}

// What is likely and not certain is asked.
func TestUncertainIsAsked(t *testing.T) {
	k := shippedWalk(t)
	asked := false
	for _, text := range []string{"老是来烦我家里头的人", "喊我转钱给他个人", "他们把我的事说出去了", "问我单位在哪块", "搞得我同事都晓得了", "发些吓人的东西给我"} {
		k := shippedWalk(t)
		if heard := k.say(text); strings.Contains(heard, "是这一件吗？") {
			asked = true
			k.want(heard, "有点像：", "[不太像]")
			k.slot("conduct", "")
			k.say("是这一件")
			if k.w.Slots(k.session)["conduct"] == "" || k.w.Slots(k.session)["maybe"] != "" {
				t.Errorf("%s: %v", text, k.w.Slots(k.session))
			}
		}
	}
	if !asked {
		t.Log("the model is sure of all of these")
	}
	k.session, _ = k.w.At("test:1", "identify", "maybe", map[string]string{"consent": "yes", "maybe": "off_hours", "heard_as": "off_hours", "heard_words": "大半夜", "said": "大半夜也不消停"})
	was := k.session
	k.say("是这一件")
	k.slot("conduct", "off_hours")
	k.slot("maybe", "")
	k.session = was
	k.say("不太像")
	k.slot("not_conducts", ",off_hours")
	k.slot("conduct", "")
	k.session, _ = k.w.At("test:1", "menu", "door", map[string]string{"consent": "yes"})
	k.silentOf(k.say("今天天气不错啊"), "有点像")
}

// A collector's own words are evidence; they start nothing about the person's life, but a collector at the door does.
func TestTheirsAreEvidence(t *testing.T) {
	send := func(k *walk, text string) string {
		k.at = k.at.Add(time.Minute)
		k.send(bot.Message{Text: text, Forwarded: &bot.Origin{Name: "催收小王", At: now.Add(-time.Hour)}})
		return k.heard()
	}
	k := shippedWalk(t)
	heard := send(k, "欠钱不还，你怎么不去死，畜生")
	k.want(heard, "这段原话存好了", "他们那句「", "辱骂")
	k.silentOf(heard, "自杀")
	k = shippedWalk(t)
	k.want(send(k, "我在你家楼下，给你十分钟下来"), "110")
	if f := k.w.Slots(k.session)["conduct"]; f == "call_bombing" {
		t.Error(f)
	}
	// what the person says of themselves counts, also in a message that was forwarded
	k = shippedWalk(t)
	k.want(send(k, "我不想活了，钱我还不上"), "12356")
	// in the middle of a question it is no answer to it
	k = shippedWalk(t)
	k.session, _ = k.w.At("test:1", "general", "day", map[string]string{"consent": "yes", "conduct": "call_bombing", "said": "一天打几十个"})
	heard = send(k, "明天我们会联系你的家人和同事，让他们都知道你欠钱")
	k.want(heard, "这段原话存好了", "我还听到另一件：")
	k.slot("day", "")
	// without consent nothing is kept
	k = shippedWalk(t)
	k.session, _ = k.w.At("test:1", "menu", "door", map[string]string{"consent": "no"})
	k.silentOf(send(k, "欠钱不还，你个畜生"), "存好了")
}
