package telegram_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/telegram/telegramtest"
)

const patience = 10 * time.Minute // of a clock that jumps

// settled waits until everything is confirmed.
func (r *rig) settled() {
	r.t.Helper()
	if !r.fake.Until(patience, func() bool { return r.fake.Waiting() == 0 }) {
		r.t.Fatalf("%d updates are not confirmed", r.fake.Waiting())
	}
}

// heard waits until the engine heard n messages, and everything is confirmed.
func (r *rig) heard(j *journal, n int) []bot.Message {
	r.t.Helper()
	if !r.fake.Until(patience, func() bool { return len(j.messages()) >= n && r.fake.Waiting() == 0 }) {
		r.t.Fatalf("%d messages heard, want %d", len(j.messages()), n)
	}
	return j.messages()
}

func TestPressedMessageIsTidied(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		me := r.fake.Person(4711)
		slow := time.Duration(0)
		j := &journal{reply: func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			time.Sleep(slow)
			return []bot.Reply{{Text: "打来的人说了什么？", Choices: []bot.Choice{{Value: "f/s=a", Label: "骂人或威胁"}, {Value: "f/s=b", Label: "只问我在哪"}}}}, nil
		}}
		r.start(j.answer, nil)
		me.Text("在")
		me.Sees(t, "只问我在哪")
		slow = 20 * time.Second
		began := time.Now()
		me.Press(t, "", bot.Choice{Value: "f/s=b"})
		r.fake.Until(patience, func() bool { return len(r.fake.Calls("answerCallbackQuery")) == 1 })
		if took := time.Since(began); took > time.Second {
			t.Errorf("the press was answered after %v", took)
		}
		r.heard(j, 2)
		r.fake.Until(patience, func() bool { return len(r.fake.Calls("editMessageText")) == 1 && len(me.Shown()) == 2 })
		shown := me.Shown()
		if first := shown[0]; first.Text != "打来的人说了什么？\n\n› 只问我在哪" || len(first.Keys) != 0 {
			t.Errorf("the pressed message is %q with %v", first.Text, first.Keys)
		}
		if n := len(r.fake.Calls("sendChatAction")); n < 4 || n > 6 {
			t.Errorf("typing was shown %d times in 20 s", n)
		}
		for _, m := range shown {
			if !m.NoPreview || m.Silent {
				t.Errorf("message %+v", m)
			}
		}
	})
}

func TestPressThatAged(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		me := r.fake.Person(1)
		j := &journal{reply: func(context.Context, bot.Message) ([]bot.Reply, error) {
			return []bot.Reply{{Text: "选", Choices: []bot.Choice{{Value: "v", Label: "好"}}}}, nil
		}}
		r.start(j.answer, nil)
		me.Text("在")
		me.Sees(t, "好")
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault {
			return telegramtest.Fault{Drop: c.Method == "answerCallbackQuery" && time.Since(c.At) < 0}
		})
		me.Tap("v")
		me.Tap("v") // twice, before the first was seen
		r.heard(j, 3)
		if strings.Contains(r.log.String(), "ERROR") {
			t.Error("a press made an error")
		}
		// Nobody fetched it in time: Telegram forgets it, and nothing breaks.
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault {
			return telegramtest.Fault{Drop: c.Method == "getUpdates"}
		})
		r.fake.Until(patience, func() bool { return me.Tap("v") })
		time.Sleep(5 * time.Minute)
		r.fake.Fail(nil)
		me.Text("还在")
		me.Sees(t, "选")
		r.settled()
	})
}

func TestDialButtonsSayThatTheyCannot(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		me := r.fake.Person(1)
		j := &journal{reply: func(context.Context, bot.Message) ([]bot.Reply, error) {
			return []bot.Reply{{Text: "先离开那里。", Danger: true, Choices: []bot.Choice{{Value: "d/a=c", Label: "报警，打 110", Call: "110", Style: bot.StyleDanger}, {Value: "d/a=w", Label: "打妇联", Call: "12338"}}}}, nil
		}}
		r.start(j.answer, nil)
		me.Text("救命")
		me.Sees(t, "电话：12338")
		me.Press(t, "", bot.Choice{Value: "d/a=c"})
		r.fake.Until(patience, func() bool { return len(r.fake.Calls("answerCallbackQuery")) == 1 })
		c := r.fake.Calls("answerCallbackQuery")[0]
		if !strings.Contains(c.Params["text"], "拨 110") || c.Params["show_alert"] != "true" {
			t.Errorf("%v", c.Params)
		}
		r.heard(j, 2)
	})
}

func TestGroupIsInvitedOnceAndHearsNothingElse(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		g := r.fake.Person(-1001)
		for _, text := range []string{"/start", "@" + telegramtest.Name + " 在吗", "他们打给我妈", "/menu"} {
			g.Text(text)
			r.settled()
		}
		if shown := g.Shown(); len(shown) != 1 || strings.Count(shown[0].Text, "。") != 1 || shown[0].Keys[0][0].URL != "https://t.me/"+telegramtest.Name+"?start=group" {
			t.Errorf("the group saw\n%s", g.Reads())
		}
		old, moved := r.fake.Person(-5), r.fake.Person(-1005)
		old.Move(-1005)
		old.Text("/start")
		r.settled()
		if len(old.Shown()) != 0 || len(moved.Shown()) != 1 {
			t.Errorf("a group that moved: %q, %q", old.Reads(), moved.Reads())
		}
		if len(j.messages()) != 0 {
			t.Errorf("the engine heard %v", j.messages())
		}
	})
}

func TestLinks(t *testing.T) {
	words := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	tests := map[string]string{
		"/start":                           "/start",
		"/start call":                      "/call",
		"/start delete":                    "/delete",
		"/start start":                     "/start",
		"/start group":                     "/start",
		"/start " + words("催收来电"):          "催收来电",
		"/start " + words("hello"):         "/start",
		"/start " + words("催收\n来电"):        "/start",
		"/start " + words("催\xff"):         "/start",
		"/start@" + telegramtest.Name:      "/start",
		"/menu@" + telegramtest.Name:       "/menu",
		"/menu@other_bot":                  "/menu",
		"/help 我":                          "/help 我",
		"普通的话":                             "普通的话",
		"/start ../../etc/passwd' OR 1=1;": "/start",
	}
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		r.fake.Until(patience, func() bool { return r.fake.Commands() != "" })
		n := 0
		for in, want := range tests {
			n++
			r.fake.Person(int64(n)).Text(in)
			if all := r.heard(j, n); all[n-1].Text != want {
				t.Errorf("%q is heard as %q, want %q", in, all[n-1].Text, want)
			}
		}
	})
}

func TestEdits(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		p := r.fake.Person(1)
		n := p.Text("他们打给我妈")
		r.heard(j, 1)
		p.Edit(n, "他们打给我妈") // a preview came or went
		r.settled()
		p.Edit(n, "他们打给我妈，我不想活了")
		all := r.heard(j, 2)
		if len(all) != 2 || all[1].Text != "他们打给我妈，我不想活了" || all[1].ID == all[0].ID || all[1].ID == "" {
			t.Errorf("%+v", all)
		}
	})
}

func TestBadUpdates(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		p := r.fake.Person(1)
		for raw, want := range map[string]string{
			`{"update_id":%d}`:                         "unknown",
			`{"update_id":%d,"poll":{"id":"1"}}`:       "unknown",
			`{"update_id":%d,"message":{"text":5}}`:    "broken",
			`{"update_id":%d,"message":null}`:          "unknown",
			`{"update_id":%d,"new_thing":{"a":[1]}}`:   "unknown",
			`{"update_id":%d,"message":"x"}`:           "broken",
			`{"update_id":%d,"callback_query":{}}`:     "unknown",
			`{"update_id":%d,"message_reaction":{}}`:   "unknown",
			`{"update_id":%d,"message":{"chat":{}}}`:   "unknown",
			`{"update_id":%d,"my_chat_member":{}}`:     "unknown",
			`{"update_id":%d,"edited_message":{}}`:     "unknown",
			`{"update_id":%d,"inline_query":{"id":1}}`: "broken",
		} {
			before := r.counted(want)
			r.fake.Add(raw)
			r.settled()
			if r.counted(want) != before+1 {
				t.Errorf("%s was not counted as %s: %v", raw, want, r.counts)
			}
		}
		p.Text("\u200b\u200d \u2060\ufeff")
		r.settled()
		if r.counted("blank") != 1 {
			t.Error("a text without width was not counted")
		}
		p.Message(map[string]any{"sticker": map[string]any{"file_id": "s", "width": 1, "height": 1}})
		p.Sees(t, "这一种我收不了")
		p.Text("还在吗")
		p.Sees(t, "听到：还在吗")
		if len(j.messages()) != 1 {
			t.Errorf("the engine heard %+v", j.messages())
		}
	})
}
