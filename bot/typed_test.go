package bot_test

import (
	"strings"
	"testing"
)

func TestAnswerWithSomethingSaidAroundIt(t *testing.T) {
	k := newWalk(t, small)
	k.say("/start", "1", "上门的事", "来过", "昨天", "3")
	k.want(k.say("信用卡 他们一直不说是谁家的"), "；银行。")

	k = newWalk(t, small)
	k.say("/start", "1", "上门的事", "来过", "昨天", "3")
	k.want(k.say("信用卡 网贷也有"), "是「银行」，还是「网贷」？")

	for flow, answers := range map[string][2]string{
		"反催收":  {"身份证正反面发了 钱还没给", "证件给了，先堵上口子。"},
		"投诉进度": {"还没交 他们不理我", "还没交"},
	} {
		k := shippedWalk(t)
		k.say(flow)
		k.silentOf(k.say(answers[0]), "没看懂", answers[1]+"]")
	}
	k = shippedWalk(t)
	k.say("我想协商还款", "没有", "没到三年、还过", "银行信用卡", "6000", "4000", "1500")
	for range 8 {
		if strings.Contains(k.heard(), "[谈过了]") {
			break
		}
		k.say("1")
	}
	k.silentOf(k.say("打了 他说不行 要一次还清"), "没看懂", "[谈过了]")
	k = shippedWalk(t)
	k.say("一天打几十个电话", "1", "留证据")
	k.want(k.heard(), "哪些已经有了？", "[通话记录截图]")
	k.want(k.say("通话记录有"), "记下了：")
}

// Where life is asked after, only the answer itself is one.
func TestDangerAnswerIsNeverTakenFromAClause(t *testing.T) {
	k := inVisit(t)
	k.say("他们正在砸门")
	heard := k.say("安全 可是他们还没有走我很怕")
	k.want(heard, "现在安全吗？")
}

func TestNothingToWriteDownIsNoAnswer(t *testing.T) {
	files := with(map[string]string{"visit": "title: 上门的事\nsteps:\n  - {id: number, accept: text, skip: true, ask: 编号是多少？}\n  - {id: said, accept: text, slot: words, ask: 他怎么说？}\n  - say: 记下了：{number}；{words}。\n  - end: rest\n"})
	for _, text := range []string{"没给号", "没有编号", "没给", "还没给", "不知道。", "跳过"} {
		k := newWalk(t, files)
		k.say("/start", "1", "上门的事")
		k.want(k.say(text), "他怎么说？")
		k.slot("number", "")
		k.say("没有") // an answer where none may be left out
		k.slot("words", "没有")
	}
	k := newWalk(t, files)
	k.say("/start", "1", "上门的事", "8812，没给回执")
	k.slot("number", "8812，没给回执")
}

func TestYesInOtherWordsIsTheChoiceThatSaysYes(t *testing.T) {
	for text, id := range map[string]string{"嗯嗯": "same", "没错的": "same", "是嘞": "same", "对对对": "same", "不是的": "change", "不对": "change"} {
		k := newWalk(t, with(map[string]string{"visit": "title: 上门的事\nsteps:\n  - {id: who, ask: 同一家吗？, choices: [{id: same, label: 同一家, also: [对]}, {id: change, label: 换一家, also: [不是]}]}\n  - end: rest\n"}))
		k.say("/start", "1", "上门的事", text)
		k.slot("who", id)
	}
}
