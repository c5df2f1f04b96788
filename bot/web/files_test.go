package web_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"anning/bot"
	"anning/bot/web"
)

func TestUpload(t *testing.T) {
	p := serve(t, &web.Options{MaxUpload: 2 << 20})
	png := append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 1000)...)
	kind, body := multi(t, map[string]string{"text": "看看"}, png)
	if resp, got := p.do(t, "POST", "/say", kind, body); resp.StatusCode != 200 || !strings.Contains(got, "号码和时间都在") {
		t.Fatalf("status %d\n%s", resp.StatusCode, got)
	}
	m := p.messages()[0]
	if len(m.Files) != 1 || m.Text != "看看" || m.Files[0].Name != "截图.png" || m.Files[0].MIME != "image/png" || m.Files[0].Size != 1008 {
		t.Fatalf("message %+v", m)
	}
	r, err := m.Files[0].Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := io.ReadAll(r); !bytes.Equal(got, png) {
		t.Error("the file came in changed")
	}
	for name, files := range map[string][][]byte{"one": {make([]byte, 3<<20)}, "together": {make([]byte, 1<<20), make([]byte, 1<<20), {1}}} {
		kind, body = multi(t, nil, files...)
		resp, got := p.do(t, "POST", "/say", kind, body)
		if resp.StatusCode != 413 || !strings.Contains(got, "这个文件太大，没收下。") || !strings.Contains(got, "最多收 2.0 MB，它有 ") {
			t.Errorf("%s: status %d\n%s", name, resp.StatusCode, got)
		}
	}
	kind, body = multi(t, nil, bytes.Split(make([]byte, 9), nil)...)
	if resp, _ := p.do(t, "POST", "/say", kind, body); resp.StatusCode != 200 {
		t.Errorf("nine files: status %d", resp.StatusCode)
	}
	kind, body = multi(t, nil, bytes.Split(make([]byte, 10), nil)...)
	if resp, got := p.do(t, "POST", "/say", kind, body); resp.StatusCode != 413 || !strings.Contains(got, "一次最多 9 张") {
		t.Errorf("ten files: status %d", resp.StatusCode)
	}
	kind, body = multi(t, map[string]string{"text": "没有图"}, []byte{})
	if resp, _ := p.do(t, "POST", "/say", kind, body); resp.StatusCode != 200 {
		t.Errorf("an empty file field: status %d", resp.StatusCode)
	}
}

func TestFile(t *testing.T) {
	p := serve(t, nil)
	_, body := p.say(t, "text", "拿文件")
	_, after, _ := strings.Cut(body, `href="/file/`)
	key, _, _ := strings.Cut(after, `"`)
	get := func(client *http.Client) (*http.Response, string) {
		p := *p
		p.client = client
		return p.do(t, "GET", "/file/"+key, "", "")
	}
	resp, got := get(p.client)
	kind, params, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
	if err != nil || kind != "attachment" || params["filename"] != "我的记录 2026-11-21.txt" || got != "导出的记录\n" {
		t.Errorf("got %q, %q %v %v", got, kind, params, err)
	}
	if csp := resp.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") {
		t.Errorf("policy %q", csp)
	}
	if resp, _ := get(browser(t)); resp.StatusCode != 404 {
		t.Errorf("somebody without a session: status %d", resp.StatusCode)
	}
	other := *p
	other.client = browser(t)
	other.say(t, "text", "拿文件")
	if resp, _ := get(other.client); resp.StatusCode != 404 {
		t.Errorf("somebody else: status %d", resp.StatusCode)
	}
	// A new process knows it from the keeper.
	again := web.New("", p.conversation, &web.Options{Log: slog.New(slog.DiscardHandler)})
	server := httptest.NewServer(again.Handler(p.answer))
	defer server.Close()
	u, _ := url.Parse(p.server.URL)
	jar, _ := cookiejar.New(nil)
	to, _ := url.Parse(server.URL)
	jar.SetCookies(to, p.client.Jar.Cookies(u))
	p2 := &page{server: server, client: &http.Client{Jar: jar}}
	if resp, got := p2.do(t, "GET", "/file/"+key, "", ""); resp.StatusCode != 200 || got != "导出的记录\n" {
		t.Errorf("after a restart: status %d, %q", resp.StatusCode, got)
	}
}

func FuzzForm(f *testing.F) {
	f.Add(urlencoded, []byte("id=abcdef0123&text=%E4%BD%A0%E5%A5%BD&choice="))
	f.Add(urlencoded, []byte("choice=sms&text=a%00b%ff"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhello\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a\x00.png\"\r\n\r\n\x89PNG\r\n--x--\r\n"))
	f.Add("multipart/form-data; boundary=\"\"", []byte("----"))
	c := newConversation()
	handler := web.New("", c, &web.Options{Messages: many, Visits: many, Sessions: many, Log: slog.New(slog.DiscardHandler)}).
		Handler(func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
			if m.ID == "" || m.Text == "" && len(m.Files) == 0 || strings.ContainsAny(m.Text, "\x00\r") || len(m.Text) > 16_000 || len(m.Files) > 9 {
				panic("message " + m.Text)
			}
			for _, file := range m.Files {
				if file.Name == "" || strings.ContainsAny(file.Name, "/\x00\n") || file.Size == 0 {
					panic("file " + file.Name)
				}
			}
			return []bot.Reply{{Text: "好。"}}, nil
		})
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		r := httptest.NewRequest("POST", "/say", bytes.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		switch w.Code {
		case 200, 400, 413, 422:
		default:
			t.Errorf("status %d", w.Code)
		}
	})
}
