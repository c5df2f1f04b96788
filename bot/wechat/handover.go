package wechat

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"anning/bot"
)

// handoverTime is how long an address of a file is good.
const handoverTime = 30 * time.Minute

// Official accounts cannot send files, so they are handed over at an address that only the person is told. It holds,
// encrypted, whose file it is, which and until when; nothing is kept for it.
type handoverKeys struct{ seal cipher.AEAD }

func newHandoverKeys(account Account) handoverKeys {
	key := sha256.Sum256([]byte("anning handover\n" + account.AppID + "\n" + account.Token + "\n" + account.AESKey + "\n" + account.Secret))
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // 32 bytes are always a key
	}
	seal, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err)
	}
	return handoverKeys{seal}
}

// handoverURL is the address at which a file can be had for a while.
func (m *Messenger) handoverURL(user bot.UserID, f bot.File) string {
	openID, ok := openIDOf(user)
	if !ok || f.Open == nil {
		return ""
	}
	sum := sha256.Sum256([]byte(f.Name))
	plain := binary.BigEndian.AppendUint32(nil, uint32(m.options.Clock().Add(handoverTime).Unix()))
	plain = append(append(plain, sum[:8]...), openID...)
	return m.options.URL + filePath + base64.RawURLEncoding.EncodeToString(m.keys.seal.Seal(nil, nil, plain, nil))
}

// A file, and a day for the calendar, each have a path of their own below Options.URL.
const (
	filePath = "/file/"
	duePath  = "/due/"
)

// handoverToken is the token of a file's address.
func handoverToken(path, kind string) (string, bool) {
	i := strings.LastIndex(path, kind)
	if i < 0 {
		return "", false
	}
	return path[i+len(kind):], true
}

// dueURL is the address at which a person gets a day for their calendar. It holds the moment and a name for it, and
// is good until then.
func (m *Messenger) dueURL(user bot.UserID, due time.Time) string {
	if due.Before(m.options.Clock()) {
		return ""
	}
	name := sha256.Sum256([]byte(m.account.Token + "\n" + string(user) + "\n" + due.UTC().String()))
	plain := append(binary.BigEndian.AppendUint64(nil, uint64(due.Unix())), name[:12]...)
	return m.options.URL + duePath + base64.RawURLEncoding.EncodeToString(m.keys.seal.Seal(nil, nil, plain, []byte(duePath)))
}

// handDue gives the day for the calendar.
func (m *Messenger) handDue(w http.ResponseWriter, r *http.Request, token string) {
	secretly(w)
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	plain, broken := m.keys.seal.Open(nil, nil, sealed, []byte(duePath))
	if err != nil || broken != nil || len(plain) != 8+12 {
		m.options.Count("refused")
		gone(w, http.StatusNotFound, dueGone)
		return
	}
	due := time.Unix(int64(binary.BigEndian.Uint64(plain)), 0)
	if now := m.options.Clock(); due.Before(now) {
		gone(w, http.StatusGone, dueGone)
	} else {
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		w.Header().Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": "reminder.ics"}))
		m.options.Count("calendar handed over")
		_, _ = w.Write(bot.Calendar(hex.EncodeToString(plain[8:])+"@anning", due, now))
	}
}

// secretly keeps an address from going on to others.
func secretly(w http.ResponseWriter) {
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("X-Robots-Tag", "noindex")
}

var errHandover = errors.New("wechat: no such file")

// handedOver says whose file a token stands for, and which.
func (m *Messenger) handedOver(token string) (user bot.UserID, name [8]byte, err error) {
	if len(token) > 400 {
		return "", name, errHandover
	}
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return "", name, errHandover
	}
	plain, err := m.keys.seal.Open(nil, nil, sealed, nil)
	if err != nil || len(plain) < 13 {
		return "", name, errHandover
	}
	until := time.Unix(int64(binary.BigEndian.Uint32(plain)), 0)
	if m.options.Clock().After(until) {
		return "", name, errHandover
	}
	copy(name[:], plain[4:12])
	return userID(string(plain[12:])), name, nil
}

// handOver gives a file of the latest answer to whoever has its address.
func (m *Messenger) handOver(w http.ResponseWriter, r *http.Request, token string) {
	secretly(w)
	user, name, err := m.handedOver(token)
	if err != nil {
		m.options.Count("refused")
		gone(w, http.StatusNotFound, fileGone)
		return
	}
	f := m.latestFile(r, user, name)
	if f == nil {
		gone(w, http.StatusGone, fileGone)
		return
	}
	content, err := f.Open(r.Context())
	if err != nil {
		m.options.Log.Warn("wechat: a file could not be opened", "err", err)
		gone(w, http.StatusServiceUnavailable, fileGone)
		return
	}
	defer content.Close()
	w.Header().Set("Content-Type", f.MIME)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.Name}))
	if r.Method == http.MethodHead {
		return
	}
	m.options.Count("file handed over")
	_, _ = io.Copy(w, content)
}

// latestFile is the file of that name in the person's latest answer; nil where it is there no more.
func (m *Messenger) latestFile(r *http.Request, user bot.UserID, name [8]byte) *bot.File {
	_, replies, err := m.keeper.Latest(r.Context(), user)
	if err != nil {
		return nil
	}
	for _, reply := range replies {
		if f := reply.File; f != nil && f.Open != nil {
			if sum := sha256.Sum256([]byte(f.Name)); [8]byte(sum[:8]) == name {
				return f
			}
		}
	}
	return nil
}

// gone says that an address is good no longer.
func gone(w http.ResponseWriter, status int, words string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, words+"\n")
}

// newNonce is a random word for the signature of an answer.
func newNonce() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
