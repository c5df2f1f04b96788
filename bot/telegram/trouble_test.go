package telegram_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/telegram"
	"anning/bot/telegram/telegramtest"
)

func TestOneChatWaitsOthersGoOn(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		slow := r.fake.Person(1)
		slow.Text("一")
		slow.Sees(t, "听到：一")
		r.fake.Pause(1, 90*time.Second)
		paused := time.Now()
		slow.Text("二")
		slow.Text("三")
		for i := range 150 { // more than Telegram hands out at once
			p := r.fake.Person(int64(100 + i))
			p.Text("你好")
		}
		began := time.Now()
		r.fake.Until(patience, func() bool { return strings.Contains(r.fake.Person(249).Reads(), "你好") })
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("the others waited %v", took)
		}
		r.fake.Until(patience, func() bool { return strings.Contains(slow.Reads(), "听到：三") })
		if took := time.Since(paused); took < 90*time.Second || took > 100*time.Second {
			t.Errorf("the slow chat was answered after %v", took)
		}
		tried := 0
		for _, c := range r.fake.Calls("sendMessage") {
			if c.Chat == 1 {
				tried++
			}
		}
		if i, k := strings.Index(slow.Reads(), "二"), strings.Index(slow.Reads(), "三"); i < 0 || k < i || tried != 3 {
			t.Errorf("%d sent to the slow chat:\n%s", tried, slow.Reads())
		}
		if r.counted("told to wait") != 1 {
			t.Errorf("told to wait %d times", r.counted("told to wait"))
		}
		r.settled()
	})
}

func TestRates(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{reply: func(context.Context, bot.Message) ([]bot.Reply, error) {
			return []bot.Reply{{Text: "一"}, {Text: "二"}, {Text: "三"}, {Text: "四"}, {Text: "五"}, {Text: "六"}, {Text: "七"}, {Text: "八"}}, nil
		}}
		m := r.start(j.answer, nil)
		for i := range 100 {
			r.fake.Person(int64(500 + i))
		}
		pushed := make(chan time.Time, 100)
		for i := range 100 {
			go func() {
				if err := m.Push(t.Context(), bot.UserID(fmt.Sprintf("telegram:%d", 500+i)), []bot.Reply{{Text: "提醒"}}); err != nil {
					t.Error(err)
				}
				pushed <- time.Now()
			}()
		}
		began := time.Now()
		me := r.fake.Person(1)
		me.Text("快")
		me.Sees(t, "五")
		if took := time.Since(began); took > time.Second {
			t.Errorf("the answer waited %v behind reminders", took)
		}
		me.Sees(t, "八")
		if took := time.Since(began); took < 2*time.Second || took > 5*time.Second {
			t.Errorf("eight messages to one chat took %v", took)
		}
		for range 100 {
			<-pushed
		}
		inRate(t, r.fake.Calls("sendMessage"), 25)
		if p := r.fake.Person(500); !p.Shown()[0].Silent {
			t.Error("a reminder made a sound")
		}
		r.settled()
	})
}

func TestBlockedAndDeleted(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		m := r.start(j.answer, nil)
		p := r.fake.Person(7)
		p.Text("你好")
		p.Sees(t, "听到")
		p.Text("再见")
		p.Block(true)
		r.settled() // the answer to 再见 may reach nobody, and that holds nothing up
		push := func(to bot.UserID) error { return m.Push(t.Context(), to, []bot.Reply{{Text: "提醒"}}) }
		if err := push("telegram:7"); !errors.Is(err, telegram.ErrGone) {
			t.Errorf("blocked: %v", err)
		}
		p.Block(false)
		if err := push("telegram:7"); err != nil {
			t.Errorf("unblocked: %v", err)
		}
		p.Leave()
		for _, to := range []bot.UserID{"telegram:7", "telegram:99", "telegram:x", "web:1"} {
			if err := push(to); !errors.Is(err, telegram.ErrGone) {
				t.Errorf("%s: %v", to, err)
			}
		}
		r.fake.Person(8)
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault { return telegramtest.Fault{Code: 502} })
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		if err := m.Push(ctx, "telegram:8", []bot.Reply{{Text: "提醒"}}); err == nil || errors.Is(err, telegram.ErrGone) {
			t.Errorf("while Telegram is down: %v", err)
		}
		r.fake.Fail(nil)
	})
}

func TestStartsAndRecoversWithoutTelegram(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		r.fake.Fail(func(telegramtest.Call) telegramtest.Fault { return telegramtest.Fault{Drop: true} })
		j := &journal{}
		r.start(j.answer, nil)
		p := r.fake.Person(1)
		p.Text("有人吗")
		time.Sleep(10 * time.Minute)
		if n := strings.Count(r.log.String(), "not reachable"); n != 1 {
			t.Errorf("said %d times that Telegram is not reachable", n)
		}
		r.fake.Fail(nil)
		back := time.Now()
		r.fake.Until(patience, func() bool { return strings.Contains(p.Reads(), "听到：有人吗") })
		if took := time.Since(back); took > time.Minute {
			t.Errorf("answered %v after Telegram came back", took)
		}
		r.fake.Until(patience, func() bool { return r.fake.Commands() != "" })
		var menu []struct{ Command, Description string }
		if err := json.Unmarshal([]byte(r.fake.Commands()), &menu); err != nil || len(menu) < 5 {
			t.Fatalf("%v: %s", err, r.fake.Commands())
		}
		for _, c := range menu {
			if !contains(bot.CommandWords(), "/"+c.Command) || c.Description == "" || strings.ToLower(c.Description) == c.Description && c.Description[0] < 0x80 {
				t.Errorf("command %+v: the engine does not hear it, or it is not said in Chinese", c)
			}
		}
		r.settled()
	})
}

func contains(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

func TestWrongTokenIsSaidAndTriedAgainSlowly(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		var tries int
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault {
			if c.Method == "getUpdates" {
				tries++
			}
			return telegramtest.Fault{Code: 401, Text: "Unauthorized"}
		})
		p := r.start((&journal{}).answer, nil)
		time.Sleep(10 * time.Minute)
		p.stop()
		if tries > 12 || strings.Count(r.log.String(), "TELEGRAM_TOKEN") != 1 {
			t.Errorf("%d tries in 10 minutes", tries)
		}
	})
}

func TestWebhookOfBeforeIsTakenAway(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		r.fake.Outside(r.fake) // a place that takes nothing
		p := r.fake.Person(1)
		p.Text("有人吗")
		if _, err := r.fake.Set("http://old.example/"); err != nil {
			t.Fatal(err)
		}
		r.start((&journal{}).answer, nil)
		p.Sees(t, "听到：有人吗")
		r.settled()
	})
}

func TestStopFinishesWhatIsBegun(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		begun := make(chan struct{}, 10)
		j := &journal{reply: func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			begun <- struct{}{}
			time.Sleep(5 * time.Second)
			return []bot.Reply{{Text: "答：" + m.Text}}, ctx.Err()
		}}
		one := r.start(j.answer, nil)
		p := r.fake.Person(1)
		p.Text("一")
		<-begun
		p.Text("二")
		time.Sleep(time.Second)
		one.stop()
		if !strings.Contains(p.Reads(), "答：一") {
			t.Error("what was begun was not finished")
		}
		two := r.start(j.answer, nil)
		p.Sees(t, "答：二")
		r.settled()
		two.stop()
		three := r.start(j.answer, nil)
		p.Text("三")
		p.Sees(t, "答：三")
		three.stop()
		if len(p.Shown()) != 3 || len(j.messages()) != 3 || j.again != 0 {
			t.Errorf("%d answers, %d walked, %d again:\n%s", len(p.Shown()), len(j.messages()), j.again, p.Reads())
		}
	})
}
