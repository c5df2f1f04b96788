package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
)

// sweepAtOnce bounds how many users one transaction removes, so that turns need not wait long.
const sweepAtOnce = 64

// Sweep removes users that have expired, and overwrites them.
func (d *Driver) Sweep(ctx context.Context, now int64) error {
	for {
		users, err := d.expired(ctx, now)
		if err != nil {
			return unreachable("look for what expired", err)
		}
		if len(users) == 0 {
			return nil
		}
		err = d.write.submit(ctx, &job{erase: true, do: func(ctx context.Context, w *writer) error {
			return w.sweep(ctx, users, now)
		}})
		if err != nil {
			return err
		}
	}
}

func (d *Driver) expired(ctx context.Context, now int64) ([]string, error) {
	rows, err := d.read.QueryContext(ctx, `SELECT user FROM users WHERE expires <= ? LIMIT ?`, now, sweepAtOnce)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var users []string
	for rows.Next() {
		var user string
		if err := rows.Scan(&user); err != nil {
			return nil, err
		}
		users = append(users, user)
	}
	return users, rows.Err()
}

// sweep removes those of the users that are still expired.
func (w *writer) sweep(ctx context.Context, users []string, now int64) error {
	b := &batchExec{ctx: ctx}
	for _, user := range users {
		var rev uint64
		var expires int64
		err := w.stmt.row.QueryRowContext(ctx, user).Scan(&rev, &expires)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return unreachable("sweep", err)
		}
		if expires <= now {
			w.drop(b, user)
		}
	}
	if b.err != nil {
		return unreachable("sweep", b.err)
	}
	return nil
}

// Mark returns the file's mark, and sets it where there is none.
func (d *Driver) Mark(ctx context.Context, mark []byte) ([]byte, error) {
	kept, err := d.mark(ctx)
	if err != nil || kept != nil {
		return kept, err
	}
	err = d.write.submit(ctx, &job{do: func(ctx context.Context, w *writer) error {
		if _, err := w.conn.ExecContext(ctx, `INSERT OR IGNORE INTO meta (name, value) VALUES ('mark', ?)`, mark); err != nil {
			return unreachable("set mark", err)
		}
		return nil
	}})
	if err != nil {
		return nil, err
	}
	return d.mark(ctx)
}

func (d *Driver) mark(ctx context.Context) (kept []byte, err error) {
	err = d.read.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'mark'`).Scan(&kept)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, unreachable("read mark", err)
	}
	return kept, nil
}
