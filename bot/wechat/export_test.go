package wechat

import (
	"context"
	"net/http"

	"anning/bot"
)

// Sealer lets tests speak WeChat's encryption.
type Sealer struct{ s *sealer }

func NewSealer(key, appID string) (*Sealer, error) {
	s, err := newSealer(key, appID)
	return &Sealer{s}, err
}

func (s *Sealer) Open(sealed string) ([]byte, error) { return s.s.open(sealed) }
func (s *Sealer) Seal(text []byte) string            { return s.s.seal(text) }

// Pages draws replies, with links or without.
func Pages(replies []bot.Reply, links bool) []string { return drawing{links: links}.pages(replies) }

// PictureAddress is where a picture is fetched from.
func PictureAddress(raw string) (string, error) { return pictureAddress(raw) }

// PublicOnly is the transport that pictures come by.
var PublicOnly = publicOnly

// ParsePost reads a post; what it says about itself comes back.
func ParsePost(data []byte) (kind, content, id string, err error) {
	p, err := parsePost(data)
	if err != nil {
		return "", "", "", err
	}
	return p.MsgType, p.Content, p.id(), nil
}

// Printable is a post without what XML cannot hold.
var Printable = printable

// TextXML writes a text and AnswerOf reads it again.
func TextXML(to, text string) []byte {
	return textXML(&post{FromUserName: to, ToUserName: "gh_1"}, text, 1)
}

// RefreshBoard does at once what a process does now and then.
func (m *Messenger) RefreshBoard() { m.board.refresh(context.Background()) }

// Abilities are what the account is believed to be able to do.
func (m *Messenger) Abilities() map[string]bool {
	out := map[string]bool{}
	for _, a := range []ability{customer, tapMenu, menus, reminding, media} {
		out[string(a)] = m.api.can(a)
	}
	return out
}

// Serve answers one request without a network.
func (m *Messenger) Serve(w http.ResponseWriter, r *http.Request, answer bot.Handler) {
	m.answer = answer
	m.serve(w, r)
}
