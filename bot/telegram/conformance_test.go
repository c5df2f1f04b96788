package telegram_test

import (
	"log/slog"
	"net"
	"net/http/httptest"
	"testing"

	"anning/bot/messengertest"
	"anning/bot/telegram"
	"anning/bot/telegram/telegramtest"
)

const token = "4711:AAsecret-token_x"

// TestPolling and TestWebhook run over real connections.
func TestPolling(t *testing.T) {
	messengertest.Run(t, func(t *testing.T) messengertest.Subject {
		fake := telegramtest.New(token)
		server := httptest.NewServer(fake)
		t.Cleanup(server.Close)
		t.Cleanup(func() { nothingWrong(t, fake) })
		m := telegram.New(token, &telegram.Options{API: server.URL, Log: slog.New(slog.DiscardHandler)})
		return messengertest.Subject{Messenger: m, Many: true, Repeats: true, Person: people(fake)}
	})
}

func TestWebhook(t *testing.T) {
	messengertest.Run(t, func(t *testing.T) messengertest.Subject {
		fake := telegramtest.New(token)
		server := httptest.NewServer(fake)
		t.Cleanup(server.Close)
		t.Cleanup(func() { fake.Unhook(); nothingWrong(t, fake) })
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		m := telegram.New(token, &telegram.Options{API: server.URL, Log: slog.New(slog.DiscardHandler), Listener: l,
			Webhook: "http://" + l.Addr().String() + "/any/path"})
		return messengertest.Subject{Messenger: m, Many: true, Repeats: true, Person: people(fake)}
	})
}

func people(fake *telegramtest.Server) func(*testing.T, string) messengertest.Person {
	next := int64(100)
	return func(*testing.T, string) messengertest.Person { next++; return fake.Person(next) }
}

func nothingWrong(t *testing.T, fake *telegramtest.Server) {
	t.Helper()
	for _, w := range fake.Wrong() {
		t.Error(w)
	}
}
