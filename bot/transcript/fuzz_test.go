package transcript_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"anning/bot"
	"anning/bot/transcript"
)

// FuzzParse: no bytes crash the parser, and a file that is read can be played and written again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte("> [photo x.png]\n<< a\n  [b]\n@ +3d\n= s\n"))
	f.Add([]byte("@ 2026-03-01T21:30:00+08:00\r\n> [a\\]]\r\n<\n  {file x}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := transcript.Parse("f.txt", data)
		if err != nil {
			return
		}
		w := (&parrot{}).world()
		w.Handle = func(context.Context, bot.Message) ([]bot.Reply, error) { return []bot.Reply{{Text: "好"}}, nil }
		res, err := transcript.Play(t.Context(), file, w)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := transcript.Parse("f.txt", res.Updated); err != nil {
			t.Errorf("the updated file does not parse: %v\n%s", err, res.Updated)
		}
	})
}

// FuzzRecord: whatever is said, the recorded transcript says the same.
func FuzzRecord(f *testing.F) {
	f.Add("你好", "< 好\n\n  [x]\n# 完", "看[a]\\")
	f.Add("[photo]", "\\\n{file x}\n　\n", "]")
	f.Fuzz(func(t *testing.T, said, text, label string) {
		for _, s := range []string{said, text, label} {
			if !utf8.ValidString(s) || len(s) > 1000 {
				return
			}
		}
		reply := bot.Reply{Text: text, Choices: []bot.Choice{{Value: "v", Label: "x" + label}}}
		handle := func(context.Context, bot.Message) ([]bot.Reply, error) { return []bot.Reply{reply}, nil }
		var out bytes.Buffer
		now := func() time.Time { return transcript.Begin }
		if _, err := transcript.NewRecorder(&out, now).Wrap(handle)(t.Context(), bot.Message{Text: said}); err != nil {
			t.Fatal(err)
		}
		file, err := transcript.Parse("f.txt", out.Bytes())
		if err != nil {
			t.Fatalf("%v\n%s", err, out.String())
		}
		w := (&parrot{}).world()
		var heard string
		w.Handle = func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
			heard = m.Text
			return handle(ctx, m)
		}
		res, err := transcript.Play(t.Context(), file, w)
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Faults) > 0 {
			t.Errorf("%v\n%s", res.Faults, out.String())
		}
		squash := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if squash(heard) != squash(said) {
			t.Errorf("said %q, recorded %q", said, heard)
		}
	})
}
