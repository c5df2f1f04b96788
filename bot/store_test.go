package bot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"anning/bot"
	"anning/bot/casefile"
	"anning/flows"
	"anning/storage"
	"anning/storage/redisstore"
	"anning/storage/redistest"
	"anning/storage/sqlitestore"
)

// place is a store and every byte it holds.
type place struct {
	store *storage.Store
	bytes func(testing.TB) []byte
}

func openStore(t testing.TB, d storage.Driver) *storage.Store {
	t.Helper()
	keys, err := storage.NewKeyring(bytes.Repeat([]byte{7}, storage.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	s := storage.New(d, keys, nil)
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func onSQLite(t testing.TB) place {
	t.Helper()
	dir := t.TempDir()
	d, err := sqlitestore.Open(filepath.Join(dir, "anning.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return place{openStore(t, d), func(t testing.TB) []byte {
		var all []byte
		names, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, data...)
		}
		return all
	}}
}

func onRedis(t testing.TB) place {
	t.Helper()
	server := redistest.Start(t, nil)
	d, err := redisstore.Open(server.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return place{openStore(t, d), server.Bytes}
}

// onBoth runs a test on both stores.
func onBoth(t *testing.T, run func(t *testing.T, p place)) {
	t.Run("sqlite", func(t *testing.T) { run(t, onSQLite(t)) })
	t.Run("redis", func(t *testing.T) { run(t, onRedis(t)) })
}

func shippedBot(t testing.TB, store *storage.Store, opts *bot.Options) *bot.Bot {
	t.Helper()
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bot.New(store, library(t), set, opts)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func say(t testing.TB, b *bot.Bot, id, text string) []bot.Reply {
	t.Helper()
	replies, err := b.Handle(t.Context(), bot.Message{ID: id, From: "test:1", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return replies
}

func TestRepeatedMessageIsAnsweredFromTheStore(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		var repeats atomic.Int32
		b := shippedBot(t, p.store, &bot.Options{Observe: func(tn bot.Turn) {
			if tn.Repeat {
				repeats.Add(1)
			}
		}})
		first := say(t, b, "1", "/start")
		second := say(t, b, "2", "可以记")
		again := say(t, b, "2", "可以记")
		if len(second) == 0 || fmt.Sprint(again) != fmt.Sprint(second) || fmt.Sprint(again) == fmt.Sprint(first) {
			t.Errorf("the repeat was answered %v, the message %v", again, second)
		}
		if got := say(t, b, "1", "/start"); len(got) != 0 {
			t.Errorf("an older repeat was answered %v", got)
		}
		turns, latest, err := b.Latest(t.Context(), "test:1")
		if err != nil || turns != 2 || fmt.Sprint(latest) != fmt.Sprint(second) || repeats.Load() != 2 {
			t.Errorf("%d turns, %d repeats, latest %v, %v", turns, repeats.Load(), latest, err)
		}
	})
}

// trips counts round trips to Redis.
type trips struct{ n atomic.Int64 }

func (c *trips) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

func (c *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() != "hello" {
			c.n.Add(1)
		}
		return next(ctx, cmd)
	}
}

func (c *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.n.Add(1)
		return next(ctx, cmds)
	}
}

func TestTurnIsTwoRoundTrips(t *testing.T) {
	server, count := redistest.Start(t, nil), &trips{}
	d, err := redisstore.Open(server.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b := shippedBot(t, openStore(t, d), nil)
	say(t, b, "0", "/start") // scripts are loaded once
	d.AddHook(count)
	for i, text := range []string{"可以记", "他们天天给我同事打电话，还群发短信", "1", "2", "昨天", "返回", "改", "催收来电"} {
		count.n.Store(0)
		say(t, b, fmt.Sprint(i+1), text)
		if n := count.n.Load(); n > 2 {
			t.Errorf("%q took %d round trips", text, n)
		}
	}
}

// TestTwoReplicasOneUser: two bots on one Redis, many messages of one person at once. No answer is lost, none is
// walked twice.
func TestTwoReplicasOneUser(t *testing.T) {
	server := redistest.Start(t, nil)
	files := map[string]string{}
	for id, text := range small {
		files[id] = text
	}
	files["menu"] = "title: 菜单\nsteps:\n  - {id: door, slot: heard, accept: text, ask: 说。}\n  - {record: {kind: event, with: [heard]}}\n  - next: door\n"
	w := flowSet(t, files)
	var bots []*bot.Bot
	for range 2 {
		d, err := redisstore.Open(server.URL(), nil)
		if err != nil {
			t.Fatal(err)
		}
		bots = append(bots, bot.Unchecked(openStore(t, d), library(t), w))
	}
	say(t, bots[0], "a", "/start")
	say(t, bots[0], "b", "可以记")
	const people, each = 8, 25
	var wg sync.WaitGroup
	for p := range people {
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("%d-%d", p, i)
				for _, b := range []*bot.Bot{bots[p%2], bots[(p+i)%2]} { // every message comes twice, often by the other replica
					for {
						_, err := b.Handle(context.Background(), bot.Message{ID: id, From: "test:1", Text: "消息" + id})
						if errors.Is(err, storage.ErrConflict) {
							continue // as a messenger would deliver it again
						}
						if err != nil {
							t.Error(err)
						}
						break
					}
				}
			}
		})
	}
	wg.Wait()
	kept, err := bots[1].Kept(t.Context(), "test:1")
	if err != nil {
		t.Fatal(err)
	}
	var heard []string
	for _, e := range kept.Entries {
		heard = append(heard, e.Slots["heard"])
	}
	slices.Sort(heard)
	if len(heard) != people*each || len(slices.Compact(heard)) != people*each {
		t.Errorf("%d messages kept, %d of them different; want %d", len(heard), len(slices.Compact(heard)), people*each)
	}
	if err := casefile.Verify(kept.Entries); err != nil {
		t.Error(err)
	}
	if kept.Turns != 2+people*each {
		t.Errorf("%d turns; want %d", kept.Turns, 2+people*each)
	}
}

func TestErasingLeavesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		b := shippedBot(t, p.store, nil)
		for i, text := range []string{"/start", "可以记", "他们天天给我同事打电话，还说要去我家", "1", "2", "昨天"} {
			say(t, b, fmt.Sprint(i), text)
		}
		picture := bot.File{Name: "sms.png", MIME: "image/png", Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("\x89PNG picture bytes")), nil
		}}
		if _, err := b.Handle(t.Context(), bot.Message{ID: "f", From: "test:1", Files: []bot.File{picture}}); err != nil {
			t.Fatal(err)
		}
		kept, err := b.Kept(t.Context(), "test:1")
		if err != nil || kept.Empty() || len(kept.Files) != 1 || string(kept.Files[0].Data) != "\x89PNG picture bytes" {
			t.Fatalf("kept %+v, %v", kept, err)
		}
		before := len(p.bytes(t))
		say(t, b, "d1", "删除我的数据")
		replies := say(t, b, "d2", "删掉全部记录")
		if !strings.Contains(fmt.Sprint(replies), "删") {
			t.Errorf("heard %v", replies)
		}
		if kept, err := b.Kept(t.Context(), "test:1"); err != nil || !kept.Empty() {
			t.Errorf("still kept: %+v, %v", kept, err)
		}
		if again := say(t, b, "d2", "删掉全部记录"); fmt.Sprint(again) != fmt.Sprint(replies) {
			t.Errorf("the repeat was answered %v", again)
		}
		for _, word := range []string{"test:1", "同事", "picture bytes"} {
			if bytes.Contains(p.bytes(t), []byte(word)) {
				t.Errorf("%q is still in the store (%d bytes before)", word, before)
			}
		}
	})
}

func TestStoreAwayIsAKindWord(t *testing.T) {
	server := redistest.Start(t, nil)
	d, err := redisstore.Open(server.URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b := shippedBot(t, openStore(t, d), nil)
	say(t, b, "1", "/start")
	server.Kill()
	replies, err := b.Handle(t.Context(), bot.Message{ID: "2", From: "test:1", Text: "可以记"})
	if !errors.Is(err, storage.ErrUnavailable) || len(replies) != 1 || !strings.Contains(replies[0].Text, "110") || strings.Contains(replies[0].Text, "redis") {
		t.Errorf("heard %v, %v", replies, err)
	}
	server.Restart()
	deadline := time.Now().Add(20 * time.Second)
	for {
		if _, err = b.Handle(t.Context(), bot.Message{ID: "3", From: "test:1", Text: "可以记"}); err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("did not recover:", err)
		}
	}
}

func TestReminderOpensItsFlow(t *testing.T) {
	onBoth(t, func(t *testing.T, p place) {
		at := now
		b := shippedBot(t, p.store, &bot.Options{Clock: func() time.Time { return at }})
		for i, text := range []string{"/start", "可以记", "看投诉进度"} {
			say(t, b, fmt.Sprint(i), text)
		}
		data := []byte(`{"flow":"follow_up","slots":{"reporting_channel":"nfra_12378"}}`)
		due := storage.Due{Reminder: storage.Reminder{ID: "follow_up", At: at.Add(time.Hour), Data: data}, User: "test:1"}
		at = at.Add(2 * time.Hour)
		user, replies, err := b.Wake(t.Context(), due)
		if err != nil || user != "test:1" || len(replies) == 0 {
			t.Fatalf("%s %v %v", user, replies, err)
		}
		if first, _, _ := strings.Cut(replies[0].Text, "\n"); strings.ContainsAny(first, "催债投诉欠") {
			t.Errorf("the first line can be seen on a locked screen: %q", first)
		}
		_, again, err := b.Wake(t.Context(), due)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(replies) {
			t.Errorf("waking twice: %v, %v", again, err)
		}
	})
}

func cut(text string) string {
	if len(text) > 60 {
		return text[:60]
	}
	return text
}
