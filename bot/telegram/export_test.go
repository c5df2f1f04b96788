package telegram

import (
	"encoding/json"
	"net/url"

	"anning/bot"
)

// Incoming is the message that an update makes; false where it makes none.
func Incoming(raw []byte) (bot.Message, bool) {
	m := New("1:AAAAAAAAAA", nil)
	u, err := decode(raw)
	if u == nil || err != nil {
		return bot.Message{}, false
	}
	if _, ignored := m.lane(u); ignored != "" {
		return bot.Message{}, false
	}
	if _, _, private := u.place(); !private {
		return bot.Message{}, false
	}
	return m.incoming([]*job{{id: u.UpdateID, up: u}}), true
}

// Split cuts a text as messages are cut.
func Split(text string, limit int) []string {
	var out []string
	for _, s := range split(text, limit) {
		out = append(out, text[s.from:s.to])
	}
	return out
}

// Messages are what is sent of replies, files apart, as parameters of a call.
func Messages(replies []bot.Reply) []url.Values {
	var out []url.Values
	for _, o := range compose(replies) {
		if o.file != nil {
			continue
		}
		p := url.Values{"text": {o.text}}
		for name, v := range map[string]any{"entities": o.entities, "reply_markup": o.keys} {
			if data, err := json.Marshal(v); err == nil && string(data) != "null" {
				p.Set(name, string(data))
			}
		}
		out = append(out, p)
	}
	return out
}
