package telegram_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/telegram/telegramtest"
)

// TestFaults is one after the other on one store with the real engine and the shipped flows.
func TestFaults(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t).engine()
		for _, run := range []func(*testing.T, *rig){diesAnywhere, diesBetweenCommitAndSend, thirdOfCallsFails, sameUpdateFiveTimes, twoReplicasPoll} {
			r.walked.Store(0)
			r.repeat.Store(0)
			r.fake.Fail(nil)
			run(t, r)
			if left := r.fake.Waiting(); left > 0 {
				t.Fatalf("%d updates were left", left)
			}
		}
	})
}

// diesAnywhere lets the process die at each of its calls in turn, and starts another one: every message is walked
// once, and every answer reaches the person.
func diesAnywhere(t *testing.T, r *rig) {
	again, longest := 0, 0
	for k := 1; ; k++ {
		p := r.fake.Person(int64(100 + k))
		r.walked.Store(0)
		r.repeat.Store(0)
		var first *process
		n := 0
		died := make(chan struct{})
		var once sync.Once
		die := func() {
			if n++; n == k {
				first.dead.Store(true)
				once.Do(func() { close(died) })
			}
		}
		var mu sync.Mutex
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault {
			mu.Lock()
			defer mu.Unlock()
			if c.Method == "sendMessage" || c.Method == "getUpdates" || c.Method == "answerCallbackQuery" {
				die()
			}
			return telegramtest.Fault{}
		})
		p.Text("/start")
		p.Text("可以记")
		p.Text("他们天天给我公司同事打电话")
		mu.Lock()
		first = r.start(r.bot.Handle, nil)
		mu.Unlock()
		idle := func() bool { return r.fake.Waiting() == 0 && strings.Contains(p.Reads(), "同事") }
		finished := make(chan struct{})
		stop := make(chan struct{})
		go func() {
			defer close(finished)
			select {
			case <-died:
			case <-stop:
			}
		}()
		ok := r.fake.Until(time.Minute, func() bool { return idle() || first.dead.Load() })
		close(stop)
		<-finished
		if !ok {
			t.Fatalf("call %d: nothing happens", k)
		}
		r.fake.Fail(nil)
		if !first.dead.Load() {
			first.stop()
			longest = k
			break
		}
		first.kill()
		second := r.start(r.bot.Handle, nil)
		if !r.fake.Until(5*time.Minute, idle) {
			t.Fatalf("died at call %d: the person sees\n%s", k, p.Reads())
		}
		second.stop()
		if got := r.walked.Load(); got != 3 {
			t.Errorf("died at call %d: %d turns walked, want 3", k, got)
		}
		again += int(r.repeat.Load())
	}
	if longest < 5 {
		t.Errorf("only %d calls were tried", longest)
	}
	t.Logf("died at each of %d calls: every message walked once, %d answers came from the store", longest-1, again)
}

// diesBetweenCommitAndSend: the answer that was never sent comes from the store, once.
func diesBetweenCommitAndSend(t *testing.T, r *rig) {
	p := r.fake.Person(5000)
	var first *process
	committed := make(chan struct{})
	first = r.start(func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		replies, err := r.bot.Handle(ctx, m)
		first.dead.Store(true)
		close(committed)
		return replies, err
	}, nil)
	p.Text("/start")
	<-committed
	first.kill()
	if len(p.Shown()) != 0 {
		t.Fatal("something was sent")
	}
	began := time.Now()
	second := r.start(r.bot.Handle, nil)
	p.Sees(t, "我是安宁")
	if r.walked.Load() != 1 || r.repeat.Load() != 1 {
		t.Errorf("%d walked, %d from the store; want 1 and 1", r.walked.Load(), r.repeat.Load())
	}
	second.stop()
	t.Logf("answered %v after the start of the next process", time.Since(began))
}

// thirdOfCallsFails: with every third call failing in every way, nothing is lost and nothing is walked twice.
func thirdOfCallsFails(t *testing.T, r *rig) {
	random := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	calls, failed := 0, 0
	r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault {
		mu.Lock()
		defer mu.Unlock()
		if calls++; random.IntN(100) >= 30 {
			return telegramtest.Fault{}
		}
		failed++
		switch random.IntN(4) {
		case 0:
			return telegramtest.Fault{Drop: true}
		case 1:
			return telegramtest.Fault{Drop: true, After: true}
		case 2:
			return telegramtest.Fault{Code: 502}
		}
		return telegramtest.Fault{Code: 429, Text: "Too Many Requests: retry after", Retry: time.Second}
	})
	const people, each = 30, 8
	said := []string{"/start", "可以记", "菜单", "我在哪", "帮助", "返回", "菜单", "稍后再说"}
	p := r.start(r.bot.Handle, nil)
	for n := range each {
		for i := range people {
			r.fake.Person(int64(1000 + i)).Text(said[n])
		}
	}
	if !r.fake.Until(time.Hour, func() bool { return r.fake.Waiting() == 0 }) {
		t.Fatalf("%d updates are not confirmed", r.fake.Waiting())
	}
	last := func() bool {
		for i := range people {
			if !strings.Contains(r.fake.Person(int64(1000+i)).Reads(), "停在这里") { // the answer to 稍后再说
				return false
			}
		}
		return true
	}
	if !r.fake.Until(time.Hour, last) {
		t.Fatalf("somebody's last answer is missing:\n%s", r.fake.Person(1000).Reads())
	}
	if got := r.walked.Load(); got != people*each {
		t.Errorf("%d turns walked, want %d", got, people*each)
	}
	r.fake.Fail(nil)
	p.stop()
	t.Logf("%d of %d calls failed; %d messages, each walked once; %d answers from the store", failed, calls, people*each, r.repeat.Load())
}

// sameUpdateFiveTimes: it is walked once and answered once.
func sameUpdateFiveTimes(t *testing.T, r *rig) {
	p := r.fake.Person(5001)
	one := r.start(r.bot.Handle, nil)
	for range 5 {
		p.Say(t, "m1", "/start")
		p.Sees(t, "我是安宁")
		if !r.fake.Until(time.Minute, func() bool { return r.fake.Waiting() == 0 }) {
			t.Fatal("not confirmed")
		}
	}
	if n := strings.Count(p.Reads(), "我是安宁"); n != 1 || r.walked.Load() != 1 {
		t.Errorf("answered %d times, walked %d times", n, r.walked.Load())
	}
	one.stop()
}

// twoReplicasPoll: one polls, the other waits; when the first dies the second goes on.
func twoReplicasPoll(t *testing.T, r *rig) {
	conflicts := 0
	var mu sync.Mutex
	polling := map[*process]bool{}
	watch := func(p **process) bot.Handler {
		return func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			mu.Lock()
			polling[*p] = true
			mu.Unlock()
			return r.bot.Handle(ctx, m)
		}
	}
	var one, two *process
	one = r.start(watch(&one), nil)
	two = r.start(watch(&two), nil)
	for n := range 40 {
		r.fake.Person(int64(6000 + n)).Text("/start")
		time.Sleep(time.Second)
	}
	r.fake.Until(time.Minute, func() bool { return r.fake.Waiting() == 0 })
	mu.Lock()
	if len(polling) != 1 {
		t.Errorf("%d processes polled", len(polling))
	}
	leader, other := one, two
	if polling[two] {
		leader, other = two, one
	}
	mu.Unlock()
	leader.kill()
	p := r.fake.Person(5099)
	began := time.Now()
	p.Text("/start")
	if !r.fake.Until(time.Minute, func() bool { return strings.Contains(p.Reads(), "我是安宁") }) {
		t.Fatal("the other process does not go on")
	}
	took := time.Since(began)
	for _, c := range r.fake.Calls("getUpdates") {
		if !c.OK {
			conflicts++
		}
	}
	if r.walked.Load() != 41 || r.repeat.Load() != 0 {
		t.Errorf("%d walked, %d from the store; want 41 and 0", r.walked.Load(), r.repeat.Load())
	}
	t.Logf("the other process answered %v after the first died; %d polls refused", took.Round(time.Second), conflicts)
	began = time.Now()
	other.stop()
	three := r.start(r.bot.Handle, nil)
	p.Text("菜单")
	p.Sees(t, "现在是哪一种")
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("after a clean stop the next process took %v", took)
	}
	three.stop()
}

// TestFlood: 10,000 updates of 500 people, texts and presses, in the order of each person.
func TestFlood(t *testing.T) {
	inTime(t, func(t *testing.T) {
		const people, each = 500, 20
		r := newRig(t)
		j := &journal{reply: func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
			return []bot.Reply{{Text: "好 " + m.Text, Choices: []bot.Choice{{Value: m.Text, Label: "按"}}}}, nil
		}}
		for n := range each {
			for i := range people {
				p := r.fake.Person(int64(1000 + i))
				if n%3 != 1 {
					p.Text(fmt.Sprint(n))
					continue
				}
				r.fake.Add(fmt.Sprintf(`{"update_id":%%d,"callback_query":{"id":"%d","from":{"id":%d,"is_bot":false,"first_name":"小王"},"data":"%d","chat_instance":"1"}}`,
					1000*n+i, 1000+i, n))
			}
		}
		began := time.Now()
		p := r.start(j.answer, nil)
		if !r.fake.Until(10*time.Hour, func() bool {
			return len(r.fake.Person(1000+people-1).Shown()) == each && r.fake.Waiting() == 0
		}) {
			t.Fatalf("%d not confirmed", r.fake.Waiting())
		}
		took := time.Since(began)
		p.stop()
		next := map[bot.UserID]int{}
		for _, m := range j.messages() {
			if m.Text != fmt.Sprint(next[m.From]) {
				t.Fatalf("%s said %s, want %d", m.From, m.Text, next[m.From])
			}
			next[m.From]++
		}
		if len(j.messages()) != people*each || len(next) != people {
			t.Errorf("%d messages of %d people", len(j.messages()), len(next))
		}
		calls := r.fake.Calls("sendMessage")
		if len(calls) != people*each {
			t.Errorf("%d answers sent, want %d", len(calls), people*each)
		}
		inRate(t, calls, 25)
		t.Logf("10,000 updates in %v of the rates' time: %.1f answers a second; %d spooled", took.Round(time.Second),
			float64(len(calls))/took.Seconds(), r.counted("spooled"))
	})
}

// inRate holds calls to at most so many in any second, and to one a second with a burst of five in each chat.
func inRate(t *testing.T, calls []telegramtest.Call, perSecond int) {
	t.Helper()
	chats := map[int64][]time.Time{}
	for i, c := range calls {
		if j := i + perSecond + 5; j < len(calls) && calls[j].At.Sub(c.At) < time.Second {
			t.Fatalf("%d calls within %v", perSecond+6, calls[j].At.Sub(c.At))
		}
		chats[c.Chat] = append(chats[c.Chat], c.At)
	}
	for id, at := range chats {
		for i := range at {
			if j := i + 6; j < len(at) && at[j].Sub(at[i]) < time.Second {
				t.Fatalf("chat %d: 7 messages within %v", id, at[j].Sub(at[i]))
			}
		}
	}
}
