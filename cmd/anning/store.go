package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anning/storage"
	"anning/storage/redisstore"
	"anning/storage/sqlitestore"
)

// openStore opens the store that the settings name, and makes the data folder and the master key where there are none.
// A store that is held under another key is refused: everybody in it would seem a stranger. One that cannot be reached
// is not: it comes back by itself.
func (c *config) openStore(ctx context.Context, clock func() time.Time) (*storage.Store, error) {
	keys, err := c.keyring()
	if err != nil {
		return nil, err
	}
	driver, err := c.driver()
	if err != nil {
		return nil, err
	}
	store := storage.New(driver, keys, &storage.Options{TTL: c.Keep, Clock: clock})
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := c.underKey(ctx, store); errors.Is(err, storage.ErrKey) {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// underKey asks the store whether it is held under our key: nil, ErrKey with a hint, or that it cannot be reached. A key
// that was made in this run and turns out to be another one than the store's is removed again.
func (c *config) underKey(ctx context.Context, store *storage.Store) error {
	err := store.Ping(ctx)
	if !errors.Is(err, storage.ErrKey) {
		return err
	}
	where := "ANNING_MASTER_KEY"
	if c.MasterKey == "" {
		where = c.keyFile()
	}
	if c.madeKey {
		_ = os.Remove(where) // it locks nothing; left there, it would be taken for the lost one
	}
	return hint(fmt.Errorf("这个库不是用这把主密钥锁的: %w", err), "把原来的主密钥放回 %s（换过密钥的，旧的留在下面几行）。"+
		"找不回来，旧的记录就读不出了；要从头开始，用 ANNING_DATA 或 STORE 换一个新的库。", where)
}

// driver opens what STORE names: a new kind of store is a line here.
func (c *config) driver() (storage.Driver, error) {
	scheme, _, _ := strings.Cut(c.Store, ":")
	switch {
	case scheme == "sqlite":
		return c.sqlite()
	case strings.HasPrefix(scheme, "redis"):
		d, err := redisstore.Open(c.Store, nil)
		return d, hint(err, "STORE 写成 redis://用户:密码@主机:6379/0（TLS 用 rediss://，几个主机用逗号隔开就是集群），"+
			"或 redis-sentinel://哨兵:26379/主名；密码里的特殊符号要用 %%XX 写。")
	}
	return nil, hint(errors.New("不认识 STORE 的写法"), "写成 sqlite:///路径、redis://主机:6379/0、rediss://…（TLS）或 redis-sentinel://哨兵:26379/主名。")
}

// sqlite opens a file. A folder that somebody wrote has to be there already: a slip would otherwise begin an empty store.
func (c *config) sqlite() (storage.Driver, error) {
	path, err := sqlitePath(c.Store)
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); c.given["STORE"] && (err != nil || !info.IsDir()) {
		return nil, hint(fmt.Errorf("没有文件夹 %s", dir), "看看 STORE 写得对不对；对，就先建好：mkdir -m 700 %s", dir)
	}
	d, err := sqlitestore.Open(path, nil)
	if unreadable(err) {
		return nil, hint(err, "%s 坏了，或者不是安宁的库。从备份里恢复，或用 STORE 换一个文件；先别删它。", path)
	}
	return d, hint(err, "看看文件夹 %s 能不能写，磁盘有没有满。", dir)
}

// unreadable says that SQLite could open a file but it holds no database (26), or a broken one (11).
func unreadable(err error) bool {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return false
	}
	code := coded.Code() & 0xff // without what extends it
	return code == 26 || code == 11
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
	keys, made, err := storage.LoadOrCreateKey(c.keyFile())
	c.madeKey = made
	return keys, hint(err, "主密钥在 %s，只能自己可读（chmod 600）；丢了它，存下的就再也读不出来。", c.keyFile())
}

func (c *config) keyFile() string { return filepath.Join(c.Data, "master.key") }
