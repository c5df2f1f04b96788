package bot_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"anning/bot"
)

// with is small with some flows replaced or added.
func with(flows map[string]string) map[string]string {
	files := maps.Clone(small)
	maps.Copy(files, flows)
	return files
}

// button is the value behind a label of the last answer.
func (k *walk) button(label string) string {
	k.t.Helper()
	for _, r := range k.last {
		for _, c := range r.Choices {
			if c.Label == label {
				return c.Value
			}
		}
	}
	k.t.Fatalf("no button %q in %q", label, k.heard())
	return ""
}

func (k *walk) silentOf(heard string, parts ...string) {
	k.t.Helper()
	for _, p := range parts {
		if strings.Contains(heard, p) {
			k.t.Errorf("heard %q, want no %q in it", heard, p)
		}
	}
}

func TestSuggestionWalksTheWayOfItsButton(t *testing.T) {
	k := newWalk(t, with(map[string]string{"visit": `title: 上门的事
steps:
  - id: who
    ask: 谁来的？
    choices:
      - {id: man, label: 催收, to: far}
      - {id: court, label: 法院}
  - {id: near, ask: 近路。, choices: [{id: ok, label: 行}]}
  - {id: far, ask: 远路。, choices: [{id: ok, label: 行}]}
  - end: rest
`}))
	k.say("/start", "1", "上门的事", "催收")
	k.want(k.say("返回"), "谁来的？", "[还是催收]")
	k.want(k.say("还是催收"), "远路。")
	k.want(k.say("返回", "1"), "远路。")
}

func TestSuggestionOfAnotherQuestionWithTheSameSlotIsNotOffered(t *testing.T) {
	k := newWalk(t, with(map[string]string{
		"visit": "title: 上门的事\nsteps:\n  - {id: kind, ask: 哪种？, choices: [{id: a, label: 甲}, {id: b, label: 乙}]}\n  - {id: more, ask: 然后？, choices: [{id: ok, label: 行}]}\n  - end: rest\n",
		"side":  "title: 旁边\nphrases: [去旁边看]\nsteps:\n  - {id: kind, ask: 旁边哪种？, choices: [{id: c, label: 丙}]}\n  - end: return\n",
	}))
	k.say("/start", "1", "上门的事", "甲", "返回")
	heard := k.say("去旁边看")
	k.want(heard, "旁边哪种？")
	k.silentOf(heard, "还是")
	k.want(k.say("丙"), "哪种？")
}

func TestSuggestedWordsAreNotTakenForTheAnswer(t *testing.T) {
	k := inVisit(t)
	k.say("来过")
	k.want(k.say("返回"), "说说经过。", "[还是来过]")
	k.say("还是来过")
	k.slot("what", "来过")
}

func TestNumbersAreDaysWhereADayIsAsked(t *testing.T) {
	k := newWalk(t, with(map[string]string{"visit": `title: 上门的事
steps:
  - {id: day, accept: date, past: true, ask: 哪天？, choices: [{id: still, label: 一直没停}, {id: unsure, label: 记不清}]}
  - {id: more, ask: 然后？, choices: [{id: ok, label: 行}]}
  - end: rest
`}))
	k.say("/start", "1", "上门的事")
	k.want(k.say("2号"), "然后？")
	k.slot("day", "2026-03-02")
	k.want(k.say("返回"), "哪天？")
	k.want(k.say("3"), "然后？") // 还是…, 一直没停, 记不清
	k.slot("day", "")
}

func TestEngineButtonsAreTypedByNumberAndLabel(t *testing.T) {
	for _, typed := range []string{"2", "２", "二", "②"} {
		k := inVisit(t)
		k.say("来过", "昨天", "3", "改")
		k.want(k.say(typed), "哪天？")
	}
	files := with(map[string]string{"visit": "title: 上门的事\nsteps:\n  - {id: creditor, from: creditors, max: 2, ask: 谁放的款？, choices: [{id: none, label: 说不清}]}\n  - end: rest\n"})
	k := newWalk(t, files)
	first := k.say("/start", "1", "上门的事")
	second := k.say("更多")
	k.want(second, "谁放的款？", "[更多]")
	if first == second {
		t.Errorf("the same entries again: %q", second)
	}
}

func TestButtonPressedLateIsNoAnswerToAnotherQuestion(t *testing.T) {
	files := with(map[string]string{"visit": `title: 上门的事
steps:
  - {id: hurt, accept: yes_no, ask: 受伤了吗？}
  - {id: again, accept: yes_no, ask: 又来了吗？, skip: true}
  - {id: called, accept: yes_no, ask: 报警了吗？, skip: true}
  - {id: last, ask: 完了？, choices: [{id: ok, label: 行}]}
  - end: rest
`})
	k := newWalk(t, files)
	k.say("/start", "1", "上门的事")
	yes := k.button("是")
	k.want(k.say(yes), "又来了吗？")
	k.want(k.say(yes), "前面的", "又来了吗？")
	k.slot("again", "")
	skip := k.button("跳过")
	k.want(k.say("不是"), "报警了吗？")
	k.want(k.say(skip), "前面的", "报警了吗？")
	k.want(k.say("跳过"), "完了？")
	k.want(k.say("gone_flow/step=yes"), "前面的", "完了？")
	k.want(k.say("@go=gone_flow"), "前面的", "完了？")
	k.want(k.say("@is=visit/last?evil"), "前面的", "完了？")
	k.slot("last", "")
}

func TestCorrectionPressedLateGoesToItsOwnQuestion(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天", "改")
	day := k.button("3月3日")
	k.say("接着现在的", "3", "银行", "菜单", "上门的事", "又来", "前天", "4")
	k.want(k.say(day), "哪天？")
	k.slot("what", "又来")
	k.want(k.say("@fix=visit/never"), "哪天？")
	k.want(k.say("@fix=7"), "哪天？")
}

func TestNumberAfterTheFlowWasEditedIsAskedAgain(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天", "3")
	w, err := bot.NewWalker(library(t), flowSet(t, with(map[string]string{"visit": strings.Replace(small["visit"],
		"      - {id: bank,", "      - {id: friend, label: 私人}\n      - {id: bank,", 1)})))
	if err != nil {
		t.Fatal(err)
	}
	k.w = w
	k.want(k.say("1"), "改了", "谁放的款？", "[私人][银行]")
	k.slot("owner", "")
	k.want(k.say("2"), "；银行。")
}

func TestEngineOfferIsGoneOnceAnotherQuestionIsPut(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天", "3", "改")
	k.send(bot.Message{Files: []bot.File{picture("a.png")}})
	k.want(k.heard(), "谁放的款？")
	k.want(k.say("1"), "；银行。")
}

func TestTwoReadingsOfANumberAreNotAskedAsTimes(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天")
	k.want(k.say("三四个"), "「3」", "「4」")
	k.silentOf(k.heard(), "白天")
	k.want(k.say("2"), "谁放的款？")
	k.slot("people", "4")
}

func TestPhraseOpensAFlowAtAQuestionForWords(t *testing.T) {
	k := newWalk(t, with(map[string]string{"side": "title: 旁边\nphrases: [去旁边看]\nsteps:\n  - {id: q, ask: 旁边一句？, choices: [{id: ok, label: 行}]}\n  - end: return\n"}))
	k.say("/start", "1", "上门的事")
	k.want(k.say("去旁边看"), "旁边一句？")
	k.slot("what", "")
	k.want(k.say("行"), "说说经过。")
}

func TestFragmentsAreNotLost(t *testing.T) {
	said := "他上午来敲过门"
	for _, more := range []string{"还给我公司同事打了电话", "好几千块的东西砸了", "前几天也来过"} {
		k := inVisit(t)
		k.say(said)
		k.at = k.at.Add(2 * time.Second)
		k.send(bot.Message{Text: more})
		k.slot("what", said+"\n"+more)
	}
}

func TestFragmentsAreJoinedOnlyAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name    string
		between func(k *walk)
	}{
		{"later, after another miss", func(k *walk) { k.say("蓝色的"); k.at = k.at.Add(time.Second) }},
		{"from a clock far behind", func(k *walk) { k.at = k.at.Add(-time.Hour) }},
		{"after 返回", func(k *walk) { k.send(bot.Message{Text: "我在哪"}) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := inVisit(t)
			k.say("他上午来敲过门")
			tt.between(k)
			k.send(bot.Message{Text: "绿色的"})
			k.slot("what", "他上午来敲过门")
		})
	}
}
