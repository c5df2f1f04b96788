package web

import (
	"net/http"
	"strconv"
	"strings"
)

// policy lets the page load only our own two files, talk only to us, and be framed by nobody.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guard puts the protective headers on every answer, refuses posts from other sites and counts requests.
//
// Referrer-Policy is same-origin: nobody else ever learns where a person came from. With no-referrer browsers would
// send "Origin: null" with our own forms, and those without Sec-Fetch-Site (older ones, and all on plain http) could
// then not write to us without JavaScript.
func (s *site) guard(next http.Handler) http.Handler {
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.sorry(w, http.StatusForbidden, notOurs)
	}))
	next = own.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
		if s.secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, staticPath) {
			next.ServeHTTP(w, r)
			return
		}
		if wait := s.visits.Take(s.address(r)); wait > 0 {
			h.Set("Retry-After", strconv.Itoa(seconds(wait)))
			s.sorry(w, http.StatusTooManyRequests, tooFast(wait))
			return
		}
		next.ServeHTTP(w, r)
	})
}
