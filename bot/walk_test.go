package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"anning/bot"
	"anning/content"
	"anning/flows"
)

// small flows beside the least that the engine opens by itself.
var small = map[string]string{
	"start": "title: 见面\nsteps:\n  - {id: hello, slot: consent, ask: 可以记吗？, choices: [{id: \"yes\", label: 可以记}, {id: \"no\", label: 不记}]}\n  - end: return\n",
	"menu": `title: 菜单
steps:
  - id: door
    ask: 哪一种？
    choices:
      - {id: visit, label: 上门的事, to: visit/}
      - {id: danger, label: 有危险, to: danger_now/}
`,
	"visit": `title: 上门的事
phrases: [上门记录]
steps:
  - id: what
    accept: text
    ask: 说说经过。
    why: 原话最有用。
  - id: day
    accept: date
    past: true
    ask: 哪天？
    why: 哪天的事用哪天的法。
    example: 比如「昨天」。
    skip: true
  - id: people
    accept: count
    ask: 来了几个人？
  - id: owner
    ask: 谁放的款？
    choices:
      - {id: bank, label: 银行, also: [信用卡]}
      - {id: app, label: 网贷}
      - {id: law, label: 看依据, show: hotlines}
      - {id: side, label: 去问问, visit: side}
  - say: 记下了：{what}；{day}；{people} 人；{owner}。
  - end: rest
`,
	"side":           "title: 旁边\nsteps:\n  - say: 旁边走一趟。\n  - end: return\n",
	"danger_now":     "title: 危险\nsteps:\n  - {id: safe, danger: true, ask: 现在安全吗？, choices: [{id: \"yes\", label: 安全}, {id: \"no\", label: 不安全}]}\n  - say: 好。\n  - end: rest\n",
	"self_harm":      "title: 先顾你\nsteps:\n  - {id: alone, danger: true, ask: 身边有人吗？, choices: [{id: \"yes\", label: 有人}, {id: \"no\", label: 没有}]}\n  - end: rest\n",
	"live_call":      "title: 来电\naside: true\nsteps:\n  - {id: line, ask: 问姓名工号。, choices: [{id: done, label: 挂了}]}\n  - end: return\n",
	"help":           "title: 帮助\nsteps:\n  - say: 我能做这些。\n  - end: return\n",
	"general":        "title: 这件事\nsteps:\n  - show: conduct\n  - end: rest\n",
	"identify":       "title: 听清\nsteps:\n  - {id: more, accept: text, ask: 再说一点。}\n  - end: rest\n",
	"paste":          "title: 短信\nsteps:\n  - {id: pic, accept: photo, ask: 发图。, choices: [{id: none, label: 没有图}]}\n  - say: 收好了。\n  - end: rest\n",
	"my_data":        "title: 我的数据\nsteps:\n  - show: kept\n  - end: return\n",
	"delete_my_data": "title: 删除\nsteps:\n  - {id: sure, ask: 全部删掉吗？, choices: [{id: keep, label: 不删}, {id: erase, label: 全删}]}\n  - {when: {sure: keep}, end: return}\n  - say: 删完了。\n  - end: erase\n",
}

var now = time.Date(2026, 3, 4, 15, 0, 0, 0, time.FixedZone("CST", 8*3600)) // a Wednesday

func library(t testing.TB) *content.Library {
	t.Helper()
	lib, err := content.Load(content.Files)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func flowSet(t testing.TB, files map[string]string) *flows.Set {
	t.Helper()
	fsys := fstest.MapFS{}
	for id, text := range files {
		fsys[id+".yaml"] = &fstest.MapFile{Data: []byte(text)}
	}
	set, err := flows.Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// walk is one person walking, without a store.
type walk struct {
	t       testing.TB
	w       *bot.Walker
	session []byte
	at      time.Time
	n       int
	last    []bot.Reply
}

func newWalk(t testing.TB, files map[string]string) *walk {
	t.Helper()
	w, err := bot.NewWalker(library(t), flowSet(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return &walk{t: t, w: w, at: now}
}

// say sends messages a minute apart and returns all the last one was answered.
func (k *walk) say(texts ...string) string {
	k.t.Helper()
	for _, text := range texts {
		k.at = k.at.Add(time.Minute)
		k.send(bot.Message{Text: text})
	}
	return k.heard()
}

func (k *walk) send(m bot.Message) {
	k.t.Helper()
	k.n++
	m.ID, m.From, m.At = fmt.Sprint(k.n), "test:1", k.at
	var err error
	k.session, k.last, err = k.w.Turn(k.t.Context(), k.session, m)
	if err != nil {
		k.t.Fatalf("answer to %q: %v", m.Text, err)
	}
}

func (k *walk) heard() string {
	var b strings.Builder
	for _, r := range k.last {
		b.WriteString(r.Text + "\n")
		for _, c := range r.Choices {
			b.WriteString("[" + c.Label + "]")
		}
	}
	return b.String()
}

func (k *walk) want(heard string, parts ...string) {
	k.t.Helper()
	for _, p := range parts {
		if !strings.Contains(heard, p) {
			k.t.Errorf("heard %q, want %q in it", heard, p)
		}
	}
}

func (k *walk) slot(name, want string) {
	k.t.Helper()
	if got := k.w.Slots(k.session)[name]; got != want {
		k.t.Errorf("slot %s is %q, want %q", name, got, want)
	}
}

// inVisit walks to the first question of the flow visit.
func inVisit(t testing.TB) *walk {
	k := newWalk(t, small)
	k.want(k.say("/start"), "可以记吗？")
	k.want(k.say("1"), "哪一种？")
	k.want(k.say("上门的事"), "说说经过。")
	return k
}

func TestAnswersOfEveryKindFillSlots(t *testing.T) {
	k := inVisit(t)
	k.want(k.say("他上午来敲过门"), "哪天？")
	k.want(k.say("昨天"), "来了几个人？")
	k.want(k.say("三个"), "谁放的款？", "[银行]")
	k.want(k.say("２"), "记下了：他上午来敲过门；3月3日（周二）；3 人；网贷。")
	k.slot("day", "2026-03-03")
	k.slot("people", "3")
	k.slot("owner", "app")
}

func TestChoiceIsTakenByNumberLabelSynonymAndButton(t *testing.T) {
	for _, text := range []string{"1", "１", "一", "①", "银行", "信用卡", " 银行。", "銀行", "visit/owner=bank"} {
		k := inVisit(t)
		k.say("来过", "昨天", "3")
		k.want(k.say(text), "；银行。")
	}
}

func TestBackRestoresAndSuggests(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天", "3")
	k.want(k.say("返回"), "来了几个人？", "[还是 3]")
	k.slot("people", "")
	k.want(k.say("返回"), "哪天？", "[还是3月3日]")
	k.want(k.say("1"), "来了几个人？", "[还是 3]")
	k.slot("day", "2026-03-03")
}

func TestCorrectAnEarlierAnswer(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天", "3")
	k.want(k.say("改"), "[3]", "[3月3日]", "[来过]")
	k.want(k.say("2"), "哪天？")
	k.want(k.say("前天"), "来了几个人？", "[还是 3]")
	k.want(k.say("还是 3"), "谁放的款？")
	k.slot("day", "2026-03-02")
	k.slot("people", "3")
}

func TestRepairLadder(t *testing.T) {
	k := inVisit(t)
	k.say("来过")
	k.want(k.say("蓝色的"), "哪天的事用哪天的法。", "哪天？")
	k.want(k.say("蓝色的"), "比如「昨天」。", "哪天？")
	third := k.say("蓝色的")
	k.want(third, "12348")
	k.want(k.say("跳过"), "来了几个人？")
	k.slot("day", "")
}

func TestLookAsideAndVisitComeBack(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天", "3")
	k.want(k.say("看依据"), "110", "谁放的款？")
	k.want(k.say("去问问"), "旁边走一趟。", "谁放的款？")
	k.want(k.say("帮助"), "我能做这些。", "谁放的款？")
	k.want(k.say("催收来电"), "问姓名工号。")
	k.want(k.say("挂了"), "谁放的款？")
	k.want(k.say("网贷"), "网贷。")
}

func TestFragmentsAreOneAnswer(t *testing.T) {
	k := inVisit(t)
	k.say("他上午来敲过门")
	k.at = k.at.Add(2 * time.Second)
	k.send(bot.Message{Text: "还踢了门"})
	k.slot("what", "他上午来敲过门\n还踢了门")
	k.want(k.heard(), "哪天？")
	k.at = k.at.Add(time.Minute)
	k.send(bot.Message{Text: "还骂人"})
	k.slot("what", "他上午来敲过门\n还踢了门")
}

func TestStrangerWhoTellsAtOnceIsLedThere(t *testing.T) {
	k := newWalk(t, small)
	k.want(k.say("他们天天给我公司同事打电话"), "可以记吗？")
	k.slot("conduct", "third_party_contact")
	heard := k.say("可以记")
	if strings.Contains(heard, "哪一种？") {
		t.Errorf("asked again what was told: %q", heard)
	}
	k.slot("said", "他们天天给我公司同事打电话")
}

func TestAnswerThatTellsMoreIsHeard(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天", "3")
	heard := k.say("他们还给我妈打电话，我同事也接到了")
	k.want(heard, "[接着")
	if strings.Contains(heard, "没看懂") {
		t.Errorf("heard nothing: %q", heard)
	}
}

func TestEditedFlowUnderALiveSession(t *testing.T) {
	gone := map[string]string{}
	for id, text := range small {
		gone[id] = text
	}
	at := func(files map[string]string) *walk {
		k := inVisit(t)
		k.say("来过")
		w, err := bot.NewWalker(library(t), flowSet(t, files))
		if err != nil {
			t.Fatal(err)
		}
		k.w = w
		return k
	}
	gone["visit"] = strings.ReplaceAll(small["visit"], "id: day\n", "id: which_day\n")
	gone["visit"] = strings.Replace(gone["visit"], "title: 上门的事\n", "title: 上门的事\nmoved: {day: which_day}\n", 1)
	k := at(gone)
	k.want(k.say("昨天"), "改了", "哪天？")
	k.slot("what", "来过")

	gone["visit"] = strings.ReplaceAll(small["visit"], "id: day\n", "id: which_day\n")
	gone["visit"] = strings.Replace(gone["visit"], "id: what\n", "id: what\n    checkpoint: true\n", 1)
	k = at(gone)
	k.want(k.say("昨天"), "改了", "说说经过。")

	delete(gone, "visit")
	gone["menu"] = strings.Replace(small["menu"], "visit/", "side/", 1)
	k = at(gone)
	k.want(k.say("昨天"), "哪一种？")
	k.slot("what", "来过")

	k = at(small) // only words changed: nothing is said about it
	if heard := k.say("昨天"); strings.Contains(heard, "改了") {
		t.Errorf("spoke of a change that does not concern the person: %q", heard)
	}
}

func TestCalledFlowComesBackThoughLinesMoved(t *testing.T) {
	files := map[string]string{}
	for id, text := range small {
		files[id] = text
	}
	files["side"] = "title: 旁边\nsteps:\n  - {id: q, ask: 旁边问一句？, choices: [{id: ok, label: 行}]}\n  - end: return\n"
	files["visit"] = "title: 上门的事\nsteps:\n  - call: side\n  - {id: after, ask: 回来了吗？, choices: [{id: ok, label: 回来了}]}\n  - end: rest\n"
	k := newWalk(t, files)
	k.say("/start", "1")
	k.want(k.say("上门的事"), "旁边问一句？")
	files["visit"] = strings.Replace(files["visit"], "steps:\n", "\n\nsteps:\n  - say: 新的一句。\n", 1)
	w, err := bot.NewWalker(library(t), flowSet(t, files))
	if err != nil {
		t.Fatal(err)
	}
	k.w = w
	k.want(k.say("行"), "回来了吗？")
}

func TestCommandsAreHeardAtAnyQuestion(t *testing.T) {
	k := inVisit(t)
	k.say("来过")
	k.want(k.say("我在哪"), "上门的事", "哪天？")
	k.want(k.say("菜单"), "哪一种？", "[接着刚才的]")
	k.want(k.say("接着刚才的"), "哪天？")
	k.want(k.say("稍后再说"), "存好了")
	k.want(k.say("继续"), "哪天？")
	k.want(k.say("我的数据"), "我记着的", "哪天？")
	k.want(k.say("重来"), "哪一种？")
	k.slot("what", "")
	k.slot("consent", "yes")
}

func TestLongTextIsCutWithAWord(t *testing.T) {
	k := inVisit(t)
	k.want(k.say(strings.Repeat("他上午来过。", 1000)), "只记下前面一部分", "哪天？")
}

func TestQuitSaysOneWord(t *testing.T) {
	k := inVisit(t)
	if heard := strings.TrimSpace(k.say("退出")); heard != "好。" {
		t.Errorf("heard %q", heard)
	}
}

func TestOldButtonIsToldFromTheQuestionThatWaits(t *testing.T) {
	k := inVisit(t)
	k.say("来过", "昨天")
	k.want(k.say("visit/owner=bank"), "来了几个人？")
	k.slot("owner", "")
}

func TestSessionIsBounded(t *testing.T) {
	k := inVisit(t)
	texts := []string{"来过，" + strings.Repeat("很长的经过", 300), "昨天", "3", "银行", "上门记录", "改", "返回", "菜单", "稍后再说", "催收来电", "我在哪"}
	for i := range 600 {
		k.say(texts[i%len(texts)])
	}
	if len(k.session) > 12<<10 {
		t.Errorf("the session has %d bytes", len(k.session))
	}
}

func TestBackLeadsToTheMenuThatWordsWereSaidAt(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	say(t, b, "1", "/start")
	say(t, b, "2", "可以记")
	say(t, b, "3", "催收给我妈打电话")
	replies := say(t, b, "4", "返回")
	if last := replies[len(replies)-1]; len(last.Choices) == 0 || !strings.HasPrefix(last.Choices[0].Value, "menu/door=") {
		t.Errorf("返回 led to %v", last)
	}
}
