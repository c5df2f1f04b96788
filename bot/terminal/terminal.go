// Package terminal is the messenger of the command line: one line in is one message, replies come out as plain text.
//
// On a terminal it edits Chinese lines (no history is written anywhere) and wraps at the window's width; on a pipe it
// reads plain lines and wraps nothing, so that programs, screen readers and tests can use it. With Options.JSON every
// line in makes exactly one line out.
package terminal

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"anning/bot"
)

var (
	_ bot.Messenger = (*Messenger)(nil)
	_ bot.Pusher    = (*Messenger)(nil)
)

// MaxLine is the longest line accepted as a message, in bytes: about 2,700 Chinese characters.
const MaxLine = 8 << 10

// turnLimit bounds one answer, also one that is being made when Run is told to stop.
const turnLimit = 30 * time.Second

// Options of a Messenger. The zero value works: plain text, no terminal, nobody greeted, nothing saved.
type Options struct {
	JSON   bool       // one JSON object a line instead of text
	Save   string     // a folder for the files that replies bring; empty: only their names are printed
	Keeper bot.Keeper // not nil, in text: a stranger is greeted, a known person sees the latest replies again
	Width  int        // columns to wrap at, at most 80; 0 does not wrap
	Edit   LineReader // reads lines with editing; nil reads them from in
}

// LineReader gives a line at a time, without its end. io.EOF ends the conversation.
type LineReader interface {
	Line(prompt string) (string, error)
}

// Messenger talks with one person on a pair of streams.
type Messenger struct {
	user  bot.UserID
	lines LineReader
	opts  Options
	run   string // makes message ids unique over runs
	count int

	mu  sync.Mutex // guards out
	out *bufio.Writer
}

// New makes a Messenger for one person, reading in and writing out.
func New(user bot.UserID, in io.Reader, out io.Writer, opts *Options) *Messenger {
	if opts == nil {
		opts = &Options{}
	}
	m := &Messenger{user: user, opts: *opts, run: rand.Text()[:8], out: bufio.NewWriter(out), lines: opts.Edit}
	m.opts.Width = min(m.opts.Width, 80)
	if m.lines == nil {
		m.lines = &plainLines{in: bufio.NewReaderSize(in, MaxLine+2)}
	}
	return m
}

// Run talks until the input or ctx ends; the answer being made is finished and printed first.
func (m *Messenger) Run(ctx context.Context, answer bot.Handler) error {
	if err := m.greet(ctx, answer); err != nil {
		return err
	}
	next := make(chan struct{})
	lines := make(chan read)
	defer close(next)
	go m.read(next, lines)
	for {
		select {
		case <-ctx.Done():
			return nil
		case next <- struct{}{}:
		}
		select {
		case <-ctx.Done():
			return nil
		case l := <-lines:
			if errors.Is(l.err, io.EOF) {
				return nil
			}
			if err := m.answer(ctx, l, answer); err != nil {
				return err
			}
		}
	}
}

type read struct {
	line string
	err  error
}

// read fetches a line each time it is asked to. A reader that never returns keeps only this goroutine.
func (m *Messenger) read(next <-chan struct{}, lines chan<- read) {
	for range next {
		line, err := m.lines.Line("> ")
		select {
		case lines <- read{line, err}:
		case <-next: // Run is gone
			return
		}
	}
}

// greet opens the conversation: the hello for a stranger, where they were for everybody else.
func (m *Messenger) greet(ctx context.Context, answer bot.Handler) error {
	if m.opts.JSON || m.opts.Keeper == nil {
		return nil
	}
	turns, replies, err := m.opts.Keeper.Latest(ctx, m.user)
	if err != nil {
		return m.print([]bot.Reply{{Text: sorry}})
	}
	if turns == 0 {
		return m.answer(ctx, read{line: "/start"}, answer)
	}
	if len(replies) > 0 {
		replies = slices.Clone(replies)
		replies[0].Text = strings.TrimSuffix(asBefore+"\n"+replies[0].Text, "\n")
	}
	return m.print(replies)
}

// answer sends one line to the engine and prints what comes back. Only a broken output is an error.
func (m *Messenger) answer(ctx context.Context, l read, answer bot.Handler) error {
	if errors.Is(l.err, errTooLong) {
		return m.print([]bot.Reply{{Text: tooLong}})
	}
	if l.err != nil {
		return l.err
	}
	line := strings.ToValidUTF8(l.line, "�")
	if !m.opts.JSON && strings.TrimSpace(line) == "" {
		return nil
	}
	m.count++
	msg := bot.Message{ID: m.run + "-" + strconv.Itoa(m.count), From: m.user, Text: line}
	if file, caption, ok := cutFile(line); ok {
		f, err := openFile(file)
		if err != nil {
			return m.print([]bot.Reply{{Text: noFile + file}})
		}
		msg.Text, msg.Files = caption, []bot.File{f}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), turnLimit)
	defer cancel()
	replies, err := answer(ctx, msg)
	if err != nil && len(replies) == 0 {
		replies = []bot.Reply{{Text: sorry}}
	}
	return m.print(replies)
}

// Push prints replies to the person at this terminal. In JSON mode nothing may be printed between two lines.
func (m *Messenger) Push(_ context.Context, to bot.UserID, replies []bot.Reply) error {
	if to != m.user || m.opts.JSON {
		return errors.New("terminal: nobody of that name is here")
	}
	return m.print(replies)
}

// The words of this messenger's own.
const (
	asBefore = "接着上次："
	sorry    = "我这边出错了，不怪你。\n刚才那句没存上，请再发一次；更早的都在。\n有危险别等我，打 110。"
	tooLong  = "这段太长，没收下。\n请分成几段发，每段不超过两千字。"
	noFile   = "这个文件打不开，没收下。\n看看路径对不对："
)
