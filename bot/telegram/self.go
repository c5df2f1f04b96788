package telegram

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// selfName is our own name on Telegram, once we have learned it.
type selfName struct {
	mu   sync.Mutex
	name string
}

func (s *selfName) get() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name
}

func (s *selfName) set(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name = name
}

// introduce tells Telegram our commands and learns our name, as soon as it can be reached.
func (m *Messenger) introduce(ctx context.Context) {
	list := make([]tgbotapi.BotCommand, len(commands))
	for i, c := range commands {
		list[i] = tgbotapi.BotCommand{Command: c.name, Description: c.text}
	}
	data, err := json.Marshal(list)
	if err != nil {
		return
	}
	for try := 1; ctx.Err() == nil; try++ {
		result, err := m.api.call(ctx, "getMe", nil)
		if err == nil {
			var me tgbotapi.User
			if json.Unmarshal(result, &me) == nil && m.self.get() == "" {
				m.self.set(me.UserName)
				m.options.Log.Info("telegram is reached", "bot", "@"+me.UserName)
			}
			_, err = m.api.call(ctx, "setMyCommands", tgbotapi.Params{"commands": string(data), "scope": `{"type":"all_private_chats"}`})
		}
		if err == nil || refused(err) {
			return
		}
		wait := max(backoff(try+2), faultOf(err).retry)
		if wrongToken(err) {
			wait = time.Minute
		}
		sleep(ctx, wait)
	}
}
