package wechat_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/wechat"
)

// echo answers with what it was told.
func echo(_ context.Context, m bot.Message) ([]bot.Reply, error) {
	return []bot.Reply{{Text: "收到：" + m.Text}}, nil
}

func TestAddressCheck(t *testing.T) {
	s := newSite(t, false)
	run(t, s.messenger(&keeps{}, nil), echo)
	ask := func(edit func(url.Values)) (int, string) {
		q := signedQuery(time.Now())
		q.Set("echostr", "5838479218127813673")
		edit(q)
		resp, err := http.Get("http://" + s.addr + "/any/path?" + q.Encode())
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body)
	}
	if status, body := ask(func(url.Values) {}); status != 200 || body != "5838479218127813673" {
		t.Errorf("got %d %q", status, body)
	}
	for name, edit := range map[string]func(url.Values){
		"wrong signature": func(q url.Values) { q.Set("signature", strings.Repeat("0", 40)) },
		"no signature":    func(q url.Values) { q.Del("signature") },
		"another nonce":   func(q url.Values) { q.Set("nonce", "x") },
		"no echo":         func(q url.Values) { q.Del("echostr") },
		"long echo":       func(q url.Values) { q.Set("echostr", strings.Repeat("x", 2000)) },
		"old": func(q url.Values) {
			for k, v := range signedQuery(time.Now().Add(-10 * time.Minute)) {
				q[k] = v
			}
		},
	} {
		if status, body := ask(edit); status != http.StatusForbidden || strings.Contains(body, "5838479218127813673") {
			t.Errorf("%s: got %d %q", name, status, body)
		}
	}
}

// tencents is the example that Tencent publishes with its own code for the encryption.
const tencents = "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="

func TestTencentsExample(t *testing.T) {
	s := newSite(t, true)
	m := s.messenger(&keeps{}, &wechat.Options{Clock: func() time.Time { return time.Unix(1409735680, 0) }})
	got := make(chan bot.Message, 1)
	run(t, m, func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		got <- m
		return echo(ctx, m)
	})
	q := url.Values{"timestamp": {"1409735669"}, "nonce": {"1320562132"}, "encrypt_type": {"aes"},
		"msg_signature": {"5d197aaffba7e9b25a30732f161a50dee96bd5fa"}}
	q.Set("signature", sign(token, "1409735669", "1320562132"))
	a := s.raw(q, []byte("<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><Encrypt><![CDATA["+tencents+"]]></Encrypt></xml>"))
	if a.text != "收到：abcdteT" {
		t.Errorf("the answer is %+v", a)
	}
	if m := <-got; m.ID != "wx6054768590064713728" || m.From != "wechat:oyORnuP8q7ou2gfYjqLzSIWZf0rs" || m.At.Unix() != 1409735668 {
		t.Errorf("the message is %+v", m)
	}
}

// TestRefusalsAreExplained: whoever sets up an account and has one setting wrong reads which, once.
func TestRefusalsAreExplained(t *testing.T) {
	var log bytes.Buffer
	s := newSite(t, true)
	m := s.messenger(&keeps{}, &wechat.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	stop := run(t, m, echo)
	other, err := wechat.NewSealer("0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", appID)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		s.raw(url.Values{}, []byte("a scanner"))
		q := signedQuery(time.Now())
		q.Set("signature", sign("another token", q.Get("timestamp"), q.Get("nonce")))
		s.raw(q, []byte(textPost("o1", "1", "你好")))
		s.raw(signedQuery(time.Now()), []byte(textPost("o1", "1", "你好")))
		s.raw(signedQuery(time.Now().Add(-time.Hour)), []byte(textPost("o1", "1", "你好")))
		q, e := signedQuery(time.Now()), other.Seal([]byte(textPost("o1", "1", "你好")))
		q.Set("msg_signature", sign(token, q.Get("timestamp"), q.Get("nonce"), e))
		s.raw(q, []byte("<xml><Encrypt>"+e+"</Encrypt></xml>"))
	}
	stop()
	for _, word := range []string{"WECHAT_TOKEN", "clock", "not encrypted", "WECHAT_AES_KEY or WECHAT_APPID"} {
		if n := strings.Count(log.String(), word); n != 1 {
			t.Errorf("%q stands in the log %d times", word, n)
		}
	}
	if n := strings.Count(log.String(), "was refused"); n != 4 || strings.Contains(log.String(), token) {
		t.Errorf("%d refusals in the log:\n%s", n, log.String())
	}
}

// TestRefused: nothing that is not WeChat's own reaches the engine, each is counted, and the process lives on.
func TestRefused(t *testing.T) {
	post := textPost("o1", "1", "你好")
	seal := func(s *site, text string) string {
		return "<xml><Encrypt>" + s.sealed.Seal([]byte(text)) + "</Encrypt></xml>"
	}
	type attempt struct {
		name   string
		status int
		send   func(s *site) answered
	}
	plain := []attempt{
		{"no signature", 403, func(s *site) answered { return s.raw(url.Values{}, []byte(post)) }},
		{"wrong signature", 403, func(s *site) answered {
			q := signedQuery(time.Now())
			q.Set("signature", sign("another token", q.Get("timestamp"), q.Get("nonce")))
			return s.raw(q, []byte(post))
		}},
		{"ten minutes old", 403, func(s *site) answered { return s.raw(signedQuery(time.Now().Add(-10*time.Minute)), []byte(post)) }},
		{"ten minutes ahead", 403, func(s *site) answered { return s.raw(signedQuery(time.Now().Add(10*time.Minute)), []byte(post)) }},
		{"no time", 403, func(s *site) answered {
			return s.raw(url.Values{"timestamp": {"x"}, "nonce": {"1"}, "signature": {sign(token, "x", "1")}}, []byte(post))
		}},
		{"10 MB", 413, func(s *site) answered { return s.raw(signedQuery(time.Now()), bytes.Repeat([]byte("x"), 10<<20)) }},
		{"broken XML", 400, func(s *site) answered { return s.raw(signedQuery(time.Now()), []byte(post[:len(post)-9])) }},
		{"nothing", 400, func(s *site) answered { return s.raw(signedQuery(time.Now()), nil) }},
		{"JSON", 400, func(s *site) answered { return s.raw(signedQuery(time.Now()), []byte(`{"FromUserName":"o1"}`)) }},
		{"entity bomb", 400, func(s *site) answered {
			return s.raw(signedQuery(time.Now()), []byte(`<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><FromUserName>o1</FromUserName><MsgType>text</MsgType><Content>&b;</Content></xml>`))
		}},
		{"nobody", 400, func(s *site) answered { return s.raw(signedQuery(time.Now()), []byte(textPost("", "1", "x"))) }},
		{"a name that is none", 400, func(s *site) answered { return s.raw(signedQuery(time.Now()), []byte(textPost("o1:../x", "1", "x"))) }},
		{"encrypted, without a key here", 400, func(s *site) answered {
			return s.raw(signedQuery(time.Now()), []byte("<xml><Encrypt>"+tencents+"</Encrypt></xml>"))
		}},
	}
	sealed := []attempt{
		{"plain, where only encrypted is taken", 403, func(s *site) answered { return s.raw(signedQuery(time.Now()), []byte(post)) }},
		{"no msg_signature", 403, func(s *site) answered { return s.raw(signedQuery(time.Now()), []byte(seal(s, post))) }},
		{"wrong msg_signature", 403, func(s *site) answered {
			q := signedQuery(time.Now())
			q.Set("msg_signature", q.Get("signature"))
			return s.raw(q, []byte(seal(s, post)))
		}},
		{"no cipher text", 403, func(s *site) answered {
			q := signedQuery(time.Now())
			q.Set("msg_signature", sign(token, q.Get("timestamp"), q.Get("nonce"), "AAAA"))
			return s.raw(q, []byte("<xml><Encrypt>AAAA</Encrypt></xml>"))
		}},
		{"broken inside", 400, func(s *site) answered { return s.post("<xml>") }},
		{"a bomb inside", 400, func(s *site) answered { return s.post(`<!DOCTYPE x [<!ENTITY a "a">]><xml>&a;</xml>`) }},
		{"for another app", 403, func(s *site) answered {
			other, err := wechat.NewSealer(aesKey, "wx1111111111111111")
			if err != nil {
				t.Fatal(err)
			}
			s2 := *newSite(t, true)
			s2.addr, s2.sealed = s.addr, other
			return s2.post(post)
		}},
	}
	for name, tt := range map[string]struct {
		sealed bool
		tries  []attempt
	}{"plain": {false, plain}, "encrypted": {true, sealed}} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, tt.sealed)
			var reached atomic.Int64
			run(t, s.messenger(&keeps{}, nil), func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
				reached.Add(1)
				return echo(ctx, m)
			})
			for _, try := range tt.tries {
				if a := try.send(s); a.status != try.status || a.text != "" {
					t.Errorf("%s: got %d %.60q; want %d", try.name, a.status, a.body, try.status)
				}
			}
			if n := s.count.of("refused"); n != len(tt.tries) || reached.Load() != 0 {
				t.Errorf("%d of %d were counted, %d reached the engine", n, len(tt.tries), reached.Load())
			}
			if a := s.post(textPost("o1", "2", "还在吗")); a.text != "收到：还在吗" {
				t.Errorf("afterwards: %+v", a)
			}
		})
	}
}

// TestReplayedAddress: who saw one signed address cannot say anything else with it, nor ask for ever.
func TestReplayedAddress(t *testing.T) {
	s := newSite(t, false)
	run(t, s.messenger(&keeps{}, nil), echo)
	q := signedQuery(time.Now())
	mine := []byte(textPost("o1", "1", "我的话"))
	for range 3 {
		if a := s.raw(q, mine); a.text != "收到：我的话" {
			t.Fatalf("WeChat's own repeat: %+v", a)
		}
	}
	for _, body := range []string{textPost("o1", "2", "删除我的数据"), textPost("o2", "1", "我的话")} {
		if a := s.raw(q, []byte(body)); a.status != http.StatusForbidden {
			t.Errorf("another body was answered: %+v", a)
		}
	}
	refused := 0
	for range 10 {
		if a := s.raw(q, mine); a.status == http.StatusForbidden {
			refused++
		}
	}
	if refused < 8 {
		t.Errorf("%d of 10 further repeats were refused", refused)
	}
}

func TestMethods(t *testing.T) {
	s := newSite(t, false)
	run(t, s.messenger(&keeps{}, nil), echo)
	for _, method := range []string{http.MethodPut, http.MethodDelete, "TRACE"} {
		req, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.addr+"/?"+signedQuery(time.Now()).Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, resp.StatusCode)
		}
	}
}
