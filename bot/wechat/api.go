package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// api is the way to WeChat's own server. No error that comes out of it holds an address: that would hold the token.
type api struct {
	account Account
	base    string
	client  *http.Client
	clock   func() time.Time
	log     *slog.Logger
	count   func(string)
	pause   time.Duration // between tries

	fetching sync.Mutex // one fetch of a token at a time
	mu       sync.Mutex
	token    string
	until    time.Time             // the token is used no longer
	forced   time.Time             // when a new token was last demanded
	off      map[ability]time.Time // until when an ability is not tried; zero time: for good
	closed   map[string]time.Time  // openid → until when nothing can be sent there
}

const (
	callTime  = 10 * time.Second
	maxAnswer = 1 << 20
	apiTries  = 3
)

func newAPI(account Account, o Options) *api {
	a := &api{account: account, base: o.API, clock: o.Clock, log: o.Log, count: o.Count, pause: 300 * time.Millisecond,
		off: map[ability]time.Time{}, closed: map[string]time.Time{}}
	a.client = &http.Client{Transport: o.Transport, Timeout: callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	if account.Secret == "" {
		for _, all := range []ability{customer, menus, reminding, media, tapMenu} {
			a.off[all] = time.Time{}
		}
	}
	if o.Template == "" || len(o.Fields) == 0 {
		a.off[reminding] = time.Time{}
	}
	return a
}

// fault is what WeChat's server says is wrong, often in an answer whose status is 200.
type fault struct {
	where string
	code  int
	text  string
}

func (f *fault) Error() string { return fmt.Sprintf("wechat: %s: %d %s", f.where, f.code, f.text) }

// codeOf is the code of a fault; 0 for anything else.
func codeOf(err error) int {
	var f *fault
	if errors.As(err, &f) {
		return f.code
	}
	return 0
}

// temporary says that a call may do better later: the server was busy or out of reach.
func temporary(err error) bool {
	code := codeOf(err)
	return err != nil && (code == 0 || code == codeBusy || code >= 500 && code <= 599)
}

// Codes that something is done about.
const (
	codeBusy         = -1
	codeBadToken     = 40001
	codeInvalidToken = 40014
	codeOldToken     = 42001
)

// call posts a body to a path and decodes the answer into to. A token that is no longer good is replaced once; a busy
// server is asked again.
func (a *api) call(ctx context.Context, path string, body, to any) (err error) {
	data, err := marshal(body)
	if err != nil {
		return err
	}
	renewed := false
	for try := 0; try < apiTries; try++ {
		var token string
		if token, err = a.accessToken(ctx, ""); err != nil {
			return err
		}
		err = a.post(ctx, path, url.Values{"access_token": {token}}, data, to)
		switch code := codeOf(err); {
		case err == nil:
			return nil
		case (code == codeBadToken || code == codeInvalidToken || code == codeOldToken) && !renewed:
			renewed = true
			if _, err = a.accessToken(ctx, token); err != nil {
				return err
			}
			try--
			continue
		case !temporary(err):
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(a.pause << try):
		}
	}
	return err
}

// marshal writes JSON as WeChat wants it: characters as they are.
func marshal(body any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(body); err != nil {
		return nil, fmt.Errorf("wechat: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// post sends one request. The status of an answer that is no JSON is the code of the fault.
func (a *api) post(ctx context.Context, path string, query url.Values, data []byte, to any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.base+path+"?"+query.Encode(), bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("wechat: %s: no such address", path)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := a.client.Do(req)
	if err != nil {
		return fmt.Errorf("wechat: %s: %w", path, bare(err))
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("wechat: %s: %w", path, bare(err))
	}
	return a.read(path, resp.StatusCode, answer, to)
}

func (a *api) read(path string, status int, answer []byte, to any) error {
	var said struct {
		Code int    `json:"errcode"`
		Text string `json:"errmsg"`
	}
	if err := json.Unmarshal(answer, &said); err != nil {
		if status == http.StatusOK {
			status = http.StatusBadGateway
		}
		return &fault{path, status, http.StatusText(status)}
	}
	if said.Code != 0 {
		return &fault{path, said.Code, a.hide(said.Text)}
	}
	if status != http.StatusOK {
		return &fault{path, status, http.StatusText(status)}
	}
	if to == nil {
		return nil
	}
	if err := json.Unmarshal(answer, to); err != nil {
		return fmt.Errorf("wechat: %s: an answer that cannot be read", path)
	}
	return nil
}

// hide takes secrets out of what WeChat's server says, and keeps it short.
func (a *api) hide(text string) string {
	a.mu.Lock()
	token := a.token
	a.mu.Unlock()
	for _, secret := range []string{token, a.account.Secret, a.account.Token, a.account.AESKey} {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "…")
		}
	}
	if r := []rune(text); len(r) > 120 {
		text = string(r[:120])
	}
	return text
}

// bare takes the address out of an error of net/http.
func bare(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		return ue.Err
	}
	return err
}

// media opens a voice or a video that a person sent. WeChat keeps them for three days.
func (a *api) media(ctx context.Context, id string, limit int64) (io.ReadCloser, error) {
	const path = "/cgi-bin/media/get"
	token, err := a.accessToken(ctx, "")
	if err != nil {
		return nil, err
	}
	q := url.Values{"access_token": {token}, "media_id": {id}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, fmt.Errorf("wechat: %s: no such address", path)
	}
	resp, err := a.client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("wechat: %s: %w", path, bare(err))
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode != http.StatusOK || kind == "application/json" || kind == "text/plain" { // a fault, or where a video lies
		defer resp.Body.Close()
		answer, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
		if err := a.read(path, resp.StatusCode, answer, nil); err != nil {
			a.failed(media, err)
			return nil, err
		}
		return nil, fmt.Errorf("wechat: %s: no content", path)
	}
	return limited{io.LimitReader(resp.Body, limit+1), resp.Body}, nil
}

// limited is a body that ends at a limit.
type limited struct {
	io.Reader
	io.Closer
}
