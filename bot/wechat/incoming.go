package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"anning/bot"
)

// incoming is a post made into something to answer.
type incoming struct {
	openID  string
	id      string      // the same for each delivery of one post
	message bot.Message // for the engine, unless words or silent are set
	words   string      // said without asking the engine
	silent  bool        // nothing is answered
	page    int         // of the latest answer, asked for by a tap; 0: none
	late    string      // what is said where the answer takes longer
}

func (in *incoming) user() bot.UserID { return in.message.From }

// incoming reads what was posted.
func (m *Messenger) incoming(p *post) *incoming {
	in := &incoming{openID: p.FromUserName, id: p.id(), late: stillThinking}
	in.message = bot.Message{ID: in.id, From: userID(p.FromUserName), At: time.Unix(p.CreateTime, 0)}
	switch p.MsgType {
	case "text":
		m.text(in, p)
	case "image":
		in.late = stillReading
		in.message.Files = []bot.File{m.picture(p)}
	case "voice":
		in.words, in.message.Text = noVoice, p.Recognition
		m.media(in, p, "voice", "audio/amr", ".amr")
	case "video", "shortvideo":
		in.words = noVideo
		m.media(in, p, "video", "video/mp4", ".mp4")
	case "location":
		in.words = noPlace
	case "link":
		in.words = noLink
	case "event":
		event(in, p)
	default:
		in.words = noKind
		m.options.Count("unknown kind")
	}
	return in
}

// id names a post by what WeChat says is the same in every delivery.
func (p *post) id() string {
	if p.MsgID != "" && p.MsgType != "event" {
		return "wx" + p.MsgID
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s\n%s\n%s\n%s", p.FromUserName, p.CreateTime, p.MsgType, p.Event, p.EventKey, p.Content))
	return "wx-" + hex.EncodeToString(sum[:12])
}

func (m *Messenger) text(in *incoming, p *post) {
	in.message.Text = p.Content
	if strings.HasPrefix(strings.TrimSpace(p.Content), unsupported) {
		in.words = noKind
	}
	if n, err := strconv.Atoi(p.MenuID); err == nil && n > pageID && n < 2*pageID && goesOn(p.Content) {
		in.page = n - pageID
	}
}

// media takes a voice or a video as evidence where the account may fetch it, and the words of a voice in any case.
func (m *Messenger) media(in *incoming, p *post, name, mime, ext string) {
	if p.MediaID != "" && m.api.can(media) {
		in.words = ""
		in.message.Files = []bot.File{{Name: name + ext, MIME: mime,
			Open: func(ctx context.Context) (io.ReadCloser, error) {
				return m.api.media(ctx, p.MediaID, m.options.MaxPicture)
			}}}
	}
	if in.message.Text != "" {
		in.words = ""
	}
}

// event takes what happened without words.
func event(in *incoming, p *post) {
	switch strings.ToLower(p.Event) {
	case "subscribe", "scan":
		in.message.Text = "/start"
	case "click":
		in.message.Text = p.EventKey
	default: // unsubscribe and answers to subscription messages are seen to elsewhere
		in.silent = true
	}
}
