package wechat

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// post is what WeChat posts: a message or an event, or one that is encrypted. Names as in WeChat's own pages.
type post struct {
	ToUserName   string // our account
	FromUserName string // the person's openid
	CreateTime   int64  // Unix seconds
	MsgType      string // text image voice video shortvideo location link event
	MsgID        string
	Content      string
	PicURL       string
	MediaID      string
	Format       string // of a voice: amr, speex
	Recognition  string // the words of a voice, where that is switched on
	MenuID       string // of a tapped line of a message
	Event        string
	EventKey     string
	Popups       []popup // answers to a request to send reminders
	Encrypt      string
}

// popup is the answer to one template of subscription messages.
type popup struct{ Template, Status string }

// Bounds of a post. WeChat's own have a handful of elements, two or three deep.
const (
	maxBody     = 128 << 10
	maxElements = 256
	maxDepth    = 8
)

var errPost = errors.New("wechat: not a post of WeChat's")

// parsePost reads a post. There are no entities but XML's own five, no DTD, and no more depth than WeChat uses.
func parsePost(data []byte) (*post, error) {
	d := xml.NewDecoder(bytes.NewReader(printable(data)))
	p, r := &post{}, reader{}
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			if r.elements == 0 || len(r.path) > 0 {
				return nil, errPost
			}
			return p, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errPost, err)
		}
		if err := r.token(p, tok); err != nil {
			return nil, err
		}
	}
}

// reader is where in a post we are.
type reader struct {
	path     []string
	elements int
	text     strings.Builder
	popup    popup
}

func (r *reader) token(p *post, tok xml.Token) error {
	switch tok := tok.(type) {
	case xml.StartElement:
		r.elements++
		if r.elements > maxElements || len(r.path) >= maxDepth || len(r.path) == 0 && (tok.Name.Local != "xml" || r.elements > 1) {
			return errPost
		}
		r.path = append(r.path, tok.Name.Local)
		r.text.Reset()
	case xml.CharData:
		if len(r.path) > 1 {
			r.text.Write(tok)
		}
	case xml.EndElement:
		if len(r.path) == 0 || r.path[len(r.path)-1] != tok.Name.Local {
			return errPost
		}
		r.end(p, tok.Name.Local, strings.TrimSpace(r.text.String()))
		r.path = r.path[:len(r.path)-1]
		r.text.Reset()
	case xml.Directive: // a DTD
		return errPost
	}
	return nil
}

// end takes the text of an element. What is inside others is of popups only.
func (r *reader) end(p *post, name, text string) {
	if len(r.path) > 2 {
		switch name {
		case "TemplateId":
			r.popup.Template = text
		case "SubscribeStatusString":
			r.popup.Status = text
		case "List":
			p.Popups = append(p.Popups, r.popup)
			r.popup = popup{}
		}
		return
	}
	switch name {
	case "CreateTime":
		p.CreateTime, _ = strconv.ParseInt(text, 10, 64)
	case "Content":
		p.Content = r.text.String()
	default:
		if field := p.field(name); field != nil {
			*field = text
		}
	}
}

func (p *post) field(name string) *string {
	switch name {
	case "ToUserName":
		return &p.ToUserName
	case "FromUserName":
		return &p.FromUserName
	case "MsgType":
		return &p.MsgType
	case "MsgId":
		return &p.MsgID
	case "PicUrl":
		return &p.PicURL
	case "MediaId":
		return &p.MediaID
	case "Format":
		return &p.Format
	case "Recognition":
		return &p.Recognition
	case "bizmsgmenuid":
		return &p.MenuID
	case "Event":
		return &p.Event
	case "EventKey":
		return &p.EventKey
	case "Encrypt":
		return &p.Encrypt
	}
	return nil
}

// printable takes out what XML cannot hold, so that a stray byte in somebody's words does not lose all of them.
func printable(data []byte) []byte {
	if utf8.Valid(data) && plain(data) {
		return data
	}
	return bytes.Map(func(r rune) rune {
		if unprintable(r) {
			return ' '
		}
		return r
	}, bytes.ToValidUTF8(data, []byte("?")))
}

// plain is false where something unprintable may be in the text. U+FFFE and U+FFFF begin with EF BF.
func plain(data []byte) bool {
	for i, c := range data {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xef && i+1 < len(data) && data[i+1] == 0xbf {
			return false
		}
	}
	return true
}

func unprintable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// textXML is the answer to a post: one text.
func textXML(p *post, text string, now int64) []byte {
	var b bytes.Buffer
	b.Grow(len(text) + 256)
	b.WriteString("<xml><ToUserName>")
	cdata(&b, p.FromUserName)
	b.WriteString("</ToUserName><FromUserName>")
	cdata(&b, p.ToUserName)
	fmt.Fprintf(&b, "</FromUserName><CreateTime>%d</CreateTime><MsgType><![CDATA[text]]></MsgType><Content>", now)
	cdata(&b, text)
	b.WriteString("</Content></xml>")
	return b.Bytes()
}

// sealedXML is an encrypted answer.
func sealedXML(sealed, sign, timestamp, nonce string) []byte {
	return fmt.Appendf(nil, "<xml><Encrypt><![CDATA[%s]]></Encrypt><MsgSignature><![CDATA[%s]]></MsgSignature>"+
		"<TimeStamp>%s</TimeStamp><Nonce><![CDATA[%s]]></Nonce></xml>", sealed, sign, timestamp, nonce)
}

func cdata(b *bytes.Buffer, text string) {
	b.WriteString("<![CDATA[")
	b.WriteString(strings.ReplaceAll(string(printable([]byte(text))), "]]>", "]]]]><![CDATA[>"))
	b.WriteString("]]>")
}
