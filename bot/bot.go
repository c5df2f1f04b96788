package bot

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
	"anning/storage"
)

// The flows that the engine itself opens.
const (
	startFlow   = "start"
	channelFlow = "channel"
	menuFlow    = "menu"
	helpFlow    = "help"
	generalID   = "general"
	identifyID  = "identify"
	pasteFlow   = "paste"

	negotiateFlow = "negotiate" // not offered again after self-harm was spoken of twice in a row
)

// Options of a Bot. The zero value works.
type Options struct {
	Clock   func() time.Time // time.Now
	Log     *slog.Logger     // discarded
	Observe func(Turn)       // told of every turn, for metrics and logs
	MaxFile int64            // bytes of one file a person sends; 20 MiB
}

// Turn is what Observe is told: what happened, never who or what was said.
type Turn struct {
	Messenger  string        // "telegram"
	Flow, Step string        // where the turn ended; empty when nothing is asked
	Duration   time.Duration // from message to commit
	Err        error         // nothing was kept
	Repeat     bool          // answered from the store
	Conflicts  int           // other turns that came between
}

// Bot answers messages. It holds no state of any person; all of it is in the store.
type Bot struct {
	store   *storage.Store
	guide   atomic.Pointer[guide]
	locks   locks
	erased  *recent
	clock   func() time.Time
	log     *slog.Logger
	observe func(Turn)
	maxFile int64
}

// guide is what a turn reads: flows and content that belong together. Reload replaces it whole.
type guide struct {
	set      *flows.Set
	lib      *content.Library
	reader   *understand.Reader
	words    words
	fits     map[*flows.Step]*fit
	commands map[string]command
	openers  map[string]string   // whole message, normalised → flow
	named    map[string]string   // whole message, normalised → reporting channel it names
	urgent   map[string]bool     // flows that an urgent signal opens
	called   map[string][]string // kind of creditor → all it is called, normalised
}

// New makes a Bot over a store, with flows and content that Check finds nothing to mend in.
func New(store *storage.Store, lib *content.Library, set *flows.Set, opts *Options) (*Bot, error) {
	b := newBot(store, opts)
	if err := b.Reload(lib, set); err != nil {
		return nil, err
	}
	return b, nil
}

func newBot(store *storage.Store, opts *Options) *Bot {
	if opts == nil {
		opts = &Options{}
	}
	b := &Bot{store: store, clock: opts.Clock, log: opts.Log, observe: opts.Observe, maxFile: opts.MaxFile, erased: newRecent(1024)}
	if b.clock == nil {
		b.clock = time.Now
	}
	if b.log == nil {
		b.log = slog.New(slog.DiscardHandler)
	}
	if b.observe == nil {
		b.observe = func(Turn) {}
	}
	if b.maxFile == 0 {
		b.maxFile = 20 << 20
	}
	return b
}

// Reload replaces flows and content between two turns. Faults that must be mended refuse it, and the old ones stay.
func (b *Bot) Reload(lib *content.Library, set *flows.Set) error {
	var must []string
	for _, f := range Check(lib, set, content.DateOf(b.clock())) {
		if f.MustFix {
			must = append(must, f.String())
		}
	}
	if len(must) > 0 {
		return fmt.Errorf("flows and content do not fit together:\n%s", strings.Join(must, "\n"))
	}
	g, err := newGuide(lib, set)
	if err != nil {
		return err
	}
	b.guide.Store(g)
	return nil
}

func newGuide(lib *content.Library, set *flows.Set) (*guide, error) {
	reader, err := understand.New(lib)
	if err != nil {
		return nil, fmt.Errorf("prepare understanding: %w", err)
	}
	g := &guide{set: set, lib: lib, reader: reader, words: words(lib.Wording), fits: newFits(set), openers: map[string]string{}, named: map[string]string{}, urgent: map[string]bool{}}
	g.called = newCalled(lib)
	g.commands = make(map[string]command, len(commandWords))
	for word, c := range commandWords {
		g.commands[understand.Key(word)] = c
	}
	for _, s := range lib.Signals {
		if s.Urgent {
			g.urgent[s.Flow] = true
		}
	}
	for _, f := range set.Flows {
		for _, p := range f.Phrases {
			g.openers[understand.Key(p)] = f.ID
		}
	}
	for _, c := range lib.ReportingChannels {
		for _, name := range c.Names {
			g.named[understand.Key(name)] = c.ID
		}
	}
	return g, nil
}

// Handle answers one message: a Handler. With an error nothing was kept, and the replies are kind words to show.
func (b *Bot) Handle(ctx context.Context, m Message) ([]Reply, error) {
	began := b.clock()
	m = received(m, began)
	unlock, err := b.locks.lock(ctx, string(m.From))
	if err != nil {
		return nil, err
	}
	defer unlock()
	seen := Turn{}
	seen.Messenger, _, _ = strings.Cut(string(m.From), ":")
	replies, err := b.handleSafely(ctx, m, &seen)
	seen.Duration, seen.Err = b.clock().Sub(began), err
	b.observe(seen)
	if err != nil {
		number := turnNumber()
		b.log.Error("turn failed", "turn", number, "messenger", seen.Messenger, "err", err)
		return []Reply{b.guide.Load().sorry(number)}, err
	}
	return replies, nil
}

// oldest is how long after it was sent a message may come; a time before that is a clock nobody believes.
const oldest = 48 * time.Hour

// received is a message as the engine takes it: an id that is kept as it is, a time that can be.
func received(m Message, now time.Time) Message {
	m.ID = strings.ToValidUTF8(m.ID, "?")
	if m.At.After(now) || now.Sub(m.At) > oldest {
		m.At = now
	}
	return m
}

// maxTries bounds how often a turn is walked again because another replica was faster.
const maxTries = 40

// handleSafely makes a defect that one message meets an error of that message, for the sake of everybody else.
func (b *Bot) handleSafely(ctx context.Context, m Message, seen *Turn) (replies []Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			replies, err = nil, fmt.Errorf("turn broke: %v\n%s", p, debug.Stack())
		}
	}()
	return b.handle(ctx, m, seen)
}

func (b *Bot) handle(ctx context.Context, m Message, seen *Turn) ([]Reply, error) {
	in := newInbox(m.Files, b.maxFile)
	for try := range maxTries {
		st, err := b.store.Load(ctx, string(m.From))
		if err != nil {
			return nil, fmt.Errorf("load session: %w", err)
		}
		if replies, ok := b.erased.get(m.From, m.ID); ok && st.Rev == 0 {
			seen.Repeat = true
			return replies, nil
		}
		t, err := b.begin(ctx, st, m)
		if err != nil {
			return nil, err
		}
		if t.s.seen(m.ID) {
			seen.Repeat = true
			return b.repeat(st, m)
		}
		t.in = in
		if err := t.run(); err != nil {
			return nil, err
		}
		seen.Flow, seen.Step, seen.Conflicts = t.s.Flow, t.s.Step, try
		err = b.commit(ctx, st.Rev, t)
		if errors.Is(err, storage.ErrConflict) {
			if err := b.giveWay(ctx, try); err != nil {
				return nil, err
			}
			continue
		}
		if err != nil {
			return nil, err
		}
		return b.reopen(m.From, t.replies), nil
	}
	return nil, fmt.Errorf("commit turn: %w", storage.ErrConflict)
}

// giveWay waits a little, longer with every try and never the same, so that two replicas that answer the same person
// do not get in each other's way again and again.
func (b *Bot) giveWay(ctx context.Context, try int) error {
	wait := time.Duration(mathrand.Int64N(int64(time.Millisecond) * int64(min(try+1, 20))))
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return nil
	}
}

// begin makes the turn that a message starts from what the store keeps.
func (b *Bot) begin(ctx context.Context, st storage.State, m Message) (*turn, error) {
	s, err := sessionFrom(st.Session, m.From)
	if err != nil {
		return nil, err
	}
	return &turn{g: b.guide.Load(), s: s, m: m, now: m.At.In(china), maxFile: b.maxFile, ctx: ctx,
		kept: func() ([]storage.Record, error) { return b.store.Records(ctx, string(m.From)) },
		due:  func() ([]storage.Reminder, error) { return b.store.Reminders(ctx, string(m.From)) }}, nil
}

// lastAnswer is the kept answer to the latest message.
type lastAnswer struct {
	ID      string  `json:"id"`
	Turn    int     `json:"turn"`
	Replies []Reply `json:"replies"`
}

func (b *Bot) repeat(st storage.State, m Message) ([]Reply, error) {
	var a lastAnswer
	if err := json.Unmarshal(st.Answer, &a); err != nil {
		return nil, fmt.Errorf("read kept answer: %w", err)
	}
	if a.ID != m.ID {
		return nil, nil // an older repeat: its answer was delivered before the latest one
	}
	return b.reopen(m.From, a.Replies), nil
}

func (b *Bot) commit(ctx context.Context, rev uint64, t *turn) error {
	user := string(t.m.From)
	if t.erase {
		if err := b.store.Delete(ctx, user); err != nil {
			return fmt.Errorf("erase: %w", err)
		}
		b.erased.put(t.m.From, t.m.ID, t.replies)
		return nil
	}
	session := t.s.bounded()
	t.tellDue()
	kept, err := lastAnswer{ID: t.m.ID, Turn: t.s.Turn, Replies: t.replies}.encode()
	if err != nil {
		return fmt.Errorf("write answer: %w", err)
	}
	_, err = b.store.Commit(ctx, storage.Turn{User: user, Rev: rev, Session: session, Answer: kept,
		Records: t.records, Forget: t.forget, Remind: t.remind, Cancel: t.cancel, TTL: t.ttl()})
	if err != nil {
		return fmt.Errorf("commit turn: %w", err)
	}
	return nil
}

// Latest returns the number of turns so far and the replies to the latest one.
func (b *Bot) Latest(ctx context.Context, user UserID) (int, []Reply, error) {
	st, err := b.store.Load(ctx, string(user))
	if err != nil {
		return 0, nil, fmt.Errorf("load session: %w", err)
	}
	if st.Rev == 0 {
		return 0, nil, nil
	}
	var a lastAnswer
	if err := json.Unmarshal(st.Answer, &a); err != nil {
		return 0, nil, fmt.Errorf("read kept answer: %w", err)
	}
	return a.Turn, b.reopen(user, a.Replies), nil
}

// Slots returns what a person told us, as kept.
func (b *Bot) Slots(ctx context.Context, user UserID) (map[string]string, error) {
	st, err := b.store.Load(ctx, string(user))
	if err != nil || st.Rev == 0 {
		return nil, err
	}
	s, err := decodeSession(st.Session, user)
	if err != nil {
		return nil, err
	}
	return s.Slots, nil
}

// Erase removes everything kept for a person.
func (b *Bot) Erase(ctx context.Context, user UserID) error {
	unlock, err := b.locks.lock(ctx, string(user))
	if err != nil {
		return err
	}
	defer unlock()
	return b.store.Delete(ctx, string(user))
}

// reopen gives the files of kept replies their content again.
func (b *Bot) reopen(user UserID, replies []Reply) []Reply {
	for i := range replies {
		if f := replies[i].File; f != nil && f.Ref == exportRef {
			f.Open = func(ctx context.Context) (io.ReadCloser, error) { return b.export(ctx, user) }
		}
	}
	return replies
}

func turnNumber() string {
	var n [2]byte
	_, _ = rand.Read(n[:])
	return strings.ToUpper(hex.EncodeToString(n[:]))
}
