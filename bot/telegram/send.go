package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"anning/bot"
)

// sender delivers messages: in order, at Telegram's rates, again where that helps.
type sender struct {
	api   *api
	gate  *gate
	chats *chats
	log   *slog.Logger
	count func(string)

	mu     sync.Mutex
	slowed []int64 // the chats that were told to wait last
	at     time.Time
}

func newSender(a *api, o Options) *sender {
	return &sender{api: a, gate: newGate(o.PerSecond), chats: newChats(), log: o.Log, count: o.Count}
}

// say sends messages to a chat, one turn at a time. ErrGone says that nobody is there. What Telegram refuses for good is
// logged and left out; everything else is tried until ctx ends.
func (s *sender) say(ctx context.Context, chat int64, out []outgoing, line int) error {
	if len(out) == 0 {
		return nil
	}
	leave, err := s.chats.enter(ctx, chat)
	if err != nil {
		return err
	}
	defer leave()
	for _, o := range out {
		err := s.deliver(ctx, &chat, line, o)
		if gone(err) {
			s.count("gone")
			return fmt.Errorf("%w: %w", ErrGone, err)
		}
		if refused(err) {
			s.count("not sent")
			s.log.Error("telegram: a message was refused", "err", err)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deliver sends one message. What is refused with its buttons and marks is sent without.
func (s *sender) deliver(ctx context.Context, chat *int64, line int, o outgoing) error {
	err := s.patiently(ctx, chat, line, func() error { return s.send(ctx, *chat, o) })
	if refused(err) && !gone(err) && o.file == nil && (o.keys != nil || o.entities != nil) {
		s.log.Error("telegram: refused, sent again without buttons", "err", err)
		plain := outgoing{text: o.text, silent: o.silent}
		return s.patiently(ctx, chat, line, func() error { return s.send(ctx, *chat, plain) })
	}
	return err
}

// patiently calls until it works, is refused, or ctx ends.
func (s *sender) patiently(ctx context.Context, chat *int64, line int, call func() error) error {
	for try := 1; ; try++ {
		if err := s.chats.wait(ctx, *chat); err != nil {
			return err
		}
		if err := s.gate.pass(ctx, line); err != nil {
			return err
		}
		err := call()
		f := faultOf(err)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case f.moved != 0:
			*chat = f.moved
			return call()
		case f.retry > 0:
			s.slow(*chat, f.retry)
			continue
		case gone(err) || refused(err):
			return err
		case try == 3:
			s.log.Warn("telegram: a message cannot be sent yet, trying again", "err", err)
		}
		s.count("retried")
		if !sleep(ctx, backoff(try)) {
			return ctx.Err()
		}
	}
}

// slow lets a chat wait as Telegram says. Where that is said of three chats at once, it is meant for everybody.
func (s *sender) slow(chat int64, d time.Duration) {
	s.count("told to wait")
	s.chats.pause(chat, d)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Sub(s.at) > 2*time.Second {
		s.slowed = s.slowed[:0]
	}
	s.at = now
	for _, c := range s.slowed {
		if c == chat {
			return
		}
	}
	if s.slowed = append(s.slowed, chat); len(s.slowed) >= 3 {
		s.gate.shut(min(d, 10*time.Second))
		s.slowed = s.slowed[:0]
	}
}

// send makes one call.
func (s *sender) send(ctx context.Context, chat int64, o outgoing) error {
	p := tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10)}
	p.AddBool("disable_notification", o.silent)
	if o.keys != nil {
		if err := addJSON(p, "reply_markup", o.keys); err != nil {
			return err
		}
	}
	if o.file != nil {
		p.AddNonEmpty("caption", o.text)
		return s.sendFile(ctx, p, o.file)
	}
	p["text"] = o.text
	p["link_preview_options"] = `{"is_disabled":true}`
	if len(o.entities) > 0 {
		if err := addJSON(p, "entities", o.entities); err != nil {
			return err
		}
	}
	_, err := s.api.call(ctx, "sendMessage", p)
	return err
}

func addJSON(p tgbotapi.Params, key string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("telegram: write %s: %w", key, err)
	}
	p[key] = string(data)
	return nil
}

// maxUpload is how large a file may be that a bot sends, in bytes.
const maxUpload = 50 << 20

// sendFile uploads a file, opened anew for each try. One that cannot be opened or is too large is told of instead.
func (s *sender) sendFile(ctx context.Context, p tgbotapi.Params, f *bot.File) error {
	instead := ""
	if f.Size > maxUpload {
		instead = fmt.Sprintf(tooLarge, f.Size>>20)
	} else if r, err := f.Open(ctx); err != nil {
		s.log.Error("telegram: open a file to send", "err", err)
		instead = fmt.Sprintf(notMade, f.Name)
	} else {
		counted := &upload{Reader: r}
		_, err = s.api.call(ctx, "sendDocument", p, tgbotapi.RequestFile{Name: "document",
			Data: tgbotapi.FileReader{Name: f.Name, Reader: counted}})
		_ = r.Close()
		if !counted.tooLarge() && faultOf(err).code != 413 {
			return err
		}
		instead = fmt.Sprintf(tooLarge, max(counted.n.Load(), f.Size)>>20)
	}
	if p["caption"] != "" {
		instead = p["caption"] + "\n" + instead
	}
	delete(p, "caption")
	p["text"] = instead
	_, err := s.api.call(ctx, "sendMessage", p)
	return err
}

// upload counts what is read of a file, and ends it where it grows too large.
type upload struct {
	io.Reader
	n atomic.Int64 // the library may still read while its call has ended
}

func (u *upload) tooLarge() bool { return u.n.Load() > maxUpload }

func (u *upload) Read(p []byte) (int, error) {
	if u.tooLarge() {
		return 0, errors.New("telegram: the file is too large to send")
	}
	n, err := u.Reader.Read(p)
	u.n.Add(int64(n))
	return n, err
}
