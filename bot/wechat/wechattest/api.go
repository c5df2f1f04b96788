// Package wechattest is WeChat's own server, for tests: what an official account calls.
package wechattest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// API is WeChat's own server, as far as it is used: faults come in answers whose status is 200, tokens end, quotas
// run out, and what an account may not do it may not.
type API struct {
	*httptest.Server
	appID, secret string

	mu      sync.Mutex
	Allowed map[string]bool // paths that the account may use
	TapMenu bool            // msgmenu is allowed
	tokens  int             // made
	Fetches int
	Forced  int
	Valid   string // token
	Life    int    // seconds
	HasMenu bool
	Menu    string
	Left    map[string]int // customer service messages that may still be sent, by openid
	Sent    []Message
	Codes   []int // of the next calls, before anything else; 502 is a page of HTML
	Calls   map[string]int
	Media   []byte
	Refused map[string]bool // openids without consent
}

// Message is what was sent to somebody.
type Message struct {
	To, Kind, Text string
	Choices        []string
	Template       string
	Data           map[string]map[string]string
}

// New starts the server for an account that may do everything, until the test ends.
func New(t *testing.T, appID, secret string) *API {
	t.Helper()
	f := &API{appID: appID, secret: secret, Allowed: map[string]bool{}, TapMenu: true, Life: 7200, Left: map[string]int{}, Calls: map[string]int{}, Refused: map[string]bool{}}
	for _, path := range []string{"/cgi-bin/message/custom/send", "/cgi-bin/menu/get", "/cgi-bin/menu/create", "/cgi-bin/media/get", "/cgi-bin/message/subscribe/bizsend"} {
		f.Allowed[path] = true
	}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *API) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.Calls[r.URL.Path]++
	code := 0
	if len(f.Codes) > 0 {
		code, f.Codes = f.Codes[0], f.Codes[1:]
	}
	if code == 502 {
		w.WriteHeader(http.StatusBadGateway)
		fmt.Fprint(w, "<html>bad gateway</html>")
		return
	}
	if code != 0 {
		f.fault(w, code, "told to: "+r.URL.RawQuery+string(body))
		return
	}
	if r.URL.Path == "/cgi-bin/stable_token" {
		f.token(w, body)
		return
	}
	if r.URL.Path == "/cgi-bin/token" { // the older way; tests with programs of others use it
		q := r.URL.Query()
		f.grant(w, q.Get("grant_type") == "client_credential" && q.Get("appid") == f.appID && q.Get("secret") == f.secret, false)
		return
	}
	if token := r.URL.Query().Get("access_token"); token != f.Valid || token == "" {
		f.fault(w, 40001, "invalid credential, access_token is invalid or not latest: "+token)
		return
	}
	if !f.Allowed[r.URL.Path] {
		f.fault(w, 48001, "api unauthorized")
		return
	}
	f.call(w, r.URL.Path, body)
}

func (f *API) fault(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"errcode": code, "errmsg": text})
}

func (f *API) token(w http.ResponseWriter, body []byte) {
	var in struct {
		Appid, Secret string
		Grant         string `json:"grant_type"`
		Force         bool   `json:"force_refresh"`
	}
	ok := json.Unmarshal(body, &in) == nil && in.Grant == "client_credential" && in.Appid == f.appID && in.Secret == f.secret
	f.grant(w, ok, in.Force)
}

// grant gives a token to who knows the secret.
func (f *API) grant(w http.ResponseWriter, ok, force bool) {
	if !ok {
		f.fault(w, 40125, "invalid appsecret")
		return
	}
	f.Fetches++
	if force {
		f.Forced++
	}
	if f.Valid == "" || force {
		f.Renew()
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": f.Valid, "expires_in": f.Life})
}

// Renew makes a new token: the one before is good no longer. It is called inside Do.
func (f *API) Renew() {
	f.tokens++
	f.Valid = fmt.Sprintf("T0KEN-%d", f.tokens)
}

func (f *API) call(w http.ResponseWriter, path string, body []byte) {
	switch path {
	case "/cgi-bin/message/custom/send":
		if code := f.custom(body); code != 0 {
			f.fault(w, code, "no")
			return
		}
	case "/cgi-bin/message/subscribe/bizsend":
		var in struct {
			To       string `json:"touser"`
			Template string `json:"template_id"`
			Data     map[string]map[string]string
		}
		_ = json.Unmarshal(body, &in)
		if f.Refused[in.To] {
			f.fault(w, 43101, "user refuse to accept the msg")
			return
		}
		for field, v := range in.Data {
			if strings.HasPrefix(field, "thing") && len([]rune(v["value"])) > 20 {
				f.fault(w, 47003, "argument invalid! data."+field)
				return
			}
		}
		f.Sent = append(f.Sent, Message{To: in.To, Kind: "subscribe", Template: in.Template, Data: in.Data})
	case "/cgi-bin/menu/get":
		if !f.HasMenu {
			f.fault(w, 46003, "menu no exist")
			return
		}
	case "/cgi-bin/menu/create":
		f.HasMenu, f.Menu = true, string(body)
	case "/cgi-bin/media/get":
		w.Header().Set("Content-Type", "audio/amr")
		_, _ = w.Write(f.Media)
		return
	}
	f.fault(w, 0, "ok")
}

// custom takes a customer service message; somebody who did not write gets none.
func (f *API) custom(body []byte) int {
	var in struct {
		To   string `json:"touser"`
		Kind string `json:"msgtype"`
		Text struct{ Content string }
		Menu struct {
			Head string `json:"head_content"`
			List []struct{ ID, Content string }
			Tail string `json:"tail_content"`
		} `json:"msgmenu"`
	}
	if json.Unmarshal(body, &in) != nil {
		return 47001
	}
	if in.Kind == "msgmenu" && !f.TapMenu {
		return 40200
	}
	left, ok := f.Left[in.To]
	if !ok {
		return 45015
	}
	if left == 0 {
		return 45047
	}
	if len(in.Text.Content) > 2048 || len(in.Menu.Head) > 2048 {
		return 45002
	}
	f.Left[in.To]--
	m := Message{To: in.To, Kind: in.Kind, Text: in.Text.Content}
	if in.Kind == "msgmenu" {
		m.Text = in.Menu.Head
		for _, l := range in.Menu.List {
			m.Choices = append(m.Choices, l.Content)
		}
	}
	f.Sent = append(f.Sent, m)
	return 0
}

// Do looks at or changes the server's state.
func (f *API) Do(what func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	what()
}

// Took waits until some messages were sent, and returns them.
func (f *API) Took(t *testing.T, n int) (sent []Message) {
	t.Helper()
	patience := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		f.Do(func() { sent = append([]Message(nil), f.Sent...) })
		if len(sent) >= n {
			return sent
		}
		select {
		case <-tick.C:
		case <-patience:
			t.Fatalf("%d messages were sent; want %d", len(sent), n)
		}
	}
}

// Called is how many calls came.
func (f *API) Called() (n int) {
	f.Do(func() {
		for _, c := range f.Calls {
			n += c
		}
	})
	return n
}
