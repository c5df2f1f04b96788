package wechat

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// serve is the server: WeChat's check, WeChat's posts, and files that are handed over.
func (m *Messenger) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	switch r.Method {
	case http.MethodPost:
		m.takePost(w, r)
	case http.MethodGet, http.MethodHead:
		if token, ok := handoverToken(r.URL.Path, filePath); ok {
			m.handOver(w, r, token)
			return
		}
		if token, ok := handoverToken(r.URL.Path, duePath); ok {
			m.handDue(w, r, token)
			return
		}
		m.check(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		m.refuse(w, http.StatusMethodNotAllowed, "")
	}
}

// refuse refuses a request. Why is said in the log, now and then: anybody may send anything here, but it may also be
// WeChat itself, and a setting that is wrong.
func (m *Messenger) refuse(w http.ResponseWriter, status int, why string) {
	m.options.Count("refused")
	if why != "" && why != notWeChats && m.refusals.Take(why) == 0 {
		m.options.Log.Warn("wechat: a request was refused", "why", why)
	}
	http.Error(w, http.StatusText(status), status)
}

// Why requests are refused.
const (
	notSigned    = "its signature is not made with WECHAT_TOKEN"
	notFresh     = "its time is over 5 minutes from ours: the clock of this machine may be wrong, or it is an old one again"
	notEncrypted = "it is not encrypted: choose the safe mode at WeChat, or leave WECHAT_AES_KEY out"
	notReadable  = "it cannot be decrypted: WECHAT_AES_KEY or WECHAT_APPID is another account's"
	notAPost     = "it is nothing that WeChat sends; if WeChat encrypts, set WECHAT_AES_KEY"
	notWeChats   = "it has no signature" // not said: anybody's
	notTheSame   = "its address came with another body before, or too often"
)

// check answers the check that WeChat makes when the server's address is set there.
func (m *Messenger) check(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	echo := q.Get("echostr")
	if echo == "" || len(echo) > 512 {
		m.refuse(w, http.StatusForbidden, "")
		return
	}
	if why := m.badAddress(q); why != "" {
		m.refuse(w, http.StatusForbidden, why)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, echo)
}

// badAddress says what is wrong with an address that has to be signed with our token in these minutes; "" for nothing.
func (m *Messenger) badAddress(q url.Values) (why string) {
	switch {
	case !q.Has("signature"):
		return notWeChats
	case !signed(q.Get("signature"), m.account.Token, q.Get("timestamp"), q.Get("nonce")):
		return notSigned
	case !m.guard.fresh(q.Get("timestamp")):
		return notFresh
	}
	return ""
}

// takePost answers a post of WeChat's.
func (m *Messenger) takePost(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if why := m.badAddress(q); why != "" {
		m.refuse(w, http.StatusForbidden, why)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			m.refuse(w, http.StatusRequestEntityTooLarge, notAPost)
		} else {
			m.refuse(w, http.StatusBadRequest, "")
		}
		return
	}
	if !m.guard.first(q.Get("timestamp"), q.Get("nonce"), body) {
		m.refuse(w, http.StatusForbidden, notTheSame)
		return
	}
	p, status, why := m.unwrap(q, body)
	if status != 0 {
		m.refuse(w, status, why)
		return
	}
	m.write(w, p, m.respond(p))
}

// unwrap reads a body, and what is encrypted in it. A status says that it is refused.
func (m *Messenger) unwrap(q url.Values, body []byte) (p *post, status int, why string) {
	p, err := parsePost(body)
	if err != nil {
		return nil, http.StatusBadRequest, notAPost
	}
	if m.sealer == nil {
		if !validOpenID(p.FromUserName) { // also a post in safe mode
			return nil, http.StatusBadRequest, notAPost
		}
		return p, 0, ""
	}
	if p.Encrypt == "" {
		return nil, http.StatusForbidden, notEncrypted
	}
	if !signed(q.Get("msg_signature"), m.account.Token, q.Get("timestamp"), q.Get("nonce"), p.Encrypt) {
		return nil, http.StatusForbidden, notSigned
	}
	plain, err := m.sealer.open(p.Encrypt)
	if err != nil {
		return nil, http.StatusForbidden, notReadable
	}
	if p, err = parsePost(plain); err != nil || !validOpenID(p.FromUserName) {
		return nil, http.StatusBadRequest, notAPost
	}
	return p, 0, ""
}

// write answers with a text, or with the word that says there is none.
func (m *Messenger) write(w http.ResponseWriter, p *post, text string) {
	if strings.TrimSpace(text) == "" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "success")
		return
	}
	now := m.options.Clock().Unix()
	out := textXML(p, text, now)
	if m.sealer != nil {
		sealed, timestamp, nonce := m.sealer.seal(out), strconv.FormatInt(now, 10), newNonce()
		out = sealedXML(sealed, signature(m.account.Token, timestamp, nonce, sealed), timestamp, nonce)
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(out))) // else longer answers come in chunks
	_, _ = w.Write(out)
}
