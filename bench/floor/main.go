// Command floor is the least that a webhook with memory can be: it reads an update, makes two Redis round trips and
// answers 200. It knows no person, no conversation and no encryption, so what a real webhook costs more is what it does.
//
//	POST /dedup   [SET NX of the update, GET of the session] in one pipeline, then a script that writes the session if
//	              its version is unchanged: optimistic, and the same update is never walked twice
//	POST /same    Anning's own two commands: HMGET of the session, then its commit script, with as many bytes as its
//	              sessions have
//	POST /noop    no Redis
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"anning/storage"
	"anning/storage/redisstore"
)

type update struct {
	Message struct {
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	} `json:"message"`
}

var write = redis.NewScript(`local v = redis.call('GET', KEYS[1])
if v == false or string.sub(v, 1, 8) == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
  return 1
end
return 0`)

func main() {
	server := flag.String("redis", "", "host:port of Redis")
	size := flag.Int("size", 1024, "bytes of a session of dedup")
	ours := flag.Int("ours", 2048, "bytes of a session of same")
	flag.Parse()
	ctx := context.Background()
	rdb := redis.NewClient(&redis.Options{Addr: *server})
	if err := write.Load(ctx, rdb).Err(); err != nil {
		log.Fatal(err)
	}
	driver, err := redisstore.Open("redis://"+*server, &redisstore.Options{Prefix: "floor:"})
	if err != nil {
		log.Fatal(err)
	}
	f := &floor{rdb: rdb, driver: driver, session: "00000001" + strings.Repeat("x", *size-8), sealed: []byte(strings.Repeat("x", *ours))}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /noop", f.handler(func(context.Context, int64) error { return nil }))
	mux.HandleFunc("POST /dedup", f.handler(f.dedup))
	mux.HandleFunc("POST /same", f.handler(f.same))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(l.Addr()) // for who started it
	os.Stdout.Close()
	log.Fatal(http.Serve(l, mux))
}

type floor struct {
	rdb     *redis.Client
	driver  *redisstore.Driver
	session string
	sealed  []byte
}

// handler reads the update and answers.
func (f *floor) handler(turn func(ctx context.Context, chat int64) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var u update
		body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
		if err == nil {
			err = json.Unmarshal(body, &u)
		}
		if err == nil {
			err = turn(r.Context(), u.Message.Chat.ID)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}
}

func (f *floor) dedup(ctx context.Context, chat int64) error {
	key := "s:" + strconv.FormatInt(chat, 10)
	p := f.rdb.Pipeline()
	p.SetNX(ctx, "d:"+strconv.FormatInt(int64(rand.Uint32()), 10), 1, time.Minute)
	p.Get(ctx, key)
	if _, err := p.Exec(ctx); err != nil && err != redis.Nil {
		return err
	}
	return write.EvalSha(ctx, f.rdb, []string{key}, "00000001", f.session, 3600).Err()
}

func (f *floor) same(ctx context.Context, chat int64) error {
	user := "floor." + strconv.FormatInt(chat, 10)
	h, err := f.driver.Load(ctx, user)
	if err != nil {
		return err
	}
	now := time.Now()
	err = f.driver.Commit(ctx, storage.Write{User: user, Rev: h.Rev, Next: h.Rev + 1, Now: now.UnixMilli(),
		Expires: now.Add(24 * time.Hour).UnixMilli(), Key: f.sealed[:60], State: f.sealed})
	if err == storage.ErrConflict { // two updates of one chat at once
		return nil
	}
	return err
}
