// Package telegram is the messenger on Telegram.
//
// Updates come by long polling, or by webhook where a public address is set. An update is confirmed only once its turn
// is committed and its replies are sent, or once it is kept durably until then (a Row). Everything one person sends is
// walked in its order, one after the other; everything sent to Telegram keeps its rates and waits where it is told to.
//
// Where things are: api.go is the one door to Telegram, wire.go what comes through it. poll.go and webhook.go take
// updates, inbox.go puts them in a lane for each person, spool.go keeps what takes longer, turn.go walks one, press.go tends
// to a pressed button. incoming.go and files.go make messages; outgoing.go, keyboard.go and split.go draw replies;
// send.go and pace.go deliver them.
package telegram

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"anning/bot"
)

// Options are the settings of the messenger. The zero value of each field stands for the default named beside it.
type Options struct {
	API       string            // where Telegram's bot API is; https://api.telegram.org
	Transport http.RoundTripper // carries the calls; one that asks the environment for a proxy

	Webhook  string       // the public address that Telegram posts updates to, with any path; empty: long polling
	Secret   string       // what Telegram shows with each post, A-Za-z0-9_-; made from the token
	Addr     string       // where posts are taken; 127.0.0.1:8081
	Listener net.Listener // served instead of Addr, where it is already open

	Poller Row // says which of several processes polls; in memory: there is one
	Spool  Row // keeps updates that take longer; in memory

	PerSecond    int               // messages to everybody together; 25
	Grace        time.Duration     // how long what has begun may take once Run is told to stop; 15 s
	AnswerWithin time.Duration     // how long one answer may take; 2 min
	Count        func(what string) // told of each thing that is counted: "ignored", "refused", …; nothing
	Log          *slog.Logger      // slog.Default(); never sees text, files, the token or a user's id
}

// ErrGone says that nobody can be reached there: the person blocked the bot, or the account is no more.
var ErrGone = errors.New("telegram: the person cannot be reached")

// Messenger is the bot's place on Telegram.
type Messenger struct {
	options Options
	api     *api
	sender  *sender
	inbox   *inbox
	spool   *spool
	lease   *lease
	order   *order
	answer  bot.Handler
	told    *recent[int64]  // people who were told that pictures are better sent as files
	invited *recent[int64]  // groups that were told to write in private
	texts   *recent[string] // what was said lately, so that an edit that changes nothing is none
	self    selfName
	aside   sync.WaitGroup // small things that nobody waits for

	takesOver atomic.Bool // this process is one that takes over what others left
}

var (
	_ bot.Messenger = (*Messenger)(nil)
	_ bot.Pusher    = (*Messenger)(nil)
)

// New makes the messenger of the bot that a token of @BotFather stands for. It reaches for Telegram once Run is called.
// nil options are the defaults.
func New(token string, options *Options) *Messenger {
	o := Options{}
	if options != nil {
		o = *options
	}
	o.fill(token)
	m := &Messenger{options: o, api: newAPI(token, o), told: newRecent[int64](4096), invited: newRecent[int64](1024),
		texts: newRecent[string](4096)}
	m.sender = newSender(m.api, o)
	m.spool = newSpool(o.Spool, o.Log)
	m.lease = newLease(o.Poller)
	m.order = newOrder()
	m.inbox = newInbox(m.work)
	return m
}

// fill puts the defaults in place.
func (o *Options) fill(token string) {
	o.API = cmp.Or(o.API, "https://api.telegram.org")
	o.API = strings.TrimRight(o.API, "/")
	o.Secret = cmp.Or(o.Secret, secretOf(token))
	o.Addr = cmp.Or(o.Addr, "127.0.0.1:8081")
	o.PerSecond = cmp.Or(o.PerSecond, 25)
	o.Grace = cmp.Or(o.Grace, 15*time.Second)
	o.AnswerWithin = cmp.Or(o.AnswerWithin, 2*time.Minute)
	if o.Transport == nil {
		t := http.DefaultTransport.(*http.Transport).Clone() // proxies come from the environment
		t.MaxIdleConnsPerHost = 32
		t.ResponseHeaderTimeout = 70 * time.Second
		o.Transport = t
	}
	if o.Poller == nil {
		o.Poller = &memory{}
	}
	if o.Spool == nil {
		o.Spool = &memory{}
	}
	if o.Count == nil {
		o.Count = func(string) {}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// Run serves until ctx ends. Then answers in work are finished and sent, within Options.Grace, and Run returns nil; what
// could not be finished Telegram, or the spool, brings again.
func (m *Messenger) Run(ctx context.Context, answer bot.Handler) error {
	m.answer = answer
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	m.inbox.open(work)
	var all sync.WaitGroup
	all.Go(func() { m.introduce(ctx) })
	all.Go(func() { m.keepSpool(ctx, work) })
	var err error
	if m.options.Webhook != "" {
		err = m.serve(ctx)
	} else {
		m.poll(ctx, work)
	}
	grace := time.AfterFunc(m.options.Grace, end)
	defer grace.Stop()
	m.inbox.close()
	end()
	all.Wait()
	m.aside.Wait()
	m.spool.release(context.WithoutCancel(ctx))
	return err
}

// Push delivers replies to a person who did not just write, without a sound. ErrGone says that trying again is in vain.
func (m *Messenger) Push(ctx context.Context, to bot.UserID, replies []bot.Reply) error {
	number, ok := strings.CutPrefix(string(to), prefix)
	chat, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil {
		return fmt.Errorf("%w: not a user of Telegram", ErrGone)
	}
	out := compose(replies)
	for i := range out {
		out[i].silent = true
	}
	return m.sender.say(ctx, chat, out, lineLater)
}

// prefix is what the names of Telegram's people begin with.
const prefix = "telegram:"

func userID(id int64) bot.UserID { return bot.UserID(prefix + strconv.FormatInt(id, 10)) }
