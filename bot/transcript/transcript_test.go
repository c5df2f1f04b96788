package transcript_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/transcript"
)

// parrot is a small engine: it says what it heard, offers two choices and keeps one slot and one reminder.
type parrot struct {
	clock transcript.Clock
	slots map[string]string
	due   time.Time
	heard []bot.Message
}

func (p *parrot) world() transcript.World {
	p.slots = map[string]string{}
	return transcript.World{
		User: "transcript:test", Handle: p.handle, Clock: &p.clock,
		Files: fstest.MapFS{"sms.png": {Data: []byte("png")}},
		Slots: func(context.Context, bot.UserID) (map[string]string, error) { return p.slots, nil },
		Next: func(context.Context, bot.UserID) (time.Time, bool, error) {
			return p.due, !p.due.IsZero(), nil
		},
		Wake: func(context.Context) ([]bot.Reply, error) {
			at := p.clock.Now()
			p.due = time.Time{}
			return []bot.Reply{{Text: "到时间了 " + at.In(transcript.China).Format("01-02 15:04")}}, nil
		},
	}
}

func (p *parrot) handle(_ context.Context, m bot.Message) ([]bot.Reply, error) {
	p.heard = append(p.heard, m)
	switch m.Text {
	case "坏":
		return nil, errors.New("broken")
	case "法":
		return []bot.Reply{{Text: "很长的条文", Source: "laws/x"}, {Text: "还要看吗？", Choices: []bot.Choice{{Value: "f/s=y", Label: "看"}}}}, nil
	case "提醒我":
		p.due = p.clock.Now().Add(15 * 24 * time.Hour)
		return []bot.Reply{{Text: "好"}}, nil
	case "文件":
		return []bot.Reply{{Text: "给你", File: &bot.File{Name: "我的记录.zip"}}}, nil
	case "":
		return nil, nil
	}
	p.slots["said"] = m.Text
	text := m.Text
	if len(m.Files) > 0 {
		text += "+" + m.Files[0].Name
	}
	return []bot.Reply{{Text: "听到：\n\n[x] " + text, Choices: []bot.Choice{{Value: "v1", Label: "对"}, {Value: "v2", Label: "不对]"}}}}, nil
}

func play(t *testing.T, text string) (*parrot, *transcript.Result) {
	t.Helper()
	f, err := transcript.Parse("a.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	p := &parrot{}
	res, err := transcript.Play(t.Context(), f, p.world())
	if err != nil {
		t.Fatal(err)
	}
	return p, res
}

const good = `# 一段对话
@ 2026-03-01T21:30:00+08:00

> 你好
  第二行
< 听到：
  \
  \[x] 你好
  第二行
  [对] [不对\]]
= said 你好 第二行
> [不对\]]
< 听到：
  \
  \[x] v2
  [对] [不对\]]
# 换个话题
> 法
<< laws/x
< 还要看吗？
  [看]
> [photo sms.png] 昨天的
< 听到：
  \
  \[x] 昨天的+sms.png
  [对] [不对\]]
> 提醒我
< 好
@ +10d
@ +10d
< 到时间了 03-16 21:34
> 文件
< 给你
  {file 我的记录.zip}
= nothing
`

func TestPlay(t *testing.T) {
	p, res := play(t, good)
	if len(res.Faults) > 0 {
		t.Errorf("faults:\n%v", res.Faults)
	}
	if diff := cmp.Diff(good, string(res.Updated)); diff != "" {
		t.Errorf("a good transcript was rewritten:\n%s", diff)
	}
	var at []string
	for _, m := range p.heard {
		at = append(at, m.At.In(transcript.China).Format("01-02 15:04"))
	}
	want := []string{"03-01 21:30", "03-01 21:31", "03-01 21:32", "03-01 21:33", "03-01 21:34", "03-21 21:34"}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("times:\n%s", diff)
	}
}

func TestDifferencesAreShownAndMended(t *testing.T) {
	for name, tt := range map[string]struct{ in, fault, updated string }{
		"another text": {"> 提醒我\n# 留着\n< 不好\n= said\n# 也留着\n",
			"a.txt:3: 回复和写的不一样（- 写的，+ 实际的）\n    - < 不好\n    + < 好",
			"> 提醒我\n# 留着\n< 好\n= said\n# 也留着\n"},
		"none written": {"# 头\n> 法\n\n> \n", "a.txt:2: 回复和写的不一样（- 写的，+ 实际的）\n    + << laws/x\n    + < 还要看吗？\n    +   [看]",
			"# 头\n> 法\n<< laws/x\n< 还要看吗？\n  [看]\n\n> \n"},
		"one too many": {"> 法\n<< laws/x\n< 还要看吗？\n  [看]\n< 多的\n",
			"a.txt:5: 回复和写的不一样（- 写的，+ 实际的）\n      << laws/x\n      < 还要看吗？\n        [看]\n    - < 多的",
			"> 法\n<< laws/x\n< 还要看吗？\n  [看]\n"},
		"another source": {"> 法\n<< laws/y\n< 还要看吗？\n  [看]\n",
			"a.txt:2: 回复和写的不一样（- 写的，+ 实际的）\n    - << laws/y\n    + << laws/x\n      < 还要看吗？\n        [看]",
			"> 法\n<< laws/x\n< 还要看吗？\n  [看]\n"},
		"another slot": {"> a\n< 听到：\n  \\\n  \\[x] a\n  [对] [不对\\]]\n= said b\n",
			"a.txt:6: 槽位 said 不一样\n    - b\n    + a", ""},
		"no such choice": {"> [看]\n< 听到：\n  \\\n  \\[x] 看\n  [对] [不对\\]]\n",
			"a.txt:1: 上一句回复里没有选项 [看]", ""},
		"no such picture": {"> [photo no.png]\n", "a.txt:1: 旁边没有文件 no.png", ""},
		"back in time": {"> 提醒我\n< 好\n@ 2026-01-01T00:00:00+08:00\n",
			"a.txt:3: 时间只能往后走，现在已是 2026-11-23T10:00:00+08:00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, res := play(t, tt.in)
			if diff := cmp.Diff(tt.fault, res.Faults.Error()); diff != "" {
				t.Error(diff)
			}
			if tt.updated == "" {
				tt.updated = tt.in
			}
			if diff := cmp.Diff(tt.updated, string(res.Updated)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWordsOfASourceMayBePinned(t *testing.T) {
	for in, faults := range map[string]int{
		"> 法\n< 很长的条文\n< 还要看吗？\n  [看]\n":          0,
		"> 法\n< 短的条文\n< 还要看吗？\n  [看]\n":           1,
		"> 法\n<< laws/x\n  [看]\n< 还要看吗？\n  [看]\n": 1,
	} {
		if _, res := play(t, in); len(res.Faults) != faults {
			t.Errorf("%q: %v", in, res.Faults)
		}
	}
}

func TestBrokenEngineIsAnError(t *testing.T) {
	f, err := transcript.Parse("a.txt", []byte("> 坏\n"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := transcript.Play(t.Context(), f, (&parrot{}).world()); err == nil || !strings.HasPrefix(err.Error(), "a.txt:1: ") {
		t.Errorf("err = %v", err)
	}
}

func TestParseFaults(t *testing.T) {
	long := strings.Repeat("长", transcript.MaxLine/3+1)
	for in, want := range map[string]string{
		"hello":          "a.txt:1: 行首要是 > < << @ = # 之一，后面空一格",
		"> a\n>b\n<<x\n": "a.txt:2: 行首要是 > < << @ = # 之一，后面空一格\na.txt:3: 行首要是 > < << @ = # 之一，后面空一格",
		"# x\n  y":       "a.txt:2: 缩进的行要跟在 > 或 < 后面",
		"< a":            "a.txt:1: 先要有人说话（>），才有回复和槽位",
		"> [是] 吧":        "a.txt:1: 按一个选项时，方括号后面不能再有字",
		"> a\n<< \n":     "a.txt:2: << 后面要写内容的名字，如 laws/zagl2025-50-1-5",
		"> a\n<< x\n  y": "a.txt:3: << 下面只能写选项",
		"> a\n=\n":       "a.txt:2: = 后面要写槽位的名字",
		"@ +1y":          "a.txt:1: 时间写成 @ +15d（s 秒 m 分 h 小时 d 天），或 @ 2026-03-01T21:30:00+08:00",
		"@ tomorrow":     "a.txt:1: 时间写成 @ +15d（s 秒 m 分 h 小时 d 天），或 @ 2026-03-01T21:30:00+08:00",
		"> a\n> " + long: "a.txt:2: 这一行太长，最多 16 KiB",
		"> \xff":         "a.txt: 文件不是 UTF-8 文字",
		strings.Repeat("# 很长\n", transcript.MaxBytes/9+1): "a.txt: 文件太大，最多 1 MiB",
	} {
		_, err := transcript.Parse("a.txt", []byte(in))
		if err == nil {
			t.Errorf("%.40q: no fault", in)
			continue
		}
		if diff := cmp.Diff(want, err.Error()); diff != "" {
			t.Errorf("%.40q:\n%s", in, diff)
		}
	}
}

func TestRecordedTalkPlays(t *testing.T) {
	p := &parrot{}
	p.world()
	p.clock.Set(time.Date(2026, 5, 1, 8, 0, 0, 0, transcript.China))
	var out bytes.Buffer
	answer := transcript.NewRecorder(&out, p.clock.Now).Wrap(p.handle)
	for _, say := range []struct {
		after time.Duration
		text  string
		files []bot.File
	}{
		{0, "你好", nil}, {2 * time.Second, "[x]\n\n 二", nil}, {time.Minute, "v2", nil}, {26 * time.Hour, "法", nil},
		{0, "坏", nil}, {0, "", nil}, {0, "", []bot.File{{Name: "sms.png"}}},
	} {
		p.clock.Set(p.clock.Now().Add(say.after))
		_, err := answer(t.Context(), bot.Message{Text: say.text, Files: say.files})
		if (err != nil) != (say.text == "坏") {
			t.Fatal(err)
		}
	}
	again, res := play(t, out.String())
	if len(res.Faults) > 0 {
		t.Errorf("a recorded talk plays otherwise:\n%v\n%s", res.Faults, out.String())
	}
	heard := func(p *parrot) (all []string) {
		for _, m := range p.heard {
			if m.Text != "坏" {
				all = append(all, m.Text)
			}
		}
		return
	}
	if diff := cmp.Diff(heard(p), heard(again)); diff != "" {
		t.Error(diff)
	}
	if !strings.HasPrefix(out.String(), "@ 2026-05-01T08:00:00+08:00\n> 你好\n") || !strings.Contains(out.String(), "\n@ +1560m\n") {
		t.Errorf("recorded:\n%s", out.String())
	}
}
