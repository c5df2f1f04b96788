package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"time"

	"golang.org/x/term"

	"anning/bot"
	"anning/bot/terminal"
	"anning/bot/transcript"
	"anning/storage"
)

var chatCommand = command{
	name: "chat",
	args: "[-as 名字] [-json] [-now 时间] [-record 文件] [-save 文件夹]",
	line: "在终端里和安宁说话",
	more: "一行是一句话；选项打数字就行。「[photo 图片路径] 说明」发一张图，「[file 路径]」发一个文件。\n" +
		"Ctrl-D 结束。不写 -as，这次说的结束时全部删掉。",
	run: chat,
}

type chatFlags struct {
	as, now, record, save string
	json                  bool
}

func chat(ctx context.Context, p *program, args []string) error {
	var f chatFlags
	err := p.options(args, func(fs *flag.FlagSet) {
		fs.StringVar(&f.as, "as", "", "以这个`名字`说话，下次用同一个名字能接着说")
		fs.BoolVar(&f.json, "json", false, "一行进，一行 JSON 出，给程序用")
		fs.StringVar(&f.now, "now", "", "从这个`时间`开始，如 2026-03-01 或 2026-03-01T21:30:00+08:00，之后照常走")
		fs.StringVar(&f.record, "record", "", "把对话记成谈话记录`文件`，可以用 anning play 重放")
		fs.StringVar(&f.save, "save", "", "把安宁发来的文件存在这个`文件夹`，没有就建")
	})
	if err != nil {
		return err
	}
	clock, err := clockFrom(f.now)
	if err != nil {
		return err
	}
	user, err := person(f.as)
	if err != nil {
		return err
	}
	if err := saveFolder(f.save); err != nil {
		return err
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	store, err := c.openStore(ctx, clock.now)
	if err != nil {
		return err
	}
	b, err := c.newBot(store, &bot.Options{Clock: clock.now, Log: slog.New(slog.NewTextHandler(p.err, &slog.HandlerOptions{Level: slog.LevelError}))})
	if err == nil {
		err = talk(ctx, p, b, store, user, f, clock)
	}
	if err == nil && f.as == "" {
		err = b.Erase(context.WithoutCancel(ctx), user)
	}
	return errors.Join(err, store.Close())
}

// talk carries the conversation on the program's streams.
func talk(ctx context.Context, p *program, b *bot.Bot, store *storage.Store, user bot.UserID, f chatFlags, clock *chatClock) error {
	answer := withDue(b, store, clock.now)
	if f.record != "" {
		file, err := newTranscript(f.record)
		if err != nil {
			return err
		}
		defer file.Close()
		answer = transcript.NewRecorder(file, clock.now).Wrap(answer)
	}
	opts := &terminal.Options{JSON: f.json, Save: f.save, Keeper: b}
	if out, ok := p.out.(*os.File); ok && term.IsTerminal(int(out.Fd())) && !f.json {
		if width, _, err := term.GetSize(int(out.Fd())); err == nil {
			opts.Width = width
		}
		if in, ok := p.in.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
			edit := terminal.NewEditor()
			defer edit.Close()
			opts.Edit = edit
		}
	}
	clock.begun = time.Now()
	return terminal.New(user, p.in, p.out, opts).Run(ctx, answer)
}

// chatClock is the clock of a chat: the real one, or one that stands at a time until the talk begins and goes on from
// there.
type chatClock struct {
	at    time.Time // zero: the real clock
	begun time.Time // zero: the talk has not begun
}

func (c *chatClock) now() time.Time {
	switch {
	case c.at.IsZero():
		return time.Now()
	case c.begun.IsZero():
		return c.at
	}
	return c.at.Add(time.Since(c.begun))
}

// clockFrom reads the time a chat shall begin at; without a text, it is the real one.
func clockFrom(text string) (*chatClock, error) {
	if text == "" {
		return &chatClock{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.ParseInLocation(time.DateOnly, text, chinaTime)
		at = at.Add(10 * time.Hour) // a day alone: in the morning
	}
	if err != nil {
		return nil, misuse(fmt.Errorf("时间 %q 不对", text), "写成 2026-03-01（那天上午十点），或 2026-03-01T21:30:00+08:00。")
	}
	return &chatClock{at: at}, nil
}

// saveFolder makes the folder for the files that replies bring, or says that it cannot, before anything is said.
func saveFolder(path string) error {
	if path == "" {
		return nil
	}
	return hint(os.MkdirAll(path, 0o700), "-save 后面写一个能建、能写的文件夹。")
}

var nameForm = regexp.MustCompile(`^[\p{L}\p{N}_.@-]{1,64}$`)

// person is the user of a chat: the one that -as names, or somebody new.
func person(as string) (bot.UserID, error) {
	if as == "" {
		return bot.UserID("terminal:once-" + rand.Text()), nil
	}
	if !nameForm.MatchString(as) {
		return "", misuse(fmt.Errorf("名字 %q 不能用", as), "名字用字母、汉字、数字和 _ . @ -，最多 64 个。")
	}
	return bot.UserID("terminal:" + as), nil
}

// newTranscript makes the file to record into; one that has something in it stays as it is.
func newTranscript(path string) (io.WriteCloser, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return nil, hint(fmt.Errorf("%s 里已经有东西", path), "换一个文件名，或者先删掉它。")
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o600)
	return f, hint(err, "看看文件夹在不在、能不能写。")
}

// withDue says before the answer what has fallen due for the person by the clock. At a terminal nobody is there to be
// called, so reminders come with the next words; they are not claimed, because a chat may run on a clock of its own.
func withDue(b *bot.Bot, store *storage.Store, clock func() time.Time) bot.Handler {
	return func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		due, err := store.Reminders(ctx, string(m.From))
		if err != nil {
			return b.Handle(ctx, m) // says the kind words
		}
		var said []bot.Reply
		for _, r := range due {
			if r.At.After(clock()) {
				break
			}
			_, replies, err := b.Wake(ctx, storage.Due{Reminder: r, User: string(m.From)})
			if err == nil {
				err = forget(ctx, store, string(m.From), r)
			}
			if err != nil {
				return replies, err
			}
			said = append(said, replies...)
		}
		replies, err := b.Handle(ctx, m)
		return append(said, replies...), err
	}
}

// forget removes a reminder that was said, unless saying it set it again.
func forget(ctx context.Context, store *storage.Store, user string, said storage.Reminder) error {
	left, err := store.Reminders(ctx, user)
	if err != nil {
		return err
	}
	for _, r := range left {
		if r.ID != said.ID || !r.At.Equal(said.At) {
			continue
		}
		st, err := store.Load(ctx, user)
		if err != nil {
			return err
		}
		_, err = store.Commit(ctx, storage.Turn{User: user, Rev: st.Rev, Session: st.Session, Answer: st.Answer, Cancel: []string{r.ID}})
		return err
	}
	return nil
}
