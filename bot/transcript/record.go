package transcript

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"anning/bot"
)

// Recorder writes a transcript of what passes through it.
type Recorder struct {
	mu    sync.Mutex
	w     io.Writer
	clock func() time.Time
	last  time.Time
	shown []bot.Reply
}

// NewRecorder records to w, with the times that clock tells.
func NewRecorder(w io.Writer, clock func() time.Time) *Recorder {
	return &Recorder{w: w, clock: clock}
}

// Wrap records what goes through a handler. A turn that failed is left out: nothing of it was kept.
func (r *Recorder) Wrap(answer bot.Handler) bot.Handler {
	return func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		at := r.clock()
		replies, err := answer(ctx, m)
		if err != nil {
			return replies, err
		}
		if err := r.write(m, at, replies); err != nil {
			return replies, fmt.Errorf("record transcript: %w", err)
		}
		return replies, nil
	}
}

func (r *Recorder) write(m bot.Message, at time.Time, replies []bot.Reply) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	lines := append(r.passed(at), r.message(m)...)
	for _, reply := range replies {
		lines = append(lines, writeReply(reply, false, reply.Source == "")...)
	}
	if len(replies) > 0 {
		r.shown = replies
	}
	_, err := io.WriteString(r.w, strings.Join(lines, "\n")+"\n")
	return err
}

// passed writes how much time went by, where playing would not take it for granted.
func (r *Recorder) passed(at time.Time) []string {
	gap := at.Sub(r.last).Round(time.Second)
	first := r.last.IsZero()
	r.last = at
	switch {
	case first:
		return []string{"@ " + at.In(China).Format(time.RFC3339)}
	case gap < 10*time.Second:
		return []string{fmt.Sprintf("@ +%ds", max(0, gap/time.Second))}
	case gap >= 10*time.Minute:
		return []string{fmt.Sprintf("@ +%dm", gap/time.Minute)}
	}
	return nil
}

func (r *Recorder) message(m bot.Message) []string {
	if len(m.Files) == 0 {
		for _, reply := range r.shown {
			for i, c := range reply.Choices {
				if c.Value == m.Text {
					return []string{"> " + bracket(labels(reply)[i])}
				}
			}
		}
	}
	text := escape(m.Text)
	head := text[0]
	if len(m.Files) > 0 {
		head = strings.TrimSpace(bracket("photo "+m.Files[0].Name) + " " + head)
	}
	lines := []string{strings.TrimRight("> "+head, " ")}
	for _, l := range text[1:] {
		lines = append(lines, "  "+l)
	}
	return lines
}
