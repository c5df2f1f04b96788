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
	args: "[-update] 文件或文件夹…",
	line: "重放谈话记录，看回复和写的是不是一样",
	more: "谈话记录是人能读的对话：> 人说的，< 安宁回的，<< 从哪条内容回的，@ 过了多久，= 记下的答案。\n" +
		"写法见 docs/authors.zh.md。写文件夹，就放里面每一份 .txt。每份都在一个全新的库里重放，不碰真的数据。",
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
		return wrong("要写谈话记录的文件名，如 flows/transcripts/third_party_contact.txt")
	}
	if files, err = transcripts(files); err != nil {
		return err
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
		return hint(fmt.Errorf("有 %d 处不一样", faults), "回复改得对，就用 anning play -update 更新谈话记录，再看一遍改动。")
	}
	fmt.Fprintf(p.out, "%d 份谈话记录都对。\n", len(files))
	return nil
}

// transcripts puts in the place of a folder the transcripts that lie in it.
func transcripts(paths []string) ([]string, error) {
	var all []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, hint(fmt.Errorf("打不开 %s", path), "看看文件名对不对。")
		}
		if !info.IsDir() {
			all = append(all, path)
			continue
		}
		inside, err := fs.Glob(os.DirFS(path), "*.txt")
		if err != nil || len(inside) == 0 {
			return nil, hint(fmt.Errorf("文件夹 %s 里没有谈话记录", path), "谈话记录是 .txt 文件，在 flows/transcripts/ 里。")
		}
		for _, name := range inside {
			all = append(all, filepath.Join(path, name))
		}
	}
	return all, nil
}

// playFile plays one file and returns how many faults it printed.
func playFile(ctx context.Context, p *program, c *config, path string, update bool) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, hint(err, "看看文件名对不对。")
	}
	file, err := transcript.Parse(path, data)
	if err != nil {
		return 0, hint(err, "写法见 docs/authors.zh.md「谈话记录」，或 anning play -h。")
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
