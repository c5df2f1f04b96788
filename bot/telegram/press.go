package telegram

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// answerPress ends the little clock on a pressed button. A button that would dial says that it cannot.
func (m *Messenger) answerPress(ctx context.Context, cb *callback) {
	p := tgbotapi.Params{"callback_query_id": cb.ID}
	if cb.Message != nil {
		if n := dialled(cb.Message.ReplyMarkup.label(cb.Data)); n != "" {
			p["text"], p["show_alert"] = strings.ReplaceAll(dial, "%s", n), "true"
		}
	}
	if _, err := m.api.call(ctx, "answerCallbackQuery", p); err != nil && !done(err) && !gone(err) {
		m.options.Log.Debug("telegram: a press was not answered", "err", err)
	}
}

// toDial is a button that would dial, by what it reads: 拨打 110, 问问 12348, 受伤，打 120.
var toDial = regexp.MustCompile(`(?:拨打|拨|打|问问|看看) ?([0-9]{3,12})$`)

// dialled is the number that a button's label says it dials; "" for other buttons.
func dialled(label string) string {
	if n := toDial.FindStringSubmatch(label); n != nil {
		return n[1]
	}
	return ""
}

// showPressed takes the buttons of an answered question away and shows the choice in their place.
func (m *Messenger) showPressed(ctx context.Context, cb *callback) {
	said := cb.Message
	if said == nil || said.Chat == nil || said.Date == 0 { // too old for us to see
		return
	}
	label := said.ReplyMarkup.label(cb.Data)
	if label == "" || strings.Contains(said.Text, chosen) {
		return
	}
	p := tgbotapi.Params{"chat_id": strconv.FormatInt(said.Chat.ID, 10), "message_id": strconv.Itoa(said.MessageID)}
	if left := said.ReplyMarkup.copying(); left != nil {
		if addJSON(p, "reply_markup", left) != nil {
			return
		}
	}
	method := "editMessageReplyMarkup"
	if text := said.Text + chosen + label; said.Text != "" && units(text) <= maxText {
		method, p["text"], p["link_preview_options"] = "editMessageText", text, `{"is_disabled":true}`
		if len(said.Entities) > 0 && addJSON(p, "entities", said.Entities) != nil {
			return
		}
	}
	for try := 1; try <= 3; try++ {
		if !m.sender.chats.quiet(said.Chat.ID) || m.sender.gate.pass(ctx, lineNow) != nil {
			return
		}
		_, err := m.api.call(ctx, method, p)
		if err == nil || done(err) || gone(err) {
			return
		}
		if refused(err) || !sleep(ctx, max(backoff(try), faultOf(err).retry)) {
			m.options.Log.Debug("telegram: a pressed message stays as it was", "err", err)
			return
		}
	}
}
