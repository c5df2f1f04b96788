package bot_test

import (
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"anning/bot"
	"anning/content"
)

// guideFlow shows what a flow can show of the guide.
const guideFlow = `title: 看看
phrases: [看看]
steps:
  - id: look
    from: questions
    slot: question
    ask: 看哪样？
    choices:
      - {id: channel, label: 渠道, show: {name: reporting_channel, of: s12321}}
      - {id: pick, label: 选渠道, set: {reporting_channel: s12321}, to: look}
      - {id: more, label: 详细, show: question_more}
      - {id: law, label: 看依据, show: question_laws}
      - {id: phone, label: 录音, show: {name: phone, of: other}}
      - {id: talk, label: 怎么谈, show: {name: negotiation, of: bank_card}}
      - {id: letter, label: 写信, show: letter}
      - {id: bank, label: 银行, set: {creditor: bank_card}, to: look}
      - {id: money, label: 能还, set: {share: "1500.00"}, to: look}
      - {id: measure, label: 几次, show: yardsticks}
      - {id: plan, label: 日子, show: {name: plan, of: repay}}
      - {id: days, label: 往后, show: plan}
  - show: question
  - id: then
    from: question_ways
    ask: 接下来？
    choices:
      - {id: more, label: 详细, show: question_more}
      - {id: law, label: 看依据, show: question_laws}
      - {id: back, label: 回去, to: look}
  - end: return
`

// inGuide is a walk at the question of guideFlow.
func inGuide(t *testing.T) *walk {
	files := maps.Clone(small)
	files["look"] = guideFlow
	k := newWalk(t, files)
	k.say("/start", "1")
	k.want(k.say("看看"), "看哪样？")
	return k
}

func (k *walk) sources() string {
	var all []string
	for _, r := range k.last {
		all = append(all, r.Source)
	}
	return strings.Join(all, " ")
}

func TestQuestionIsAnsweredWithWaysOn(t *testing.T) {
	k := inGuide(t)
	k.want(k.say("一天能打几次"), "法律没有写死次数", "[电话一直打][详细][看依据][回去]")
	k.want(k.sources(), "questions/calls_a_day")
	k.slot("question", "calls_a_day")
	k.want(k.say("详细"), "【详细】", "来源：", "接下来？")
	k.want(k.say("看依据"), "【依据", "第 1 张，共 3 张")
	k.want(k.say("看依据"), "第 2 张")
	k.want(k.say("电话一直打"), "电话短信不停打") // the conduct's card
	k.slot("conduct", "call_bombing")
}

func TestNoButtonThatWouldShowNothing(t *testing.T) {
	k := inGuide(t)
	for _, r := range k.last {
		for _, c := range r.Choices {
			if c.Label == "详细" || c.Label == "看依据" || c.Label == "写信" || c.Label == "往后" {
				t.Errorf("offered 「%s」 with nothing to show", c.Label)
			}
		}
	}
	k.want(k.say("选渠道"), "[写信]")
}

func TestLetterIsReadyToCopy(t *testing.T) {
	k := inGuide(t)
	k.say("选渠道")
	heard := k.say("写信")
	k.want(heard, "可以照抄：给 12321 的来电描述", "画线的空", "＿对方号码＿")
	if c := k.last[1].Card; c == nil || c.Kind != "letter" || strings.Contains(k.last[1].Text, "【") {
		t.Errorf("the letter is no plain text: %+v", k.last[1])
	}
}

func TestNegotiationComesAPieceAtATime(t *testing.T) {
	k := inGuide(t)
	k.want(k.say("怎么谈"), "【先知道】", "来源：", "第 1 张")
	k.say("能还")
	k.want(k.say("怎么谈"), "【照着说】", "1500.00", "＿＿")
	for range 8 {
		for _, r := range k.last {
			if r.Card != nil && utf8.RuneCountInString(r.Text) > 300 {
				t.Errorf("%d characters: %s", utf8.RuneCountInString(r.Text), r.Text)
			}
		}
		if heard := k.say("怎么谈"); strings.Contains(heard, "看完了") {
			return
		}
	}
	t.Error("it never ends")
}

func TestYardsticksNameWhomTheyBind(t *testing.T) {
	k := inGuide(t)
	k.want(k.say("几次"), "【规定 · ", "管谁：")
	if n := len(library(t).Yardsticks); n > 1 {
		k.want(k.heard(), "共 ")
	}
	k.say("银行")
	for heard := k.say("几次"); !strings.Contains(heard, "看完了"); heard = k.say("几次") {
		if !strings.Contains(heard, "管谁：") {
			break // nothing binds a bank
		}
		if !strings.Contains(heard, "银行信用卡") && !strings.Contains(heard, "所有来催的人") {
			t.Errorf("does not bind a bank: %s", heard)
		}
	}
}

func TestPhoneAndPlan(t *testing.T) {
	k := inGuide(t)
	k.want(k.say("录音"), "【通话录音】", "第 1 步：")
	k.want(k.say("日子"), "还款日前 3 天：", "结清后第 45 天：")
}

func TestDetailsOfAReportingChannel(t *testing.T) {
	lib := *library(t)
	ch := *lib.ReportingChannel("s12321")
	ch.Limits, ch.Cost = []string{"一次一个号码"}, "免费"
	ch.Deadlines = []content.Deadline{{Name: "机构答复", After: "received", Days: 15, Working: true, Extend: []int{30, 30}}}
	ch.Plan = []content.PlanStep{{After: "filed", Days: 7, Ask: "查编号", Next: "再报一次"}, {After: "filed", Days: 5, Working: true, Ask: "看短信"}, {After: "accepted", Days: 61, Ask: "问结果"}}
	cards, plan := bot.ChannelCards(&lib, &ch, content.DateOf(now))
	for _, want := range []string{"机构答复：收到后 15 个工作日，可延长 30 个工作日，再延长 30 个工作日", "留心：", "常被退回："} {
		if !strings.Contains(cards, want) {
			t.Errorf("no %q in %s", want, cards)
		}
	}
	for _, want := range []string{"按今天交出算", "3月11日（周三）：查编号。没有：再报一次", "3月11日（周三）：看短信", "受理后第 61 天：问结果"} {
		if !strings.Contains(plan, want) {
			t.Errorf("no %q in %s", want, plan)
		}
	}
	if strings.Contains(plan, "放假安排") {
		t.Errorf("the year's holidays are known: %s", plan)
	}
}

// The lists that tell how to keep what is still missing come first.
func TestGuidesOfMissingEvidenceComeFirst(t *testing.T) {
	c := library(t).Conduct("call_bombing")
	guides := []string{}
	for _, e := range c.Evidence {
		guides = append(guides, library(t).Checklist(e.Guide).Short)
	}
	k := shippedWalk(t)
	k.say("留证据")
	k.want(k.say("看全部"), "[备份和起名]") // by id: nobody told of a conduct
	k = shippedWalk(t)
	k.say("一天打几十个电话", "1", "留证据", "看怎么留")
	k.want(k.say("看全部"), "["+guides[0]+"]["+guides[1]+"]["+guides[3]+"]") // the third is the first once more
	k = shippedWalk(t)
	k.say("一天打几十个电话", "1", "留证据", c.Evidence[0].Short, c.Evidence[2].Short, "看怎么留")
	k.want(k.say("看全部"), "["+guides[1]+"]["+guides[3]+"]")
}

// 「下一条」 after a law is the next law, whatever else the waiting question calls so.
func TestNextAfterALawIsTheNextLaw(t *testing.T) {
	k := shippedWalk(t)
	k.say("我要投诉", "打电话、辱骂", "夜里来催", "银行信用卡", "看依据")
	first := k.last[0].Source
	k.say("下一条")
	if second := k.last[0].Source; !strings.HasPrefix(second, "laws/") || second == first {
		t.Errorf("after %s came %s", first, second)
	}
	k.say("看下一条", "下一条")
	if got := k.last[0].Source; !strings.HasPrefix(got, "reporting_channels/") {
		t.Errorf("after a reporting channel came %s", got)
	}
}
