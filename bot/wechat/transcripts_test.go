package wechat_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/reminders"
	"anning/bot/transcript"
	"anning/bot/wechat"
	"anning/content"
	"anning/flows"
	"anning/storage"
	"anning/storage/sqlitestore"
)

// engine is the real engine over a real store, for one test.
type engine struct {
	bot   *bot.Bot
	store *storage.Store
	clock *transcript.Clock
}

func newEngine(t *testing.T, lib *content.Library, set *flows.Set, path string) *engine {
	t.Helper()
	key := make([]byte, storage.KeySize)
	_, _ = rand.Read(key)
	keys, err := storage.NewKeyring(key)
	if err != nil {
		t.Fatal(err)
	}
	driver, err := sqlitestore.Open(path, &sqlitestore.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{clock: &transcript.Clock{}}
	e.clock.Set(transcript.Begin)
	e.store = storage.New(driver, keys, &storage.Options{TTL: 90 * 24 * time.Hour, Clock: e.clock.Now})
	t.Cleanup(func() { e.store.Close() })
	if e.bot, err = bot.New(e.store, lib, set, &bot.Options{Clock: e.clock.Now}); err != nil {
		t.Fatal(err)
	}
	return e
}

func shipped(t *testing.T) (*content.Library, *flows.Set) {
	t.Helper()
	lib, err := content.Load(content.Files)
	if err != nil {
		t.Fatal(err)
	}
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	return lib, set
}

// talker plays the person of a transcript with WeChat in their hand: choices are pressed by number, pages are read.
type talker struct {
	t      *testing.T
	site   *site
	engine *engine
	m      *wechat.Messenger
	folder http.FileSystem
	got    []bot.Reply // from the engine, to the latest message
	last   []bot.Reply // with choices
	asked  bool        // the engine was asked
	away   bool        // words wait
	n      int
	texts  int // texts shown
	pages  int // of them, further pages
	most   int // bytes of the longest
}

// post posts with the transcript's clock.
func (k *talker) post(body func(at int64) string) string {
	now := k.engine.clock.Now()
	a := k.site.postWith(signedQuery(now), body(now.Unix()))
	if a.status != http.StatusOK {
		k.t.Fatalf("answered with %d %s", a.status, a.body)
	}
	if a.text != "" {
		k.texts++
		k.most = max(k.most, len(a.text))
	}
	return visible(a.text)
}

func (k *talker) say(text string) string {
	k.n++
	return k.post(func(at int64) string {
		post := textPost("o1", strconv.Itoa(k.n), text)
		return strings.Replace(post, "<CreateTime>"+strconv.FormatInt(createTime(post), 10), "<CreateTime>"+strconv.FormatInt(at, 10), 1)
	})
}

func createTime(post string) int64 {
	_, rest, _ := strings.Cut(post, "<CreateTime>")
	sec, _, _ := strings.Cut(rest, "<")
	n, _ := strconv.ParseInt(sec, 10, 64)
	return n
}

// handle is the transcript's engine: the message goes through WeChat, the replies come back beside it.
func (k *talker) handle(_ context.Context, m bot.Message) ([]bot.Reply, error) {
	if k.away {
		k.away = false
		k.asked = false
		if seen := k.say("1"); k.asked || !strings.HasPrefix(seen, "先说一件事") {
			k.t.Errorf("what fell due was not shown: %q", seen)
		} else {
			k.holds(k.rest(seen), k.last)
		}
	}
	k.got, k.asked = nil, false
	seen := ""
	if len(m.Files) > 0 {
		if m.Text != "" { // WeChat has no captions: the words come first
			return k.engine.bot.Handle(context.Background(), m)
		}
		k.n++
		seen = k.post(func(at int64) string {
			return fmt.Sprintf("<xml><ToUserName>%s</ToUserName><FromUserName>o1</FromUserName><CreateTime>%d</CreateTime><MsgType>image</MsgType>"+
				"<PicUrl>http://mmbiz.qpic.cn/%s</PicUrl><MediaId>m</MediaId><MsgId>%d</MsgId></xml>", account, at, m.Files[0].Name, k.n)
		})
	} else {
		seen = k.say(k.typed(m.Text))
	}
	if !k.asked {
		k.t.Errorf("%q did not reach the engine: %q", m.Text, seen)
	}
	k.holds(k.rest(seen), k.got)
	return k.got, nil
}

// typed is what the person types: the number of a choice, or what the transcript says.
func (k *talker) typed(text string) string {
	for i := len(k.last) - 1; i >= 0; i-- {
		for n, c := range k.last[i].Choices {
			if c.Value == text {
				if k.last[i].Amount {
					return c.Label
				}
				return strconv.Itoa(n + 1)
			}
		}
		if len(k.last[i].Choices) > 0 {
			break
		}
	}
	return text
}

// rest reads the pages that follow.
func (k *talker) rest(seen string) string {
	all := seen
	for strings.HasSuffix(seen, "\n\n回复「继续」看下一页。") {
		k.pages++
		if seen = k.say("继续"); seen == "" || k.pages > 5000 {
			k.t.Fatalf("no page after %q", all)
		}
		all = strings.TrimSuffix(all, "\n\n回复「继续」看下一页。") + "\n\n" + seen
	}
	return all
}

// holds says so where something was not shown.
func (k *talker) holds(seen string, replies []bot.Reply) {
	squash := strings.NewReplacer("\n", "", " ", "").Replace
	for _, r := range replies {
		if !strings.Contains(squash(seen), squash(r.Text)) {
			k.t.Errorf("%q is not in %q", r.Text, seen)
		}
		for _, c := range r.Choices {
			if !strings.Contains(seen, " "+c.Label+"\n") {
				k.t.Errorf("the choice %q is not in %q", c.Label, seen)
			}
		}
		if len(r.Choices) > 0 {
			k.last = replies
		}
	}
}

// RoundTrip is WeChat's picture server.
func (k *talker) RoundTrip(r *http.Request) (*http.Response, error) {
	resp := &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Header: http.Header{}, Request: r}
	f, err := k.folder.Open(strings.TrimPrefix(r.URL.Path, "/"))
	if err != nil {
		return resp, nil
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	resp.StatusCode, resp.Body = http.StatusOK, io.NopCloser(bytes.NewReader(data))
	resp.Header.Set("Content-Type", "image/png")
	return resp, nil
}

// TestTranscripts plays every conversation that ships through an account that can do nothing but answer, its choices
// pressed by number, and compares it with the same conversation told to the engine itself.
func TestTranscripts(t *testing.T) {
	lib, set := shipped(t)
	e := newEngine(t, lib, set, filepath.Join(t.TempDir(), "play.db"))
	files, err := filepath.Glob("../../flows/transcripts/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d transcripts, %v", len(files), err)
	}
	turns, texts, pages, most := 0, 0, 0, 0
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			k := newTalker(t, e, filepath.Dir(path))
			plain := k.play(path, transcript.World{User: "transcript:1", Handle: e.bot.Handle}, nil)
			here := k.play(path, transcript.World{User: "wechat:o1", Handle: k.handle}, k.wait)
			if diff := cmp.Diff(string(plain.Updated), string(here.Updated)); diff != "" {
				t.Errorf("it went another way (- the engine, + through WeChat):\n%s", diff)
			}
			turns, texts, pages, most = turns+here.Turns, texts+k.texts, pages+k.pages, max(most, k.most)
		})
	}
	t.Logf("%d conversations, %d messages, %d texts shown, %d of them further pages, the longest %d bytes", len(files), turns, texts, pages, most)
}

func newTalker(t *testing.T, e *engine, folder string) *talker {
	k := &talker{t: t, site: newSite(t, true), engine: e, folder: http.Dir(folder)}
	e.clock.Set(transcript.Begin)
	k.m = k.site.messenger(e.bot, &wechat.Options{Clock: e.clock.Now, Pictures: k, Messages: bot.Rate{Burst: 1 << 20, Every: time.Nanosecond}})
	run(t, k.m, func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		replies, err := e.bot.Handle(ctx, m)
		k.got, k.asked = replies, true
		return replies, err
	})
	return k
}

// play plays a file in a world, whose person is forgotten afterwards.
func (k *talker) play(path string, w transcript.World, woken func(context.Context, bot.UserID, []bot.Reply) error) *transcript.Result {
	k.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		k.t.Fatal(err)
	}
	file, err := transcript.Parse(path, data)
	if err != nil {
		k.t.Fatal(err)
	}
	k.world(&w, woken)
	res, err := transcript.Play(k.t.Context(), file, w)
	if err != nil {
		k.t.Fatal(err)
	}
	if err := k.engine.bot.Erase(context.Background(), w.User); err != nil {
		k.t.Fatal(err)
	}
	return res
}

// wait is how words come that fall due: they cannot be pushed, and wait.
func (k *talker) wait(ctx context.Context, user bot.UserID, replies []bot.Reply) error {
	if err := k.m.Push(ctx, user, replies); !errors.Is(err, wechat.ErrAway) {
		return fmt.Errorf("push: %w", err)
	}
	k.away, k.last = true, replies
	return nil
}

// world fills in the engine, the store and what falls due.
func (k *talker) world(w *transcript.World, woken func(context.Context, bot.UserID, []bot.Reply) error) {
	w.Clock, w.Files, w.Slots = k.engine.clock, os.DirFS(string(k.folder.(http.Dir))), k.engine.bot.Slots
	var said []bot.Reply
	var failed error
	runner := reminders.New(k.engine.store, func(ctx context.Context, d storage.Due) error {
		user, replies, err := k.engine.bot.Wake(ctx, d)
		said, failed = append(said, replies...), errors.Join(failed, err)
		if err == nil && len(replies) > 0 && woken != nil {
			failed = errors.Join(failed, woken(ctx, user, replies))
		}
		return err
	}, &reminders.Options{Clock: k.engine.clock.Now})
	w.Next = func(ctx context.Context, user bot.UserID) (time.Time, bool, error) {
		due, err := k.engine.store.Reminders(ctx, string(user))
		if err != nil || len(due) == 0 {
			return time.Time{}, false, err
		}
		return due[0].At, true, nil
	}
	w.Wake = func(ctx context.Context) ([]bot.Reply, error) {
		said, failed = nil, nil
		_, err := runner.Once(ctx)
		return said, errors.Join(err, failed)
	}
}
