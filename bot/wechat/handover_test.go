package wechat_test

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/wechat"
)

var fileLink = regexp.MustCompile(`https://anning\.example/wx(/file/\S+)`)

func TestHandover(t *testing.T) {
	s, k := newSite(t, false), &keeps{}
	now := time.Now()
	var mu sync.Mutex
	o := &wechat.Options{URL: "https://anning.example/wx/", Clock: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }}
	zip := &bot.File{Name: "我的记录.zip", MIME: "application/zip", Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("ZIP")), nil
	}}
	run(t, s.messenger(k, o), k.kept(func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		if m.Text == "给我" {
			return []bot.Reply{{Text: "都在里面。", File: zip}}, nil
		}
		return []bot.Reply{{Text: "收到：" + m.Text}}, nil
	}))
	p := &person{site: s, name: "ohandover"}
	get := func(path string) (int, string, http.Header) {
		resp, err := http.Get("http://" + s.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body), resp.Header
	}
	text := p.say("1", "给我")
	found := fileLink.FindStringSubmatch(text)
	if found == nil || strings.Contains(text, "ohandover") {
		t.Fatalf("got %q", text)
	}
	status, body, header := get(found[1])
	if status != 200 || body != "ZIP" || header.Get("Content-Type") != "application/zip" ||
		!strings.Contains(header.Get("Content-Disposition"), "attachment") || header.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("got %d %q %v", status, body, header)
	}
	for _, path := range []string{found[1][:len(found[1])-2], found[1] + "A", "/file/", "/file/AAAA", "/x/file/" + strings.Repeat("A", 500)} {
		if status, body, _ := get(path); status != http.StatusNotFound || strings.Contains(body, "ZIP") {
			t.Errorf("%s: %d %q", path, status, body)
		}
	}
	other := &person{site: s, name: "osomebody"}
	other.say("1", "好")
	p.say("2", "别的")
	if status, body, _ := get(found[1]); status != http.StatusGone || !strings.Contains(body, "我的数据") {
		t.Errorf("once the talk has gone on: %d %q", status, body)
	}
	found = fileLink.FindStringSubmatch(p.say("3", "给我"))
	mu.Lock()
	now = now.Add(31 * time.Minute)
	mu.Unlock()
	if status, _, _ := get(found[1]); status != http.StatusNotFound {
		t.Errorf("half an hour later: %d", status)
	}
}

var dueLink = regexp.MustCompile(`https://anning\.example/wx(/due/\S+)`)

// TestCalendarHandover: WeChat cannot speak first, so a day that falls due can be put into the telephone's calendar.
func TestCalendarHandover(t *testing.T) {
	s, k := newSite(t, false), &keeps{}
	now := time.Now()
	due := now.Add(15 * 24 * time.Hour)
	var mu sync.Mutex
	o := &wechat.Options{URL: "https://anning.example/wx", Clock: func() time.Time { mu.Lock(); defer mu.Unlock(); return now }}
	run(t, s.messenger(k, o), k.kept(func(context.Context, bot.Message) ([]bot.Reply, error) {
		return []bot.Reply{{Text: "记下了，等答复。", Due: due}, {Text: "还有吗？", Choices: []bot.Choice{{Value: "n", Label: "没有"}}}}, nil
	}))
	p := &person{site: s, name: "ocalendar"}
	get := func(path string) (int, string, http.Header) {
		resp, err := http.Get("http://" + s.addr + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(body), resp.Header
	}
	found := dueLink.FindStringSubmatch(p.say("1", "报好了"))
	again := dueLink.FindStringSubmatch(p.say("2", "报好了"))
	if found == nil || again == nil {
		t.Fatal("no link")
	}
	uid := regexp.MustCompile(`UID:\S+`)
	status, body, header := get(found[1])
	if status != 200 || header.Get("Content-Type") != "text/calendar; charset=utf-8" || header.Get("Referrer-Policy") != "no-referrer" ||
		!strings.Contains(body, "DTSTART:"+due.UTC().Format("20060102T150405Z")+"\r\n") || strings.Contains(body, "ocalendar") {
		t.Errorf("got %d %q %v", status, body, header)
	}
	if _, second, _ := get(again[1]); uid.FindString(body) == "" || uid.FindString(body) != uid.FindString(second) {
		t.Errorf("the same day is two events: %q", second)
	}
	for _, path := range []string{found[1][:len(found[1])-2], "/due/", "/due/AAAA", strings.Replace(found[1], "/due/", "/file/", 1)} {
		if status, _, _ := get(path); status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
	mu.Lock()
	now = due.Add(time.Minute)
	mu.Unlock()
	if status, _, _ := get(found[1]); status != http.StatusGone {
		t.Errorf("once it has passed: %d", status)
	}
}
