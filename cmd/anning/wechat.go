package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"anning/bot"
	"anning/bot/wechat"
	"anning/storage"
)

// wechatConfig is what a WeChat official account needs.
type wechatConfig struct {
	wechat.Account
	Addr     string // where posts are taken
	URL      string // the public address of Addr
	API      string
	NoLinks  bool
	Menu     wechat.Menu
	Template string   // of subscription messages
	Fields   []string // of the template
}

// wechatSettings are its settings.
var wechatSettings = []setting{
	{"WECHAT_APPID", "", "微信公众号的 AppID（wx 开头）；不写就不开微信", false,
		func(c *config, v string) error {
			return matches(&c.WeChat.AppID, v, `wx[0-9a-z]{16}`, "AppID 是 wx 开头的 18 个字")
		}},
	{"WECHAT_TOKEN", "", "公众号「服务器配置」里填的 Token，3 到 32 个字母数字", true,
		func(c *config, v string) error {
			return matches(&c.WeChat.Token, v, `[0-9A-Za-z]{3,32}`, "Token 是 3 到 32 个字母数字")
		}},
	{"WECHAT_AES_KEY", "", "「服务器配置」里的 EncodingAESKey，43 个字母数字；写了就只收加密的消息（兼容模式、安全模式）", true,
		func(c *config, v string) error {
			return matches(&c.WeChat.AESKey, v, `[0-9A-Za-z]{43}`, "EncodingAESKey 是 43 个字母数字")
		}},
	{"WECHAT_SECRET", "", "AppSecret，认证过的号才用得上：客服消息、自定义菜单、订阅通知、收语音和视频；不写只做被动回复", true,
		func(c *config, v string) error {
			return matches(&c.WeChat.Secret, v, `[0-9A-Za-z]{16,64}`, "AppSecret 是 32 个字母数字")
		}},
	{"WECHAT_ADDR", "127.0.0.1:8082，占用就用下一个", "微信的消息在本机哪里收，前面要有反向代理", false,
		func(c *config, v string) error { return address(&c.WeChat.Addr, v) }},
	{"WECHAT_URL", "", "WECHAT_ADDR 的公网地址，如 https://你的域名/wechat：微信发不了文件，也不能先开口，文件和提醒用的日历从这里取；不写就不给", false,
		func(c *config, v string) error { return webPage(&c.WeChat.URL, v) }},
	{"WECHAT_LINKS", "on", "on：选项的字可以点（数字照样有）；off：只能回复数字或打字", false,
		func(c *config, v string) error {
			on := true
			err := onOff(&on, v)
			c.WeChat.NoLinks = !on
			return err
		}},
	{"WECHAT_MENU", "auto", "自定义菜单：auto 没有菜单才建，on 换成安宁的，off 不管", false,
		func(c *config, v string) error { return wechatMenu(&c.WeChat.Menu, v) }},
	{"WECHAT_TEMPLATE", "", "提醒用的订阅通知：模板编号，冒号，字段，如 abc123:thing1,time2；不写就不用", false,
		func(c *config, v string) error { return wechatTemplate(&c.WeChat, v) }},
	{"WECHAT_API", "https://api.weixin.qq.com", "微信接口的地址", false,
		func(c *config, v string) error { return webPage(&c.WeChat.API, v) }},
}

// matches takes a value of a form. The error does not say it again: it may be a secret.
func matches(to *string, v, form, want string) error {
	if !regexp.MustCompile(`^(?:` + form + `)$`).MatchString(v) {
		return errors.New(want)
	}
	*to = v
	return nil
}

func wechatMenu(to *wechat.Menu, v string) error {
	menu, ok := map[string]wechat.Menu{"auto": wechat.MenuIfNone, "on": wechat.MenuAlways, "off": wechat.MenuNever}[v]
	if !ok {
		return fmt.Errorf("%q 要写成 auto、on 或 off", v)
	}
	*to = menu
	return nil
}

func wechatTemplate(c *wechatConfig, v string) error {
	id, fields, ok := strings.Cut(v, ":")
	names := strings.Split(fields, ",")
	for _, name := range names {
		ok = ok && regexp.MustCompile(`^[a-z_]+[0-9]+$`).MatchString(name)
	}
	if !ok || id == "" {
		return fmt.Errorf("%q 要写成 模板编号:字段,字段，如 abc123:thing1,time2", v)
	}
	c.Template, c.Fields = id, names
	return nil
}

func openWeChat(ctx context.Context, s *server) (bot.Messenger, string, error) {
	c := s.config.WeChat
	if c.AppID == "" && c.Token == "" {
		return nil, "", s.config.alone("WECHAT_APPID", "WECHAT_AES_KEY", "WECHAT_SECRET", "WECHAT_URL", "WECHAT_TEMPLATE")
	}
	if c.AppID == "" || c.Token == "" {
		return nil, "", hint(errors.New("微信的设置不全"), "WECHAT_APPID 和 WECHAT_TOKEN 要一起写，都在 mp.weixin.qq.com 的「基本配置」里。")
	}
	l, err := listen(ctx, cmp.Or(c.Addr, "127.0.0.1:8082"), s.config.given["WECHAT_ADDR"])
	if err != nil {
		return nil, "", hint(fmt.Errorf("打开微信: %w", err), "用 WECHAT_ADDR 换一个地址，如 WECHAT_ADDR=127.0.0.1:8092。")
	}
	m, err := wechat.New(c.Account, s.bot, &wechat.Options{Listener: l, URL: c.URL, API: c.API, NoLinks: c.NoLinks, Menu: c.Menu,
		Template: c.Template, Fields: c.Fields, Notes: wechatNotes{s.store}, Log: s.log,
		Count: func(what string) { s.metrics.happened("wechat", what) },
		Left:  func(ctx context.Context, user bot.UserID) { s.left(ctx, user) }})
	if err != nil {
		return nil, "", errors.Join(err, l.Close())
	}
	return m, "微信公众号（在 " + l.Addr().String() + " 收消息）", nil
}

// wechatNotes keeps the messenger's notes in the store, like a person's session.
type wechatNotes struct{ store *storage.Store }

var _ wechat.Notes = wechatNotes{}

// Load returns a note and its revision.
func (n wechatNotes) Load(ctx context.Context, key string) ([]byte, uint64, error) {
	st, err := n.store.Load(ctx, wechatRow(key))
	return st.Session, st.Rev, err
}

// Save replaces a note if its revision is still rev.
func (n wechatNotes) Save(ctx context.Context, key string, rev uint64, data []byte, keep time.Duration) error {
	_, err := n.store.Commit(ctx, storage.Turn{User: wechatRow(key), Rev: rev, Session: data, TTL: keep})
	if errors.Is(err, storage.ErrConflict) {
		return wechat.ErrChanged
	}
	return err
}

// wechatRow is the name of a note: one without a colon, which the names of people have.
func wechatRow(key string) string { return "wechat." + strings.ReplaceAll(key, ":", ".") }

// left ends the reminders of somebody who can no longer be reached. The rest stays: they may come back.
func (s *server) left(ctx context.Context, user bot.UserID) {
	for range 5 {
		err := s.cancelReminders(ctx, string(user))
		if errors.Is(err, storage.ErrConflict) {
			continue
		}
		if err != nil {
			s.log.Warn("the reminders of somebody who left were not cancelled", "err", err)
		}
		return
	}
}

func (s *server) cancelReminders(ctx context.Context, user string) error {
	st, err := s.store.Load(ctx, user)
	if err != nil || st.Rev == 0 {
		return err
	}
	due, err := s.store.Reminders(ctx, user)
	if err != nil || len(due) == 0 {
		return err
	}
	ids := make([]string, len(due))
	for i, r := range due {
		ids[i] = r.ID
	}
	_, err = s.store.Commit(ctx, storage.Turn{User: user, Rev: st.Rev, Session: st.Session, Answer: st.Answer, Cancel: ids})
	return err
}
