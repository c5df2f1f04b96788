package telegram_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
)

// look shows one reply to somebody and returns how their buttons read, row by row, with what they copy.
func look(t *testing.T, reply bot.Reply) (string, []string) {
	t.Helper()
	var rows []string
	var read string
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{reply: func(context.Context, bot.Message) ([]bot.Reply, error) { return []bot.Reply{reply}, nil }}
		r.start(j.answer, nil)
		p := r.fake.Person(1)
		p.Text("看")
		r.heard(j, 1)
		time.Sleep(time.Minute) // until all of it is sent, at the chat's rate
		for _, m := range p.Shown() {
			read += m.Text + "|" + m.Entities + "\n"
			for _, row := range m.Keys {
				var all []string
				for _, b := range row {
					one := b.Text
					if b.Copy != nil {
						one += "→" + b.Copy.Text
					}
					if b.Style != "" {
						one += "!" + b.Style
					}
					all = append(all, one)
				}
				rows = append(rows, strings.Join(all, " | "))
			}
		}
		if r.counted("not sent") > 0 {
			t.Error("Telegram refused a message")
		}
	})
	return read, rows
}

func TestButtons(t *testing.T) {
	card := func(kind, head string, rows ...bot.CardRow) *bot.Card {
		return &bot.Card{Kind: kind, Head: head, Title: "标题", Rows: rows}
	}
	dot := func(text string) bot.CardRow { return bot.CardRow{Text: text, Mark: "dot"} }
	long := strings.Repeat("很长的话", 100)
	tests := []struct {
		name  string
		reply bot.Reply
		want  []string
	}{
		{"two short ones abreast", bot.Reply{Text: "选", Choices: []bot.Choice{{Value: "a", Label: "对"}, {Value: "b", Label: "不对"}, {Value: "c", Label: "我再想想看"}, {Value: "d", Label: "六个字的按钮"}, {Value: "e", Label: "好"}}},
			[]string{"对 | 不对", "我再想想看", "六个字的按钮", "好"}},
		{"styles", bot.Reply{Text: "选 110", Choices: []bot.Choice{{Value: "a", Label: "拨打 110", Call: "110", Style: bot.StyleDanger}, {Value: "b", Label: "接着", Style: bot.StyleNext}}},
			[]string{"拨打 110!danger", "接着!primary"}},
		{"lines to say", bot.Reply{Text: "照着念", Card: card("script", "照着念", dot("第一句。"), dot("第二句。"), bot.CardRow{Label: "别说", Text: "x"})},
			[]string{"复制第 1 句→第一句。 | 复制第 2 句→第二句。"}},
		{"one line to say", bot.Reply{Text: "照着说", Card: card("negotiation", "照着说", dot("就这一句。"))}, []string{"复制这句→就这一句。"}},
		{"what to know is not said", bot.Reply{Text: "先知道", Card: card("negotiation", "先知道", dot("知道。"))}, nil},
		{"too long to copy", bot.Reply{Text: long, Card: card("script", "照着念", dot(long))}, nil},
		{"a letter", bot.Reply{Text: "某某银行：请停止。", Card: card("letter", "照抄")}, []string{"复制这一段→某某银行：请停止。"}},
		{"a reporting channel", bot.Reply{Text: "渠道", Choices: []bot.Choice{{Value: "a", Label: "换一个"}}, Card: card("reporting_channel", "渠道",
			bot.CardRow{Label: "怎么找", Text: "打 12378；网页 https://www.12378.gov.cn；010-66279000、4008001234"},
			bot.CardRow{Label: "多久", Text: "15 日，2026 年起"}, bot.CardRow{Label: "先说", Text: "我要投诉催收。", Quote: true})},
			[]string{"换一个", "复制开头的话→我要投诉催收。 | 复制 12378→12378", "复制 010-66279000→010-66279000", "复制 4008001234→4008001234"}},
		{"hotlines", bot.Reply{Text: "热线", Card: card("hotlines", "热线", bot.CardRow{Label: "110", Text: "报警"}, bot.CardRow{Label: "12356", Text: "心理"})},
			[]string{"复制 110→110 | 复制 12356→12356"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, rows := look(t, tt.reply); !cmp.Equal(tt.want, rows) {
				t.Error(cmp.Diff(tt.want, rows))
			}
		})
	}
}

func TestCardsAreSetOff(t *testing.T) {
	text := "【依据 · 法律】都要守\n治安管理处罚法\n原文：「😀他说『你』。」\n施行：今年"
	read, _ := look(t, bot.Reply{Text: text, Card: &bot.Card{Kind: "law", Head: "依据", Title: "治安管理处罚法",
		Rows: []bot.CardRow{{Label: "原文", Text: "😀他说「你」。", Quote: true}, {Label: "施行", Text: "今年"}}}})
	want := text + `|[{"type":"bold","offset":0,"length":9},{"type":"bold","offset":13,"length":7},{"type":"blockquote","offset":24,"length":10}]` + "\n"
	if read != want {
		t.Error(cmp.Diff(want, read))
	}
	letter := strings.Repeat("某某银行：\n请停止骚扰。\n", 400)
	read, rows := look(t, bot.Reply{Text: letter, Card: &bot.Card{Kind: "letter", Head: "照抄"}})
	if n := strings.Count(read, `"type":"pre"`); n != strings.Count(read, "|[") || n < 2 || rows != nil {
		t.Errorf("%d pieces of the letter can be touched; %v", n, rows)
	}
}

func TestEmptyAndOddReplies(t *testing.T) {
	read, rows := look(t, bot.Reply{Text: " \u200b", Choices: []bot.Choice{{Value: "a", Label: "好"}, {Value: strings.Repeat("长", 30), Label: "太长"}, {Value: "", Label: "空"}}})
	if read != "选一个：|\n" || !cmp.Equal(rows, []string{"好"}) {
		t.Errorf("%q %v", read, rows)
	}
	read, _ = look(t, bot.Reply{Text: "坏\xff字 <b>&amp;</b> *星* _线_ `码` [链](http://x.example)"})
	if read != "坏字 <b>&amp;</b> *星* _线_ `码` [链](http://x.example)|\n" {
		t.Errorf("%q", read)
	}
}
