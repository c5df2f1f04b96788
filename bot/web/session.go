package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"anning/bot"
)

// The names of the session cookie: the first only over https, where the browser then refuses any wider use of it.
const (
	secureCookie = "__Host-an"
	plainCookie  = "an"
)

// secure reports whether the person's browser came over https.
func (m *Messenger) secure(r *http.Request) bool {
	return m.options.Secure || r.TLS != nil ||
		m.options.TrustProxy && r.Header.Get("X-Forwarded-Proto") == "https"
}

// token returns the session token that the browser brought, and the name of its cookie.
func (m *Messenger) token(r *http.Request) (name, token string) {
	name = plainCookie
	if m.secure(r) {
		name = secureCookie
	}
	c, err := r.Cookie(name)
	if err != nil || len(c.Value) != 32 {
		return name, ""
	}
	if _, err := hex.DecodeString(c.Value); err != nil {
		return name, ""
	}
	return name, c.Value
}

// user returns who asks; "" is somebody without a session.
func (m *Messenger) user(r *http.Request) bot.UserID {
	_, token := m.token(r)
	return userOf(token)
}

// userOf names the user of a token. Only the browser holds the token itself: nothing that is stored or logged opens a
// session.
func userOf(token string) bot.UserID {
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte("anning web session " + token))
	return bot.UserID("web:" + hex.EncodeToString(sum[:16]))
}

// keep sends the session cookie, a new one where the browser brought none, so that its life begins anew with each
// message. Only POST requests call it: a robot that reads pages leaves no sessions behind.
func (m *Messenger) keep(w http.ResponseWriter, r *http.Request) bot.UserID {
	name, token := m.token(r)
	if token == "" {
		token = random()
	}
	http.SetCookie(w, &http.Cookie{
		Name:     name,
		Value:    token,
		Path:     "/",
		MaxAge:   int(m.options.Lifetime.Seconds()),
		Secure:   m.secure(r),
		HttpOnly: true,
		SameSite: http.SameSiteLaxMode,
	})
	return userOf(token)
}
