package web_test

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/web"
)

// page is a served page and one person's browser.
type page struct {
	*conversation
	messenger *web.Messenger
	server    *httptest.Server
	client    *http.Client
}

func serve(t *testing.T, o *web.Options) *page {
	t.Helper()
	if o == nil {
		o = &web.Options{}
	}
	if o.Messages == (bot.Rate{}) {
		o.Messages, o.Sessions, o.Visits = many, many, many
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	c := newConversation()
	m := web.New("", c, o)
	server := httptest.NewServer(m.Handler(c.answer))
	t.Cleanup(server.Close)
	return &page{conversation: c, messenger: m, server: server, client: browser(t)}
}

var many = bot.Rate{Burst: 1 << 20, Every: time.Millisecond}

// browser makes a client that keeps cookies.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

// do sends one request and returns the answer with its body read.
func (p *page) do(t *testing.T, method, path, kind, body string, header ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(got)
}

const urlencoded = "application/x-www-form-urlencoded"

// say posts fields ("text", "你好", "id", …) as a form.
func (p *page) say(t *testing.T, fields ...string) (*http.Response, string) {
	t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Set(fields[i], fields[i+1])
	}
	return p.do(t, "POST", "/say", urlencoded, v.Encode())
}

func multi(t *testing.T, fields map[string]string, files ...[]byte) (kind, body string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, data := range files {
		part, err := w.CreateFormFile("file", "截图.png")
		if err != nil {
			t.Fatal(err)
		}
		part.Write(data)
	}
	w.Close()
	return w.FormDataContentType(), b.String()
}

func TestHeaders(t *testing.T) {
	p := serve(t, nil)
	want := map[string]string{
		"Referrer-Policy": "same-origin", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"X-Robots-Tag": "noindex, nofollow, noarchive", "X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin",
	}
	for _, path := range []string{"/", "/nowhere", "/file/abc", "/robots.txt", "/stream"} {
		resp, _ := p.do(t, "GET", path, "", "")
		for k, v := range want {
			if got := resp.Header.Get(k); got != v {
				t.Errorf("GET %s: %s = %q, want %q", path, k, got, v)
			}
		}
		csp := resp.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("GET %s: policy %q lacks %q", path, csp, part)
			}
		}
		if strings.Contains(csp, "unsafe") {
			t.Errorf("GET %s: policy %q", path, csp)
		}
	}
}

func TestPageTellsNothing(t *testing.T) {
	p := serve(t, nil)
	resp, body := p.do(t, "GET", "/", "", "")
	if len(resp.Cookies()) > 0 {
		t.Error("a visit alone made a session")
	}
	for _, word := range []string{"催收", "欠", "债", "逾期", "style=", "onclick", "http://", "<script>"} {
		if strings.Contains(body, word) {
			t.Errorf("the page holds %q", word)
		}
	}
	leave, label := strings.Index(body, `<a id="leave" href="https://www.baidu.com/"`), strings.Index(body, "<label for=\"text\">")
	if leave < 0 || label < leave || strings.Index(body, "<button") < leave {
		t.Error("「离开」 is not first in the page")
	}
	for _, number := range []string{"tel:110", "tel:120", "tel:12356"} {
		if !strings.Contains(body, number) {
			t.Errorf("no %s on the page", number)
		}
	}
	p.say(t, "text", "家人的事")
	if _, body = p.do(t, "GET", "/", "", ""); strings.Contains(body, "没看懂") || !strings.Contains(body, "接着上次") {
		t.Error("somebody who comes back should see 「接着上次」 and nothing of the talk")
	}
	if _, body = p.do(t, "POST", "/latest", urlencoded, ""); !strings.Contains(body, "没看懂") {
		t.Error("「接着上次」 does not show the latest answer")
	}
}

func TestSession(t *testing.T) {
	tests := []struct {
		name    string
		options web.Options
		header  []string
		cookie  string
		secure  bool
	}{
		{"plain http", web.Options{}, nil, "an", false},
		{"set secure", web.Options{Secure: true}, nil, "__Host-an", true},
		{"trusted proxy", web.Options{TrustProxy: true}, []string{"X-Forwarded-Proto", "https"}, "__Host-an", true},
		{"proxy not trusted", web.Options{}, []string{"X-Forwarded-Proto", "https"}, "an", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := serve(t, &tt.options)
			resp, _ := p.do(t, "POST", "/say", urlencoded, "text=%2Fstart", tt.header...)
			if len(resp.Cookies()) != 1 {
				t.Fatalf("cookies %v, want one", resp.Cookies())
			}
			c := resp.Cookies()[0]
			if c.Name != tt.cookie || c.Secure != tt.secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode ||
				c.Path != "/" || c.Domain != "" || c.MaxAge != 90*24*3600 || len(c.Value) != 32 {
				t.Errorf("cookie %+v", c)
			}
			from := p.messages()[0].From
			if !strings.HasPrefix(string(from), "web:") || len(from) != 36 || strings.Contains(string(from), c.Value) {
				t.Errorf("user %q: it has to be web: and 128 bits that are not the cookie's", from)
			}
		})
	}
}

func TestSay(t *testing.T) {
	p := serve(t, nil)
	tests := []struct {
		name, kind, body string
		status           int
		want             []string
	}{
		{"text", urlencoded, "text=menu", 200, []string{"现在是哪一种？", `name="choice" value="danger"`}},
		{"button shows its label", urlencoded, "choice=sms", 200, []string{`<div class="mine"><p>收到了短信</p>`, "把短信截图发来"}},
		{"everything is escaped", urlencoded, "text=" + url.QueryEscape("<b>&\"'"), 200,
			[]string{"&lt;script&gt;alert(1)", `<div class="mine"><p>&lt;b&gt;&amp;&#34;&#39;</p>`, `value="&#34;&gt;&lt;x&gt;"`, "&lt;i&gt;"}},
		{"danger is an alert", urlencoded, "text=danger", 200, []string{`role="alert"`, `class="choice red filled tall" href="tel:110" data-value="called"`, `现在打 <a href="tel:110">110</a>：`}},
		{"law card", urlencoded, "text=law", 200, []string{`<span class="badge solid">法律</span>`, "<blockquote>", "<dt>施行</dt>", "第五十条第一款第（五）项"}},
		{"checklist card", urlencoded, "text=list", 200, []string{`<li class="done">`, `<li class="open">`, "还没有："}},
		{"nothing", urlencoded, "text=+", 422, []string{"还没写字"}},
		{"too long", urlencoded, "text=" + strings.Repeat("a", 4001), 413, []string{"这段太长", strings.Repeat("a", 4001) + "</textarea>"}},
		{"no form", "application/json", "{}", 400, []string{"这一条没收到"}},
		{"no boundary", "multipart/form-data", "x", 400, []string{"这一条没收到"}},
		{"bad choice", urlencoded, "choice=" + strings.Repeat("c", 65), 400, []string{"这一条没收到"}},
		{"engine fails", urlencoded, "text=" + url.QueryEscape("出错"), 500, []string{"我这边出错了，不怪你。", ">出错</textarea>", "再发一次", "打 <a href=\"tel:110\">110</a>"}},
		{"engine fails with words", urlencoded, "text=" + url.QueryEscape("出错有话"), 500, []string{"编号 7F3A", "再发一次"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, body := p.do(t, "POST", "/say", tt.kind, tt.body)
			if resp.StatusCode != tt.status {
				t.Errorf("status %d, want %d", resp.StatusCode, tt.status)
			}
			for _, want := range tt.want {
				if !strings.Contains(body, want) {
					t.Errorf("no %q in\n%s", want, body)
				}
			}
			if strings.Contains(body, "10.1.2.3") {
				t.Error("the page shows the error")
			}
			_, part := p.do(t, "POST", "/say", tt.kind, tt.body, "X-Part", "turn")
			if !strings.HasPrefix(part, "<section") || strings.Contains(part, "<html") {
				t.Errorf("a script gets %q", part)
			}
		})
	}
}

func TestOnlyOneChoiceIsFilled(t *testing.T) {
	p := serve(t, nil)
	for text := range script {
		if _, body := p.say(t, "text", text); strings.Count(body, " filled") > 1 {
			t.Errorf("%s: more than one filled choice", text)
		}
	}
}

func TestRepeatIsAnsweredOnce(t *testing.T) {
	p := serve(t, nil)
	p.say(t, "text", "/start")
	var wg sync.WaitGroup
	for range 5 {
		wg.Go(func() {
			if _, body := p.say(t, "id", "abcdef0123456789", "text", "family"); !strings.Contains(body, "联系你家人") {
				t.Error("a repeat was not answered")
			}
		})
	}
	wg.Wait()
	p.say(t, "id", "abcdef0123456789", "text", "menu") // a page from the browser's memory, but another message
	got := p.messages()
	if len(got) != 3 || got[1].Text != "family" || got[2].Text != "menu" || got[1].ID == got[2].ID {
		t.Errorf("the engine got %d messages, want three: %+v", len(got), got)
	}
	p.say(t, "id", "fedcba9876543210", "text", "出错")
	p.say(t, "id", "fedcba9876543210", "text", "出错")
	if got := p.messages(); len(got) != 5 || got[3].ID != got[4].ID {
		t.Error("a message that failed has to reach the engine again, under the same id")
	}
}

func TestForeignPost(t *testing.T) {
	p := serve(t, nil)
	for _, header := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://other.example"}, {"Origin", "null"},
	} {
		resp, body := p.do(t, "POST", "/say", urlencoded, "text=menu", header...)
		if resp.StatusCode != http.StatusForbidden || !strings.Contains(body, "没收下") {
			t.Errorf("%v: status %d", header, resp.StatusCode)
		}
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", p.server.URL}, nil} {
		if resp, _ := p.do(t, "POST", "/say", urlencoded, "text=menu", header...); resp.StatusCode != 200 {
			t.Errorf("%v: status %d", header, resp.StatusCode)
		}
	}
}

func TestStatic(t *testing.T) {
	p := serve(t, nil)
	_, body := p.do(t, "GET", "/", "", "")
	n := 0
	for _, part := range strings.Split(body, `"`) {
		if strings.HasPrefix(part, "/static/") {
			n++
			resp, got := p.do(t, "GET", part, "", "")
			if resp.StatusCode != 200 || len(got) < 100 || !strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
				t.Errorf("%s: status %d", part, resp.StatusCode)
			}
		}
	}
	if n != 3 {
		t.Errorf("the page names %d files, want 3", n)
	}
}

func TestKeeperFails(t *testing.T) {
	p := serve(t, nil)
	p.say(t, "text", "menu")
	p.mu.Lock()
	p.fail = errStore
	p.mu.Unlock()
	if resp, body := p.do(t, "GET", "/", "", ""); resp.StatusCode != 200 || !strings.Contains(body, "接着上次") {
		t.Errorf("GET /: status %d", resp.StatusCode)
	}
	resp, body := p.do(t, "POST", "/latest", urlencoded, "")
	if resp.StatusCode != 500 || !strings.Contains(body, "出错了，不怪你") || strings.Contains(body, "10.1.2.3") {
		t.Errorf("POST /latest: status %d\n%s", resp.StatusCode, body)
	}
}

func TestLogTellsNothing(t *testing.T) {
	var out bytes.Buffer
	p := serve(t, &web.Options{Log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	_, body := p.say(t, "text", "出错")
	from := string(p.messages()[0].From)
	if strings.Contains(out.String(), from) || strings.Contains(out.String(), "text=出错") {
		t.Errorf("log %q", out.String())
	}
	_, after, _ := strings.Cut(body, "把编号 ")
	code, _, _ := strings.Cut(after, " ")
	if len(code) != 4 || !strings.Contains(out.String(), "turn="+code) {
		t.Errorf("code %q is not in the log %q", code, out.String())
	}
}
