package telegram_test

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/telegram"
	"anning/bot/telegram/telegramtest"
)

// TestWalk presses whatever is offered, and types what people type, through all flows: everything that is said makes
// messages that Telegram takes, buttons and all.
func TestWalk(t *testing.T) {
	lib, set := load(t)
	w, err := bot.NewWalker(lib, set)
	if err != nil {
		t.Fatal(err)
	}
	fake := telegramtest.New(token)
	fake.Person(1)
	takes := func(params url.Values) (bool, string) {
		params.Set("chat_id", "1")
		r := httptest.NewRequest("POST", "/bot"+token+"/sendMessage", strings.NewReader(params.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		rec := httptest.NewRecorder()
		fake.ServeHTTP(rec, r)
		return rec.Code == 200, rec.Body.String()
	}
	if ok, said := takes(url.Values{"text": {strings.Repeat("长", 4097)}}); ok {
		t.Fatalf("the server takes anything: %s", said)
	}
	typed := []string{"昨天晚上11点", "1500元", "20", "他们打给我妈", "某某银行", "13800000000", "菜单", "帮助", "跳过", "看依据", "不想活了", "有人在门口",
		"他们说明天去我单位闹，再不还就让全公司都知道，还发了我的照片"}
	turns, messages, longest := 0, 0, 0
	for walk := range 250 {
		r := rand.New(rand.NewPCG(7, uint64(walk)))
		var session []byte
		var choices []bot.Choice
		text := "/start"
		for step := range 60 {
			m := bot.Message{ID: fmt.Sprint(step), From: "telegram:1", Text: text, At: time.Date(2026, 11, 23, 10, step, 0, 0, time.UTC)}
			var replies []bot.Reply
			if session, replies, err = w.Turn(t.Context(), session, m); err != nil {
				t.Fatal(err)
			}
			turns++
			for _, params := range telegram.Messages(replies) {
				messages++
				longest = max(longest, telegramtest.Units(params.Get("text")))
				if ok, said := takes(params); !ok {
					t.Errorf("%q: %s\n%v", text, said, params)
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
	t.Logf("%d answers, %d messages; the longest %d units", turns, messages, longest)
}
