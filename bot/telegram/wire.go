package telegram

import (
	"encoding/json"
	"errors"
	"fmt"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// update is what Telegram brings: the library's type with what it does not know yet. Its fields hide those of the same
// name in the library's.
type update struct {
	tgbotapi.Update
	Message       *message  `json:"message"`
	EditedMessage *message  `json:"edited_message"`
	CallbackQuery *callback `json:"callback_query"`
}

type message struct {
	tgbotapi.Message
	ForwardOrigin *origin   `json:"forward_origin"`
	ReplyMarkup   *keyboard `json:"reply_markup"`
}

type callback struct {
	tgbotapi.CallbackQuery
	Message *message `json:"message"`
}

// origin is where a forwarded message came from, as Telegram tells it since 2023.
type origin struct {
	Type           string         `json:"type"` // user, hidden_user, chat, channel
	Date           int            `json:"date"`
	SenderUser     *tgbotapi.User `json:"sender_user"`
	SenderUserName string         `json:"sender_user_name"`
	SenderChat     *tgbotapi.Chat `json:"sender_chat"`
	Chat           *tgbotapi.Chat `json:"chat"`
}

// keyboard are the buttons under a message.
type keyboard struct {
	Rows [][]button `json:"inline_keyboard"`
}

type button struct {
	Text  string    `json:"text"`
	Data  string    `json:"callback_data,omitempty"`
	Copy  *copyText `json:"copy_text,omitempty"`
	URL   string    `json:"url,omitempty"`
	Style string    `json:"style,omitempty"` // primary, danger
}

type copyText struct {
	Text string `json:"text"`
}

// errNoID says that a body is no update at all.
var errNoID = errors.New("telegram: no update")

// decode reads one update. Where only its number can be read, the update is empty and there is an error: nothing in it
// is of use, but it has to be confirmed like any other.
func decode(raw []byte) (*update, error) {
	var id struct {
		UpdateID *int `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &id); err != nil {
		return nil, fmt.Errorf("%w: %w", errNoID, err)
	}
	if id.UpdateID == nil || *id.UpdateID <= 0 {
		return nil, errNoID
	}
	u := &update{}
	if err := json.Unmarshal(raw, u); err != nil {
		u = &update{}
		u.UpdateID = *id.UpdateID
		return u, fmt.Errorf("telegram: read update: %w", err)
	}
	u.UpdateID = *id.UpdateID
	return u, nil
}

// said is the message that an update brings, new or edited; nil where it brings none.
func (u *update) said() *message {
	if u.Message != nil {
		return u.Message
	}
	return u.EditedMessage
}

// place is the chat an update belongs to and the person it comes from; 0 and 0 where there is none.
func (u *update) place() (chat, from int64, private bool) {
	var c *tgbotapi.Chat
	var who *tgbotapi.User
	switch m := u.said(); {
	case m != nil:
		c, who = m.Chat, m.From
	case u.CallbackQuery != nil:
		who = u.CallbackQuery.From
		if u.CallbackQuery.Message != nil {
			c = u.CallbackQuery.Message.Chat
		} else if who != nil { // sent through another chat, or too old to be shown
			return who.ID, who.ID, true
		}
	case u.MyChatMember != nil:
		c, who = &u.MyChatMember.Chat, &u.MyChatMember.From
	}
	if c == nil || c.ID == 0 {
		return 0, 0, false
	}
	if who != nil && !who.IsBot {
		from = who.ID
	}
	return c.ID, from, c.Type == "private"
}

// group is the album an update is part of; "" for none.
func (u *update) group() string {
	if u.Message == nil {
		return ""
	}
	return u.Message.MediaGroupID
}
