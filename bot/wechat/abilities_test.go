package wechat_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/wechat"
	"anning/bot/wechat/wechattest"
)

const appSecret = "s3cr3t-of-the-app"

// logs is where a messenger logs to.
type logs struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// verified is a messenger of an account that may do more.
type verified struct {
	*site
	api   *wechattest.API
	logs  *logs
	keeps *keeps
	m     *wechat.Messenger
}

func newVerified(t *testing.T, opts wechat.Options, answer bot.Handler) *verified {
	t.Helper()
	v := &verified{site: newSite(t, true), api: wechattest.New(t, appID, appSecret), logs: &logs{}, keeps: &keeps{}}
	v.start(opts, v.api, answer)
	return v
}

func (v *verified) start(opts wechat.Options, api *wechattest.API, answer bot.Handler) {
	a := v.account()
	a.Secret = appSecret
	opts.API, opts.Listener, opts.Count = api.URL, v.listener, v.count.add
	opts.Log = slog.New(slog.NewTextHandler(v.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	v.m = v.messengerOf(a, v.keeps, &opts)
	run(v.t, v.m, v.keeps.kept(answer))
	v.t.Cleanup(func() {
		all := v.logs.String()
		for _, secret := range []string{appSecret, "T0KEN-", aesKey, "oone", "他们"} {
			if strings.Contains(all, secret) {
				v.t.Errorf("%q is in the log:\n%s", secret, all)
			}
		}
	})
}

var ask = []bot.Reply{{Text: "第 16 天，还没答复。", Choices: []bot.Choice{{Value: "f/s=a", Label: "照着念的稿"}, {Value: "f/s=b", Label: "过 3 天再看"}}}}

func never() wechat.Options { return wechat.Options{Menu: wechat.MenuNever} }

func TestPush(t *testing.T) {
	v := newVerified(t, never(), echo)
	v.api.Do(func() { v.api.Left["oone"] = 5 })
	push := func(replies []bot.Reply) error { return v.m.Push(t.Context(), "wechat:oone", replies) }
	if err := push(ask); err != nil {
		t.Fatal(err)
	}
	want := []wechattest.Message{{To: "oone", Kind: "msgmenu", Text: "第 16 天，还没答复。", Choices: []string{"照着念的稿", "过 3 天再看"}}}
	if diff := cmp.Diff(want, v.api.Took(t, 1)); diff != "" {
		t.Error(diff)
	}
	if err := push(append([]bot.Reply{long("甲", 14)}, ask...)); err != nil {
		t.Fatal(err)
	}
	sent := v.api.Took(t, 3)
	if len(sent) != 3 || sent[2].Kind != "text" || !strings.HasSuffix(visible(sent[2].Text), "2 过 3 天再看\n回复数字，或直接说。") {
		t.Errorf("sent %+v", sent)
	}
	v.api.Do(func() { v.api.TapMenu = false })
	if err := push(ask); err != nil {
		t.Fatal(err)
	}
	if sent := v.api.Took(t, 4); sent[3].Kind != "text" {
		t.Errorf("without msgmenu: %+v", sent[3])
	}
	if v.m.Abilities()["messages with choices to tap"] || !v.m.Abilities()["customer service messages"] {
		t.Errorf("abilities: %v", v.m.Abilities())
	}
	if err := push(ask); err != nil { // the fifth
		t.Fatal(err)
	}
	if err := push(ask); !errors.Is(err, wechat.ErrAway) {
		t.Errorf("beyond the quota: %v", err)
	}
	if err := v.m.Push(t.Context(), "wechat:oother", ask); !errors.Is(err, wechat.ErrAway) {
		t.Errorf("somebody who never wrote: %v", err)
	}
	if err := v.m.Push(t.Context(), "telegram:1", ask); !errors.Is(err, wechat.ErrAway) {
		t.Errorf("somebody who is not here: %v", err)
	}
	if n := strings.Count(v.logs.String(), "level=WARN"); n != 1 {
		t.Errorf("%d warnings:\n%s", n, v.logs)
	}
}

// TestPersonalAccount: what an account may not do is tried once, said once in the log, and the talk goes on.
func TestPersonalAccount(t *testing.T) {
	v := newVerified(t, wechat.Options{InTime: 50 * time.Millisecond}, func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		return echo(ctx, m)
	})
	v.api.Do(func() { clear(v.api.Allowed) })
	for range 3 {
		if err := v.m.Push(t.Context(), "wechat:oone", ask); !errors.Is(err, wechat.ErrAway) {
			t.Errorf("Push: %v", err)
		}
	}
	if n := v.api.Calls["/cgi-bin/message/custom/send"]; n != 2 { // msgmenu and text
		t.Errorf("it was tried %d times", n)
	}
	said := v.logs.String()
	if n := strings.Count(said, `ability="customer service messages"`); n != 1 || !strings.Contains(said, "48001") {
		t.Errorf("said %d times:\n%s", n, said)
	}
	p := &person{site: v.site, name: "oone"}
	if got := p.say("1", "好"); !strings.HasSuffix(got, "收到：好") {
		t.Errorf("got %q", got)
	}
}

func TestTokens(t *testing.T) {
	now := time.Now()
	var mu sync.Mutex
	o := never()
	o.Clock = func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	v := newVerified(t, o, echo)
	v.api.Do(func() { v.api.Left["oone"] = 1000 })
	push := func() {
		t.Helper()
		if err := v.m.Push(t.Context(), "wechat:oone", []bot.Reply{{Text: "好"}}); err != nil {
			t.Error(err)
		}
	}
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(push)
	}
	wg.Wait()
	check := func(what string, fetches, forced int) {
		t.Helper()
		if v.api.Do(func() {}); v.api.Fetches != fetches || v.api.Forced != forced {
			t.Errorf("%s: %d fetches, %d of them forced; want %d and %d", what, v.api.Fetches, v.api.Forced, fetches, forced)
		}
	}
	check("thirty at once", 1, 0)
	mu.Lock()
	now = now.Add(116 * time.Minute)
	mu.Unlock()
	push()
	check("before it ends", 2, 0)
	v.api.Do(v.api.Renew) // somebody else demanded a new one
	push()
	check("replaced elsewhere", 3, 0)
	v.api.Do(func() { v.api.Codes = []int{42001} }) // WeChat says so although the token is the latest
	push()
	check("no longer taken", 5, 1)
	v.api.Do(func() { v.api.Codes = []int{42001} })
	if err := v.m.Push(t.Context(), "wechat:oone", []bot.Reply{{Text: "好"}}); err != nil {
		t.Error(err)
	}
	check("and again at once: a new one is not demanded", 6, 1)
	v.api.Do(func() { v.api.Codes = []int{-1, 502} })
	push()
	check("a busy server", 6, 1)
	v.api.Do(func() { v.api.Codes = []int{502, 502, 502, 502, 502, 502} })
	if err := v.m.Push(t.Context(), "wechat:oone", []bot.Reply{{Text: "好"}}); err == nil || errors.Is(err, wechat.ErrAway) {
		t.Errorf("a server that stays busy: %v; want that it may be tried again", err)
	} else if strings.Contains(err.Error(), "T0KEN") {
		t.Errorf("the error holds the token: %v", err)
	}
}

// TestSecretsStayOut: neither a server that repeats what it was sent nor one out of reach brings a secret into an error.
func TestSecretsStayOut(t *testing.T) {
	v := newVerified(t, never(), echo)
	v.api.Do(func() { v.api.Left["oone"] = 9; v.api.Codes = []int{40125, 40125, 40125, 40125} })
	err := v.m.Push(t.Context(), "wechat:oone", ask)
	if !errors.Is(err, wechat.ErrAway) {
		t.Errorf("a wrong secret: %v", err)
	}
	v2 := newVerified(t, never(), echo)
	v2.api.Close()
	if err := v2.m.Push(t.Context(), "wechat:oone", ask); err == nil || strings.Contains(err.Error(), appSecret) || strings.Contains(err.Error(), "access_token") {
		t.Errorf("out of reach: %v", err)
	}
}

func TestLateAnswersAreSent(t *testing.T) {
	gate := make(chan struct{})
	o := never()
	o.InTime = 50 * time.Millisecond
	v := newVerified(t, o, func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		if m.Text == "慢" {
			<-gate
			return ask, nil
		}
		return echo(ctx, m)
	})
	v.api.Do(func() { v.api.Left["oone"] = 5 })
	p := &person{site: v.site, name: "oone"}
	p.say("1", "慢")
	close(gate)
	if sent := v.api.Took(t, 1); sent[0].Text != "第 16 天，还没答复。" || len(sent[0].Choices) != 2 {
		t.Errorf("sent %+v", sent)
	}
	if got := sayUntil(p, "好", "收到"); got != "收到：好" {
		t.Errorf("it came twice: %q", got)
	}
}

func TestMenu(t *testing.T) {
	for name, tt := range map[string]struct {
		menu      wechat.Menu
		has, make bool
	}{
		"none":            {wechat.MenuIfNone, false, true},
		"somebody's":      {wechat.MenuIfNone, true, false},
		"in its place":    {wechat.MenuAlways, true, true},
		"none, and never": {wechat.MenuNever, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := &verified{site: newSite(t, false), api: wechattest.New(t, appID, appSecret), logs: &logs{}, keeps: &keeps{}}
			v.api.HasMenu = tt.has
			v.start(wechat.Options{Menu: tt.menu}, v.api, echo)
			if tt.menu != wechat.MenuNever {
				want := "the menu is made"
				if !tt.make {
					want = ""
				}
				waitFor(t, func() bool { return strings.Contains(v.logs.String(), want) && v.api.Called() > 1 })
			}
			v.api.Do(func() {
				if made := v.api.Menu != ""; made != tt.make || made && (!strings.Contains(v.api.Menu, `"key":"催收来电"`) || strings.Contains(v.api.Menu, `\u`)) {
					t.Errorf("the menu is %s", v.api.Menu)
				}
			})
		})
	}
}

func waitFor(t *testing.T, is func() bool) {
	t.Helper()
	patience := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-patience:
			t.Fatal("it did not happen")
		}
	}
}

// TestSubscription: a reminder goes out as often as the person allowed, on a screen that others may see.
func TestSubscription(t *testing.T) {
	o := never()
	o.Template, o.Fields = "TPL", []string{"thing1", "time2", "phrase3"}
	v := newVerified(t, o, echo)
	popup := func(at int64, status string) {
		v.post(eventPost("oone", at, "subscribe_msg_popup_event", "<SubscribeMsgPopupEvent><List><TemplateId>TPL</TemplateId>"+
			"<SubscribeStatusString>"+status+"</SubscribeStatusString><PopupScene>1</PopupScene></List></SubscribeMsgPopupEvent>"))
	}
	now := time.Now().Unix()
	popup(now, "accept")
	popup(now, "accept") // the same post again
	popup(now+1, "accept")
	push := func() error { return v.m.Push(t.Context(), "wechat:oone", ask) }
	for range 2 {
		if err := push(); err != nil {
			t.Fatal(err)
		}
	}
	if err := push(); !errors.Is(err, wechat.ErrAway) {
		t.Errorf("a third time: %v", err)
	}
	sent := v.api.Took(t, 2)
	if len(sent) != 2 || sent[0].Template != "TPL" || sent[0].Data["thing1"]["value"] != "有一件事到时间了" || strings.Contains(sent[0].Data["phrase3"]["value"], "催") {
		t.Errorf("sent %+v", sent)
	}
	v.keeps.said("wechat:oone", ask)
	p := &person{site: v.site, name: "oone"}
	if got := p.say("1", "1"); !strings.HasPrefix(got, "先说一件事") || !strings.Contains(got, "第 16 天") {
		t.Errorf("what waits: %q", got)
	}
	popup(now+2, "accept")
	popup(now+3, "reject")
	if err := push(); !errors.Is(err, wechat.ErrAway) {
		t.Errorf("after they said no: %v", err)
	}
}

func TestUnsubscribe(t *testing.T) {
	left := make(chan bot.UserID, 3)
	o := never()
	o.Left = func(_ context.Context, user bot.UserID) { left <- user }
	v := newVerified(t, o, echo)
	v.api.Do(func() { v.api.Left["oone"] = 5 })
	for range 2 {
		if a := v.post(eventPost("oone", 1700000000, "unsubscribe", "")); a.body != "success" {
			t.Errorf("got %+v", a)
		}
	}
	if user := <-left; user != "wechat:oone" || len(left) != 0 {
		t.Errorf("%s left, and %d more", user, len(left))
	}
	if err := v.m.Push(t.Context(), "wechat:oone", ask); !errors.Is(err, wechat.ErrAway) {
		t.Errorf("Push: %v", err)
	}
	if a := v.post(eventPost("oone", 1700000009, "subscribe", "<EventKey>qrscene_7</EventKey>")); !strings.Contains(a.text, "收到：/start") {
		t.Errorf("back again: %+v", a)
	}
}

func TestVoiceIsFetched(t *testing.T) {
	o := never()
	o.MaxPicture = 100
	var got []byte
	v := newVerified(t, o, func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		if len(m.Files) != 1 {
			return nil, errors.New("no file")
		}
		r, err := m.Files[0].Open(ctx)
		if err != nil {
			return []bot.Reply{{Text: "打不开"}}, nil
		}
		defer r.Close()
		got, err = io.ReadAll(r)
		return []bot.Reply{{Text: "存下了 " + m.Files[0].Name}}, err
	})
	v.api.Do(func() { v.api.Media = bytes.Repeat([]byte("#!AMR"), 100) })
	voice := "<MediaId>m</MediaId><Format>amr</Format>"
	if a := v.post(kindPost("oone", "1", "voice", voice)); a.text != "存下了 voice.amr" || len(got) != 101 {
		t.Errorf("got %+v, %d bytes", a, len(got))
	}
	v.api.Do(func() { clear(v.api.Allowed) })
	if a := v.post(kindPost("oone", "2", "voice", voice)); a.text != "打不开" {
		t.Errorf("got %+v", a)
	}
	if a := v.post(kindPost("oone", "3", "voice", voice)); !strings.Contains(a.text, "语音我听不了") {
		t.Errorf("once it is known: %+v", a)
	}
}
