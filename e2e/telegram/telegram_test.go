// Package telegram_test holds our Telegram messenger against a Telegram server that others wrote, and our Telegram server
// for tests against a client that others wrote.
package telegram_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot/telegram/telegramtest"
)

const token = "4711:AAsecret-token_x"

// node starts a script of this folder; its lines come down the channel.
func node(t *testing.T, script string, args ...string) (lines <-chan string, stop func()) {
	t.Helper()
	if _, err := os.Stat("node_modules/grammy"); err != nil {
		t.Fatalf("%v\nHint: npm ci --prefix e2e/telegram", err)
	}
	cmd := exec.Command("node", append([]string{script}, args...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	all := make(chan string, 100)
	go func() {
		defer close(all)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			all <- scan.Text()
		}
	}()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			_ = in.Close()
			late := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
			defer late.Stop()
			if err := cmd.Wait(); err != nil {
				t.Errorf("node %s: %v", script, err)
			}
		})
	}
	t.Cleanup(stop)
	return all, stop
}

// next is the next line, which has to come within a while.
func next(t *testing.T, lines <-chan string) string {
	t.Helper()
	select {
	case line, ok := <-lines:
		if !ok {
			t.Fatal("the program ended")
		}
		return line
	case <-time.After(30 * time.Second):
		t.Fatal("the program says nothing more")
	}
	return ""
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// program is our own, built as people build it.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "anning-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "anning")
	cmd := exec.Command("go", "build", "-o", path, "./cmd/anning")
	cmd.Dir = "../.."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// run starts our program with Telegram's settings beside the usual ones.
func run(t *testing.T, settings ...string) {
	t.Helper()
	path, err := program()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd := exec.Command(path)
	cmd.Env = append(os.Environ(), append(settings, "ANNING_DATA="+t.TempDir(), "WEB_ADDR=off", "METRICS_ADDR=off", "TELEGRAM_TOKEN="+token)...)
	cmd.Stderr, cmd.Stdout = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("%v", err)
		}
		if strings.Contains(log.String(), "AAsecret") {
			t.Error("the token is in the log")
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
}

// phone is somebody's Telegram on the server of others.
type phone struct {
	t   *testing.T
	api string
}

func (p phone) post(path string, body any) []byte {
	p.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := http.Post(p.api+path, "application/json", bytes.NewReader(data))
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s: %s %v %s", path, resp.Status, err, answer)
	}
	return answer
}

var (
	user = map[string]any{"id": 42, "first_name": "小王", "is_bot": false}
	chat = map[string]any{"id": 42, "first_name": "小王", "type": "private"}
)

func (p phone) say(text string) {
	p.post("/sendMessage", map[string]any{"botToken": token, "from": user, "chat": chat, "date": time.Now().Unix(), "text": text})
}

// said is a message of the bot as the server of others keeps it.
type said struct {
	MessageID int `json:"messageId"`
	Message   struct {
		Text   string          `json:"text"`
		ChatID json.RawMessage `json:"chat_id"`
		Markup json.RawMessage `json:"reply_markup"`
	} `json:"message"`
}

// sees waits until a message of the bot has want in it.
func (p phone) sees(want string) said {
	p.t.Helper()
	var all struct{ Result []said }
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		all.Result = nil
		if err := json.Unmarshal(p.post("/getUpdatesHistory", map[string]any{"token": token}), &all); err != nil {
			p.t.Fatal(err)
		}
		for _, m := range all.Result {
			if strings.Contains(m.Message.Text, want) && len(m.Message.ChatID) > 0 {
				return m
			}
		}
		<-time.After(100 * time.Millisecond) // the server of others has no way to wait
	}
	p.t.Fatalf("nothing shows %q: %+v", want, all.Result)
	return said{}
}

// press presses the button of a message that reads label.
func (p phone) press(m said, label string) {
	p.t.Helper()
	var keys struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
	}
	if err := json.Unmarshal(m.Message.Markup, &keys); err != nil {
		p.t.Fatalf("%v: %s", err, m.Message.Markup)
	}
	for _, row := range keys.Rows {
		for _, b := range row {
			if b.Text == label {
				p.post("/sendCallback", map[string]any{"botToken": token, "from": user, "date": time.Now().Unix(), "data": b.Data,
					"message": map[string]any{"message_id": m.MessageID, "date": time.Now().Unix(), "chat": chat, "from": map[string]any{"id": 1, "is_bot": true},
						"text": m.Message.Text, "reply_markup": m.Message.Markup}})
				return
			}
		}
	}
	p.t.Fatalf("no button %s in %s", label, m.Message.Markup)
}

// talk is a short conversation: a text, a press, the pressed message tidied.
func (p phone) talk() {
	p.t.Helper()
	p.say("/start")
	p.press(p.sees("可以记吗？"), "可以记")
	p.sees("现在是哪一种？")
	p.sees("› 可以记")
	p.say("帮助")
	p.sees("随时能发")
}

// theirs starts the server of others.
func theirs(t *testing.T) string {
	t.Helper()
	addr := freeAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	lines, _ := node(t, "server.js", port)
	if line := next(t, lines); line != "ready" {
		t.Fatal(line)
	}
	return "http://" + addr
}

func TestOurBotOnTheirServerByPolling(t *testing.T) {
	api := theirs(t)
	run(t, "TELEGRAM_API="+api)
	phone{t, api}.talk()
}

// TestOurBotOnTheirServerByWebhook: their server shows no secret, so it goes through a stand-in that learns it from our
// call and adds it; without, ours takes nothing.
func TestOurBotOnTheirServerByWebhook(t *testing.T) {
	api := theirs(t)
	target, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	secret, set := make(chan string, 10), make(chan struct{})
	var once sync.Once
	between := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) },
		ModifyResponse: func(resp *http.Response) error {
			if strings.HasSuffix(resp.Request.URL.Path, "/setWebhook") && resp.StatusCode == http.StatusOK {
				once.Do(func() { close(set) })
			}
			return nil
		}}
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/setWebhook") {
			body, _ := io.ReadAll(r.Body)
			form, _ := url.ParseQuery(string(body))
			secret <- form.Get("secret_token")
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		between.ServeHTTP(w, r)
	}))
	defer front.Close()
	addr := freeAddr(t)
	hook := &url.URL{Scheme: "http", Host: addr}
	var known atomic.Value
	adds := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(hook)
		r.Out.Header.Set("X-Telegram-Bot-Api-Secret-Token", known.Load().(string))
	}})
	defer adds.Close()
	run(t, "TELEGRAM_API="+front.URL, "TELEGRAM_WEBHOOK="+adds.URL+"/tg", "TELEGRAM_ADDR="+addr)
	word := <-secret
	known.Store(word)
	<-set
	resp, err := http.Post(hook.String()+"/tg", "application/json", strings.NewReader(`{"update_id":1}`))
	if err != nil || resp.StatusCode != http.StatusForbidden || len(word) < 32 {
		t.Fatalf("without the secret: %v, %v", resp, err)
	}
	_ = resp.Body.Close()
	phone{t, api}.talk()
}

// TestTheirBotOnOurServer: a client that others wrote can poll, send, upload, download and is refused as Telegram refuses.
func TestTheirBotOnOurServer(t *testing.T) {
	fake := telegramtest.New(token)
	server := httptest.NewServer(fake)
	defer server.Close()
	lines, stop := node(t, "client.js", token, server.URL)
	expect := func(want map[string]any) {
		t.Helper()
		var got map[string]any
		if err := json.Unmarshal([]byte(next(t, lines)), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	p := fake.Person(42)
	expect(map[string]any{"me": telegramtest.Name, "webhook": ""})
	n := p.Text("你好")
	expect(map[string]any{"text": "你好", "from": 42.0, "private": true})
	p.Sees(t, "<b>choose</b> & go")
	if copied := p.Shown()[0].Keys[1][0].Copy; copied == nil || copied.Text != "12378" {
		t.Errorf("the button that copies: %+v", copied)
	}
	p.Tap("f/s=one")
	expect(map[string]any{"pressed": "f/s=one", "on": "<b>choose</b> & go"})
	expect(map[string]any{"refused": 400.0, "because": "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"})
	p.Album("g1", "昨天", bytes.Repeat([]byte("x"), 5000), bytes.Repeat([]byte("y"), 300))
	expect(map[string]any{"group": "g1", "caption": "昨天", "size": 5000.0})
	expect(map[string]any{"group": "g1", "size": 300.0})
	p.Sees(t, "here")
	if m := p.Shown()[1]; m.File != "record.txt" || string(m.Data) != "a file of ours" {
		t.Errorf("%+v", m)
	}
	p.Edit(n, "你好吗")
	expect(map[string]any{"edited": "你好吗"})
	fake.Pause(42, 3*time.Second)
	p.Text("快")
	expect(map[string]any{"text": "快", "from": 42.0, "private": true})
	expect(map[string]any{"error": 429.0, "because": "Too Many Requests: retry after 3", "retry": 3.0})
	fake.Pause(42, 0)
	p.Block(true)
	expect(map[string]any{"member": "kicked"})
	p.Text("在吗")
	expect(map[string]any{"text": "在吗", "from": 42.0, "private": true})
	expect(map[string]any{"error": 403.0, "because": "Forbidden: bot was blocked by the user"})
	p.Block(false)
	expect(map[string]any{"member": "member"})
	p.Message(map[string]any{"text": "/stop", "entities": []map[string]any{{"type": "bot_command", "offset": 0, "length": 5}}})
	expect(map[string]any{"stopped": true})
	if !strings.Contains(p.Reads(), "bye") || fake.Waiting() != 0 {
		t.Errorf("%d updates are not confirmed; %s", fake.Waiting(), p.Reads())
	}
	stop()
}
