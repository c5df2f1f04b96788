// Command lifted is Anning on Telegram by webhook, with its pace lifted: as shipped it sends 25 messages a second to
// everybody together, as Telegram asks, and measuring it would measure that. Everything else is as in cmd/anning.
package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"net"
	"os"

	"anning/bot"
	"anning/bot/telegram"
	"anning/content"
	"anning/flows"
	"anning/storage"
	"anning/storage/redisstore"
)

func main() {
	store := flag.String("store", "", "redis://host:port")
	api := flag.String("api", "", "where the Bot API is")
	secret := flag.String("secret", "", "shown with each post")
	flag.Parse()
	if err := serve(*store, *api, *secret); err != nil {
		log.Fatal(err)
	}
}

func serve(store, api, secret string) error {
	driver, err := redisstore.Open(store, &redisstore.Options{Prefix: "lifted:"})
	if err != nil {
		return err
	}
	key := make([]byte, storage.KeySize)
	_, _ = rand.Read(key) // never fails
	keys, err := storage.NewKeyring(key)
	if err != nil {
		return err
	}
	lib, err := content.Load(content.Files)
	if err != nil {
		return err
	}
	set, err := flows.Load(flows.Files)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	kept := storage.New(driver, keys, nil)
	b, err := bot.New(kept, lib, set, &bot.Options{Log: logger, Observe: func(t bot.Turn) {
		logger.Info("turn", "messenger", t.Messenger, "flow", t.Flow, "step", t.Step, "duration", t.Duration)
	}})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	m := telegram.New("4711:AAbench", &telegram.Options{API: api, Listener: l, Webhook: "http://" + l.Addr().String() + "/telegram", Secret: secret, PerSecond: 1e9, Log: logger})
	fmt.Println(l.Addr()) // for who started it
	return m.Run(context.Background(), b.Handle)
}
