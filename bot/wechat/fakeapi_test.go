package wechat_test

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

const appSecret = "s3cr3t-of-the-app"

// fakeAPI is WeChat's own server, as far as it is used: faults come in answers whose status is 200, tokens end, quotas
// run out, and what an account may not do it may not.
type fakeAPI struct {
	*httptest.Server

	mu      sync.Mutex
	allowed map[string]bool // paths that the account may use
	tapMenu bool            // msgmenu is allowed
	tokens  int             // made
	fetches int
	forced  int
	valid   string // token
	life    int    // seconds
	hasMenu bool
	menu    string
	left    map[string]int // customer service messages that may still be sent, by openid
	sent    []sentMessage
	codes   []int // of the next calls, before anything else; 502 is a page of HTML
	calls   map[string]int
	media   []byte
	refused map[string]bool // openids without consent
	block   chan struct{}   // calls wait for it
}

type sentMessage struct {
	To, Kind, Text string
	Choices        []string
	Template       string
	Data           map[string]map[string]string
}

func newFakeAPI(t *testing.T) *fakeAPI {
	f := &fakeAPI{allowed: map[string]bool{}, tapMenu: true, life: 7200, left: map[string]int{}, calls: map[string]int{}, refused: map[string]bool{}}
	for _, path := range []string{"/cgi-bin/message/custom/send", "/cgi-bin/menu/get", "/cgi-bin/menu/create", "/cgi-bin/media/get", "/cgi-bin/message/subscribe/bizsend"} {
		f.allowed[path] = true
	}
	f.Server = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *fakeAPI) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.mu.Lock()
	block := f.block
	f.mu.Unlock()
	if block != nil {
		<-block
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[r.URL.Path]++
	code := 0
	if len(f.codes) > 0 {
		code, f.codes = f.codes[0], f.codes[1:]
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
	if token := r.URL.Query().Get("access_token"); token != f.valid || token == "" {
		f.fault(w, 40001, "invalid credential, access_token is invalid or not latest: "+token)
		return
	}
	if !f.allowed[r.URL.Path] {
		f.fault(w, 48001, "api unauthorized")
		return
	}
	f.call(w, r.URL.Path, body)
}

func (f *fakeAPI) fault(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"errcode": code, "errmsg": text})
}

func (f *fakeAPI) token(w http.ResponseWriter, body []byte) {
	var in struct {
		Appid, Secret string
		Grant         string `json:"grant_type"`
		Force         bool   `json:"force_refresh"`
	}
	if json.Unmarshal(body, &in) != nil || in.Grant != "client_credential" || in.Appid != appID || in.Secret != appSecret {
		f.fault(w, 40125, "invalid appsecret")
		return
	}
	f.fetches++
	if in.Force {
		f.forced++
	}
	if f.valid == "" || in.Force {
		f.renew()
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": f.valid, "expires_in": f.life})
}

func (f *fakeAPI) renew() {
	f.tokens++
	f.valid = fmt.Sprintf("T0KEN-%d", f.tokens)
}

func (f *fakeAPI) call(w http.ResponseWriter, path string, body []byte) {
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
		if f.refused[in.To] {
			f.fault(w, 43101, "user refuse to accept the msg")
			return
		}
		for field, v := range in.Data {
			if strings.HasPrefix(field, "thing") && len([]rune(v["value"])) > 20 {
				f.fault(w, 47003, "argument invalid! data."+field)
				return
			}
		}
		f.sent = append(f.sent, sentMessage{To: in.To, Kind: "subscribe", Template: in.Template, Data: in.Data})
	case "/cgi-bin/menu/get":
		if !f.hasMenu {
			f.fault(w, 46003, "menu no exist")
			return
		}
	case "/cgi-bin/menu/create":
		f.hasMenu, f.menu = true, string(body)
	case "/cgi-bin/media/get":
		w.Header().Set("Content-Type", "audio/amr")
		_, _ = w.Write(f.media)
		return
	}
	f.fault(w, 0, "ok")
}

// custom takes a customer service message; somebody who did not write gets none.
func (f *fakeAPI) custom(body []byte) int {
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
	if in.Kind == "msgmenu" && !f.tapMenu {
		return 40200
	}
	left, ok := f.left[in.To]
	if !ok {
		return 45015
	}
	if left == 0 {
		return 45047
	}
	if len(in.Text.Content) > 2048 || len(in.Menu.Head) > 2048 {
		return 45002
	}
	f.left[in.To]--
	m := sentMessage{To: in.To, Kind: in.Kind, Text: in.Text.Content}
	if in.Kind == "msgmenu" {
		m.Text = in.Menu.Head
		for _, l := range in.Menu.List {
			m.Choices = append(m.Choices, l.Content)
		}
	}
	f.sent = append(f.sent, m)
	return 0
}

// do looks at or changes the server's state.
func (f *fakeAPI) do(what func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	what()
}

// took waits until some messages were sent, and returns them.
func (f *fakeAPI) took(t *testing.T, n int) (sent []sentMessage) {
	t.Helper()
	patience := time.After(20 * time.Second)
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		f.do(func() { sent = append([]sentMessage(nil), f.sent...) })
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
