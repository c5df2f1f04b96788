package telegram

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// fault is an answer of Telegram that says no.
type fault struct {
	method string
	code   int           // as HTTP has them
	text   string        // Telegram's own
	retry  time.Duration // how long to wait before the next try
	moved  int64         // the chat has this number now
}

func (f *fault) Error() string { return fmt.Sprintf("telegram: %s: %d %s", f.method, f.code, f.text) }

// guess finds the code where the library lost it, which it does on uploads.
func (f *fault) guess() {
	if f.code != 0 {
		return
	}
	for start, code := range map[string]int{"Bad Request": 400, "Unauthorized": 401, "Forbidden": 403, "Not Found": 404,
		"Conflict": 409, "Too Many Requests": 429, "Request Entity Too Large": 413} {
		if strings.HasPrefix(f.text, start) {
			f.code = code
		}
	}
}

func faultOf(err error) *fault {
	var f *fault
	if errors.As(err, &f) {
		return f
	}
	return &fault{}
}

func has(text string, parts ...string) bool {
	text = strings.ToLower(text)
	for _, p := range parts {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// gone says that nobody is there: the bot is blocked or thrown out, the account deleted, the chat unknown.
func gone(err error) bool {
	f := faultOf(err)
	return f.code == 403 || f.code == 400 && has(f.text, "chat not found", "user_is_deactivated", "user is deactivated",
		"peer_id_invalid", "user_is_blocked", "input_user_deactivated")
}

// done says that there was nothing to do any more: it is as wanted, or too late for it.
func done(err error) bool {
	f := faultOf(err)
	return f.code == 400 && has(f.text, "message is not modified", "query is too old", "query id is invalid",
		"message to edit not found", "message can't be edited", "message_id_invalid")
}

// refused says that the same call would be refused again.
func refused(err error) bool {
	f := faultOf(err)
	return f.retry == 0 && (f.code == 400 || f.code == 413)
}

// wrongToken says that Telegram does not know the token.
func wrongToken(err error) bool {
	f := faultOf(err)
	return f.code == 401 || f.code == 404
}

// sleep waits, and tells whether ctx let it.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
