package main

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"anning/bot/wechat"
	"anning/storage"
	"anning/storage/redistest"
)

const wechatTokenOfTest = "tokenOfTheTest"

// fromWeChat posts what somebody typed, as WeChat does, and returns what is shown to them.
func fromWeChat(t *testing.T, addr, id, text string) string {
	t.Helper()
	ts, nonce := strconv.FormatInt(time.Now().Unix(), 10), id+strconv.FormatInt(time.Now().UnixNano(), 10)
	words := []string{wechatTokenOfTest, ts, nonce}
	slices.Sort(words)
	sum := sha1.Sum([]byte(strings.Join(words, "")))
	body := fmt.Sprintf("<xml><ToUserName>gh_1</ToUserName><FromUserName>oTest</FromUserName><CreateTime>%s</CreateTime>"+
		"<MsgType>text</MsgType><Content><![CDATA[%s]]></Content><MsgId>%s</MsgId></xml>", ts, text, id)
	resp, err := http.Post("http://"+addr+"/wechat?timestamp="+ts+"&nonce="+nonce+"&signature="+hex.EncodeToString(sum[:]), "text/xml", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%q: %d %s %v", text, resp.StatusCode, data, err)
	}
	var x struct{ Content string }
	if err := xml.Unmarshal(data, &x); err != nil {
		t.Fatalf("%q was answered with %q", text, data)
	}
	return x.Content
}

// TestWeChat talks with the real program, kills it, and goes on with the next one, on both stores.
func TestWeChat(t *testing.T) {
	for name, store := range map[string]func(*testing.T) string{
		"sqlite": func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "a.db") },
		"redis":  func(t *testing.T) string { return redistest.Start(t, nil).URL() },
	} {
		t.Run(name, func(t *testing.T) {
			settings := []string{"ANNING_DATA=" + t.TempDir(), "STORE=" + store(t), "WEB_ADDR=off", "METRICS_ADDR=127.0.0.1:0", "LOG_LEVEL=debug",
				"WECHAT_APPID=wx2c2769f8efd9abc2", "WECHAT_TOKEN=" + wechatTokenOfTest, "WECHAT_ADDR=127.0.0.1:0", "WECHAT_LINKS=off"}
			first := start(t, settings...)
			at := first.logged(t, `wechat is served" address=(\S+)`)
			if got := fromWeChat(t, at, "1", "/start"); !strings.Contains(got, "我是安宁") || !strings.HasSuffix(got, "回复数字，或直接说。") {
				t.Errorf("the hello: %q", got)
			}
			menu := fromWeChat(t, at, "2", "1")
			if !strings.Contains(menu, "\n2 ") {
				t.Errorf("the first choice: %q", menu)
			}
			if err := first.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = first.cmd.Wait()
			second := start(t, settings...)
			at = second.logged(t, `wechat is served" address=(\S+)`)
			if got := fromWeChat(t, at, "2", "1"); got != menu {
				t.Errorf("the same post after a crash: %q; before: %q", got, menu)
			}
			if got := fromWeChat(t, at, "3", "帮助"); got == menu || got == "" {
				t.Errorf("the next: %q", got)
			}
			second.stop(t, syscall.SIGTERM)
			second.mu.Lock()
			defer second.mu.Unlock()
			if log := second.log.String(); strings.Contains(log, wechatTokenOfTest) || strings.Contains(log, "oTest") {
				t.Errorf("a secret or a person is in the log:\n%s", log)
			}
		})
	}
}

func TestWeChatSettings(t *testing.T) {
	c, err := readConfig(env("WECHAT_APPID", "wx2c2769f8efd9abc2", "WECHAT_TOKEN", "abc", "WECHAT_LINKS", "off", "WECHAT_MENU", "on", "WECHAT_TEMPLATE", "T_1-x:thing1,time2"))
	if err != nil {
		t.Fatal(err)
	}
	if w := c.WeChat; !w.NoLinks || w.Menu != wechat.MenuAlways || w.Template != "T_1-x" || len(w.Fields) != 2 || w.AppID == "" || w.Token != "abc" {
		t.Errorf("got %+v", w)
	}
	for _, name := range []string{"WECHAT_TOKEN", "WECHAT_AES_KEY", "WECHAT_SECRET"} {
		if _, err := readConfig(env(name, "it is secret!")); err == nil || strings.Contains(err.Error(), "it is secret!") {
			t.Errorf("%s: %v", name, err)
		}
	}
	half := &server{config: &config{WeChat: wechatConfig{Account: wechat.Account{AppID: "wx1"}}}}
	if _, _, err := openWeChat(t.Context(), half); err == nil {
		t.Error("half the settings were taken")
	}
	forgot, err := readConfig(env("WECHAT_AES_KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "WECHAT_ADDR", "127.0.0.1:0"))
	if err != nil {
		t.Fatal(err)
	}
	if m, _, err := openWeChat(t.Context(), &server{config: forgot}); m != nil || err == nil || !strings.Contains(err.Error(), "WECHAT_APPID") {
		t.Errorf("a key without an account: %v", err)
	}
}

// TestWhoLeft: somebody who unsubscribed gets no reminder any more; all else is kept.
func TestWhoLeft(t *testing.T) {
	c, err := readConfig(env("ANNING_DATA", t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	store, err := c.openStore(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	const user = "wechat:oTest"
	s := &server{config: c, store: store, log: slog.New(slog.DiscardHandler)}
	s.left(t.Context(), user) // a stranger
	due := storage.Reminder{ID: "follow_up", At: time.Now().Add(time.Hour), Data: []byte("x")}
	rev, err := store.Commit(t.Context(), storage.Turn{User: user, Session: []byte("s"), Answer: []byte("a"), Remind: []storage.Reminder{due},
		Records: []storage.Record{{ID: "event:1", Data: []byte("r")}}})
	if err != nil {
		t.Fatal(err)
	}
	s.left(t.Context(), user)
	left, err := store.Reminders(t.Context(), user)
	if err != nil || len(left) != 0 {
		t.Errorf("reminders: %+v, %v", left, err)
	}
	st, err := store.Load(t.Context(), user)
	if err != nil || string(st.Session) != "s" || string(st.Answer) != "a" || st.Rev == rev {
		t.Errorf("kept: %+v, %v", st, err)
	}
	if records, err := store.Records(context.Background(), user); err != nil || len(records) != 1 {
		t.Errorf("records: %+v, %v", records, err)
	}
}

func TestWeChatNotes(t *testing.T) {
	c, err := readConfig(env("ANNING_DATA", t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	store, err := c.openStore(t.Context(), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	n := wechatNotes{store}
	data, rev, err := n.Load(t.Context(), "person:o1")
	if err != nil || data != nil || rev != 0 {
		t.Fatalf("got %s %d %v", data, rev, err)
	}
	if err := n.Save(t.Context(), "person:o1", rev, []byte("一"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := n.Save(t.Context(), "person:o1", rev, []byte("二"), time.Hour); err != wechat.ErrChanged {
		t.Errorf("an old revision: %v", err)
	}
	if data, rev, err = n.Load(t.Context(), "person:o1"); string(data) != "一" || rev == 0 || err != nil {
		t.Errorf("got %s %d %v", data, rev, err)
	}
}
