package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/wechat"
)

// TestRepeats: WeChat sends a post again when it heard nothing for five seconds. The turn is walked once and every
// delivery gets the same words, also while it is in work and after the person has gone on.
func TestRepeats(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		s := newSite(t, sealed)
		var walked atomic.Int64
		gate := make(chan struct{})
		run(t, s.messenger(&keeps{}, nil), func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			if m.Text == "慢" {
				<-gate
			}
			return []bot.Reply{{Text: fmt.Sprintf("第 %d 次：%s", walked.Add(1), m.Text)}}, nil
		})
		post := textPost("o1", "7", "慢")
		texts := make(chan string, 5)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() { texts <- s.post(post).text })
		}
		close(gate)
		wg.Wait()
		if a := s.post(textPost("o1", "8", "下一句")); a.text != "第 2 次：下一句" {
			t.Errorf("got %+v", a)
		}
		texts2 := []string{s.post(post).text, <-texts, <-texts, <-texts, <-texts, <-texts}
		for _, text := range texts2 {
			if text != "第 1 次：慢" {
				t.Errorf("a delivery got %q", text)
			}
		}
		if walked.Load() != 2 {
			t.Errorf("walked %d times", walked.Load())
		}
	}
}

func TestRepeatedEvents(t *testing.T) {
	s := newSite(t, false)
	var got []string
	run(t, s.messenger(&keeps{}, nil), func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		got = append(got, m.Text)
		return []bot.Reply{{Text: m.Text}}, nil
	})
	now := time.Now().Unix()
	for range 3 {
		s.post(eventPost("o1", now, "subscribe", "<EventKey></EventKey>"))
		s.post(eventPost("o1", now, "CLICK", "<EventKey>催收来电</EventKey>"))
		s.post(eventPost("o1", now+1, "SCAN", "<EventKey>7</EventKey><Ticket>x</Ticket>"))
		s.post(eventPost("o1", now, "CLICK", "<EventKey>菜单</EventKey>"))
		s.post(eventPost("o1", now, "VIEW", "<EventKey>https://example.org</EventKey>"))
		s.post(eventPost("o1", now, "TEMPLATESENDJOBFINISH", "<Status>success</Status>"))
		s.post(eventPost("o1", now, "some_new_event", ""))
	}
	if diff := cmp.Diff([]string{"/start", "催收来电", "/start", "菜单"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestSlow: an answer that takes longer than WeChat waits is not lost: 「继续」 brings it, once.
func TestSlow(t *testing.T) {
	k := &keeps{}
	s := newSite(t, false)
	gate := make(chan struct{})
	answer := k.kept(func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		if len(m.Files) > 0 {
			<-gate
			return []bot.Reply{{Text: "图里写着：再不还就去你学校", Choices: []bot.Choice{{Value: "a/b=c", Label: "对，存下"}}}}, nil
		}
		return []bot.Reply{{Text: "收到：" + m.Text}}, nil
	})
	run(t, s.messenger(k, &wechat.Options{InTime: 50 * time.Millisecond}), answer)
	p := &person{site: s, name: "o1"}
	began := time.Now()
	a := s.post(kindPost("o1", "1", "image", "<PicUrl>http://mmbiz.qpic.cn/x/0</PicUrl><MediaId>m</MediaId>"))
	if !strings.Contains(a.text, "还在看") || !strings.Contains(a.text, "「继续」") {
		t.Errorf("in time: %q", a.text)
	}
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	if got := p.say("2", "继续"); !strings.Contains(got, "「继续」") {
		t.Errorf("too early: %q", got)
	}
	if got := p.say("3", "1"); !strings.Contains(got, "还没弄完") {
		t.Errorf("a number behind it: %q", got)
	}
	close(gate)
	want := "图里写着：再不还就去你学校\n1 对，存下\n回复数字，或直接说。"
	if got := sayUntil(p, "继续", "图里"); got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	if got := p.say("50", "继续"); got != "收到：继续" {
		t.Errorf("afterwards 「继续」 is the engine's: %q", got)
	}
	if got := p.say("51", "1"); got != "收到：1" {
		t.Errorf("and a number is: %q", got)
	}
}

// sayUntil says something, each time anew, until the answer holds want.
func sayUntil(p *person, text, want string) (got string) {
	for i := range 200 {
		if got = p.say("again"+strconv.Itoa(i), text); strings.Contains(got, want) {
			break
		}
	}
	return got
}

// TestSlowThenSomethingElse: what came too late is not lost when the person goes on; danger is not kept waiting by it.
func TestSlowThenSomethingElse(t *testing.T) {
	k := &keeps{}
	s := newSite(t, false)
	gate, walked := make(chan struct{}), make(chan struct{}, 9)
	run(t, s.messenger(k, &wechat.Options{InTime: 60 * time.Millisecond}), k.kept(func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		defer func() { walked <- struct{}{} }()
		switch m.Text {
		case "慢":
			<-gate
		case "不想活了":
			return []bot.Reply{{Text: "先顾你。打 12356。", Danger: true}}, nil
		}
		return []bot.Reply{{Text: "答：" + m.Text}}, nil
	}))
	p, q := &person{site: s, name: "o1"}, &person{site: s, name: "o2"}
	p.say("1", "慢")
	q.say("1", "慢")
	gate <- struct{}{}
	gate <- struct{}{}
	<-walked
	<-walked
	if got := sayUntil(p, "别的事", "别的事"); got != "答：慢\n\n答：别的事" {
		t.Errorf("got %q", got)
	}
	if got := sayUntil(q, "不想活了", "12356"); got != "先顾你。打 12356。" {
		t.Errorf("got %q", got)
	}
}

// TestOrder: what one person sends is walked in its order, whatever the others do.
func TestOrder(t *testing.T) {
	s := newSite(t, true)
	var mu sync.Mutex
	got := map[bot.UserID][]string{}
	run(t, s.messenger(&keeps{}, &wechat.Options{Messages: bot.Rate{Burst: 1000, Every: time.Millisecond}}),
		func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
			mu.Lock()
			defer mu.Unlock()
			got[m.From] = append(got[m.From], m.Text)
			return []bot.Reply{{Text: "答 " + m.Text}}, nil
		})
	const people, each = 20, 50
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			for i := range each {
				text := strconv.Itoa(i)
				if a := s.post(textPost(fmt.Sprintf("o%d", p), "m"+text, text)); a.text != "答 "+text {
					t.Errorf("person %d, message %s: %q", p, text, a.text)
				}
			}
		})
	}
	wg.Wait()
	for user, texts := range got {
		if len(texts) != each || !slices.IsSortedFunc(texts, func(a, b string) int { x, _ := strconv.Atoi(a); y, _ := strconv.Atoi(b); return x - y }) {
			t.Errorf("%s: %v", user, texts)
		}
	}
}

// TestFailing: an engine that fails now and then is asked again, so that nobody notices.
func TestFailing(t *testing.T) {
	s := newSite(t, false)
	var n atomic.Int64
	run(t, s.messenger(&keeps{}, nil), func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		if n.Add(1)%2 == 1 {
			return nil, errors.New("dial tcp 10.0.0.1:6379: refused")
		}
		return []bot.Reply{{Text: "收到：" + m.Text}}, nil
	})
	p := &person{site: s, name: "o1"}
	for i := range 5 {
		if got := p.say(strconv.Itoa(i), "好"); got != "收到：好" {
			t.Errorf("got %q", got)
		}
	}
}

func TestBrokenEngine(t *testing.T) {
	s := newSite(t, false)
	ok := atomic.Bool{}
	run(t, s.messenger(&keeps{}, nil), func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		if !ok.Load() {
			return nil, errors.New("secret of the store")
		}
		return []bot.Reply{{Text: "收到：" + m.Text}}, nil
	})
	p := &person{site: s, name: "o1"}
	if got := p.say("1", "好"); !strings.Contains(got, "请再发一次") || strings.Contains(got, "secret") {
		t.Errorf("got %q", got)
	}
	ok.Store(true)
	if got := p.say("1", "好"); got != "收到：好" { // the same post again: nothing was kept of it
		t.Errorf("got %q", got)
	}
}

func TestTooFast(t *testing.T) {
	s := newSite(t, false)
	run(t, s.messenger(&keeps{}, &wechat.Options{Messages: bot.Rate{Burst: 3, Every: time.Hour}}), echo)
	p, q := &person{site: s, name: "o1"}, &person{site: s, name: "o2"}
	for i := range 3 {
		p.say(strconv.Itoa(i), "好")
	}
	if got := p.say("2", "好"); got != "收到：好" { // a repeat costs nothing
		t.Errorf("a repeat: %q", got)
	}
	if got := p.say("4", "好"); !strings.Contains(got, "发得太快") || !strings.Contains(got, "110") {
		t.Errorf("got %q", got)
	}
	if got := q.say("1", "好"); got != "收到：好" {
		t.Errorf("somebody else: %q", got)
	}
}

func TestTooMany(t *testing.T) {
	s := newSite(t, false)
	gate := make(chan struct{})
	run(t, s.messenger(&keeps{}, &wechat.Options{Busy: 2, InTime: 30 * time.Millisecond}), func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		<-gate
		return echo(ctx, m)
	})
	for i := range 2 {
		(&person{site: s, name: fmt.Sprint("o", i)}).say("1", "好")
	}
	if got := (&person{site: s, name: "o3"}).say("1", "好"); !strings.Contains(got, "人太多") {
		t.Errorf("got %q", got)
	}
	close(gate)
	if got := sayUntil(&person{site: s, name: "o4"}, "好", "收到"); got != "收到：好" {
		t.Errorf("got %q", got)
	}
}

// TestKinds: what cannot be read is answered with what to do instead, and never reaches the engine.
func TestKinds(t *testing.T) {
	s := newSite(t, false)
	got := make(chan bot.Message, 9)
	run(t, s.messenger(&keeps{}, nil), func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		got <- m
		return []bot.Reply{{Text: "收到：" + m.Text}}, nil
	})
	for kind, tt := range map[string]struct{ fields, want string }{
		"voice":      {"<MediaId>m</MediaId><Format>amr</Format>", "语音我听不了"},
		"video":      {"<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>", "视频我看不了"},
		"shortvideo": {"<MediaId>m</MediaId><ThumbMediaId>t</ThumbMediaId>", "视频我看不了"},
		"location":   {"<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Scale>20</Scale><Label>x</Label>", "位置我用不上"},
		"link":       {"<Title>t</Title><Description>d</Description><Url>https://example.org</Url>", "链接我打不开"},
		"file":       {"<Title>t</Title>", "截图发来"},
	} {
		if a := s.post(kindPost("o1", kind+"1", kind, tt.fields)); !strings.Contains(a.text, tt.want) {
			t.Errorf("%s: %q", kind, a.text)
		}
	}
	if a := s.post(textPost("o1", "77", "【收到不支持的消息类型，暂无法显示】")); !strings.Contains(a.text, "截图发来") {
		t.Errorf("unsupported: %q", a.text)
	}
	if len(got) > 0 {
		t.Errorf("the engine was asked %+v", <-got)
	}
	if a := s.post(kindPost("o1", "voice2", "voice", "<MediaId>m</MediaId><Recognition>他们天天打电话</Recognition>")); a.text != "收到：他们天天打电话" {
		t.Errorf("a voice with its words: %q", a.text)
	}
	<-got
	for i, text := range []string{"\u200b\u200c\ufeff", "  ", "你\u200b好", strings.Repeat("长", 2000), "🙂", "\u202e倒"} {
		if a := s.post(textPost("o1", fmt.Sprint("z", i), text)); a.status != http.StatusOK {
			t.Errorf("%q: %d", text, a.status)
		}
		<-got
	}
}

// TestStop: what has begun is answered before Run returns.
func TestStop(t *testing.T) {
	s := newSite(t, false)
	begun, gate := make(chan struct{}), make(chan struct{})
	stop := run(t, s.messenger(&keeps{}, nil), func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		close(begun)
		<-gate
		return []bot.Reply{{Text: "完"}}, ctx.Err()
	})
	var got answered
	var wg sync.WaitGroup
	wg.Go(func() { got = s.post(textPost("o1", "1", "好")) })
	<-begun
	wg.Go(stop)
	close(gate)
	wg.Wait()
	if got.text != "完" {
		t.Errorf("got %+v", got)
	}
}
