package transcript_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/reminders"
	"anning/bot/transcript"
	"anning/content"
	"anning/flows"
	"anning/storage"
	"anning/storage/redisstore"
	"anning/storage/redistest"
	"anning/storage/sqlitestore"
)

var update = flag.Bool("update", false, "rewrite the bot's lines of the transcripts")

const folder = "../../flows/transcripts"

// stage is the real engine over a real store, on a clock that the transcripts move.
type stage struct {
	clock  transcript.Clock
	bot    *bot.Bot
	store  *storage.Store
	lib    *content.Library
	set    *flows.Set
	runner *reminders.Runner
	user   bot.UserID
	said   []bot.Reply
	failed error
	flows  map[string]bool // where turns ended
	source map[string]bool // what replies were made from, and the conducts that were heard
}

func newStage(t *testing.T, driver storage.Driver) *stage {
	t.Helper()
	s := &stage{flows: map[string]bool{}, source: map[string]bool{}}
	s.clock.Set(transcript.Begin)
	key := make([]byte, storage.KeySize)
	rand.Read(key)
	keys, err := storage.NewKeyring(key)
	if err != nil {
		t.Fatal(err)
	}
	s.store = storage.New(driver, keys, &storage.Options{Clock: s.clock.Now})
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if s.lib, err = content.Load(content.Files); err != nil {
		t.Fatal(err)
	}
	if s.set, err = flows.Load(flows.Files); err != nil {
		t.Fatal(err)
	}
	s.bot, err = bot.New(s.store, s.lib, s.set, &bot.Options{Clock: s.clock.Now, Observe: func(turn bot.Turn) { s.flows[turn.Flow] = true }})
	if err != nil {
		t.Fatal(err)
	}
	s.runner = reminders.New(s.store, s.say, &reminders.Options{Clock: s.clock.Now})
	return s
}

// say delivers a reminder to the one who speaks.
func (s *stage) say(ctx context.Context, d storage.Due) error {
	user, replies, err := s.bot.Wake(ctx, d)
	if user == s.user {
		s.said = append(s.said, replies...)
	}
	s.failed = errors.Join(s.failed, err)
	return err
}

func (s *stage) world(user bot.UserID) transcript.World {
	s.user = user
	return transcript.World{
		User: user, Handle: s.handle, Clock: &s.clock, Files: os.DirFS(folder), Slots: s.bot.Slots,
		Next: func(ctx context.Context, user bot.UserID) (time.Time, bool, error) {
			due, err := s.store.Reminders(ctx, string(user))
			if err != nil || len(due) == 0 {
				return time.Time{}, false, err
			}
			return due[0].At, true, nil
		},
		Wake: func(ctx context.Context) ([]bot.Reply, error) {
			s.said, s.failed = nil, nil
			_, err := s.runner.Once(ctx)
			return s.said, errors.Join(err, s.failed)
		},
	}
}

// handle answers a message and notes the conduct it is about.
func (s *stage) handle(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
	replies, err := s.bot.Handle(ctx, m)
	if err != nil {
		return replies, err
	}
	slots, err := s.bot.Slots(ctx, m.From)
	s.source["conducts/"+slots["conduct"]] = true
	return replies, err
}

// play plays one file; with -update it rewrites the bot's lines.
func (s *stage) play(t *testing.T, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name := "flows/transcripts/" + filepath.Base(path)
	file, err := transcript.Parse(name, data)
	if err != nil {
		t.Fatal(err)
	}
	user := bot.UserID("transcript:" + filepath.Base(path))
	res, err := transcript.Play(t.Context(), file, s.world(user))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range res.Replies {
		s.source[r.Source] = true
	}
	if err := s.bot.Erase(t.Context(), user); err != nil {
		t.Error(err)
	}
	if *update && !bytes.Equal(res.Updated, data) {
		if err := os.WriteFile(path, res.Updated, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if len(res.Faults) > 0 {
		t.Error(res.Faults.Error())
	}
}

func TestTranscripts(t *testing.T) {
	paths, err := filepath.Glob(folder + "/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d transcripts, %v", len(paths), err)
	}
	for name, open := range map[string]func(*testing.T) storage.Driver{"sqlite": openSQLite, "redis": openRedis} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, open(t))
			for _, path := range paths {
				t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) { s.play(t, path) })
			}
			t.Run("everything appears", s.complete)
		})
	}
}

// complete reports what no transcript shows.
func (s *stage) complete(t *testing.T) {
	var missing []string
	for _, f := range s.set.Flows {
		if !s.flows[f.ID] && asks(f) {
			missing = append(missing, "flows/"+f.ID)
		}
	}
	for _, c := range s.lib.Conducts {
		if !s.source["conducts/"+c.ID] {
			missing = append(missing, "conducts/"+c.ID)
		}
	}
	for _, c := range s.lib.ReportingChannels {
		if !s.source["reporting_channels/"+c.ID] {
			missing = append(missing, "reporting_channels/"+c.ID)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		t.Errorf("no transcript shows\n  %s", strings.Join(missing, "\n  "))
	}
}

// asks says whether a turn can end in the flow.
func asks(f *flows.Flow) bool {
	return slices.ContainsFunc(f.Steps, func(s *flows.Step) bool { return s.Kind == flows.Ask })
}

func openSQLite(t *testing.T) storage.Driver {
	d, err := sqlitestore.Open(filepath.Join(t.TempDir(), "a.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func openRedis(t *testing.T) storage.Driver {
	d, err := redisstore.Open(redistest.Start(t, nil).URL(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
