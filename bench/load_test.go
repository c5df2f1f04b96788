package bench

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Sizes of the load: as many people write, over so many connections.
const (
	people      = 10_000
	connections = 50
)

// post makes the next request to a path: where to, what, and what is done with the answer.
type post func(path string) (to, kind, body string, answered func(body []byte))

const secretToken = "secretOfTheBenchmark" // shown with each post, as Telegram does

// target is a handler under load.
type target struct {
	name  string
	at    process
	path  string
	next  post
	conns []net.Conn
	rd    []*bufio.Reader
	out   [][]byte
}

func newTarget(name string, at process, path string, next post) *target {
	return &target{name: name, at: at, path: path, next: next, conns: make([]net.Conn, connections), rd: make([]*bufio.Reader, connections), out: make([][]byte, connections)}
}

// run makes n requests over all connections.
func (t *target) run(b *testing.B, n int) {
	var left atomic.Int64
	left.Store(int64(n))
	var all sync.WaitGroup
	for i := range t.conns {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := t.one(i, t.next); err != nil {
					b.Error(t.name, err)
					return
				}
			}
		})
	}
	all.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

func (t *target) one(i int, next post) error {
	if t.conns[i] == nil { // not before it is needed: a server does not wait for ever
		c, err := net.Dial("tcp", t.at.addr)
		if err != nil {
			return err
		}
		t.conns[i], t.rd[i] = c, bufio.NewReaderSize(c, 16<<10)
	}
	to, kind, body, answered := next(t.path)
	t.out[i] = append(t.out[i][:0], "POST "...)
	for _, part := range [...]string{to, " HTTP/1.1\r\nHost: ", t.at.addr, "\r\nX-Telegram-Bot-Api-Secret-Token: ", secretToken, "\r\nContent-Type: ", kind, "\r\nContent-Length: ", strconv.Itoa(len(body)), "\r\n\r\n", body} {
		t.out[i] = append(t.out[i], part...)
	}
	if _, err := t.conns[i].Write(t.out[i]); err != nil {
		return err
	}
	n := -1
	for first := true; ; first = false {
		line, err := t.rd[i].ReadSlice('\n')
		if err != nil {
			return err
		}
		if first && !bytes.Contains(line, []byte(" 200 ")) {
			return fmt.Errorf("answer: %s", line)
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			n, _ = strconv.Atoi(strings.TrimSpace(string(value)))
		}
		if len(line) == 2 {
			break
		}
	}
	if n < 0 {
		return fmt.Errorf("an answer without a length")
	}
	said, err := t.rd[i].Peek(n)
	if err != nil {
		return err
	}
	answered(said)
	_, err = t.rd[i].Discard(n)
	return err
}

// updates makes Telegram's updates: the people say the words given, at random.
func updates(words ...string) post {
	var last atomic.Int64
	return func(path string) (to, kind, body string, answered func([]byte)) {
		number, chat := strconv.FormatInt(last.Add(1), 10), strconv.Itoa(rand.IntN(people)+1)
		body = `{"update_id":` + number + `,"message":{"message_id":` + number + `,"from":{"id":` + chat + `,"is_bot":false,"first_name":"张三","language_code":"zh-hans"},"chat":{"id":` +
			chat + `,"first_name":"张三","type":"private"},"date":1763740000,"text":"` + words[rand.IntN(len(words))] + `"}}`
		return path, "application/json", body, func([]byte) {}
	}
}

// crowd are people on WeChat.
type crowd struct {
	name  string
	types bool     // a sentence each time; else numbers of choices
	shown []string // by person: what to write next
	mu    []sync.Mutex
	posts atomic.Int64
}

func newCrowd(name string) *crowd {
	return &crowd{name: name, shown: make([]string, people), mu: make([]sync.Mutex, people)}
}

// meet lets everybody say hello and agree to be remembered.
func (c *crowd) meet(b *testing.B, t *target) {
	for _, words := range []string{"/start", "可以记"} {
		for id := range people {
			c.shown[id] = words
		}
		var next atomic.Int64
		var all sync.WaitGroup
		for i := range t.conns {
			all.Go(func() {
				for id := int(next.Add(1)) - 1; id < people; id = int(next.Add(1)) - 1 {
					if err := t.one(i, func(path string) (string, string, string, func([]byte)) { return c.from(id, path) }); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
	}
	if b.Failed() {
		b.FailNow()
	}
}

var sentences = []string{"他们天天给我公司同事打电话", "说今天不还就上门找我爸妈", "一天打六十个电话骂人", "自称公安局的说要抓我", "把我照片发到群里了",
	"能不能少还一点分期", "收到法院传票了怎么办", "12378 打不通", "谁在催我都不知道", "依据", "菜单"}

// post is what somebody writes next. Whoever is at it already is left to it.
func (c *crowd) post(path string) (to, kind, body string, answered func([]byte)) {
	id := rand.IntN(people)
	for !c.mu[id].TryLock() {
		id = rand.IntN(people)
	}
	to, kind, body, heard := c.from(id, path)
	return to, kind, body, func(said []byte) { heard(said); c.mu[id].Unlock() }
}

func (c *crowd) from(id int, path string) (to, kind, body string, answered func([]byte)) {
	n, now, nonce := c.posts.Add(1), strconv.FormatInt(time.Now().Unix(), 10), strconv.FormatUint(rand.Uint64(), 10)
	words := []string{wechatToken, now, nonce}
	slices.Sort(words)
	sum := sha1.Sum([]byte(strings.Join(words, "")))
	to = path + "?signature=" + hex.EncodeToString(sum[:]) + "&timestamp=" + now + "&nonce=" + nonce + "&openid=o" + c.name + strconv.Itoa(id)
	body = "<xml><ToUserName><![CDATA[gh_3c884a361561]]></ToUserName>\n<FromUserName><![CDATA[o" + c.name + strconv.Itoa(id) + "]]></FromUserName>\n<CreateTime>" + now +
		"</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[" + c.shown[id] + "]]></Content>\n<MsgId>" + now + strconv.FormatInt(n, 10) + "</MsgId>\n</xml>"
	return to, "text/xml", body, func(said []byte) { c.shown[id] = c.reads(said) }
}

// reads is what somebody writes after an answer.
func (c *crowd) reads(said []byte) string {
	if c.types {
		return sentences[rand.IntN(len(sentences))]
	}
	choices := 0
	for at := []byte("\n1 "); bytes.Contains(said, at); at[1]++ {
		choices++
	}
	switch {
	case choices == 0 || rand.IntN(12) == 0:
		return "菜单"
	}
	return strconv.Itoa(rand.IntN(choices) + 1)
}
