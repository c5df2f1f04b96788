// Package web is the messenger on a web page: plain HTML that works without JavaScript, a small script on top of it,
// and a stream of server-sent events that keeps several tabs and a bad connection together.
//
// No GET shows a word of the conversation: it is shown in answer to a POST, or sent down the stream. So the page that
// the back button brings after a quick exit is always the empty one.
package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"anning/bot"
)

// Options are the settings of the web page. The zero value of each field stands for the default named beside it.
type Options struct {
	Listener     net.Listener     // served instead of the address, where it is already open
	Leave        string           // where 「离开」 leads; https://www.baidu.com/
	MaxUpload    int64            // bytes of one message with all its files; 20 MB
	Uploads      int              // uploads taken at the same time, each held in memory; 8
	Lifetime     time.Duration    // of the session cookie; 90 days
	Secure       bool             // cookies only over https: set it wherever TLS ends in front of this server
	TrustProxy   bool             // believe X-Forwarded-Proto and the last address in X-Forwarded-For
	Messages     bot.Rate         // per session; 20, then one every 2 s
	Visits       bot.Rate         // requests per address; 240, then four a second
	Sessions     bot.Rate         // new sessions per address; 60, then one every 5 s
	Streams      int              // open streams in all; 2000
	StreamsEach  int              // open streams per user, the oldest goes first; 6
	Ping         time.Duration    // between comments on a silent stream; 20 s
	AnswerWithin time.Duration    // how long one answer may take; 2 min
	Clock        func() time.Time // time.Now
	Log          *slog.Logger     // slog.Default(); never sees text, files, cookies or a user's id
}

// Messenger serves the web page.
type Messenger struct {
	addr     string
	keeper   bot.Keeper
	options  Options
	talks    *talks
	messages *bot.Limiter
	visits   *bot.Limiter
	sessions *bot.Limiter
	uploads  chan struct{}
}

var (
	_ bot.Messenger = (*Messenger)(nil)
	_ bot.Pusher    = (*Messenger)(nil)
)

// ErrNotConnected says that nobody has the page open, so nothing could be delivered.
var ErrNotConnected = errors.New("web: not connected")

// New makes the messenger. It serves addr (":8080") once Run is called; keeper tells where people are who come back.
// nil options are the defaults.
func New(addr string, keeper bot.Keeper, options *Options) *Messenger {
	o := Options{}
	if options != nil {
		o = *options
	}
	o.fill()
	return &Messenger{
		addr:     addr,
		keeper:   keeper,
		options:  o,
		talks:    newTalks(keeper, o),
		messages: bot.NewLimiter(o.Messages, o.Clock),
		visits:   bot.NewLimiter(o.Visits, o.Clock),
		sessions: bot.NewLimiter(o.Sessions, o.Clock),
		uploads:  make(chan struct{}, o.Uploads),
	}
}

// fill puts the defaults in place.
func (o *Options) fill() {
	o.Leave = cmp.Or(o.Leave, "https://www.baidu.com/")
	o.MaxUpload = cmp.Or(o.MaxUpload, 20<<20)
	o.Uploads = cmp.Or(o.Uploads, 8)
	o.Lifetime = cmp.Or(o.Lifetime, 90*24*time.Hour)
	o.Messages = cmp.Or(o.Messages, bot.Rate{Burst: 20, Every: 2 * time.Second})
	o.Visits = cmp.Or(o.Visits, bot.Rate{Burst: 240, Every: 250 * time.Millisecond})
	o.Sessions = cmp.Or(o.Sessions, bot.Rate{Burst: 60, Every: 5 * time.Second})
	o.Streams = cmp.Or(o.Streams, 2000)
	o.StreamsEach = cmp.Or(o.StreamsEach, 6)
	o.Ping = cmp.Or(o.Ping, 20*time.Second)
	o.AnswerWithin = cmp.Or(o.AnswerWithin, 2*time.Minute)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
}

// Run serves until ctx ends. Then streams are ended, messages in work are answered, and Run returns nil.
func (m *Messenger) Run(ctx context.Context, answer bot.Handler) error {
	listener := m.options.Listener
	if listener == nil {
		var err error
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", m.addr); err != nil {
			return fmt.Errorf("web: %w", err)
		}
	}
	server := &http.Server{
		Handler:           m.Handler(answer),
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(m.options.Log.Handler(), slog.LevelDebug),
	}
	server.RegisterOnShutdown(m.talks.endStreams)
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	m.options.Log.Info("web page is served", "address", listener.Addr().String())
	select {
	case err := <-ended:
		return fmt.Errorf("web: %w", err)
	case <-ctx.Done():
	}
	m.talks.endStreams()
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.options.AnswerWithin)
	defer cancel()
	if err := server.Shutdown(finish); err != nil {
		return fmt.Errorf("web: stop: %w", errors.Join(err, server.Close()))
	}
	return nil
}

// Push delivers replies to the open pages of a person. It returns ErrNotConnected where none took them.
func (m *Messenger) Push(ctx context.Context, to bot.UserID, replies []bot.Reply) error {
	return m.talks.push(ctx, to, replies)
}

// random returns 128 random bits in hexadecimal.
func random() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return fmt.Sprintf("%x", b)
}
