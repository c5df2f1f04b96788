package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anning/bot"
	"anning/content"
	"anning/flows"
	"anning/storage"
	"anning/storage/redisstore"
	"anning/storage/sqlitestore"
)

// openStore opens the store that the settings name, and makes the data folder and the master key where there are none.
func (c *config) openStore(clock func() time.Time) (*storage.Store, error) {
	keys, err := c.keyring()
	if err != nil {
		return nil, err
	}
	driver, err := c.driver()
	if err != nil {
		return nil, err
	}
	return storage.New(driver, keys, &storage.Options{TTL: c.Keep, Clock: clock}), nil
}

// driver opens what STORE names: a new kind of store is a line here.
func (c *config) driver() (storage.Driver, error) {
	scheme, _, _ := strings.Cut(c.Store, ":")
	switch {
	case scheme == "sqlite":
		path, err := sqlitePath(c.Store)
		if err != nil {
			return nil, err
		}
		d, err := sqlitestore.Open(path, nil)
		return d, hint(err, "看看文件夹 %s 能不能写，磁盘有没有满。", filepath.Dir(path))
	case strings.HasPrefix(scheme, "redis"):
		d, err := redisstore.Open(c.Store, nil)
		return d, hint(err, "STORE 写成 redis://用户:密码@主机:6379/0；密码里的特殊符号要用 %%XX 写。")
	}
	return nil, hint(errors.New("不认识 STORE 的写法"), "写成 sqlite:///路径 或 redis://主机:6379/0。")
}

// sqlitePath takes "sqlite:///a/b.db" (absolute) or "sqlite:b.db" (relative) apart.
func sqlitePath(store string) (string, error) {
	u, err := url.Parse(store)
	if err != nil || u.Host != "" || u.Opaque == "" && u.Path == "" || u.RawQuery != "" {
		return "", hint(errors.New("STORE 里的 sqlite 路径不对"), "绝对路径有三条斜杠：sqlite:///var/lib/anning/anning.db。")
	}
	if u.Opaque != "" {
		return url.PathUnescape(u.Opaque)
	}
	return u.Path, nil
}

// keyring reads the master key from the settings, or from the data folder where it is made at the first start.
func (c *config) keyring() (*storage.Keyring, error) {
	if c.MasterKey != "" {
		keys, err := storage.ParseKeys([]byte(c.MasterKey))
		return keys, hint(err, "主密钥是 32 字节的 base64，可以这样生成：head -c 32 /dev/urandom | base64")
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, hint(fmt.Errorf("建数据文件夹: %w", err), "用 ANNING_DATA 换一个能写的文件夹。")
	}
	keys, err := storage.LoadOrCreateKey(filepath.Join(c.Data, "master.key"))
	return keys, hint(err, "主密钥在 %s，只能自己可读（chmod 600）；丢了它，存下的就再也读不出来。", filepath.Join(c.Data, "master.key"))
}

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
	lib, err := content.Load(libFiles)
	var inContent content.Faults
	if err != nil && !errors.As(err, &inContent) {
		return nil, nil, nil, fmt.Errorf("读内容: %w", err)
	}
	set, err := flows.Load(setFiles)
	var inFlows flows.Faults
	if err != nil && !errors.As(err, &inFlows) {
		return nil, nil, nil, fmt.Errorf("读流程: %w", err)
	}
	switch {
	case len(inContent) == 0 && len(inFlows) == 0:
		return lib, set, nil, nil
	case len(inContent) == 0: // so that all faults come at once
		inContent = content.Check(lib, content.DateOf(time.Now()))
	case len(inFlows) == 0:
		inFlows = flows.Check(set, nil)
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
	if n := mustFix(faults); n > 0 {
		return nil, hint(fmt.Errorf("流程和内容有 %d 处要先改好：\n%s", n, listFaults(faults)), "改好以后用 anning check 再看一遍。")
	}
	b, err := bot.New(store, lib, set, opts) // checks the two against each other
	return b, hint(err, "改好以后用 anning check 再看一遍。")
}

func listFaults(faults []bot.Fault) string {
	lines := make([]string, 0, len(faults))
	for _, f := range faults {
		mark := "（可改）"
		if f.MustFix {
			mark = "（要改）"
		}
		lines = append(lines, f.String()+mark)
	}
	return strings.Join(lines, "\n")
}

// logger makes the log that the settings ask for.
func (c *config) logger(w io.Writer) *slog.Logger {
	opts := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, opts))
	}
	return slog.New(slog.NewTextHandler(w, opts))
}
