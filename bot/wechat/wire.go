package wechat

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
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

// parsePost reads a post: elements, text and CDATA, which is all that WeChat writes, and by hand, for it is done at every
// message (a tenth of what encoding/xml takes). No attributes, comments or DTD; no entities but XML's own five and
// characters by number; no more depth than WeChat uses.
func parsePost(data []byte) (*post, error) {
	p := &post{}
	r := reader{rest: bytes.TrimPrefix(printable(data), []byte("\ufeff"))}
	r.rest = r.rest[len(declaration.Find(r.rest)):]
	for len(r.rest) > 0 {
		if !r.next(p) {
			return nil, errPost
		}
	}
	if r.elements == 0 || r.depth > 0 {
		return nil, errPost
	}
	return p, nil
}

var declaration = regexp.MustCompile(`^<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?(?: standalone="(?:yes|no)")? ?\?>`)

// reader is where in a post we are.
type reader struct {
	rest     []byte
	path     [maxDepth][]byte
	depth    int
	elements int
	text     []byte // since the last tag
	popup    popup
}

const cdataBegin, cdataEnd = "<![CDATA[", "]]>"

// next takes a tag, or what is before the next one. false: this is no post.
func (r *reader) next(p *post) bool {
	tag := bytes.IndexByte(r.rest, '<')
	switch {
	case tag < 0:
		return r.characters(len(r.rest))
	case tag > 0:
		return r.characters(tag)
	case bytes.HasPrefix(r.rest, []byte(cdataBegin)):
		r.rest = r.rest[len(cdataBegin):]
		end := bytes.Index(r.rest, []byte(cdataEnd))
		if end < 0 || r.depth == 0 {
			return false
		}
		r.text = append(r.text, lines(r.rest[:end])...)
		r.rest = r.rest[end+len(cdataEnd):]
		return true
	}
	end := bytes.IndexByte(r.rest, '>')
	if end < 0 {
		return false
	}
	name := r.rest[1:end]
	r.rest = r.rest[end+1:]
	if closes, ok := bytes.CutPrefix(name, []byte("/")); ok {
		return r.close(p, closes)
	}
	name, empty := bytes.CutSuffix(name, []byte("/"))
	return r.open(name) && (!empty || r.close(p, name))
}

func (r *reader) open(name []byte) bool {
	name = bytes.TrimRight(name, " \t\r\n")
	r.elements++
	if !isName(name) || r.elements > maxElements || r.depth >= maxDepth || r.depth == 0 && (string(name) != "xml" || r.elements > 1) {
		return false
	}
	r.path[r.depth] = name
	r.depth++
	r.text = r.text[:0]
	return true
}

func (r *reader) close(p *post, name []byte) bool {
	if name = bytes.TrimRight(name, " \t\r\n"); r.depth == 0 || !bytes.Equal(r.path[r.depth-1], name) {
		return false
	}
	r.end(p, string(name))
	r.depth--
	r.text = r.text[:0]
	return true
}

func isName(name []byte) bool {
	for i, c := range name {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c != '-' && c != '.' && (c < '0' || c > '9')) {
			return false
		}
	}
	return len(name) > 0
}

// characters takes n bytes of text outside of CDATA.
func (r *reader) characters(n int) bool {
	text := lines(r.rest[:n])
	r.rest = r.rest[n:]
	if r.depth == 0 {
		return len(bytes.TrimSpace(text)) == 0
	}
	if bytes.Contains(text, []byte(cdataEnd)) {
		return false
	}
	for {
		at := bytes.IndexByte(text, '&')
		if at < 0 {
			r.text = append(r.text, text...)
			return true
		}
		end := bytes.IndexByte(text[at:min(len(text), at+12)], ';')
		if end < 0 {
			return false
		}
		c, ok := entity(string(text[at+1 : at+end]))
		if !ok {
			return false
		}
		r.text = utf8.AppendRune(append(r.text, text[:at]...), c)
		text = text[at+end+1:]
	}
}

// lines ends them as XML says.
func lines(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// entity is the character that stands between & and ;.
func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "apos":
		return '\'', true
	case "quot":
		return '"', true
	}
	digits, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	c := rune(n)
	return c, ok && err == nil && n <= utf8.MaxRune && utf8.ValidRune(c) && !unprintable(c)
}

// end takes the text of an element. What is inside others is of popups only.
func (r *reader) end(p *post, name string) {
	if r.depth > 2 {
		text := string(bytes.TrimSpace(r.text))
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
		p.CreateTime, _ = strconv.ParseInt(string(bytes.TrimSpace(r.text)), 10, 64)
	case "Content":
		p.Content = string(r.text)
	default:
		if field := p.field(name); field != nil {
			*field = string(bytes.TrimSpace(r.text))
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
func plain[T []byte | string](data T) bool {
	for i := range len(data) {
		if c := data[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0xef && i+1 < len(data) && data[i+1] == 0xbf {
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
	if !utf8.ValidString(text) || !plain(text) {
		text = string(printable([]byte(text)))
	}
	if strings.Contains(text, cdataEnd) {
		text = strings.ReplaceAll(text, cdataEnd, "]]]]><![CDATA[>")
	}
	b.WriteString(text)
	b.WriteString("]]>")
}
