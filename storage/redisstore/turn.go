package redisstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"anning/storage"
)

// Commit writes one turn: one EVALSHA.
func (d *Driver) Commit(ctx context.Context, w storage.Write) error {
	args := []any{w.User, strconv.FormatUint(w.Rev, 10), strconv.FormatUint(w.Next, 10), w.Now, w.Expires, w.Grace, w.Key, w.State}
	args = append(args, len(w.Forget))
	for _, name := range w.Forget {
		args = append(args, name)
	}
	args = append(args, len(w.Records))
	for _, it := range w.Records {
		args = append(args, it.Name, it.Data)
	}
	args = append(args, len(w.Cancel))
	for _, name := range w.Cancel {
		args = append(args, name)
	}
	args = append(args, len(w.Remind))
	for _, it := range w.Remind {
		args = append(args, it.Name, fmt.Sprintf("%015d", it.At), it.Data)
	}
	written, err := commit.Run(ctx, d.rdb, d.keys(w.User), args...).Bool()
	if err != nil {
		return failure("write turn", err)
	}
	if !written {
		return storage.ErrConflict
	}
	return nil
}

// Delete removes everything of a user.
func (d *Driver) Delete(ctx context.Context, user string) error {
	if err := remove.Run(ctx, d.rdb, d.keys(user), user).Err(); err != nil {
		return failure("delete", err)
	}
	return nil
}

// Done removes a leased reminder.
func (d *Driver) Done(ctx context.Context, user, name, lease string) error {
	if err := done.Run(ctx, d.rdb, d.keys(user)[2:], user, name, lease).Err(); err != nil {
		return failure("remove reminder", err)
	}
	return nil
}

// Claim leases reminders: one pipeline counts what is due in each shard, and where something is, another one takes it.
// Among the counted may be those of people who have expired, which are dropped on the way: then it looks again.
func (d *Driver) Claim(ctx context.Context, c storage.Claim) (claimed []storage.Claimed, err error) {
	for range 5 {
		got, counted, err := d.claim(ctx, c, c.Max-len(claimed))
		claimed = append(claimed, got...)
		if err != nil || len(got) >= counted || len(claimed) >= c.Max {
			return claimed, err
		}
	}
	return claimed, nil
}

// claim looks once, for most reminders. counted is how many there seemed to be of them.
func (d *Driver) claim(ctx context.Context, c storage.Claim, most int) (claimed []storage.Claimed, counted int, err error) {
	var counts [shards]*redis.IntCmd
	_, err = d.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range counts {
			counts[i] = p.ZCount(ctx, d.tag(uint32(i))+"due", "-inf", strconv.FormatInt(c.Now, 10))
		}
		return nil
	})
	if err != nil {
		return nil, 0, failure("look for due reminders", err)
	}
	var takes []*redis.Cmd
	_, err = d.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for _, i := range rand.Perm(shards) { // so that no shard waits behind another for ever
			n := min(most-counted, int(counts[i].Val()))
			if n == 0 {
				continue
			}
			counted += n
			tag := d.tag(uint32(i))
			takes = append(takes, claim.Eval(ctx, p, []string{tag + "due"}, tag+"s:", tag+"r:", c.Now, c.Until, n, c.Lease))
		}
		return nil
	})
	faults := []error{failure("claim", err)}
	for _, take := range takes { // what one node gave is leased, although another failed
		if take.Err() != nil {
			continue
		}
		got, err := taken(take)
		claimed, faults = append(claimed, got...), append(faults, err)
	}
	return claimed, counted, errors.Join(faults...)
}

func taken(take *redis.Cmd) ([]storage.Claimed, error) {
	flat, err := take.StringSlice()
	if err != nil || len(flat)%5 != 0 {
		return nil, fmt.Errorf("claim: %w: a strange answer", storage.ErrDamaged)
	}
	var claimed []storage.Claimed
	for ; len(flat) > 0; flat = flat[5:] {
		at, err := strconv.ParseInt(flat[3], 10, 64)
		if err != nil {
			return claimed, fmt.Errorf("claim: %w", storage.ErrDamaged)
		}
		claimed = append(claimed, storage.Claimed{User: flat[0], Key: []byte(flat[1]),
			Item: storage.Item{Name: flat[2], At: at, Data: []byte(flat[4])}})
	}
	return claimed, nil
}

// Sweep drops what expired users left in the queues; their keys expire by themselves.
func (d *Driver) Sweep(ctx context.Context, now int64) error {
	_, err := d.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i := range uint32(shards) {
			tag := d.tag(i)
			sweep.Eval(ctx, p, []string{tag + "due"}, tag+"s:", tag+"d:", tag+"r:", now)
		}
		return nil
	})
	return failure("sweep", err)
}

// Mark returns the store's mark, and sets it where there is none: one SET NX GET.
func (d *Driver) Mark(ctx context.Context, mark []byte) ([]byte, error) {
	kept, err := d.rdb.SetArgs(ctx, d.prefix+"mark", mark, redis.SetArgs{Mode: "NX", Get: true}).Result()
	if errors.Is(err, redis.Nil) {
		return mark, nil
	}
	if err != nil {
		return nil, failure("read mark", err)
	}
	return []byte(kept), nil
}

// passing are the first words of answers that say the server cannot serve now, though it is there.
var passing = []string{"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MISCONF", "OOM", "BUSY",
	"NOREPLICAS", "MOVED", "ASK", "UNKILLABLE", "ERR max number of clients"}

// failure wraps an error of Redis; nil stays nil. Whatever is no answer of a server means that it was not reached.
func failure(what string, err error) error {
	if err == nil {
		return nil
	}
	var answer redis.Error
	var network net.Error
	if errors.As(err, &answer) && !errors.As(err, &network) {
		text := answer.Error()
		for _, p := range passing {
			if strings.HasPrefix(text, p) {
				return fmt.Errorf("%s: %w: %w", what, storage.ErrUnavailable, err)
			}
		}
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w: %w", what, storage.ErrUnavailable, err)
}
