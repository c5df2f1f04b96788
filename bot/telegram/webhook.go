package telegram

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// maxUpdate is how large a post may be, in bytes. Telegram's updates have a few thousand.
const maxUpdate = 1 << 20

// serve takes posts until ctx ends, and tells Telegram where to post them.
func (m *Messenger) serve(ctx context.Context) error {
	at, err := url.Parse(m.options.Webhook)
	if err != nil || at.Host == "" {
		return errors.New("telegram: the webhook is no address")
	}
	listener := m.options.Listener
	if listener == nil {
		if listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", m.options.Addr); err != nil {
			return fmt.Errorf("telegram: %w", err)
		}
	}
	path := at.Path
	if path == "" {
		path = "/"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			http.NotFound(w, r)
			return
		}
		m.post(w, r)
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(m.options.Log.Handler(), slog.LevelDebug)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	m.takesOver.Store(true)
	set, stop := context.WithCancel(ctx)
	defer stop()
	m.aside.Go(func() { m.setWebhook(set) })
	select {
	case err = <-ended:
		return fmt.Errorf("telegram: %w", err)
	case <-ctx.Done():
	}
	finish, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.options.Grace)
	defer cancel()
	if server.Shutdown(finish) != nil { // Telegram posts again what was not answered
		_ = server.Close()
	}
	return nil
}

// setWebhook tells Telegram where to post, as soon as it can be reached. Saying it again changes nothing.
func (m *Messenger) setWebhook(ctx context.Context) {
	trouble := &trouble{log: m.options.Log}
	for ctx.Err() == nil {
		_, err := m.api.call(ctx, "setWebhook", tgbotapi.Params{"url": m.options.Webhook, "secret_token": m.options.Secret,
			"allowed_updates": allowed, "max_connections": "40", "drop_pending_updates": "false"})
		if err == nil {
			trouble.over()
			return
		}
		wait := max(trouble.tell(err), faultOf(err).retry)
		if refused(err) || wrongToken(err) {
			wait = time.Minute
		}
		sleep(ctx, wait)
	}
}

// post takes one update. It is confirmed, with 200, once it is done or kept.
func (m *Messenger) post(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		m.refuse(w, http.StatusMethodNotAllowed)
		return
	}
	shown, want := sha256.Sum256([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))), sha256.Sum256([]byte(m.options.Secret))
	if subtle.ConstantTimeCompare(shown[:], want[:]) != 1 {
		m.refuse(w, http.StatusForbidden)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		m.refuse(w, http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		m.refuse(w, http.StatusBadRequest)
		return
	}
	u, err := decode(raw)
	if u == nil {
		m.refuse(w, http.StatusBadRequest)
		return
	}
	m.order.wait(r.Context(), u.UpdateID)
	j := m.put(u, raw, err)
	m.order.came(u.UpdateID)
	if !m.settle(r.Context(), m.inbox.context(), []*job{j}) {
		m.refuse(w, http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

func (m *Messenger) refuse(w http.ResponseWriter, status int) {
	m.options.Count("refused")
	w.WriteHeader(status)
}
