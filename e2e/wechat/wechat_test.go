// Package wechat_test holds our WeChat messenger against encryption that others wrote, and our server for tests against a
// client that others wrote.
package wechat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/wechat"
	"anning/bot/wechat/wechattest"
)

const (
	appID  = "wx2c2769f8efd9abc2"
	token  = "spamtest"
	aesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	secret = "secretofthetest"
)

// node runs a script of this folder and returns what it said, line by line.
func node[T any](t *testing.T, script string, args ...string) (said []T) {
	t.Helper()
	if _, err := os.Stat("node_modules/wechat-crypto"); err != nil {
		t.Fatalf("%v\nHint: npm ci --prefix e2e/wechat", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", append([]string{script}, args...)...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("node %s: %v\n%s\n%s", script, err, out, errs.String())
	}
	for line := range bytes.Lines(out) {
		var v T
		if err := json.Unmarshal(line, &v); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		said = append(said, v)
	}
	return said
}

type nobody struct{}

func (nobody) Latest(context.Context, bot.UserID) (int, []bot.Reply, error) { return 0, nil, nil }

// TestEncryption: what two programs of others encrypt we read, and what we answer both of them read.
func TestEncryption(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m, err := wechat.New(wechat.Account{AppID: appID, Token: token, AESKey: aesKey}, nobody{}, &wechat.Options{Listener: l})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- m.Run(ctx, func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
			return []bot.Reply{{Text: "收到：" + m.Text}}, nil
		})
	}()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	type line struct {
		By, Text string
		Status   int
		Read     map[string]string
		Signed   bool
	}
	texts := []string{"他们天天打电话", "a", "<b>&amp;", "长" + string(bytes.Repeat([]byte("的"), 500))}
	var want []line
	for _, by := range []string{"wechat-crypto", "@wecom/crypto"} {
		for _, text := range texts {
			answer := "收到：" + text
			want = append(want, line{by, text, 200, map[string]string{"wechat-crypto": answer, "@wecom/crypto": answer}, true})
		}
	}
	got := node[line](t, "crypt.js", append([]string{"http://" + l.Addr().String() + "/wechat", token, aesKey, appID}, texts...)...)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestServer: a client that others wrote finds in our server for tests what it finds in WeChat's.
func TestServer(t *testing.T) {
	api := wechattest.New(t, appID, secret)
	api.Do(func() { api.Left["oone"] = 1 })
	type line struct {
		Did   string
		Code  int
		Token string
	}
	want := []line{{"getLatestToken", 0, "T0KEN-1"}, {"sendText", 0, ""}, {"sendText", 45015, ""}, {"getMenu", 46003, ""},
		{"createMenu", 0, ""}, {"getMenu", 0, ""}, {"getLatestToken", 40125, ""}}
	if diff := cmp.Diff(want, node[line](t, "client.js", api.URL, appID, secret, "wrong")); diff != "" {
		t.Error(diff)
	}
	if sent := api.Took(t, 1); sent[0].Text != "你好，<b>" || sent[0].To != "oone" {
		t.Errorf("sent %+v", sent)
	}
}

// TestCalendar: a reader of calendars that others wrote finds in our file what a telephone needs.
func TestCalendar(t *testing.T) {
	due := time.Date(2026, 12, 7, 2, 0, 0, 0, time.UTC)
	file := filepath.Join(t.TempDir(), "reminder.ics")
	if err := os.WriteFile(file, bot.Calendar("a@anning", due, due.AddDate(0, 0, -15)), 0o600); err != nil {
		t.Fatal(err)
	}
	type event struct {
		Events, Minutes, Before                 int
		UID, Summary, Description, Start, Alarm string
	}
	want := []event{{Events: 1, Minutes: 15, UID: "a@anning", Summary: "有一件事到时间了", Description: "回到你和我说话的地方，随便发一句，我接着说。",
		Start: "2026-12-07T02:00:00.000Z", Alarm: "DISPLAY"}}
	if diff := cmp.Diff(want, node[event](t, "calendar.js", file)); diff != "" {
		t.Error(diff)
	}
}
