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
		if token, ok := handoverToken(r.URL.Path); ok {
			m.handOver(w, r, token)
			return
		}
		m.check(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		m.refuse(w, http.StatusMethodNotAllowed)
	}
}

func (m *Messenger) refuse(w http.ResponseWriter, status int) {
	m.options.Count("refused")
	http.Error(w, http.StatusText(status), status)
}

// check answers the check that WeChat makes when the server's address is set there.
func (m *Messenger) check(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	echo := q.Get("echostr")
	if !m.signedAddress(q) || echo == "" || len(echo) > 512 {
		m.refuse(w, http.StatusForbidden)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, echo)
}

// signedAddress says whether an address was signed with our token in these minutes.
func (m *Messenger) signedAddress(q url.Values) bool {
	return signed(q.Get("signature"), m.account.Token, q.Get("timestamp"), q.Get("nonce")) && m.guard.fresh(q.Get("timestamp"))
}

// takePost answers a post of WeChat's.
func (m *Messenger) takePost(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if !m.signedAddress(q) {
		m.refuse(w, http.StatusForbidden)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			m.refuse(w, http.StatusRequestEntityTooLarge)
		} else {
			m.refuse(w, http.StatusBadRequest)
		}
		return
	}
	if !m.guard.first(q.Get("timestamp"), q.Get("nonce"), body) {
		m.refuse(w, http.StatusForbidden)
		return
	}
	p, status := m.unwrap(q, body)
	if status != 0 {
		m.refuse(w, status)
		return
	}
	m.write(w, p, m.respond(p))
}

// unwrap reads a body, and what is encrypted in it. A status says why it is refused.
func (m *Messenger) unwrap(q url.Values, body []byte) (*post, int) {
	p, err := parsePost(body)
	if err != nil {
		return nil, http.StatusBadRequest
	}
	if m.sealer == nil {
		if !validOpenID(p.FromUserName) { // also a post in safe mode
			return nil, http.StatusBadRequest
		}
		return p, 0
	}
	if p.Encrypt == "" || !signed(q.Get("msg_signature"), m.account.Token, q.Get("timestamp"), q.Get("nonce"), p.Encrypt) {
		return nil, http.StatusForbidden
	}
	plain, err := m.sealer.open(p.Encrypt)
	if err != nil {
		return nil, http.StatusForbidden
	}
	if p, err = parsePost(plain); err != nil || !validOpenID(p.FromUserName) {
		return nil, http.StatusBadRequest
	}
	return p, 0
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
