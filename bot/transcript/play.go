package transcript

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"anning/bot"
)

// World is what a transcript is played against. Every line passes through the real engine and a real store.
type World struct {
	User   bot.UserID  // who speaks; somebody the store does not know
	Handle bot.Handler // the engine
	Clock  *Clock      // the engine's clock
	Files  fs.FS       // where the files lie that are sent; nil: there are none

	Slots func(context.Context, bot.UserID) (map[string]string, error)         // what is kept in slots
	Next  func(context.Context, bot.UserID) (at time.Time, ok bool, err error) // when the next reminder falls due
	Wake  func(context.Context) ([]bot.Reply, error)                           // says what has fallen due by the clock
}

// Clock is a clock that stands still until it is set.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the time it shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set changes the time it shows.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Result is how a transcript went.
type Result struct {
	Faults  Faults      // where the conversation went another way; none: it is as written
	Updated []byte      // the file with the replies that came
	Replies []bot.Reply // all that came, in order
	Turns   int         // messages sent
}

// Play plays a file. An error means that it could not be played to its end: a broken engine, store or context.
func Play(ctx context.Context, f *File, w World) (*Result, error) {
	p := &player{file: f, w: w, res: &Result{}}
	w.Clock.Set(Begin)
	for i := 0; i < len(f.items); {
		it := &f.items[i]
		if !it.action() {
			p.keep(it)
			i++
			continue
		}
		end := i + 1
		for end < len(f.items) && !f.items[end].action() {
			end++
		}
		if err := p.act(ctx, it); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", f.Name, it.line, err)
		}
		if err := p.compare(ctx, it, f.items[i+1:end]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", f.Name, it.line, err)
		}
		i = end
	}
	p.res.Updated = []byte(strings.Join(p.out, "\n") + "\n")
	return p.res, nil
}

type player struct {
	file  *File
	w     World
	res   *Result
	out   []string
	moved bool        // an @ line came after the last message
	got   []bot.Reply // replies to the latest action
	last  []bot.Reply // the replies that were not empty, for pressing
}

func (p *player) keep(it *item) { p.out = append(p.out, it.raw...) }

func (p *player) fault(line int, text string) {
	p.res.Faults = append(p.res.Faults, Fault{p.file.Name, line, text})
}

// act does what an item says and collects the replies.
func (p *player) act(ctx context.Context, it *item) error {
	p.got = nil
	now := p.w.Clock.Now()
	switch {
	case it.kind == passing && !it.at.IsZero():
		if p.res.Turns > 0 && it.at.Before(now) {
			p.fault(it.line, "时间只能往后走，现在已是 "+now.In(China).Format(time.RFC3339))
			return nil
		}
		p.moved = true
		return p.pass(ctx, it.at)
	case it.kind == passing:
		p.moved = true
		return p.pass(ctx, now.Add(it.add))
	case p.res.Turns > 0 && !p.moved:
		if err := p.pass(ctx, now.Add(time.Minute)); err != nil {
			return err
		}
	}
	p.moved = false
	return p.say(ctx, it)
}

// pass lets time go by; each reminder is said when it falls due.
func (p *player) pass(ctx context.Context, until time.Time) error {
	for range 1000 {
		if p.w.Next == nil || p.w.Wake == nil || p.res.Turns == 0 {
			break
		}
		at, ok, err := p.w.Next(ctx, p.w.User)
		if err != nil {
			return err
		}
		if !ok || at.After(until) {
			break
		}
		if at.After(p.w.Clock.Now()) {
			p.w.Clock.Set(at)
		}
		replies, err := p.w.Wake(ctx)
		if err != nil {
			return err
		}
		p.take(replies)
	}
	p.w.Clock.Set(until)
	return nil
}

func (p *player) take(replies []bot.Reply) {
	p.got = append(p.got, replies...)
	p.res.Replies = append(p.res.Replies, replies...)
	if len(replies) > 0 {
		p.last = replies
	}
}

// say sends the person's message.
func (p *player) say(ctx context.Context, it *item) error {
	p.res.Turns++
	m := bot.Message{ID: strconv.Itoa(p.res.Turns), From: p.w.User, Text: it.text, At: p.w.Clock.Now()}
	if it.press != "" {
		value, ok := p.choice(it.press)
		if !ok {
			p.fault(it.line, "上一句回复里没有选项 "+bracket(it.press))
			value = it.press
		}
		m.Text = value
	}
	if it.photo != "" {
		f, err := p.open(it.photo)
		if err != nil {
			p.fault(it.line, "旁边没有文件 "+it.photo)
			return nil
		}
		m.Files = []bot.File{f}
	}
	replies, err := p.w.Handle(ctx, m)
	if err != nil {
		return err
	}
	p.take(replies)
	return nil
}

// choice finds the value of a choice offered last.
func (p *player) choice(label string) (string, bool) {
	for _, r := range slices.Backward(p.last) {
		for i, l := range labels(r) {
			if l == label {
				return r.Choices[i].Value, true
			}
		}
	}
	return "", false
}

func (p *player) open(name string) (bot.File, error) {
	if p.w.Files == nil {
		return bot.File{}, errors.New("no files")
	}
	info, err := fs.Stat(p.w.Files, name)
	if err != nil {
		return bot.File{}, err
	}
	return bot.File{Name: path.Base(name), MIME: mime.TypeByExtension(path.Ext(name)), Size: info.Size(),
		Open: func(context.Context) (io.ReadCloser, error) { return p.w.Files.Open(name) }}, nil
}
