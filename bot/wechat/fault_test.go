package wechat_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/wechat"
)

// TestDeathBetweenCommitAndAnswer: a process dies when a turn is kept and not yet answered. WeChat posts again, another
// process answers with what was kept, and the turn is not walked twice.
func TestDeathBetweenCommitAndAnswer(t *testing.T) {
	lib, set := shipped(t)
	e := newEngine(t, lib, set, filepath.Join(t.TempDir(), "anning.db"))
	e.clock.Set(time.Now())
	dying, living := newSite(t, true), newSite(t, true)
	kept := make(chan []bot.Reply, 1)
	gate := make(chan struct{})
	run(t, dying.messenger(e.bot, &wechat.Options{Grace: time.Millisecond}), func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		replies, err := e.bot.Handle(ctx, m)
		kept <- replies
		<-gate // it never gets to answer
		return nil, errors.Join(err, ctx.Err())
	})
	run(t, living.messenger(e.bot, nil), e.bot.Handle)
	defer close(gate)
	p := &person{site: living, name: "odead"}
	p.say("1", "/start")
	p.say("2", "可以记")
	turns, _, _ := e.bot.Latest(t.Context(), "wechat:odead")
	post := textPost("odead", "3", "他们天天给我全公司同事打电话")
	q := signedQuery(time.Now())
	sealed := dying.sealed.Seal([]byte(post))
	q.Set("msg_signature", sign(token, q.Get("timestamp"), q.Get("nonce"), sealed))
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+dying.addr+"/?"+q.Encode(), strings.NewReader("<xml><Encrypt>"+sealed+"</Encrypt></xml>"))
		if err != nil {
			return
		}
		if resp, err := http.DefaultClient.Do(req); err == nil {
			resp.Body.Close()
		}
	}()
	replies := <-kept
	cancel() // the connection breaks
	for range 2 {
		a := living.post(post)
		if len(replies) == 0 || !strings.Contains(visible(a.text), replies[0].Text) {
			t.Errorf("the repeat got %q; kept was %+v", a.text, replies)
		}
	}
	if now, _, _ := e.bot.Latest(t.Context(), "wechat:odead"); now != turns+1 {
		t.Errorf("%d turns; want %d", now, turns+1)
	}
}

// TestStorm: two processes on one store, an engine of which three calls in ten fail, and every post delivered up to five
// times, to either. Nothing is lost and nothing is walked twice.
func TestStorm(t *testing.T) {
	lib, set := shipped(t)
	e := newEngine(t, lib, set, filepath.Join(t.TempDir(), "anning.db"))
	e.clock.Set(time.Now())
	var failed atomic.Int64
	shaky := func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		switch n := rand.IntN(20); {
		case n < 3: // before it is kept
			failed.Add(1)
			return nil, errors.New("the store is away")
		case n < 6: // after it is kept
			_, err := e.bot.Handle(ctx, m)
			failed.Add(1)
			return nil, errors.Join(err, errors.New("the store is away"))
		}
		return e.bot.Handle(ctx, m)
	}
	fast := &wechat.Options{Messages: bot.Rate{Burst: 1 << 20, Every: time.Nanosecond}}
	sites := []*site{newSite(t, true), newSite(t, true)}
	for _, s := range sites {
		run(t, s.messenger(e.bot, fast), shaky)
	}
	words := []string{"/start", "可以记", "他们天天给我同事打电话", "1", "菜单", "催收来电", "返回", "我在哪", "帮助", "2"}
	const people = 12
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			name := fmt.Sprintf("ostorm%d", p)
			for i, text := range words {
				post := textPost(name, fmt.Sprint(i), text)
				answers := make(chan string, 5)
				var each sync.WaitGroup
				for d := range 1 + rand.IntN(5) {
					each.Go(func() { answers <- sites[(d+i)%2].post(post).text })
				}
				each.Wait()
				close(answers)
				ok := ""
				for range 40 { // somebody who is told to send it again does so
					for a := range answers {
						if a != "" && !strings.Contains(a, "请再发一次") {
							ok = a
						}
					}
					if ok != "" {
						break
					}
					answers = make(chan string, 1)
					answers <- sites[i%2].post(post).text
					close(answers)
				}
				if ok == "" {
					t.Errorf("person %d, %q: never answered", p, text)
				}
			}
			if turns, _, err := e.bot.Latest(context.Background(), bot.UserID("wechat:"+name)); turns != len(words) || err != nil {
				t.Errorf("person %d: %d turns for %d messages, %v", p, turns, len(words), err)
			}
		})
	}
	wg.Wait()
	t.Logf("%d people, %d messages each, %d calls of the engine failed", people, len(words), failed.Load())
}

// TestFlood: ten thousand posts of five hundred people. Each is answered, each person's in order.
func TestFlood(t *testing.T) {
	s := newSite(t, true)
	var mu sync.Mutex
	got := map[bot.UserID]string{}
	run(t, s.messenger(&keeps{}, nil), func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		mu.Lock()
		defer mu.Unlock()
		got[m.From] += m.Text + " "
		return []bot.Reply{{Text: "答 " + m.Text}}, nil
	})
	const people, each, lines = 500, 20, 50
	want := ""
	for i := range each {
		want += fmt.Sprint(i) + " "
	}
	began := time.Now()
	var wg sync.WaitGroup
	for line := range lines {
		wg.Go(func() {
			for i := range each {
				for p := line; p < people; p += lines {
					if a := s.post(textPost(fmt.Sprintf("oflood%d", p), fmt.Sprint(i), fmt.Sprint(i))); a.text != fmt.Sprintf("答 %d", i) {
						t.Errorf("person %d, message %d: %q", p, i, a.text)
					}
				}
			}
		})
	}
	wg.Wait()
	for user, texts := range got {
		if texts != want {
			t.Errorf("%s: %s", user, texts)
		}
	}
	if len(got) != people {
		t.Errorf("%d people", len(got))
	}
	t.Logf("%d posts in %v", people*each, time.Since(began).Round(time.Millisecond))
}
