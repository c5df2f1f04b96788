package bot_test

import (
	"strings"
	"testing"

	"anning/bot"
)

func TestFlowThatBeginsAnewIsOnTheStackOnce(t *testing.T) {
	k := newWalk(t, with(map[string]string{
		"visit": "title: 上门的事\nphrases: [上门记录]\nsteps:\n  - {id: q, ask: 甲？, choices: [{id: go, label: 往下}]}\n  - call: side\n  - {id: after, ask: 甲完了？, choices: [{id: ok, label: 行}]}\n  - end: return\n",
		"side":  "title: 旁边\nsteps:\n  - {id: b, ask: 乙？, choices: [{id: back, label: 重新来过, to: visit/}, {id: ok, label: 行}]}\n  - end: return\n",
	}))
	k.say("/start", "1", "上门的事")
	for range 5 { // a called flow jumps to its caller, round and round
		k.want(k.say("往下"), "乙？")
		k.want(k.say("重新来过"), "甲？")
	}
	k.say("往下")
	k.want(k.say("行"), "甲完了？")
	if heard := k.say("行"); !strings.Contains(heard, "哪一种？") || strings.Contains(heard, "甲") {
		t.Errorf("came back somewhere: %q", heard)
	}
	k.say("上门的事", "往下")
	for range 5 { // the caller is asked for again by name
		k.want(k.say("上门记录"), "甲？")
		k.want(k.say("往下"), "乙？")
	}
	k.want(k.say("行"), "甲完了？")
}

func TestDangerReachedByAButtonIsNotFollowedByWhatWasInterrupted(t *testing.T) {
	k := newWalk(t, with(map[string]string{
		"live_call":  "title: 来电\naside: true\nsteps:\n  - {id: line, ask: 问姓名工号。, choices: [{id: near, label: 人在附近, to: danger_now/}]}\n  - end: return\n",
		"danger_now": "title: 危险\nsteps:\n  - {id: safe, danger: true, ask: 现在安全吗？, choices: [{id: \"yes\", label: 安全}]}\n  - end: return\n",
	}))
	k.say("/start", "1", "上门的事", "来过", "催收来电", "人在附近")
	heard := k.say("安全")
	k.want(heard, "哪一种？", "[接着刚才的]")
	k.want(k.say("接着刚才的"), "哪天？")
}

// Who only says a word or two beside a question hears its last line once more: the rest stands just above.
func TestQuestionJustReadIsNotReadOutAgain(t *testing.T) {
	w, err := shippedWalker()
	if err != nil {
		t.Fatal(err)
	}
	k := &walk{t: t, w: w, at: now}
	k.want(k.say("/start"), "我是安宁")
	heard := k.say("你好")
	k.want(heard, "可以记吗？", "[可以记]")
	k.silentOf(heard, "我是安宁")
	k.say("1", "有危险")
	k.want(k.say("你好"), "110") // nothing of what keeps people safe is left out
}

// two is a flow about one conduct, which another conduct interrupts.
func two(t *testing.T) *walk {
	k := newWalk(t, with(map[string]string{
		"visit":               "title: 上门的事\nsteps:\n  - set: {conduct: threat_violence, day: \"2026-01-05\", creditor: bank_card}\n  - {id: q, ask: 这件事怎样了？, choices: [{id: ok, label: 完了}]}\n  - say: 是{conduct}。\n  - end: rest\n",
		"third_party_contact": "title: 亲友\nsteps:\n  - set: {conduct: third_party_contact, day: null, creditor: null}\n  - {id: who, ask: 谁被找了？, choices: [{id: ok, label: 同事}]}\n  - end: return\n",
	}))
	k.say("/start", "1", "上门的事")
	return k
}

func TestInterruptionByAnotherConductGivesTheFirstOneBack(t *testing.T) {
	k := two(t)
	k.want(k.say("他们还天天给我公司同事打电话"), "先去看那一件")
	k.want(k.say("先看那一件"), "谁被找了？")
	k.slot("conduct", "third_party_contact")
	k.slot("day", "")
	k.want(k.say("同事"), "这件事怎样了？")
	k.slot("conduct", "threat_violence")
	k.slot("day", "2026-01-05")
	k.slot("creditor", "bank_card")
}

func TestPausedMatterComesBackWhole(t *testing.T) {
	k := two(t)
	k.say("菜单", "他们天天给我公司同事打电话")
	k.slot("conduct", "third_party_contact")
	k.want(k.say("菜单", "接着刚才的"), "谁被找了？") // the latest first
	k.want(k.say("菜单"), "[接着刚才的]")
	k.say(k.button("接着刚才的"))
	k.say("同事")
	k.want(k.say("接着刚才的"), "这件事怎样了？")
	k.slot("conduct", "threat_violence")
	k.slot("day", "2026-01-05")
}

func TestResumingPutsAsideWhatIsAsked(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "菜单")
	resume := k.button("接着刚才的")
	k.want(k.say("有危险"), "现在安全吗？")
	k.want(k.say("继续"), "现在安全吗？") // said to the question itself
	k.want(k.say(resume), "哪天？")
	k.want(k.say("菜单", "接着刚才的"), "哪天？")
	k.want(k.say(resume), "现在安全吗？")
}

func TestBackFromAnInterruption(t *testing.T) {
	for _, say := range []string{"催收来电", "去问问", "他们正在砸门", "菜单"} {
		k := newWalk(t, with(map[string]string{"side": "title: 旁边\nsteps:\n  - {id: q, ask: 旁边一句？, choices: [{id: ok, label: 行}]}\n  - end: return\n"}))
		k.say("/start", "1", "上门的事", "来过", "昨天", "3", say)
		k.want(k.say("返回"), "谁放的款？")
		k.slot("people", "3")
		heard := k.say("银行", "菜单")
		k.silentOf(heard, "接着刚才的")
	}
	k := inVisit(t) // 帮助 asks nothing: it is no step to go back to
	k.say("来过", "昨天", "3", "帮助")
	k.want(k.say("返回"), "来了几个人？")
}

func TestRestartForgetsWhatWasPutAside(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "稍后再说")
	heard := k.say("重来")
	k.silentOf(heard, "接着刚才的")
}

func TestDangerAtAStepThatIsGone(t *testing.T) {
	k := inVisit(t)
	k.say("来过")
	w, err := bot.NewWalker(library(t), flowSet(t, with(map[string]string{"visit": strings.ReplaceAll(small["visit"], "id: day\n", "id: which_day\n")})))
	if err != nil {
		t.Fatal(err)
	}
	k.w = w
	k.want(k.say("他们正在砸门"), "现在安全吗？")
	k.want(k.say("安全", "菜单"), "[接着刚才的]")
	k.want(k.say("接着刚才的"), "改了", "哪一种？")

	for _, text := range []string{"visit/day=skip", "@skip=visit/day", "跳过", "返回", "我在哪"} {
		k := inVisit(t)
		k.say("来过")
		k.w = w
		heard := k.say(text)
		if text != "返回" {
			k.want(heard, "改了", "哪一种？")
		} else {
			k.want(heard, "说说经过。")
		}
	}
}

func TestStrangerWithAWordAlwaysHeard(t *testing.T) {
	k := newWalk(t, small)
	k.want(k.say("催收来电"), "问姓名工号。")
	k.want(k.say("挂了"), "可以记吗？")
	k.want(k.say("1"), "哪一种？")
	k = newWalk(t, small)
	k.want(k.say("帮助"), "可以记吗？")
	k.want(k.say("1"), "我能做这些。", "哪一种？")
	k = newWalk(t, small)
	k.want(k.say("我的数据"), "可以记吗？")
	k.want(k.say("1"), "我记着的")
}

func TestHelloIsNotAskedAgainWhereConsentWasGivenMeanwhile(t *testing.T) {
	k := newWalk(t, with(map[string]string{"live_call": "title: 来电\naside: true\nsteps:\n  - {id: keep, slot: consent, ask: 要记下吗？, choices: [{id: \"yes\", label: 记下来}]}\n  - end: return\n"}))
	k.say("/start", "催收来电")
	heard := k.say("记下来")
	k.want(heard, "哪一种？")
	k.silentOf(heard, "可以记吗？")
}

func TestStrangerPressesAButtonOfAnErasedTalk(t *testing.T) {
	for text, want := range map[string]string{
		"menu/door=danger":  "现在安全吗？",
		"menu/door=visit":   "可以记吗？",
		"visit/owner=bank":  "可以记吗？",
		"gone/owner=bank":   "可以记吗？",
		"@resume":           "可以记吗？",
		"@go=third_party":   "可以记吗？",
		"@skip=visit/owner": "可以记吗？",
	} {
		k := newWalk(t, small)
		k.want(k.say(text), want)
	}
}

func TestTwoEntriesOfAListAreOfferedByName(t *testing.T) {
	k := newWalk(t, with(map[string]string{"visit": "title: 上门的事\nsteps:\n  - {id: creditor, from: creditors, max: 1, ask: 谁放的款？, choices: [{id: none, label: 说不清}]}\n  - end: rest\n"}))
	k.say("/start", "1", "上门的事")
	heard := k.say("银行消金") // two entries, both behind 更多
	k.silentOf(heard, "[cfc]", "[bank_loan]")
	if strings.Count(heard, "[") < 2 {
		t.Errorf("no choice between the two: %q", heard)
	}
}

func TestPrivateAnswerIsNotKept(t *testing.T) {
	k := newWalk(t, with(map[string]string{"visit": "title: 上门的事\nsteps:\n  - {id: secret, accept: text, private: true, ask: 说一句不记的。}\n  - {id: after, ask: 然后？, choices: [{id: ok, label: 行}]}\n  - end: rest\n"}))
	k.say("/start", "1", "上门的事")
	k.want(k.say("天知地知"), "然后？")
	k.say("返回")
	k.say("又说一句")
	if strings.Contains(string(k.session), "天知") || strings.Contains(string(k.session), "又说") {
		t.Errorf("the session keeps it: %s", k.session)
	}
}
