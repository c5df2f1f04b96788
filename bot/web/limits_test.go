package web_test

import (
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/web"
)

func TestRates(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)
	p := serve(t, &web.Options{
		Clock:    func() time.Time { return now },
		Messages: bot.Rate{Burst: 3, Every: 30 * time.Second},
		Sessions: bot.Rate{Burst: 2, Every: time.Minute},
		Visits:   bot.Rate{Burst: 20, Every: time.Second},
	})
	status := func() (int, string) {
		resp, body := p.say(t, "text", "menu")
		return resp.StatusCode, resp.Header.Get("Retry-After") + body
	}
	for i := range 4 {
		if got, _ := status(); got != 200 {
			t.Fatalf("message %d: status %d", i, got)
		}
	}
	got, body := status()
	if got != 429 || !strings.HasPrefix(body, "30") || !strings.Contains(body, ">menu</textarea>") || !strings.Contains(body, "发得太快") || !strings.Contains(body, "请等 30 秒") {
		t.Errorf("status %d\n%s", got, body)
	}
	now = now.Add(30 * time.Second)
	if got, _ := status(); got != 200 {
		t.Errorf("after the wait: status %d", got)
	}
	p.client = browser(t)
	if got, _ := status(); got != 200 {
		t.Errorf("second session: status %d", got)
	}
	p.client = browser(t)
	if got, body := status(); got != 429 || !strings.Contains(body, "请等") {
		t.Errorf("third session from the address: status %d", got)
	}
	for range 20 {
		p.do(t, "GET", "/", "", "")
	}
	if resp, _ := p.do(t, "GET", "/", "", ""); resp.StatusCode != 429 {
		t.Errorf("too many visits: status %d", resp.StatusCode)
	}
}

func TestAddresses(t *testing.T) {
	tests := []struct {
		name       string
		trust      bool
		first, two string
		same       bool
	}{
		{"not trusted", false, "192.0.2.1", "192.0.2.2", true},
		{"trusted", true, "192.0.2.1", "192.0.2.2", false},
		{"only the last hop counts", true, "198.51.100.7, 192.0.2.1", "198.51.100.8, 192.0.2.1", true},
		{"one network of IPv6", true, "2001:db8:1:2::1", "2001:db8:1:2:ffff::2", true},
		{"two networks of IPv6", true, "2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"IPv4 in IPv6", true, "::ffff:192.0.2.1", "192.0.2.1", true},
		{"nonsense", true, "x", "y", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			now := time.Now()
			p := serve(t, &web.Options{TrustProxy: tt.trust, Messages: many, Visits: many, Clock: func() time.Time { return now },
				Sessions: bot.Rate{Burst: 1, Every: time.Hour}})
			p.do(t, "POST", "/say", urlencoded, "text=menu", "X-Forwarded-For", tt.first)
			p.client = browser(t)
			resp, _ := p.do(t, "POST", "/say", urlencoded, "text=menu", "X-Forwarded-For", tt.two)
			if same := resp.StatusCode == 429; same != tt.same {
				t.Errorf("counted as one address: %v, want %v", same, tt.same)
			}
		})
	}
}
