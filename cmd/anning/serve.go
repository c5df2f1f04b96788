package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"anning/bot"
	"anning/bot/reminders"
	"anning/storage"
)

var serveCommand = command{
	name: "serve",
	line: "运行安宁：网页，和设置好的每个聊天软件",
	more: "不用任何设置就能在本机运行。Ctrl-C 或 SIGTERM 正常停下，什么都不会丢；\n" +
		"SIGHUP 重新读 CONTENT_DIR 和 FLOWS_DIR，有错就留着旧的，错处写进日志。\n\n设置（环境变量）：\n" + settingsHelp(),
	run: serve,
}

// settingsHelp lists the settings for the help.
func settingsHelp() string {
	var b strings.Builder
	for _, s := range settings {
		name := s.name
		if s.secret {
			name += "（或 " + s.name + "_FILE）"
		}
		fmt.Fprintf(&b, "  %s\n      %s", name, s.text)
		if s.standard != "" {
			fmt.Fprintf(&b, "\n      不写：%s", s.standard)
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// server is everything that runs.
type server struct {
	config  *config
	log     *slog.Logger
	store   *storage.Store
	bot     *bot.Bot
	metrics *metrics
}

func serve(ctx context.Context, p *program, args []string) error {
	err := p.options(args, nil)
	if err != nil {
		return err
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	s := &server{config: c, log: c.logger(p.err), metrics: newMetrics()}
	if s.store, err = c.openStore(ctx, time.Now); err != nil {
		return err
	}
	if info, err := os.Stat(c.Data); err == nil && info.Mode().Perm()&0o077 != 0 {
		s.log.Warn("others on this machine may look into the data folder; chmod 700 closes it", "folder", c.Data)
	}
	if err := errors.Join(s.run(ctx, p), s.store.Close()); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "已停下，都存好了。")
	return nil
}

// run serves until ctx ends or something breaks; everything begun is finished first.
func (s *server) run(ctx context.Context, p *program) error {
	var err error
	s.bot, err = s.config.newBot(s.store, &bot.Options{Clock: time.Now, Log: s.log, Observe: s.observe})
	if err != nil {
		return err
	}
	all, ctx := errgroup.WithContext(ctx)
	pushers, err := s.start(ctx, p, all)
	if err == nil {
		err = s.operate(ctx, all)
	}
	if err != nil {
		all.Go(func() error { return err }) // ends what has started
		return all.Wait()
	}
	mail := &post{bot: s.bot, pushers: pushers, log: s.log, said: s.metrics.reminded}
	runner := reminders.New(s.store, mail.say, &reminders.Options{Log: s.log})
	all.Go(func() error { return runner.Run(ctx) })
	all.Go(func() error { return s.confirm(ctx) })
	all.Go(func() error { return s.sweep(ctx) })
	all.Go(func() error { return s.reloads(ctx) })
	return all.Wait()
}

// start opens every messenger whose settings are there, says where it is, and runs it.
func (s *server) start(ctx context.Context, p *program, all *errgroup.Group) (map[string]pusher, error) {
	pushers := map[string]pusher{}
	running := 0
	for _, entry := range messengers {
		m, where, err := entry.open(ctx, s)
		if err != nil {
			return nil, err
		}
		if m == nil {
			continue
		}
		running++
		if push, ok := m.(bot.Pusher); ok {
			pushers[entry.name] = pusher{push, entry.away}
		}
		fmt.Fprintf(p.out, "安宁在这里：%s\n", where)
		all.Go(func() error {
			if err := m.Run(ctx, s.bot.Handle); err != nil {
				return fmt.Errorf("%s 停下了: %w", entry.name, err)
			}
			return nil
		})
	}
	if running == 0 {
		return nil, hint(errors.New("没有一个聊天软件设置好"), "至少开着网页：去掉 WEB_ADDR=off。")
	}
	return pushers, nil
}

// observe counts and logs a turn: what happened, never who or what was said.
func (s *server) observe(t bot.Turn) {
	s.metrics.observe(t)
	level := slog.LevelInfo
	if t.Err != nil {
		level = slog.LevelWarn // the engine logs the error itself, with its turn number
	}
	s.log.LogAttrs(context.Background(), level, "turn", slog.String("messenger", t.Messenger), slog.String("flow", t.Flow),
		slog.String("step", t.Step), slog.Duration("duration", t.Duration.Round(time.Microsecond)), slog.Bool("repeat", t.Repeat),
		slog.Int("conflicts", t.Conflicts), slog.Bool("failed", t.Err != nil))
}

// confirm asks until it is told whether the store is held under our key: at the start it may have been out of reach.
func (s *server) confirm(ctx context.Context) error {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		if err := s.config.underKey(ctx, s.store); err == nil || errors.Is(err, storage.ErrKey) {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// sweep removes what has expired, at the start and every hour.
func (s *server) sweep(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := s.store.Sweep(ctx, time.Now()); err != nil && ctx.Err() == nil {
			s.log.Warn("what has expired was not removed", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// reloads reads flows and content anew at each SIGHUP. A broken edit is refused, and the old ones stay.
func (s *server) reloads(ctx context.Context) error {
	hup := make(chan os.Signal, 1)
	signal.Notify(hup, syscall.SIGHUP)
	defer signal.Stop(hup)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-hup:
			s.reload()
		}
	}
}

func (s *server) reload() {
	lib, set, faults, err := s.config.library()
	if err != nil {
		s.log.Error("reload refused", "err", err)
		return
	}
	for _, f := range faults {
		level := slog.LevelWarn
		if f.MustFix {
			level = slog.LevelError
		}
		s.log.Log(context.Background(), level, "fault", "at", f.String())
	}
	if n := mustFix(faults); n > 0 {
		s.log.Error("reload refused, the old flows and content stay", "faults", n)
		return
	}
	if err := s.bot.Reload(lib, set); err != nil {
		s.log.Error("reload refused, the old flows and content stay", "err", err)
		return
	}
	s.log.Info("flows and content reloaded", "flows", len(set.Flows))
}
