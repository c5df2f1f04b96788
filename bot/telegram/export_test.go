package telegram

import "anning/bot"

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
