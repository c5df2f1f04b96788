// Package redisstore keeps everything in Redis (7.0 or newer), for several processes at once: on one server, behind
// Sentinel or on a Redis Cluster.
//
// People fall into 256 shards, and every key carries its shard as hash tag, so that one turn is one script on one
// slot. A person has three hashes ("s" session, "d" records, "r" reminders) that expire together; the reminders of a
// shard are queued in a sorted set ("due"):
//
//	anning:{017}s:2ec1…    v revision, e expiry, k wrapped data key, b sealed session and answer
//	anning:{017}d:2ec1…    name → sealed record
//	anning:{017}r:2ec1…    name → when it falls due (15 digits), lease (32 characters), sealed reminder
//	anning:{017}due        "2ec1…/name" by when it falls due, or by the end of its lease
//	anning:mark            tells one master key from another
//
// How much an acknowledged turn is worth is up to the server: only with appendfsync always does a power cut lose
// nothing, and only with maxmemory-policy noeviction is nothing thrown away early. What is deleted stays, sealed, in an
// append-only file until the server rewrites it. Once in about a thousand kills Redis 7.0.15, killed while it rewrote
// that file, would not start again ("the truncated file is not the last file"): keep a replica or a backup.
package redisstore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"anning/storage"
)

// Options of a Driver. The zero value works.
type Options struct {
	Prefix      string        // in front of all keys; "anning:"
	DialTimeout time.Duration // 1 s
	Timeout     time.Duration // to write a command, and to read its answer; 3 s
	Retries     int           // how often a failed command is sent again; 2, below 0 never
	PoolSize    int           // connections to one server; 10 for each core
	TLS         *tls.Config   // for rediss:// with certificates of one's own
}

// Driver keeps bytes in Redis.
type Driver struct {
	rdb    redis.UniversalClient
	prefix string
}

var _ storage.Driver = (*Driver)(nil)

// Open makes a Driver for the servers that the URL names (see Address). It does not connect: the first use does, and
// every use connects anew where the connection was lost.
func Open(url string, opts *Options) (*Driver, error) {
	a, err := ParseURL(url)
	if err != nil {
		return nil, err
	}
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.Prefix == "" {
		o.Prefix = "anning:"
	}
	if strings.ContainsAny(o.Prefix, "{}") {
		return nil, errors.New("redis: the prefix must not hold braces")
	}
	if o.DialTimeout <= 0 {
		o.DialTimeout = time.Second
	}
	if o.Timeout <= 0 {
		o.Timeout = 3 * time.Second
	}
	if o.Retries == 0 {
		o.Retries = 2
	}
	redis.SetLogger(silent{})
	return &Driver{rdb: redis.NewUniversalClient(settings(a, o)), prefix: o.Prefix}, nil
}

func settings(a Address, o Options) *redis.UniversalOptions {
	u := &redis.UniversalOptions{
		Addrs: a.Hosts, DB: a.DB, Username: a.User, Password: a.Password,
		MasterName: a.Master, SentinelUsername: a.SentinelUser, SentinelPassword: a.SentinelPassword,
		IsClusterMode: a.Mode == Cluster,
		DialTimeout:   o.DialTimeout, DialerRetries: 1, ReadTimeout: o.Timeout, WriteTimeout: o.Timeout,
		PoolTimeout: o.Timeout, PoolSize: o.PoolSize, MaxRetries: max(o.Retries, -1),
		ContextTimeoutEnabled:    true,
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if a.TLS {
		u.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		if o.TLS != nil {
			u.TLSConfig = o.TLS.Clone()
		}
	}
	return u
}

// silent keeps the client's notes out of our logs: every failure comes back as an error.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// AddHook lets h see every command on its way, for tracing.
func (d *Driver) AddHook(h redis.Hook) { d.rdb.AddHook(h) }

// Close closes the connections. Closing again does nothing.
func (d *Driver) Close() error {
	if err := d.rdb.Close(); err != nil && !errors.Is(err, redis.ErrClosed) {
		return fmt.Errorf("close redis: %w", err)
	}
	return nil
}

// shards is how many hash tags there are. Changing it loses everybody.
const shards = 256

// tag is the hash tag of a user's shard: "{017}".
func (d *Driver) tag(shard uint32) string { return fmt.Sprintf("%s{%03d}", d.prefix, shard) }

// keys are the user's keys: session, records, reminders, and the queue of the shard.
func (d *Driver) keys(user string) []string {
	h := fnv.New32a()
	h.Write([]byte(user))
	tag := d.tag(h.Sum32() % shards)
	return []string{tag + "s:" + user, tag + "d:" + user, tag + "r:" + user, tag + "due"}
}

// Load reads a user's row: one HMGET.
func (d *Driver) Load(ctx context.Context, user string) (storage.Head, error) {
	fields, err := d.rdb.HMGet(ctx, d.keys(user)[0], "v", "e", "k", "b").Result()
	if err != nil {
		return storage.Head{}, failure("read row", err)
	}
	return head(fields)
}

func head(fields []any) (h storage.Head, err error) {
	if fields[0] == nil {
		return storage.Head{}, nil
	}
	text := make([]string, len(fields))
	for i, f := range fields {
		text[i], _ = f.(string)
	}
	var rev, expires error
	h.Rev, rev = strconv.ParseUint(text[0], 10, 64)
	h.Expires, expires = strconv.ParseInt(text[1], 10, 64)
	if err := errors.Join(rev, expires); err != nil {
		return storage.Head{}, fmt.Errorf("read row: %w: %w", storage.ErrDamaged, err)
	}
	h.Key, h.State = []byte(text[2]), []byte(text[3])
	return h, nil
}

// Items reads a user's records or reminders together with the row, in one MULTI.
func (d *Driver) Items(ctx context.Context, user string, kind storage.Kind, name string) (storage.Head, []storage.Item, error) {
	keys := d.keys(user)
	from := keys[1]
	if kind == storage.KindReminder {
		from = keys[2]
	}
	var row, one *redis.SliceCmd
	var all *redis.MapStringStringCmd
	_, err := d.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		row = p.HMGet(ctx, keys[0], "v", "e", "k")
		if name == "" {
			all = p.HGetAll(ctx, from)
		} else {
			one = p.HMGet(ctx, from, name)
		}
		return nil
	})
	if err != nil {
		return storage.Head{}, nil, failure("read "+string(kind), err)
	}
	h, err := head(append(row.Val(), nil))
	if err != nil {
		return storage.Head{}, nil, err
	}
	found := map[string]string{}
	if name == "" {
		found = all.Val()
	} else if data, ok := one.Val()[0].(string); ok {
		found[name] = data
	}
	items, err := read(kind, found)
	return h, items, err
}

func read(kind storage.Kind, found map[string]string) ([]storage.Item, error) {
	items := make([]storage.Item, 0, len(found))
	for name, data := range found {
		it := storage.Item{Name: name, Data: []byte(data)}
		if kind == storage.KindReminder {
			if len(data) < reminderHead {
				return nil, fmt.Errorf("read reminder: %w", storage.ErrDamaged)
			}
			at, err := strconv.ParseInt(data[:15], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("read reminder: %w", storage.ErrDamaged)
			}
			it.At, it.Data = at, []byte(data[reminderHead:])
		}
		items = append(items, it)
	}
	return items, nil
}

// reminderHead is the size of what stands in front of a sealed reminder: 15 digits and a lease of 32 characters.
const reminderHead = 15 + 32
