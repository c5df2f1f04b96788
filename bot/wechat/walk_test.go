package wechat_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/wechat"
)

// TestWalk presses whatever is offered, and types what people type, through all flows: everything that is said fits
// texts that WeChat takes, choices and all.
func TestWalk(t *testing.T) {
	lib, set := shipped(t)
	w, err := bot.NewWalker(lib, set)
	if err != nil {
		t.Fatal(err)
	}
	typed := []string{"昨天晚上11点", "1500元", "20", "他们打给我妈", "某某银行", "13800000000", "菜单", "帮助", "跳过", "看依据", "不想活了", "有人在门口",
		"他们说明天去我单位闹，再不还就让全公司都知道，还发了我的照片"}
	turns, pages, longest := 0, map[int]int{}, 0
	for walk := range 250 {
		r := rand.New(rand.NewPCG(7, uint64(walk)))
		var session []byte
		var choices []bot.Choice
		text := "/start"
		for step := range 60 {
			m := bot.Message{ID: fmt.Sprint(step), From: "wechat:o1", Text: text, At: time.Date(2026, 11, 23, 10, step, 0, 0, time.UTC)}
			var replies []bot.Reply
			if session, replies, err = w.Turn(t.Context(), session, m); err != nil {
				t.Fatal(err)
			}
			turns++
			for _, links := range []bool{false, true} {
				out := wechat.Pages(replies, links)
				if links {
					pages[len(out)]++
				}
				for i, p := range out {
					longest = max(longest, len(p))
					if len(p) > 1900 || strings.TrimSpace(p) == "" {
						t.Errorf("%q: page %d of %d has %d bytes: %q", text, i+1, len(out), len(p), p)
					}
				}
			}
			for _, r := range replies {
				if len(r.Choices) > 0 {
					choices = r.Choices
				}
			}
			if text = typed[r.IntN(len(typed))]; len(choices) > 0 && r.IntN(4) > 0 {
				text = choices[r.IntN(len(choices))].Value
			}
		}
	}
	t.Logf("%d answers; pages: %v; the longest %d bytes", turns, pages, longest)
}
