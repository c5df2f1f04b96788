package wechat_test

import (
	"bytes"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/wechat"
)

const (
	token   = "spamtest"
	appID   = "wx2c2769f8efd9abc2"
	aesKey  = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	account = "gh_10f6c3c3ac5a"
)

// site is a messenger that serves, as WeChat sees it.
type site struct {
	t        *testing.T
	addr     string
	listener net.Listener
	sealed   *wechat.Sealer // nil: posts are plain
	count    counter
}

// counter counts what the messenger counts.
type counter struct {
	mu  sync.Mutex
	all map[string]int
}

func (c *counter) add(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[string]int{}
	}
	c.all[what]++
}

func (c *counter) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.all[what]
}

func newSite(t *testing.T, sealed bool) *site {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	s := &site{t: t, listener: l, addr: l.Addr().String()}
	if sealed {
		if s.sealed, err = wechat.NewSealer(aesKey, appID); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s *site) account() wechat.Account {
	a := wechat.Account{AppID: appID, Token: token}
	if s.sealed != nil {
		a.AESKey = aesKey
	}
	return a
}

// messenger makes the messenger of the site. opts may be nil.
func (s *site) messenger(keeper bot.Keeper, opts *wechat.Options) *wechat.Messenger {
	s.t.Helper()
	o := wechat.Options{}
	if opts != nil {
		o = *opts
	}
	o.Listener, o.Count = s.listener, s.count.add
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return s.messengerOf(s.account(), keeper, &o)
}

func (s *site) messengerOf(a wechat.Account, keeper bot.Keeper, o *wechat.Options) *wechat.Messenger {
	s.t.Helper()
	m, err := wechat.New(a, keeper, o)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

// run runs a messenger until the test ends, or stop is called.
func run(t *testing.T, m *wechat.Messenger, answer bot.Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- m.Run(ctx, answer) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func sign(words ...string) string {
	slices.Sort(words)
	sum := sha1.Sum([]byte(strings.Join(words, "")))
	return hex.EncodeToString(sum[:])
}

var nonces atomic.Int64

// signedQuery is what WeChat puts behind our address.
func signedQuery(at time.Time) url.Values {
	ts, nonce := strconv.FormatInt(at.Unix(), 10), strconv.FormatInt(nonces.Add(1), 10)
	return url.Values{"timestamp": {ts}, "nonce": {nonce}, "signature": {sign(token, ts, nonce)}}
}

// answered is what came back for a post.
type answered struct {
	status int
	body   string
	text   string // of the passive reply
	to     string
}

// post sends a post as WeChat does, encrypted where the site is.
func (s *site) post(body string) answered { return s.postWith(signedQuery(time.Now()), body) }

func (s *site) postWith(q url.Values, body string) answered {
	if s.sealed != nil {
		sealed := s.sealed.Seal([]byte(body))
		q.Set("encrypt_type", "aes")
		q.Set("msg_signature", sign(token, q.Get("timestamp"), q.Get("nonce"), sealed))
		body = "<xml><ToUserName><![CDATA[" + account + "]]></ToUserName><Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>"
	}
	return s.raw(q, []byte(body))
}

// raw sends bytes.
func (s *site) raw(q url.Values, body []byte) answered {
	resp, err := http.Post("http://"+s.addr+"/wechat?"+q.Encode(), "text/xml", bytes.NewReader(body))
	if err != nil {
		s.t.Errorf("post: %v", err)
		return answered{}
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Errorf("post: %v", err)
	}
	a := answered{status: resp.StatusCode, body: string(data)}
	if resp.StatusCode == http.StatusOK && a.body != "success" {
		s.decode(&a)
	}
	return a
}

func (s *site) decode(a *answered) {
	var x struct {
		Encrypt, MsgSignature, TimeStamp, Nonce    string
		ToUserName, FromUserName, MsgType, Content string
	}
	if err := xml.Unmarshal([]byte(a.body), &x); err != nil {
		s.t.Errorf("the answer %q: %v", a.body, err)
		return
	}
	if s.sealed != nil {
		if x.MsgSignature != sign(token, x.TimeStamp, x.Nonce, x.Encrypt) {
			s.t.Errorf("the answer's signature is wrong: %q", a.body)
		}
		plain, err := s.sealed.Open(x.Encrypt)
		if err != nil {
			s.t.Errorf("the answer cannot be decrypted: %v", err)
			return
		}
		if err := xml.Unmarshal(plain, &x); err != nil {
			s.t.Errorf("the answer %q: %v", plain, err)
			return
		}
	}
	if x.MsgType != "text" || x.FromUserName != account {
		s.t.Errorf("the answer is a %q from %q", x.MsgType, x.FromUserName)
	}
	if n := len(x.Content); n > 1900 {
		s.t.Errorf("the answer has %d bytes: %q", n, x.Content)
	}
	a.text, a.to = x.Content, x.ToUserName
}

// textPost is a text as WeChat posts it.
func textPost(from, id, text string) string { return textPostWith(from, id, text, "") }

func textPostWith(from, id, text, more string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text))
	return fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[text]]></MsgType><Content>%s</Content><MsgId>%s</MsgId>%s</xml>", account, from, time.Now().Unix(), b.String(), id, more)
}

// kindPost is a post of another kind; fields are its own elements.
func kindPost(from, id, kind, fields string) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[%s]]></MsgType>%s<MsgId>%s</MsgId></xml>", account, from, time.Now().Unix(), kind, fields, id)
}

// eventPost is an event.
func eventPost(from string, at int64, event, fields string) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event>%s</xml>", account, from, at, event, fields)
}

var link = regexp.MustCompile(`<a href="weixin://bizmsgmenu\?msgmenucontent=([^&"]*)&msgmenuid=([0-9]+)">([^<]*)</a>`)

// visible is a text as WeChat shows it.
func visible(text string) string { return link.ReplaceAllString(text, "$3") }

// person is somebody with WeChat in their hand.
type person struct {
	site *site
	name string

	mu   sync.Mutex
	seen string
}

func (p *person) Say(t *testing.T, id, text string) { p.say(id, text) }

func (p *person) say(id, text string) string {
	a := p.site.post(textPost(p.name, id, text))
	if a.status != http.StatusOK {
		p.site.t.Errorf("%q was answered with %d %s", text, a.status, a.body)
	}
	if a.text != "" && a.to != p.name {
		p.site.t.Errorf("the answer to %s goes to %s", p.name, a.to)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen += visible(a.text) + "\n"
	return visible(a.text)
}

func (p *person) Press(t *testing.T, id string, c bot.Choice) {
	p.mu.Lock()
	n := regexp.MustCompile(`(?m)^([0-9]+) ` + regexp.QuoteMeta(c.Label) + `$`).FindStringSubmatch(p.seen)
	p.mu.Unlock()
	if n == nil {
		t.Errorf("no number before %q in %q", c.Label, p.seen)
		return
	}
	p.Say(t, id, n[1])
}

func (p *person) Sees(t *testing.T, want string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !strings.Contains(p.seen, want) {
		t.Fatalf("the person saw %q; want %q", p.seen, want)
	}
	return p.seen
}

// keeps is a Keeper of answers made by a test's own handler.
type keeps struct {
	mu   sync.Mutex
	turn map[bot.UserID]int
	last map[bot.UserID][]bot.Reply
}

func (k *keeps) Latest(_ context.Context, user bot.UserID) (int, []bot.Reply, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.turn[user], k.last[user], nil
}

// kept makes a handler's answers the latest ones, as the engine does.
func (k *keeps) kept(answer bot.Handler) bot.Handler {
	return func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		replies, err := answer(ctx, m)
		if err == nil {
			k.said(m.From, replies)
		}
		return replies, err
	}
}

func (k *keeps) said(user bot.UserID, replies []bot.Reply) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.turn == nil {
		k.turn, k.last = map[bot.UserID]int{}, map[bot.UserID][]bot.Reply{}
	}
	k.turn[user]++
	k.last[user] = replies
}
