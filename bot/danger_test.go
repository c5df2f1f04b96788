package bot_test

import (
	"strings"
	"testing"
)

func TestDangerInterruptsAndIsNotResumedByItself(t *testing.T) {
	k := inVisit(t)
	heard := k.say("他们正在砸门")
	k.want(heard, "现在安全吗？")
	if !k.last[len(k.last)-1].Danger {
		t.Error("the danger question is not marked as danger")
	}
	if heard := k.say("安全"); strings.Contains(heard, "说说经过") {
		t.Errorf("went on by itself: %q", heard)
	}
	k.want(k.say("你好"), "哪一种？", "[接着刚才的]")
	k.want(k.say("接着刚才的"), "说说经过。")
}

func TestSelfHarmComesFirstForAStranger(t *testing.T) {
	k := newWalk(t, small)
	k.want(k.say("我不想活了"), "身边有人吗？")
}

func TestSelfHarmTwiceInARowEndsNegotiation(t *testing.T) {
	files := map[string]string{}
	for id, text := range small {
		files[id] = text
	}
	files["negotiate"] = "title: 谈还款\nsteps:\n  - {id: much, ask: 每月还得起多少？, accept: money}\n  - end: rest\n"
	files["menu"] = strings.Replace(small["menu"], "visit/}", "negotiate/}", 1)
	once := newWalk(t, files)
	once.say("/start", "1", "上门的事", "我不想活了", "有人")
	once.want(once.say("菜单"), "[接着刚才的]")
	twice := newWalk(t, files)
	twice.say("/start", "1", "上门的事", "我不想活了", "我真的想死", "有人")
	if heard := twice.say("菜单"); strings.Contains(heard, "接着刚才的") {
		t.Errorf("the negotiation is offered again: %q", heard)
	}
}

func TestDangerIsHeardHoweverLongTheText(t *testing.T) {
	for _, before := range []int{1, 3990, 4000, 7950, 20_000} {
		k := inVisit(t)
		k.want(k.say(strings.Repeat("长", before)+"。他们正在砸门。"+strings.Repeat("长", 500)), "现在安全吗？")
	}
}

func TestNobodyIsSentAwayFromDanger(t *testing.T) {
	k := newWalk(t, small)
	k.say("我不想活了")
	for _, text := range []string{"都不想打", "蓝色的", "我欠了二十万", "他们给我妈打电话", "随便"} {
		if heard := k.say(text); strings.Contains(heard, "12348") || !strings.Contains(heard, "身边有人吗？") {
			t.Errorf("after %q: %q", text, heard)
		}
	}
}

func TestPastIsNoDangerNow(t *testing.T) {
	k := inVisit(t)
	if heard := k.say("上周他们来堵门不走，还泼漆"); strings.Contains(heard, "现在安全吗？") {
		t.Errorf("heard %q", heard)
	}
	k = inVisit(t)
	k.want(k.say("上周来过，现在又在砸门"), "现在安全吗？")
}

func TestDangerInTwoBreaths(t *testing.T) {
	k := inVisit(t)
	k.want(k.say("他们正在砸 门"), "现在安全吗？")
}
