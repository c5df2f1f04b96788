package bot

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"anning/content"
	"anning/flows"
)

// Coverage is what an exhaustive walk over every choice saw.
type Coverage struct {
	States  int      // different places people can be at
	Reached int      // steps walked at least once
	Missed  []string // "flow/step" never walked
	Faults  []string // replies over a limit, questions without a way on
	Texts   []string // everything that was said on the way, each once
	Cut     bool     // the walk was ended at its bound
}

// String is the coverage as people read it.
func (c *Coverage) String() string {
	var b strings.Builder
	total := c.Reached + len(c.Missed)
	fmt.Fprintf(&b, "%d places, %d of %d steps walked", c.States, c.Reached, total)
	if c.Cut {
		b.WriteString(" (ended at the bound)")
	}
	for _, m := range c.Missed {
		b.WriteString("\n  not reached: " + m)
	}
	for _, f := range c.Faults {
		b.WriteString("\n  " + f)
	}
	return b.String()
}

// samples are answers that fit typed questions.
var samples = map[flows.Accept][]string{
	flows.AcceptText: {"他说明天再来"}, flows.AcceptDate: {"昨天", "2025年12月20日", "2025年1月10日"}, flows.AcceptTime: {"晚上11点"},
	flows.AcceptMoment: {"昨天晚上11点"}, flows.AcceptMoney: {"1500元", "0元"}, flows.AcceptCount: {"20"},
	flows.AcceptPhone: {"13800000000"}, flows.AcceptYesNo: {"是", "不是"},
}

// sampleFile is a picture a person might send.
var sampleFile = File{Name: "sample.png", MIME: "image/png", Size: 8, Open: func(context.Context) (io.ReadCloser, error) {
	return io.NopCloser(strings.NewReader("\x89PNG\r\n\x1a\n")), nil
}}

// explorer walks every choice from every place once.
type explorer struct {
	w       *Walker
	now     time.Time
	matter  *ahead // the slots that decide where people go from a step
	seen    map[string]bool
	reached map[*flows.Step]bool
	queue   [][]byte
	cov     *Coverage
	faults  map[string]bool
	texts   map[string]bool
}

// Explore walks every choice of every question exhaustively, at most limit places, from a stranger's first message.
func Explore(ctx context.Context, lib *content.Library, set *flows.Set, now time.Time, limit int) (*Coverage, error) {
	w, err := NewWalker(lib, set)
	if err != nil {
		return nil, err
	}
	x := &explorer{w: w, now: now, matter: deciding(set), seen: map[string]bool{}, reached: map[*flows.Step]bool{}, cov: &Coverage{}, faults: map[string]bool{}, texts: map[string]bool{}}
	if err := x.begin(ctx); err != nil {
		return nil, err
	}
	for i := 0; i < len(x.queue); i++ {
		if ctx.Err() != nil || len(x.queue) > limit {
			x.cov.Cut = true
			break
		}
		if err := x.from(ctx, x.queue[i]); err != nil {
			return nil, err
		}
		x.queue[i] = nil
	}
	set.Steps(func(f *flows.Flow, s *flows.Step) {
		if x.reached[s] {
			x.cov.Reached++
		} else {
			x.cov.Missed = append(x.cov.Missed, f.ID+"/"+s.ID)
		}
	})
	x.cov.States = len(x.seen)
	return x.cov, nil
}

// begin puts people before every flow: a stranger at the hello; somebody who agreed to be kept, and somebody who was not
// asked yet; with every conduct where the flow tells of any; and with every slot that the flow's conditions look at.
func (x *explorer) begin(ctx context.Context) error {
	if err := x.try(ctx, newSession("explore:1"), Message{Text: "/start"}); err != nil {
		return err
	}
	for _, f := range x.w.g.set.Flows {
		seeds := []map[string]string{{"consent": "yes"}, {}}
		for slot, tests := range x.matter.from(f.ID, "", false) {
			some := "1"
			if slot == "also" {
				some = x.w.g.lib.Conducts[0].ID
			}
			seeds = append(seeds, map[string]string{"consent": "yes", slot: some})
			for _, v := range tests.values(x.w.g) {
				seeds = append(seeds, map[string]string{"consent": "yes", slot: v})
			}
		}
		for _, c := range x.w.g.lib.Conducts {
			if f.ID == c.ID || f.ID == generalID {
				seeds = append(seeds, map[string]string{"consent": "yes", "conduct": c.ID, "said": "他们这样"})
			}
			if slices.ContainsFunc(f.Steps, func(s *flows.Step) bool { return s.Kind == flows.Ask && s.Ask.From == "also" }) {
				seeds = append(seeds, map[string]string{"consent": "yes", "also": c.ID})
			}
		}
		for _, slots := range seeds {
			s := newSession("explore:1")
			s.Met, s.Slots = true, slots
			if err := x.enter(ctx, s, f.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *explorer) turn(ctx context.Context, s *Session, m Message) *turn {
	m.From, m.At = s.User, x.now
	t := x.w.turn(ctx, s, m)
	t.walked = x.reached
	return t
}

func (x *explorer) enter(ctx context.Context, s *Session, flow string) error {
	t := x.turn(ctx, s, Message{})
	if err := t.enter(flow); err != nil {
		return fmt.Errorf("flow %s: %w", flow, err)
	}
	return x.arrived(t)
}

func (x *explorer) try(ctx context.Context, s *Session, m Message) error {
	t := x.turn(ctx, s, m)
	at := s.Flow + "/" + s.Step
	if err := t.run(); err != nil {
		return fmt.Errorf("%s, answer %q: %w", at, m.Text, err)
	}
	return x.arrived(t)
}

// arrived notes where a turn ended, and queues the place if it is new.
func (x *explorer) arrived(t *turn) error {
	x.limits(t)
	if t.erase {
		return nil
	}
	t.s.Seen, t.s.Back, t.s.Hints, t.s.Paused = "", "", nil, nil
	key := x.key(t.s)
	if x.seen[key] {
		return nil
	}
	x.seen[key] = true
	x.queue = append(x.queue, t.s.encode())
	return nil
}

// from tries everything a person can do at a place.
func (x *explorer) from(ctx context.Context, data []byte) error {
	load := func() *Session {
		s, err := decodeSession(data, "explore:1")
		if err != nil {
			panic(err) // it was written a moment ago
		}
		return s
	}
	s := load()
	for _, b := range s.Buttons {
		value, _, _ := strings.Cut(b, "\t")
		if err := x.try(ctx, load(), Message{Text: value}); err != nil {
			return err
		}
	}
	t := x.turn(ctx, s, Message{})
	f, step := t.waiting()
	if step == nil {
		return nil
	}
	inputs := slices.Clone(samples[step.Ask.Accept])
	listed := 0
	for _, c := range t.choices(f, step) {
		_, id, _ := strings.Cut(c.Value, "=")
		if step.Ask.From != "" && step.Ask.Choice(id) == nil {
			if listed++; listed > 2 { // two entries of a list stand for all; each entry's own card is checked by Check
				continue
			}
		}
		inputs = append(inputs, c.Value)
	}
	if step.Ask.Accept == flows.AcceptPhoto || step.Ask.Accept == flows.AcceptFile {
		if err := x.try(ctx, load(), Message{Files: []File{sampleFile}}); err != nil {
			return err
		}
	}
	if len(inputs) == 0 && step.Ask.Accept != flows.AcceptPhoto && step.Ask.Accept != flows.AcceptFile {
		x.fault(f.ID + "/" + step.ID + ": there is no way on")
	}
	for _, in := range inputs {
		if err := x.try(ctx, load(), Message{Text: in}); err != nil {
			return err
		}
	}
	return nil
}

func (x *explorer) fault(text string) {
	if !x.faults[text] {
		x.faults[text] = true
		x.cov.Faults = append(x.cov.Faults, text)
	}
}

// limits holds every reply against what messengers take.
func (x *explorer) limits(t *turn) {
	at := t.s.Flow + "/" + t.s.Step
	for _, r := range t.replies {
		if x.texts != nil && !x.texts[r.Text] {
			x.texts[r.Text] = true
			x.cov.Texts = append(x.cov.Texts, r.Text)
		}
		size := len(r.Text)
		for _, c := range r.Choices {
			size += len(c.Label) + 4
			if len(c.Value) > maxValueBytes {
				x.fault(fmt.Sprintf("%s: the button %q has %d bytes", at, c.Value, len(c.Value)))
			}
		}
		if size > maxReplyBytes && r.Card == nil {
			x.fault(fmt.Sprintf("%s: a reply has %d bytes", at, size))
		}
		if strings.TrimSpace(r.Text) == "" && r.File == nil {
			x.fault(at + ": an empty reply")
		}
	}
}
