package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"anning/bot"
	"anning/bot/reminders"
	"anning/bot/transcript"
	"anning/storage"
	"anning/storage/sqlitestore"
)

var playCommand = command{
	name: "play",
	args: "[-update] 文件…",
	line: "重放剧本，看回复和写的是不是一样",
	more: "剧本是人能读的对话：> 人说的，< 安宁回的，<< 从哪条内容回的，@ 过了多久，= 记下的槽位。\n" +
		"写法见 docs/authors.zh.md。每份都在一个全新的库里重放，不碰真的数据。",
	run: play,
}

func play(ctx context.Context, p *program, args []string) error {
	update := false
	files, err := p.flags(args, func(fs *flag.FlagSet) {
		fs.BoolVar(&update, "update", false, "把不一样的回复改成现在的，其余不动")
	})
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return wrong("要写剧本的文件名，如 flows/transcripts/third_party_contact.txt")
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	faults := 0
	for _, path := range files {
		n, err := playFile(ctx, p, c, path, update)
		if err != nil {
			return err
		}
		faults += n
	}
	if faults > 0 {
		return hint(fmt.Errorf("有 %d 处不一样", faults), "回复改得对，就用 anning play -update 更新剧本，再看一遍改动。")
	}
	fmt.Fprintf(p.out, "%d 份剧本都对。\n", len(files))
	return nil
}

// playFile plays one file and returns how many faults it printed.
func playFile(ctx context.Context, p *program, c *config, path string, update bool) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, hint(err, "看看文件名对不对。")
	}
	file, err := transcript.Parse(path, data)
	if err != nil {
		return 0, hint(err, "剧本的写法：anning play -h。")
	}
	res, err := c.playAlone(ctx, file, os.DirFS(filepath.Dir(path)))
	if err != nil {
		return 0, err
	}
	if update && !bytes.Equal(res.Updated, data) {
		if err := os.WriteFile(path, res.Updated, 0o644); err != nil {
			return 0, hint(err, "看看文件能不能写。")
		}
		fmt.Fprintf(p.out, "%s：更新了\n", path)
		return 0, nil
	}
	if len(res.Faults) > 0 {
		fmt.Fprintln(p.out, res.Faults.Error())
	}
	return len(res.Faults), nil
}

// playAlone plays a file in a store that is made for it and thrown away.
func (c *config) playAlone(ctx context.Context, file *transcript.File, pictures fs.FS) (*transcript.Result, error) {
	dir, err := os.MkdirTemp("", "anning-play-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	key := make([]byte, storage.KeySize)
	rand.Read(key)
	keys, err := storage.NewKeyring(key)
	if err != nil {
		return nil, err
	}
	driver, err := sqlitestore.Open(filepath.Join(dir, "play.db"), &sqlitestore.Options{NoSync: true})
	if err != nil {
		return nil, err
	}
	clock := &transcript.Clock{}
	clock.Set(transcript.Begin)
	store := storage.New(driver, keys, &storage.Options{TTL: c.Keep, Clock: clock.Now})
	b, err := c.newBot(store, &bot.Options{Clock: clock.Now})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	res, err := transcript.Play(ctx, file, world(b, store, clock, pictures))
	return res, errors.Join(err, store.Close())
}

// world is the real engine and store for a transcript.
func world(b *bot.Bot, store *storage.Store, clock *transcript.Clock, pictures fs.FS) transcript.World {
	w := transcript.World{User: "transcript:1", Handle: b.Handle, Clock: clock, Files: pictures, Slots: b.Slots}
	var said []bot.Reply
	var failed error
	runner := reminders.New(store, func(ctx context.Context, d storage.Due) error {
		_, replies, err := b.Wake(ctx, d)
		said, failed = append(said, replies...), errors.Join(failed, err)
		return err
	}, &reminders.Options{Clock: clock.Now})
	w.Next = func(ctx context.Context, user bot.UserID) (time.Time, bool, error) {
		due, err := store.Reminders(ctx, string(user))
		if err != nil || len(due) == 0 {
			return time.Time{}, false, err
		}
		return due[0].At, true, nil
	}
	w.Wake = func(ctx context.Context) ([]bot.Reply, error) {
		said, failed = nil, nil
		_, err := runner.Once(ctx)
		return said, errors.Join(err, failed)
	}
	return w
}
