package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"anning/bot"
	"anning/content"
	"anning/flows"
)

// shippedWalker walks over what ships; it is prepared once.
var shippedWalker = sync.OnceValues(func() (*bot.Walker, error) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		return nil, err
	}
	lib, err := content.Load(content.Files)
	if err != nil {
		return nil, err
	}
	return bot.NewWalker(lib, set)
})

// shippedWalk is a walk over what ships, past the hello.
func shippedWalk(t *testing.T) *walk {
	t.Helper()
	w, err := shippedWalker()
	if err != nil {
		t.Fatal(err)
	}
	k := &walk{t: t, w: w, at: now}
	k.say("/start", "1")
	return k
}

func (k *walk) answers(id string) bool {
	return slices.ContainsFunc(k.last, func(r bot.Reply) bool { return r.Source == "questions/"+id })
}

func TestQuestionsAndWhatGoesBeforeThem(t *testing.T) {
	for _, tt := range []struct{ text, source string }{
		{"催收能打给我妈吗", "questions/family_contact"},
		{"网贷催收每天最多能打几次", "questions/calls_a_day"},
		{"他们天天打我妈，这合法吗", "conducts/"},
		{"他们昨天给我妈打电话了，能告吗", "conducts/"},
	} {
		k := shippedWalk(t)
		k.say(tt.text)
		if !strings.Contains(k.sources(), tt.source) && !(tt.source == "conducts/" && k.w.Slots(k.session)["conduct"] != "") {
			t.Errorf("%s: made from %q, %s", tt.text, k.sources(), k.heard())
		}
		k.slot("said", tt.text)
	}
	for _, text := range []string{"我不想活了，网贷催收每天最多能打几次", "他们正在砸门，催收能打给我妈吗", "他说要打断我的腿，催收一天能打几次"} {
		k := shippedWalk(t)
		if k.say(text); strings.Contains(k.sources(), "questions/") {
			t.Errorf("%s: a question went before danger: %s", text, k.heard())
		}
	}
}

func TestDirectQuestionInTheMiddleKeepsThePlace(t *testing.T) {
	k := shippedWalk(t)
	k.say("想谈还款")
	place := k.last[len(k.last)-1].Choices[0].Value
	before := k.w.Slots(k.session)
	k.want(k.say("网贷催收每天最多能打几次？"), "法律没有写死次数")
	if got := k.last[len(k.last)-1].Choices; len(got) == 0 || got[0].Value != place {
		t.Errorf("the question that waited is not asked again: %v", got)
	}
	after := k.w.Slots(k.session)
	delete(after, "question")
	if len(after) != len(before) {
		t.Errorf("slots %v became %v", before, after)
	}
	k.want(k.say("依据"), "【依据")
	k.want(k.say("详细"), "【详细】")
	if got := k.last[len(k.last)-1].Choices; len(got) == 0 || got[0].Value != place {
		t.Errorf("after 依据 and 详细 it waits at %v", got)
	}
}

func TestStrangerWithAQuestionIsGreetedThenAnswered(t *testing.T) {
	k := shippedWalk(t)
	k.session = nil
	k.want(k.say("催收能打给我妈吗"), "可以记吗？")
	if k.answers("family_contact") {
		t.Error("answered before the hello")
	}
	if k.say("可以记"); !k.answers("family_contact") {
		t.Errorf("not answered after the hello: %s", k.heard())
	}
}

func TestNoQuestionIsAnsweredInDanger(t *testing.T) {
	k := shippedWalk(t)
	k.say("他们正在砸门")
	if k.say("网贷催收每天最多能打几次？"); k.answers("calls_a_day") {
		t.Errorf("in danger: %s", k.heard())
	}
}

// Where the collector's words are asked for, a question among them is theirs.
func TestQuotedWordsAreNoQuestion(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	quotes := 0
	set.Steps(func(f *flows.Flow, s *flows.Step) {
		if s.Ask == nil || !s.Ask.Quotes {
			return
		}
		quotes++
		k := shippedWalk(t)
		k.session, _ = k.w.At("test:1", f.ID, s.ID, map[string]string{"consent": "yes"})
		if k.say("催收能打给我妈吗"); k.answers("family_contact") {
			t.Errorf("%s/%s: answered what the collector said", f.ID, s.ID)
		}
	})
	if quotes == 0 {
		t.Error("no step asks for the collector's words")
	}
}

// An answer in the middle of a conversation has what it rests on one button away, and the place comes back.
func TestAnswerInTheMiddleLeadsToItsLaw(t *testing.T) {
	k := shippedWalk(t)
	k.say("他们打给我妈说我欠钱")
	asked := k.last[len(k.last)-1]
	k.say("一天打五十个电话违法吗")
	last := k.last[len(k.last)-1]
	further := last.Choices[len(last.Choices)-1]
	if !strings.HasPrefix(k.last[0].Source, "questions/") || len(last.Choices) != len(asked.Choices)+1 || further.Value != "@go=question" {
		t.Fatalf("no way from the answer to its law: %v", k.last)
	}
	k.say(fmt.Sprint(len(last.Choices)))
	if !strings.Contains(fmt.Sprint(k.last[len(k.last)-1].Choices), "看依据") {
		t.Fatalf("the button leads to %v", k.last)
	}
	k.say("先到这儿")
	if back := k.last[len(k.last)-1]; fmt.Sprint(back.Choices) != fmt.Sprint(asked.Choices) {
		t.Errorf("back at %v, not at %v", back, asked)
	}
}

// Who asks at the hello has the answer at once, and what it rests on after the hello.
func TestQuestionAtTheHelloGoesOnAfterIt(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	w, err := bot.NewWalker(library(t), set)
	if err != nil {
		t.Fatal(err)
	}
	k := &walk{t: t, w: w, at: now}
	k.say("/start", "网贷逾期会坐牢吗")
	if !slices.ContainsFunc(k.last, func(r bot.Reply) bool { return strings.HasPrefix(r.Source, "questions/") }) {
		t.Fatalf("not answered at the hello: %v", k.last)
	}
	k.say("可以记")
	if last := k.last[len(k.last)-1]; !strings.HasPrefix(last.Choices[0].Value, "question/then=") {
		t.Errorf("after the hello: %v", last)
	}
}

// What is only asked about, without an entry that answers it, is told by what the conduct is and is not.
func TestConductAskedAboutIsShown(t *testing.T) {
	k := shippedWalk(t)
	k.say("他们打给我妈说我欠钱")
	at := k.last[len(k.last)-1]
	k.say("催收能打给我表姨妈的吗")
	if first := k.last[0]; first.Source != "conducts/third_party_contact" {
		t.Errorf("%v", k.last)
	}
	if last := k.last[len(k.last)-1]; fmt.Sprint(last.Choices) != fmt.Sprint(at.Choices) {
		t.Errorf("the place was lost: %v", last)
	}
}
