package wechat_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"anning/bot/wechat"
)

func TestParsePost(t *testing.T) {
	for _, tt := range []struct {
		name, xml     string
		kind, content string
		ok            bool
	}{
		{"text", `<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[他说 <b>&amp;]]></Content><MsgId>1</MsgId></xml>`, "text", "他说 <b>&amp;", true},
		{"escaped", `<xml><MsgType>text</MsgType><Content>a &lt; b &amp; c &#x4f60;</Content></xml>`, "text", "a < b & c 你", true},
		{"split cdata", `<xml><MsgType>text</MsgType><Content><![CDATA[]]]]><![CDATA[>]]></Content></xml>`, "text", "]]>", true},
		{"a stray byte", "<xml><MsgType>text</MsgType><Content>好\x08吗\xff</Content></xml>", "text", "好 吗?", true},
		{"unknown elements", `<xml><New><A>1</A></New><MsgType>text</MsgType><Content>好</Content></xml>`, "text", "好", true},
		{"lines", "<xml>\r\n<MsgType>text</MsgType>\r\n<Content>一\r\n二\r三</Content></xml>\n", "text", "一\n二\n三", true},
		{"spaced tags", `<xml ><MsgType >text</MsgType ><Event/><Content /></xml >`, "text", "", true},
		{"byte order mark", "\ufeff<xml><MsgType>text</MsgType></xml>", "text", "", true},
		{"other characters", `<xml><Content>&#0;</Content></xml>`, "", "", false},
		{"half a character", `<xml><Content>&#xd800;</Content></xml>`, "", "", false},
		{"attribute", `<xml a="b"></xml>`, "", "", false},
		{"comment", `<xml><!-- a --></xml>`, "", "", false},
		{"words around", `a<xml></xml>`, "", "", false},
		{"no end of cdata", `<xml><Content><![CDATA[a</Content></xml>`, "", "", false},
		{"declared", `<?xml version="1.0" encoding="UTF-8"?><xml><MsgType>text</MsgType></xml>`, "text", "", true},
		{"empty", ``, "", "", false},
		{"no xml", `{"a":1}`, "", "", false},
		{"half", `<xml><MsgType>text</MsgType>`, "", "", false},
		{"crossed", `<xml><MsgType>text</xml></MsgType>`, "", "", false},
		{"two", `<xml></xml><xml></xml>`, "", "", false},
		{"another root", `<html></html>`, "", "", false},
		{"another charset", `<?xml version="1.0" encoding="GBK"?><xml></xml>`, "", "", false},
		{"entity", `<!DOCTYPE x [<!ENTITY a "b">]><xml><Content>&a;</Content></xml>`, "", "", false},
		{"unknown entity", `<xml><Content>&a;</Content></xml>`, "", "", false},
		{"outside entity", `<!DOCTYPE x SYSTEM "file:///etc/passwd"><xml></xml>`, "", "", false},
		{"deep", `<xml>` + strings.Repeat("<a>", 50) + strings.Repeat("</a>", 50) + `</xml>`, "", "", false},
		{"many", `<xml>` + strings.Repeat("<a></a>", 400) + `</xml>`, "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			kind, content, _, err := wechat.ParsePost([]byte(tt.xml))
			if (err == nil) != tt.ok || kind != tt.kind || content != tt.content {
				t.Errorf("got %q %q, %v", kind, content, err)
			}
		})
	}
}

func TestPostIDs(t *testing.T) {
	id := func(xml string) string {
		_, _, id, err := wechat.ParsePost([]byte(xml))
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	scan := `<xml><FromUserName>o1</FromUserName><CreateTime>12</CreateTime><MsgType>event</MsgType><Event>SCAN</Event><EventKey>a</EventKey></xml>`
	if id(scan) != id(scan) {
		t.Error("a repeated event has another id")
	}
	seen := map[string]bool{}
	for _, x := range []string{scan, strings.Replace(scan, "12", "13", 1), strings.Replace(scan, "o1", "o2", 1),
		strings.Replace(scan, "SCAN", "CLICK", 1), strings.Replace(scan, ">a<", ">b<", 1),
		`<xml><MsgType>text</MsgType><MsgId>1</MsgId></xml>`, `<xml><MsgType>text</MsgType><MsgId>2</MsgId></xml>`} {
		if seen[id(x)] {
			t.Errorf("two posts have one id: %s", x)
		}
		seen[id(x)] = true
	}
}

func FuzzParsePost(f *testing.F) {
	f.Add([]byte(textPost("o1", "1", "他们天天打电话")))
	f.Add([]byte(eventPost("o1", 1, "subscribe_msg_popup_event", "<SubscribeMsgPopupEvent><List><TemplateId>t</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List></SubscribeMsgPopupEvent>")))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><xml>&c;</xml>`))
	f.Add([]byte("<xml><a><b>\x00</b></a></xml>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, content, id, err := wechat.ParsePost(data)
		if err != nil {
			return
		}
		if !utf8.ValidString(content) || id == "" {
			t.Errorf("content %q, id %q", content, id)
		}
		want, err := asXML(wechat.Printable(data))
		if err != nil {
			t.Fatalf("%q is no XML: %v", data, err)
		}
		if content != want {
			t.Errorf("%q was read as %q, XML says %q", data, content, want)
		}
	})
}

// asXML is the content of a post as encoding/xml reads it: of the last Content right below the root, what follows the
// last tag in it.
func asXML(data []byte) (content string, err error) {
	d := xml.NewDecoder(bytes.NewReader(data))
	var path []string
	text := ""
	for {
		tok, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return content, nil
		}
		if err != nil {
			return "", err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			path, text = append(path, tok.Name.Local), ""
		case xml.CharData:
			text += string(tok)
		case xml.EndElement:
			if len(path) == 2 && path[1] == "Content" {
				content = text
			}
			path, text = path[:len(path)-1], ""
		}
	}
}

func FuzzTextXML(f *testing.F) {
	f.Add("o1", "他说「别想跑」 <b>&amp; ]]> ]]]]>")
	f.Add("]]>", "a\x00b\xff\ufffe")
	f.Fuzz(func(t *testing.T, to, text string) {
		var x struct{ ToUserName, Content string }
		if err := xml.Unmarshal(wechat.TextXML(to, text), &x); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if plain := strings.ReplaceAll(text, "\r", ""); utf8.ValidString(text) && plain == text && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r == 0xfffe || r == 0xffff }) && x.Content != text {
			t.Errorf("%q was written as %q", text, x.Content)
		}
	})
}
