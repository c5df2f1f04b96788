package wechat_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/wechat"
)

// notes are shared by several messengers.
type notes struct {
	mu   sync.Mutex
	rows map[string][]byte
	rev  map[string]uint64
	more chan struct{}
}

func newNotes() *notes {
	return &notes{rows: map[string][]byte{}, rev: map[string]uint64{}, more: make(chan struct{}, 1)}
}

func (n *notes) Load(_ context.Context, key string) ([]byte, uint64, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.rows[key], n.rev[key], nil
}

func (n *notes) Save(_ context.Context, key string, rev uint64, data []byte, _ time.Duration) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.rev[key] != rev {
		return wechat.ErrChanged
	}
	n.rows[key], n.rev[key] = data, rev+1
	select {
	case n.more <- struct{}{}:
	default:
	}
	return nil
}

// waitForNote waits until a note holds some words.
func waitForNote(t *testing.T, all wechat.Notes, key, want string) {
	t.Helper()
	n := all.(*notes)
	patience := time.After(20 * time.Second)
	for {
		data, _, _ := n.Load(t.Context(), key)
		if strings.Contains(string(data), want) {
			return
		}
		select {
		case <-n.more:
		case <-patience:
			t.Fatalf("%s is %s; want %s", key, data, want)
		}
	}
}

// TestLateElsewhere: an answer that was late is found by another process; one that was lost with its process is said to
// be lost, so that nobody waits for it.
func TestLateElsewhere(t *testing.T) {
	k, shared := &keeps{}, newNotes()
	now := time.Now()
	var mu sync.Mutex
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	gate := make(chan struct{})
	slow := func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		if m.Text == "慢" {
			select {
			case <-gate:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}
		return []bot.Reply{{Text: "答：" + m.Text}}, nil
	}
	start := func() (*person, func()) {
		s := newSite(t, false)
		stop := run(t, s.messenger(k, &wechat.Options{Notes: shared, InTime: 50 * time.Millisecond, Grace: 50 * time.Millisecond, Clock: clock}), k.kept(slow))
		return &person{site: s, name: "o1"}, stop
	}
	one, stop := start()
	two, _ := start()
	one.say("1", "慢")
	waitForNote(t, shared, "person:o1", `"until":1`)
	if got := two.say("2", "继续"); !strings.Contains(got, "还没弄完") {
		t.Errorf("elsewhere, too early: %q", got)
	}
	stop() // it is lost
	if got := two.say("3", "继续"); !strings.Contains(got, "还没弄完") {
		t.Errorf("elsewhere, still early: %q", got)
	}
	mu.Lock()
	now = now.Add(4 * time.Minute)
	mu.Unlock()
	if got := two.say("4", "继续"); !strings.Contains(got, "请再发一次") {
		t.Errorf("elsewhere, lost: %q", got)
	}
	waitForNote(t, shared, "person:o1", `{}`)
	if got := two.say("5", "继续"); got != "答：继续" {
		t.Errorf("afterwards: %q", got)
	}
	three, _ := start()
	three.say("6", "慢")
	waitForNote(t, shared, "person:o1", `"until":1`)
	close(gate)
	if got := sayUntil(two, "继续", "答：慢"); got != "答：慢" {
		t.Errorf("elsewhere, done: %q", got)
	}
}

// TestDueWaits: words that could not be pushed come with the person's next message, and a number is not taken for a
// choice that they have not seen.
func TestDueWaits(t *testing.T) {
	due := []bot.Reply{{Text: "第 16 天，还没答复。", Choices: []bot.Choice{{Value: "f/s=a", Label: "照着念的稿"}, {Value: "f/s=b", Label: "过 3 天再看"}}}}
	k, shared := &keeps{}, newNotes()
	s, other := newSite(t, false), newSite(t, false)
	answer := k.kept(func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		if m.Text == "有人在门口" {
			return []bot.Reply{{Text: "别开门。打 110。", Danger: true}}, nil
		}
		return []bot.Reply{{Text: "收到：" + m.Text}}, nil
	})
	pusher := s.messenger(k, &wechat.Options{Notes: shared})
	run(t, pusher, answer)
	elsewhere := other.messenger(k, &wechat.Options{Notes: shared})
	run(t, elsewhere, answer)
	wake := func(openID string) {
		k.said(bot.UserID("wechat:"+openID), due)
		if err := pusher.Push(t.Context(), bot.UserID("wechat:"+openID), due); err != wechat.ErrAway {
			t.Errorf("Push returned %v; want ErrAway", err)
		}
		elsewhere.RefreshBoard()
	}
	const words = "先说一件事，你不在时到了时间。\n\n第 16 天，还没答复。"
	const asked = words + "\n1 照着念的稿\n2 过 3 天再看\n回复数字，或直接说。"
	for _, tt := range []struct{ name, says, want, then string }{
		{"o1", "2", asked, "收到：2"},
		{"o2", "今天又打来了", words + "\n\n收到：今天又打来了", "收到：2"},
		{"o3", "有人在门口", "别开门。打 110。", "收到：2"},
	} {
		for i, s := range []*site{s, other} {
			p := &person{site: s, name: tt.name + fmtInt(i)}
			wake(p.name)
			if got := p.say("1", tt.says); got != tt.want {
				t.Errorf("%s: got %q", tt.says, got)
			}
			if got := p.say("2", "2"); got != tt.then {
				t.Errorf("%s, then: %q", tt.says, got)
			}
		}
	}
	pusher.RefreshBoard()
	elsewhere.RefreshBoard()
	if data, _, _ := shared.Load(t.Context(), "board"); string(data) != "{}" {
		t.Errorf("the board is %s", data)
	}
}

func fmtInt(i int) string { return string(rune('a' + i)) }
