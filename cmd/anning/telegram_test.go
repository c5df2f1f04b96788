package main

import (
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/telegram/telegramtest"
	"anning/storage/redistest"
)

const botTokenOfTest = "4711:AAsecret-token_x"

// telegramSettings are those of a program that talks to a Telegram of our own.
func telegramSettings(t *testing.T, api, store string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(botTokenOfTest+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{"ANNING_DATA=" + t.TempDir(), "STORE=" + store, "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0",
		"TELEGRAM_TOKEN_FILE=" + file, "TELEGRAM_API=" + api, "LOG_LEVEL=debug"}
}

// noToken holds a program to keeping the token to itself.
func (r *running) noToken(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if strings.Contains(r.log.String(), "AAsecret") {
		t.Errorf("the token is in the log:\n%s", r.log.String())
	}
}

// TestTelegram talks with the real program, lets it stop and die, and goes on with the next one, on both stores.
func TestTelegram(t *testing.T) {
	for name, store := range map[string]func(*testing.T) string{
		"sqlite": func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "a.db") },
		"redis":  func(t *testing.T) string { return redistest.Start(t, nil).URL() },
	} {
		t.Run(name, func(t *testing.T) {
			fake := telegramtest.New(botTokenOfTest)
			api := httptest.NewServer(fake)
			defer api.Close()
			settings := telegramSettings(t, api.URL, store(t))
			p := fake.Person(7)
			first := start(t, settings...)
			p.Text("/start")
			p.Sees(t, "我是安宁")
			p.Text("可以记")
			p.Sees(t, "现在是哪一种？")
			first.stop(t, syscall.SIGTERM)
			first.noToken(t)
			said := len(p.Shown())

			second := start(t, settings...)
			p.Text("帮助")
			p.Sees(t, "随时能发")
			if len(p.Shown()) <= said {
				t.Error("nothing new was said")
			}
			if err := second.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = second.cmd.Wait()
			second.noToken(t)

			third := start(t, settings...)
			p.Text("返回")
			if !fake.Until(time.Minute, func() bool { return strings.Contains(p.Reads(), "好，回到上一步") }) {
				t.Errorf("after the crash:\n%s", p.Reads())
			}
			third.stop(t, syscall.SIGTERM)
			third.noToken(t)
			if n := strings.Count(p.Reads(), "我是安宁"); n != 1 {
				t.Errorf("the hello was said %d times", n)
			}
			for _, w := range fake.Wrong() {
				t.Error(w)
			}
		})
	}
}

// TestTelegramByWebhook sets a webhook and nothing else.
func TestTelegramByWebhook(t *testing.T) {
	fake := telegramtest.New(botTokenOfTest)
	api := httptest.NewServer(fake)
	defer api.Close()
	defer fake.Unhook()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close() // for the program
	settings := telegramSettings(t, api.URL, "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	r := start(t, append(settings, "TELEGRAM_WEBHOOK=http://"+addr+"/from/telegram", "TELEGRAM_ADDR="+addr)...)
	p := fake.Person(7)
	p.Text("/start")
	p.Sees(t, "可以记吗？")
	for _, row := range p.Shown()[0].Keys {
		for _, b := range row {
			if b.Text == "可以记" {
				p.Press(t, "", bot.Choice{Value: b.Data})
			}
		}
	}
	p.Sees(t, "› 可以记")
	p.Sees(t, "现在是哪一种？")
	r.stop(t, syscall.SIGTERM)
	r.noToken(t)
}

// TestTelegramTokens: only what looks like a token is taken, and the error does not repeat it.
func TestTelegramTokens(t *testing.T) {
	for token, good := range map[string]bool{
		"123456789:AAE-xyz_abcdefghij": true, "AAE": false, "12:": false, "x:AAEAAEAAEAAE": false, "12:AAE AAE AAE AAE": false,
		"12:AAEAAEAAE/../x": false, "12:AAEAAEAAEA?x": false, "12:AAEAAE%2fAAEAAE": false,
	} {
		c, err := readConfig(env("TELEGRAM_TOKEN", token))
		if (err == nil) != good || err != nil && strings.Contains(err.Error(), token) {
			t.Errorf("%q: %v", token, err)
		}
		if good && c.Telegram.Token != token {
			t.Errorf("%q was read as %q", token, c.Telegram.Token)
		}
	}
}

// TestTelegramWebhookSettings: an address that Telegram does not post to is said at once, not by silence.
func TestTelegramWebhookSettings(t *testing.T) {
	for webhook, good := range map[string]bool{"": true, "https://example.org/x": true, "https://example.org:8443/x": true,
		"https://example.org:8081/x": false, "http://example.org/x": false} {
		if telegramPosts(webhook) != good {
			t.Errorf("%q", webhook)
		}
	}
	c, err := readConfig(env("TELEGRAM_WEBHOOK", "https://example.org/x"))
	if err != nil {
		t.Fatal(err)
	}
	if m, _, err := openTelegram(t.Context(), &server{config: c}); m != nil || err == nil || !strings.Contains(err.Error(), "TELEGRAM_TOKEN") {
		t.Errorf("a webhook without a token: %v", err)
	}
}

// TestTelegramThroughAProxy: where Telegram is reached by a proxy only, the environment names it.
func TestTelegramThroughAProxy(t *testing.T) {
	fake := telegramtest.New(botTokenOfTest)
	proxy := httptest.NewServer(fake) // asked for http://telegram.invalid/bot…
	defer proxy.Close()
	settings := telegramSettings(t, "http://telegram.invalid", "sqlite://"+filepath.Join(t.TempDir(), "a.db"))
	r := start(t, append(settings, "HTTP_PROXY="+proxy.URL)...)
	p := fake.Person(7)
	p.Text("/start")
	p.Sees(t, "我是安宁")
	r.stop(t, syscall.SIGTERM)
	r.noToken(t)
}
