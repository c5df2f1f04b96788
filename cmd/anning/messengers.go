package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"syscall"

	"anning/bot"
	"anning/bot/telegram"
	"anning/bot/web"
	"anning/bot/wechat"
	"anning/storage"
)

// messenger is one way to reach people.
type messenger struct {
	name string
	// open makes it from the settings; nil where they do not ask for it. It says where people find it.
	open func(ctx context.Context, s *server) (m bot.Messenger, where string, err error)
	away error // Push fails with it when nobody is there: what was to be said waits in the conversation
}

// messengers is the table of all of them: a new messenger is a folder under bot/ and an entry here.
var messengers = []messenger{
	{name: "web", open: openWeb, away: web.ErrNotConnected},
	{name: "telegram", open: openTelegram, away: telegram.ErrGone},
	{name: "wechat", open: openWeChat, away: wechat.ErrAway},
}

func openWeb(ctx context.Context, s *server) (bot.Messenger, string, error) {
	c := s.config
	if c.Web == "" {
		return nil, "", nil
	}
	l, err := listen(ctx, c.Web, c.given["WEB_ADDR"])
	if err != nil {
		return nil, "", hint(fmt.Errorf("打开网页: %w", err), "用 WEB_ADDR 换一个地址，如 WEB_ADDR=127.0.0.1:8090；off 不开网页。")
	}
	m := web.New(c.Web, s.bot, &web.Options{Listener: l, Leave: c.Leave, Lifetime: c.Keep, Secure: c.WebSecure,
		TrustProxy: c.WebTrust, Log: s.log})
	return m, "http://" + fromHere(l.Addr().String()) + "/", nil
}

func openTelegram(_ context.Context, s *server) (bot.Messenger, string, error) {
	c := s.config.Telegram
	if c.Token == "" {
		return nil, "", s.config.alone("TELEGRAM_TOKEN", "TELEGRAM_WEBHOOK")
	}
	if c.API == "" && !telegramPosts(c.Webhook) {
		return nil, "", hint(errors.New("Telegram 不往 TELEGRAM_WEBHOOK 这样的地址推"), "要 https://，端口 443、80、88 或 8443（不写就是 443）；反向代理在那里收，再转到 TELEGRAM_ADDR。")
	}
	m := telegram.New(c.Token, &telegram.Options{API: c.API, Webhook: c.Webhook, Addr: c.Addr, Log: s.log,
		Poller: row{s.store, "telegram.poller"}, Spool: row{s.store, "telegram.spool"},
		Count: func(what string) { s.metrics.happened("telegram", what) }})
	where := "Telegram（自己去取消息）"
	if c.Webhook != "" {
		where = "Telegram（推到 " + c.Webhook + "）"
	}
	return m, where, nil
}

// telegramPosts says whether Telegram's own server posts to such an address; "" for none.
func telegramPosts(webhook string) bool {
	u, err := url.Parse(webhook)
	return webhook == "" || err == nil && u.Scheme == "https" && slices.Contains([]string{"", "443", "80", "88", "8443"}, u.Port())
}

// alone is an error where one of the settings is there that mean nothing without the first: somebody forgot it.
func (c *config) alone(first string, others ...string) error {
	for _, name := range others {
		if c.given[name] {
			return hint(fmt.Errorf("写了 %s，没写 %s", name, first), "两个都写，或者都不写。")
		}
	}
	return nil
}

// listen opens an address. One that nobody chose gives way to the next free port, twenty at most.
func listen(ctx context.Context, addr string, chosen bool) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if chosen || !errors.Is(err, syscall.EADDRINUSE) {
		return l, err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	n, err := net.DefaultResolver.LookupPort(ctx, "tcp", port)
	if err != nil {
		return nil, err
	}
	for i := 1; i <= 20; i++ {
		if l, err = lc.Listen(ctx, "tcp", net.JoinHostPort(host, fmt.Sprint(n+i))); err == nil {
			return l, nil
		}
	}
	return nil, err
}

// fromHere is an address as this machine reaches it: one that stands for all of its addresses becomes the loopback.
func fromHere(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// post says what fell due: it wakes the conversation and pushes the replies where that can be done. Otherwise they wait
// for the person as the latest answer.
type post struct {
	bot     *bot.Bot
	pushers map[string]pusher // by name of the messenger
	log     *slog.Logger
	said    func(messenger string)
}

type pusher struct {
	bot.Pusher
	away error
}

// say is a reminders.Say. A push that failed is tried again: waking twice answers from the store.
func (p *post) say(ctx context.Context, d storage.Due) error {
	user, replies, err := p.bot.Wake(ctx, d)
	if err != nil || len(replies) == 0 {
		return err
	}
	name, _, _ := strings.Cut(string(user), ":")
	if to, ok := p.pushers[name]; ok {
		if err := to.Push(ctx, user, replies); err != nil && (to.away == nil || !errors.Is(err, to.away)) {
			return fmt.Errorf("push: %w", err)
		}
	}
	p.said(name)
	p.log.Info("reminder", "messenger", name)
	return nil
}
