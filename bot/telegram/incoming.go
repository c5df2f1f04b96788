package telegram

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"anning/bot"
)

// incoming makes one message of the updates of one turn: a single one, or the parts of an album.
func (m *Messenger) incoming(jobs []*job) bot.Message {
	first := jobs[0].up
	_, from, _ := first.place()
	msg := bot.Message{From: userID(from)}
	if cb := first.CallbackQuery; cb != nil {
		msg.ID, msg.Text = "q"+cb.ID, strings.ToValidUTF8(cb.Data, "")
		return msg
	}
	said := first.said()
	msg.ID = messageID(jobs)
	msg.At = time.Unix(int64(said.Date), 0)
	if first.EditedMessage != nil {
		msg.At = time.Unix(int64(said.EditDate), 0)
	}
	msg.Forwarded = said.origin()
	var words []string
	for _, j := range jobs {
		part := j.up.said()
		if text := part.words(); text != "" {
			words = append(words, text)
		}
		if f, ok := m.file(part); ok {
			msg.Files = append(msg.Files, f)
		}
	}
	msg.Text = command(strings.Join(words, "\n"))
	return msg
}

// messageID is the id of a message, the same however often its updates come. An album is known by its first and last
// part: one that grew is another one, so that nothing of it is lost.
func messageID(jobs []*job) string {
	said, last := jobs[0].up.said(), jobs[len(jobs)-1].up.said()
	switch {
	case jobs[0].up.EditedMessage != nil:
		return fmt.Sprintf("m%d.e%d", said.MessageID, said.EditDate)
	case said.MediaGroupID != "":
		return fmt.Sprintf("a%s.%d-%d", said.MediaGroupID, said.MessageID, last.MessageID)
	}
	return "m" + strconv.Itoa(said.MessageID)
}

// words are the text of a message, or the caption of its file.
func (m *message) words() string {
	text := m.Text
	if text == "" {
		text = m.Caption
	}
	return strings.ToValidUTF8(text, "")
}

// blank says that a text shows nothing: spaces and characters without width.
func blank(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool {
		return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Mn, r) && !unicode.IsControl(r) &&
			r != '\u115f' && r != '\u1160' && r != '\u3164' && r != '\uffa0' && r != '\u2800' && r != utf8.RuneError
	}) < 0
}

// origin is where a message was forwarded from, in the new form or the old one; nil where it was not.
func (m *message) origin() *bot.Origin {
	if o := m.ForwardOrigin; o != nil {
		out := &bot.Origin{Name: o.SenderUserName, At: time.Unix(int64(o.Date), 0)}
		switch {
		case o.SenderUser != nil:
			out.Name = fullName(o.SenderUser)
		case o.SenderChat != nil:
			out.Name = o.SenderChat.Title
		case o.Chat != nil:
			out.Name = o.Chat.Title
		}
		return out
	}
	if m.ForwardDate == 0 {
		return nil
	}
	out := &bot.Origin{Name: m.ForwardSenderName, At: time.Unix(int64(m.ForwardDate), 0)}
	switch {
	case m.ForwardFrom != nil:
		out.Name = fullName(m.ForwardFrom)
	case m.ForwardFromChat != nil:
		out.Name = m.ForwardFromChat.Title
	}
	return out
}

func fullName(u *tgbotapi.User) string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }

// command takes our name off a command, and reads what a link brought with /start.
func command(text string) string {
	if !strings.HasPrefix(text, "/") {
		return text
	}
	word, rest, _ := strings.Cut(text, " ")
	word, _, _ = strings.Cut(word, "@") // "/menu@our_name": nobody else is in a private chat
	if word != "/start" {
		return strings.TrimSpace(word + " " + rest)
	}
	return startedWith(strings.TrimSpace(rest))
}

// startedWith is what somebody wants who came by a link: t.me/…?start=call for a command of the menu, or any words in
// base64url, as if they had typed them. Everything else is the hello.
func startedWith(payload string) string {
	for _, c := range commands {
		if payload == c.name && payload != "start" {
			return "/" + c.name
		}
	}
	data, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil || len(data) == 0 || !utf8.Valid(data) {
		return "/start"
	}
	han := false
	for _, r := range string(data) {
		if !unicode.IsPrint(r) {
			return "/start"
		}
		han = han || unicode.Is(unicode.Han, r)
	}
	if !han {
		return "/start"
	}
	return string(data)
}
