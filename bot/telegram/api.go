package telegram

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// api is the one door to Telegram: every call has a context and an end, and no error that comes out holds the token.
type api struct {
	token  string
	base   string
	bot    tgbotapi.BotAPI
	client *http.Client
}

// How long a call may take, by what it does.
const (
	callTime   = 20 * time.Second
	fileTime   = 2 * time.Minute
	pollWait   = 50 * time.Second // Telegram waits no longer
	pollTime   = pollWait + 15*time.Second
	maxAnswer  = 32 << 20 // bytes of one answer of Telegram
	maxErrBody = 512
)

func newAPI(token string, o Options) *api {
	a := &api{token: token, base: o.API, client: &http.Client{
		Transport:     o.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the address holds the token
	}}
	a.bot = tgbotapi.BotAPI{Token: token, Buffer: 1}
	a.bot.SetAPIEndpoint(o.API + "/bot%s/%s")
	_ = tgbotapi.SetLogger(slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug)) // the library would log addresses
	return a
}

// secretOf makes the webhook's secret from the token, the same in every process.
func secretOf(token string) string {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte("anning webhook"))
	return hex.EncodeToString(mac.Sum(nil))
}

// call asks Telegram for one thing. Files are uploaded.
func (a *api) call(ctx context.Context, method string, params tgbotapi.Params, files ...tgbotapi.RequestFile) (json.RawMessage, error) {
	limit := callTime
	if len(files) > 0 {
		limit = fileTime
	}
	if method == "getUpdates" {
		limit = pollTime
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	b := a.bot // a copy, so that each call has its own context
	b.Client = doer{ctx, a.client}
	var resp *tgbotapi.APIResponse
	var err error
	if len(files) > 0 {
		resp, err = b.UploadFiles(method, params, files)
	} else {
		resp, err = b.MakeRequest(method, params)
	}
	if err != nil {
		return nil, a.fault(method, err)
	}
	return resp.Result, nil
}

// fault names the method and keeps the token out.
func (a *api) fault(method string, err error) error {
	var said *tgbotapi.Error
	if errors.As(err, &said) {
		f := &fault{method: method, code: said.Code, text: strings.ReplaceAll(said.Message, a.token, "…"),
			retry: time.Duration(said.RetryAfter) * time.Second, moved: said.MigrateToChatID}
		f.guess()
		return f
	}
	if strings.Contains(err.Error(), a.token) {
		return fmt.Errorf("telegram: %s: %s", method, strings.ReplaceAll(err.Error(), a.token, "…"))
	}
	return fmt.Errorf("telegram: %s: %w", method, err)
}

// doer gives a request its context, and makes errors that do not hold its address.
type doer struct {
	ctx    context.Context
	client *http.Client
}

func (d doer) Do(r *http.Request) (*http.Response, error) {
	resp, err := d.client.Do(r.WithContext(d.ctx))
	if err != nil {
		return nil, bare(err)
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		_, _ = io.CopyN(io.Discard, resp.Body, maxErrBody)
		_ = resp.Body.Close()
		return nil, &fault{code: resp.StatusCode, text: http.StatusText(resp.StatusCode)}
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// bare takes the address out of an error of net/http.
func bare(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// download opens the content of a file that Telegram holds.
func (a *api) download(ctx context.Context, path string) (io.ReadCloser, error) {
	ctx, cancel := context.WithTimeout(ctx, fileTime)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+"/file/bot"+a.token+"/"+strings.TrimLeft(path, "/"), nil)
	if err != nil {
		cancel()
		return nil, errors.New("telegram: download: no such address")
	}
	resp, err := a.client.Do(req)
	if err != nil {
		cancel()
		return nil, a.fault("download", bare(err))
	}
	if resp.StatusCode != http.StatusOK {
		cancel()
		_ = resp.Body.Close()
		return nil, &fault{method: "download", code: resp.StatusCode, text: http.StatusText(resp.StatusCode)}
	}
	return &body{resp.Body, cancel}, nil
}

// body is the content of a download; closing it ends the request.
type body struct {
	io.ReadCloser
	cancel func()
}

func (b *body) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
