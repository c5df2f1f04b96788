package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"anning/bot"
)

// fileKey is the last part of a file's address: it says nothing about the file, and another user's key of the same
// file is another one.
func fileKey(user bot.UserID, number, reply int, f *bot.File) string {
	what := f.Ref
	if what == "" {
		what = fmt.Sprintf("turn %d, reply %d", number, reply)
	}
	sum := sha256.Sum256([]byte(string(user) + "\x00" + what))
	return hex.EncodeToString(sum[:16])
}

// file serves GET /file/{key}: a file of a reply to the person who asks, and to nobody else.
func (s *site) file(w http.ResponseWriter, r *http.Request) {
	user := s.user(r)
	if user == "" {
		s.sorry(w, http.StatusNotFound, noFile)
		return
	}
	f := s.talks.file(r.Context(), user, r.PathValue("key"))
	if f == nil {
		s.sorry(w, http.StatusNotFound, noFile)
		return
	}
	body, err := f.Open(r.Context())
	if err != nil {
		s.options.Log.Error("web: open a file", "err", err)
		s.sorry(w, http.StatusInternalServerError, noFile)
		return
	}
	defer body.Close()
	h := w.Header()
	kind := f.MIME
	if _, _, err := mime.ParseMediaType(kind); err != nil {
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(f.Name)}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	if f.Size > 0 {
		h.Set("Content-Length", strconv.FormatInt(f.Size, 10))
	}
	rc := http.NewResponseController(w)
	rc.SetWriteDeadline(time.Now().Add(5 * time.Minute))
	defer rc.SetWriteDeadline(time.Time{})
	if _, err := io.Copy(w, body); err != nil {
		s.options.Log.Warn("web: a file was not sent to its end", "err", err)
	}
}

// file finds a file of user by its key, first among the remembered turns, then in the latest one that the engine
// keeps; nil where there is none.
func (s *talks) file(ctx context.Context, user bot.UserID, key string) *bot.File {
	t := s.hold(user)
	defer s.letGo(t)
	s.mu.Lock()
	for i := len(t.turns) - 1; i >= 0; i-- {
		if f := findFile(user, t.turns[i].Number, t.turns[i].Replies, key); f != nil {
			s.mu.Unlock()
			return f
		}
	}
	s.mu.Unlock()
	number, replies, err := s.keeper.Latest(ctx, user)
	if err != nil {
		s.options.Log.Error("web: look for a file", "err", err)
		return nil
	}
	return findFile(user, number, replies, key)
}

func findFile(user bot.UserID, number int, replies []bot.Reply, key string) *bot.File {
	for i, r := range replies {
		if r.File != nil && r.File.Open != nil && fileKey(user, number, i, r.File) == key {
			return r.File
		}
	}
	return nil
}
