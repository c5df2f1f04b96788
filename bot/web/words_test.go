package web_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/web"
)

func TestNumbersToDial(t *testing.T) {
	tests := []struct {
		text string
		want []string
	}{
		{"现在打 110：「有人威胁要伤害我，请出警。」", []string{"110"}},
		{"受伤打 120。", []string{"120"}},
		{"打 12356，那边有人听你说。已经受伤或吃了药，打 120。", []string{"12356", "120"}},
		{"再拨12348", []string{"12348"}},
		{"110 报警", []string{"110"}},
		{"打 110 或 120", []string{"110", "120"}},
		{"他打了 110 次", nil},
		{"打 120 元过去", nil},
		{"还了 110 元，剩 12356 元", nil},
		{"欠 12,348.00 元", nil},
		{"尾号 12378-2", nil},
		{"010-12356", nil},
		{"v12356", nil},
		{"1235612", nil},
		{"12110 是短信", nil},
		{"他说「你打 110 也没用，打 12378 也没用」", nil},
		{"年化 12378%", nil},
		{"12378", []string{"12378"}},
	}
	handler := web.New("", newConversation(), &web.Options{Messages: many, Sessions: many, Visits: many, Log: slog.New(slog.DiscardHandler)}).
		Handler(func(_ context.Context, m bot.Message) ([]bot.Reply, error) { return []bot.Reply{{Text: m.Text}}, nil })
	call := regexp.MustCompile(`<a href="tel:(\d+)">(\d+)</a>`)
	for _, tt := range tests {
		r := httptest.NewRequest("POST", "/say", strings.NewReader("text="+url.QueryEscape(tt.text)))
		r.Header.Set("Content-Type", urlencoded)
		r.Header.Set("X-Part", "turn")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		var got []string
		for _, m := range call.FindAllStringSubmatch(w.Body.String(), -1) {
			if m[1] != m[2] {
				t.Errorf("%s dials %s", m[2], m[1])
			}
			got = append(got, m[1])
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
}
