package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"time"

	"anning/bot"
	"anning/content"
	"anning/flows"
	"anning/storage"
)

// files are the flows and the content: those of the program, or those of the folders that the settings name.
func (c *config) files() (lib, set fs.FS) {
	lib, set = content.Files, flows.Files
	if c.ContentDir != "" {
		lib = os.DirFS(c.ContentDir)
	}
	if c.FlowsDir != "" {
		set = os.DirFS(c.FlowsDir)
	}
	return lib, set
}

// load reads flows and content. The faults are what is wrong with the form of their files; both are nil then.
func (c *config) load() (*content.Library, *flows.Set, []bot.Fault, error) {
	libFiles, setFiles := c.files()
	type loaded struct {
		set *flows.Set
		err error
	}
	both := make(chan loaded, 1) // the two know nothing of each other: both at once
	go func() {
		set, err := flows.Load(setFiles)
		both <- loaded{set, err}
	}()
	lib, err := content.Load(libFiles)
	var inContent content.Faults
	if err != nil && !errors.As(err, &inContent) {
		return nil, nil, nil, fmt.Errorf("读内容: %w", err)
	}
	l := <-both
	set := l.set
	var inFlows flows.Faults
	if l.err != nil && !errors.As(l.err, &inFlows) {
		return nil, nil, nil, fmt.Errorf("读流程: %w", l.err)
	}
	switch {
	case len(inContent) == 0 && len(inFlows) == 0:
		return lib, set, nil, nil
	case len(inContent) == 0: // so that all faults come at once
		inContent = content.Check(lib, content.DateOf(time.Now())).MustFix() // what flows use is not known
	case len(inFlows) == 0:
		must := slices.DeleteFunc(bot.CheckFlows(lib, set), func(f bot.Fault) bool { return !f.MustFix }) // nor what content opens
		return nil, nil, append(gather(inContent, nil), must...), nil
	}
	return nil, nil, gather(inContent, inFlows), nil
}

// library is load, and everything else that is wrong with flows and content.
func (c *config) library() (*content.Library, *flows.Set, []bot.Fault, error) {
	lib, set, faults, err := c.load()
	if lib == nil || set == nil {
		return nil, nil, faults, err
	}
	return lib, set, bot.Check(lib, set, content.DateOf(time.Now())), nil
}

// gather makes one list of the faults of content and flows.
func gather(inContent content.Faults, inFlows flows.Faults) []bot.Fault {
	all := make([]bot.Fault, 0, len(inContent)+len(inFlows))
	for _, f := range inFlows {
		all = append(all, bot.Fault{File: f.File, Line: f.Line, MustFix: f.Severity == flows.MustFix, Text: f.Text})
	}
	for _, f := range inContent {
		all = append(all, bot.Fault{File: f.File, Line: f.Line, MustFix: f.Severity == content.MustFix, Text: f.Text})
	}
	return all
}

// mustFix counts the faults that may not go out to people.
func mustFix(faults []bot.Fault) (n int) {
	for _, f := range faults {
		if f.MustFix {
			n++
		}
	}
	return n
}

// newBot makes the engine over a store. Faults that must be mended are an error that lists them.
func (c *config) newBot(store *storage.Store, opts *bot.Options) (*bot.Bot, error) {
	lib, set, faults, err := c.load()
	if err != nil {
		return nil, err
	}
	if err := c.mustBeMended(faults); err != nil {
		return nil, err
	}
	b, err := bot.New(store, lib, set, opts) // checks the two against each other
	if err != nil {
		if err := c.mustBeMended(bot.Check(lib, set, content.DateOf(time.Now()))); err != nil { // as authors read it
			return nil, err
		}
	}
	return b, hint(err, "改好以后用 anning check 再看一遍。")
}

// logger makes the log that the settings ask for.
func (c *config) logger(w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
