// Package wechat is the messenger of a WeChat official account (公众号).
//
// WeChat posts what people send and shows what the answer to that post says, so a whole talk works on an account that
// may do nothing else: choices are numbered, long answers have pages, 「继续」 brings the next one and whatever was not
// ready in time. An account that may do more (Account.Secret) also sends by itself: late answers, reminders, a menu.
//
// Where things are: server.go takes posts, guard.go and crypto.go tell WeChat's own from others', wire.go is their XML.
// incoming.go makes messages of them, answer.go (with crew.go) answers in time, more.go goes on, talk.go keeps
// what was not shown yet, pages.go draws.
// pictures.go and handover.go bring files in and out. api.go, token.go and abilities.go are the way to WeChat's own
// server; push.go, remind.go and menu.go use it. notes.go and board.go are what several processes share.
package wechat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"anning/bot"
)

// Account is an official account, as its pages at mp.weixin.qq.com tell.
type Account struct {
	AppID  string // wx…
	Token  string // the words that were chosen for the signature
	AESKey string // EncodingAESKey, 43 letters and digits; then only encrypted posts are taken. Empty: plain mode
	Secret string // AppSecret; empty for an account that may do nothing by itself
}

// Options are the settings of the messenger. The zero value of each field stands for the default named beside it.
type Options struct {
	Addr     string       // where posts are taken; 127.0.0.1:8082
	Listener net.Listener // served instead of Addr, where it is already open
	URL      string       // the public address of this server, "https://example.org/wechat": files are handed over there; empty: none are
	NoLinks  bool         // choices cannot be tapped, only typed
	Menu     Menu         // whether the account's menu is made; MenuIfNone
	Template string       // id of the subscription message for reminders; empty: none
	Fields   []string     // the fields of that template, "thing1", "time2"

	API       string            // WeChat's server; https://api.weixin.qq.com
	Transport http.RoundTripper // carries the calls to it
	Pictures  http.RoundTripper // carries the downloads of pictures; one that reaches public addresses only

	Notes        Notes                                      // shared by several processes; in memory
	Left         func(ctx context.Context, user bot.UserID) // told who unsubscribed: nothing may be said to them any more
	Count        func(what string)                          // told of each thing that is counted: "refused", "late", …
	InTime       time.Duration                              // how long a post may wait for its answer; WeChat's 5 s less 700 ms
	AnswerWithin time.Duration                              // how long one answer may take in all; 2 min
	Grace        time.Duration                              // how long what has begun may take once Run is told to stop; 15 s
	Messages     bot.Rate                                   // per person; 30, then one a second
	Busy         int                                        // answers in work at the same time; 2000
	MaxPicture   int64                                      // bytes of a picture; 20 MiB
	Clock        func() time.Time                           // time.Now
	Log          *slog.Logger                               // slog.Default(); never sees text, files, secrets or a user's id
}

// Messenger is the bot's place in WeChat.
type Messenger struct {
	account Account
	keeper  bot.Keeper
	options Options
	sealer  *sealer // nil in plain mode
	guard   *guard
	talks   *talks
	limits  *bot.Limiter
	api     *api
	board   *board
	pens    drawing
	keys    handoverKeys
	answer  bot.Handler
	work    context.Context // of answers; ends after Run's
	all     sync.WaitGroup
	crew    *crew

	refusals *bot.Limiter // of what the log says of requests that are refused
}

var (
	_ bot.Messenger = (*Messenger)(nil)
	_ bot.Pusher    = (*Messenger)(nil)
)

// ErrAway says that the person cannot be spoken to now: WeChat lets us answer, not begin. What was to be said waits
// in the conversation.
var ErrAway = errors.New("wechat: the person has to write first")

// New makes the messenger of an account. keeper tells what was said last. nil options are the defaults.
func New(account Account, keeper bot.Keeper, options *Options) (*Messenger, error) {
	if account.AppID == "" || account.Token == "" {
		return nil, errors.New("wechat: an account has an app id and a token")
	}
	o := Options{}
	if options != nil {
		o = *options
	}
	o.fill()
	m := &Messenger{account: account, keeper: keeper, options: o, guard: newGuard(o.Clock), talks: newTalks(o.Clock),
		limits: bot.NewLimiter(o.Messages, o.Clock), api: newAPI(account, o), keys: newHandoverKeys(account), work: context.Background()}
	if account.AESKey != "" {
		var err error
		if m.sealer, err = newSealer(account.AESKey, account.AppID); err != nil {
			return nil, err
		}
	}
	m.board = newBoard(o.Notes, o.Clock)
	m.pens = drawing{links: !o.NoLinks}
	m.crew = newCrew(&m.all)
	m.refusals = bot.NewLimiter(bot.Rate{Burst: 1, Every: 10 * time.Minute}, o.Clock)
	return m, nil
}

// fill puts the defaults in place.
func (o *Options) fill() {
	o.Addr = cmp.Or(o.Addr, "127.0.0.1:8082")
	o.API = cmp.Or(o.API, "https://api.weixin.qq.com")
	o.API, o.URL = strings.TrimRight(o.API, "/"), strings.TrimRight(o.URL, "/")
	o.InTime = cmp.Or(o.InTime, 4300*time.Millisecond)
	o.AnswerWithin = cmp.Or(o.AnswerWithin, 2*time.Minute)
	o.Grace = cmp.Or(o.Grace, 15*time.Second)
	o.Messages = cmp.Or(o.Messages, bot.Rate{Burst: 30, Every: time.Second})
	o.Busy = cmp.Or(o.Busy, 2000)
	o.MaxPicture = cmp.Or(o.MaxPicture, 20<<20)
	if o.Transport == nil {
		o.Transport = http.DefaultTransport.(*http.Transport).Clone() // proxies come from the environment
	}
	if o.Pictures == nil {
		o.Pictures = publicOnly()
	}
	if o.Notes == nil {
		o.Notes = &memory{}
	}
	if o.Left == nil {
		o.Left = func(context.Context, bot.UserID) {}
	}
	if o.Count == nil {
		o.Count = func(string) {}
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// Run serves until ctx ends. Then posts in work are answered, what has begun is finished within Options.Grace, and Run
// returns nil.
func (m *Messenger) Run(ctx context.Context, answer bot.Handler) error {
	listener := m.options.Listener
	if listener == nil {
		var err error
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", m.options.Addr); err != nil {
			return fmt.Errorf("wechat: %w", err)
		}
	}
	work, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	m.answer, m.work = answer, work
	server := &http.Server{
		Handler:           http.HandlerFunc(m.serve),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(m.options.Log.Handler(), slog.LevelDebug),
	}
	var beside sync.WaitGroup
	beside.Go(func() { m.board.follow(ctx) })
	beside.Go(func() { m.talks.tidy(ctx) })
	beside.Go(func() { m.makeMenu(ctx) })
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	m.options.Log.Info("wechat is served", "address", listener.Addr().String(), "encrypted", m.sealer != nil, "speaks", m.api.can(customer))
	select {
	case err := <-ended:
		return fmt.Errorf("wechat: %w", err)
	case <-ctx.Done():
	}
	grace := time.AfterFunc(m.options.Grace, end)
	defer grace.Stop()
	if err := server.Shutdown(work); err != nil {
		_ = server.Close()
	}
	m.all.Wait()
	close(m.crew.home)
	beside.Wait()
	return nil
}

// prefix is what the names of WeChat's people begin with.
const prefix = "wechat:"

func userID(openID string) bot.UserID { return bot.UserID(prefix + openID) }

// openIDOf is a person's id with WeChat.
func openIDOf(user bot.UserID) (string, bool) {
	id, ok := strings.CutPrefix(string(user), prefix)
	return id, ok && validOpenID(id)
}

func validOpenID(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}
