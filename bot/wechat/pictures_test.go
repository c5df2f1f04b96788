package wechat_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"anning/bot"
	"anning/bot/wechat"
)

// TestPictureAddress: a post may name any address; only WeChat's own picture hosts are asked, and only under https.
func TestPictureAddress(t *testing.T) {
	for raw, want := range map[string]string{
		"http://mmbiz.qpic.cn/mmbiz_jpg/abc/0": "https://mmbiz.qpic.cn/mmbiz_jpg/abc/0",
		"https://MMBIZ.qpic.cn/a?wx_fmt=jpeg":  "https://mmbiz.qpic.cn/a?wx_fmt=jpeg",
		"":                                     "",
		"http://127.0.0.1/x":                   "",
		"http://169.254.169.254/latest/meta-data": "",
		"https://example.org/x.jpg":               "",
		"https://mmbiz.qpic.cn.example.org/x":     "",
		"https://evilmmbiz.qpic.cn/x":             "",
		"https://mmbiz.qpic.cn@127.0.0.1/x":       "",
		"https://user@mmbiz.qpic.cn/x":            "",
		"https://mmbiz.qpic.cn:8080/x":            "",
		"file:///etc/passwd":                      "",
		"ftp://mmbiz.qpic.cn/x":                   "",
		"//mmbiz.qpic.cn/x":                       "",
		"https://[::1]/x":                         "",
		"https://mmbiz.qpic.cn\\@127.0.0.1/x":     "",
		"http:mmbiz.qpic.cn":                      "",
		"https://mmbiz.qpic.cn/%zz":               "",
	} {
		got, err := wechat.PictureAddress(raw)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", raw, got, err)
		}
	}
}

// TestPicturesComeFromOutsideOnly: whatever a name resolves to, our own network is not asked.
func TestPicturesComeFromOutsideOnly(t *testing.T) {
	asked := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer server.Close()
	c := &http.Client{Transport: wechat.PublicOnly()}
	for _, address := range []string{server.URL, "http://10.0.0.1:1/", "http://[::1]:1/", "http://169.254.169.254/", "http://100.64.0.1/", "http://0.0.0.0:1/", "http://[::ffff:127.0.0.1]:1/"} {
		if resp, err := c.Get(address); err == nil {
			resp.Body.Close()
			t.Errorf("%s was reached", address)
		} else if !strings.Contains(err.Error(), "picture") {
			t.Errorf("%s: %v; want that it is refused before it is dialled", address, err)
		}
	}
	if asked {
		t.Error("this machine was asked")
	}
}

type pictures func(*http.Request) *http.Response

func (p pictures) RoundTrip(r *http.Request) (*http.Response, error) { return p(r), nil }

func TestPictures(t *testing.T) {
	s := newSite(t, false)
	tries := 0
	server := pictures(func(r *http.Request) *http.Response {
		resp := &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"image/jpeg"}}, Request: r, Body: io.NopCloser(strings.NewReader("JPEG"))}
		switch r.URL.Path {
		case "/page":
			resp.Header.Set("Content-Type", "text/html")
		case "/gone":
			resp.StatusCode = 404
		case "/moved":
			resp.StatusCode = 302
			resp.Header.Set("Location", "http://127.0.0.1/")
		case "/big":
			resp.Body = io.NopCloser(bytes.NewReader(make([]byte, 1<<20)))
		case "/tired":
			if tries++; tries < 3 {
				resp.StatusCode = 503
			}
		}
		return resp
	})
	run(t, s.messenger(&keeps{}, &wechat.Options{Pictures: server, MaxPicture: 1000}), func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		if len(m.Files) != 1 {
			return nil, nil
		}
		if m.Files[0].MIME != "image/jpeg" || m.Files[0].Size != 0 {
			t.Errorf("the file is %+v", m.Files[0])
		}
		r, err := m.Files[0].Open(ctx)
		if err != nil {
			return []bot.Reply{{Text: "没收到"}}, nil
		}
		defer r.Close()
		data, err := io.ReadAll(r)
		return []bot.Reply{{Text: "收到 " + strconv.Itoa(len(data))}}, err
	})
	for path, want := range map[string]string{"/ok": "收到 4", "/page": "没收到", "/gone": "没收到", "/moved": "没收到", "/big": "收到 1001", "/tired": "收到 4"} {
		if a := s.post(kindPost("o1", "p"+path, "image", "<PicUrl>http://mmbiz.qpic.cn"+path+"</PicUrl><MediaId>m</MediaId>")); a.text != want {
			t.Errorf("%s: %q, want %q", path, a.text, want)
		}
	}
	if a := s.post(kindPost("o1", "x", "image", "<PicUrl>http://127.0.0.1/x</PicUrl><MediaId>m</MediaId>")); a.text != "没收到" || s.count.of("picture refused") != 1 {
		t.Errorf("an address that is not WeChat's: %q", a.text)
	}
}
