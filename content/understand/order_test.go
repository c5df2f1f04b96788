package understand_test

import (
	"testing"

	"anning/content"
	"anning/content/understand"
)

// What goes before another goes first, however the words stand; urgent ones stay before what only asks. A circle is
// cut, not walked for ever.
func TestBefore(t *testing.T) {
	lib := &content.Library{Signals: []*content.Signal{
		{ID: "ask", Urgent: true, Ask: true, Before: []string{"life"}, Phrases: []content.Phrase{"太累"}},
		{ID: "money", Urgent: true, Phrases: []content.Phrase{"转账"}},
		{ID: "life", Urgent: true, Before: []string{"money"}, Phrases: []content.Phrase{"不想活"}},
		{ID: "hurt", Urgent: true, Before: []string{"life"}, Phrases: []content.Phrase{"割腕"}},
		{ID: "round", Before: []string{"about"}, Phrases: []content.Phrase{"圆"}},
		{ID: "about", Before: []string{"round", "gone"}, Phrases: []content.Phrase{"圈"}},
	}}
	r, err := understand.NewWith(lib, silent(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, want string }{
		{"转账了，不想活，割腕了", "hurt life money"},
		{"割腕了，不想活，转账了", "hurt life money"},
		{"太累，转账了", "money ask"},
		{"没有不想活，转账了", "money life-"},
		{"圆，圈", "round about"},
	} {
		if got := brief(r.Read(tt.text)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// The first signal of what is shipped decides which number is given first: 120 for what has happened, 110 for who is
// missing or in danger, 12356 for the thought. Empty: none of self-harm and danger.
func TestFirstNumber(t *testing.T) {
	r := shipped(t)
	for _, tt := range []struct{ text, want string }{
		{"我割腕了", "self_harm_hurt"},
		{"我昨天吃了一瓶安眠药", "self_harm_hurt"},
		{"我不想活了，刚吃了一把药", "self_harm_hurt"},
		{"流了很多血", "bleeding"},
		{"我爸喝农药了", "self_harm_other_hurt"},
		{"同事欠网贷割腕了 在医院", "self_harm_other_hurt"},
		{"我女儿留了张纸条走了 电话打不通", "self_harm_searching"},
		{"我弟弟留了遗书出门了，手机关机", "self_harm_searching"},
		{"我老公两天没回家了 手机关机 留话说对不起我", "self_harm_searching"},
		{"老婆说要带孩子一起死", "self_harm_taking"},
		{"我老公说他不想活了", "self_harm_other"},
		{"我妈被催收逼得要跳楼", "self_harm_other"},
		{"我朋友被催收逼得说不想活了 怎么办", "self_harm_other"},
		{"真想一觉睡下去不要醒", "self_harm_sleep"},
		{"我活得好累", "self_harm_weary"},
		{"我16岁 不想活了", "self_harm_minor"},
		{"刚转了三千给他 我不想活了", "self_harm"},
		{"对不起我妈我不想活了", "self_harm"},
		{"爸妈都知道了不想活了", "self_harm"},
		{"我和孩子都不想活了", "self_harm"},
		{"我跟我老公说我不想活了", "self_harm"},
		{"我给我妈写了遗书", "self_harm"},
		{"我想带孩子一起走", "self_harm"},
		{"他们跟着我下班", "danger_follow"},
		{"他们把我关在办公室不让走", "danger_held"},
		{"我妈打我", "home_hurt"},
		{"让我把手机屏幕共享", "screen_share"},
		{"我已经共享屏幕了", "debt_scam_paid"},
		{"我交了2000给一个反催收的老师 现在他不回我了", "debt_agent_paid"},
		{"我就是不想还了 怎么能让他们找不到我", "dodge_hide"},
		{"你个傻逼机器人", "not_helped"},
		{"催收骂我妈怎么不去死", ""},
		{"催收骂我傻逼", ""},
		{"孩子老师不回我", ""},
		{"我不是不想还", ""},
	} {
		got := ""
		for _, m := range r.Read(tt.text).Signals {
			if !m.Negated {
				got = m.ID
				break
			}
		}
		if got != tt.want {
			t.Errorf("%s: %q first, want %q", tt.text, got, tt.want)
		}
	}
}
