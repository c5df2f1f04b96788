package sqlitestore

import (
	"context"
	"database/sql"
	"errors"

	"anning/storage"
)

// statements of the writer, prepared once.
type statements struct {
	row, extend, update, insert          *sql.Stmt
	put, forget, remind, cancel          *sql.Stmt
	last, claim, orphans, done           *sql.Stmt
	dropUser, dropRecords, dropReminders *sql.Stmt
	all                                  []*sql.Stmt
}

func (s *statements) prepare(ctx context.Context, conn *sql.Conn) error {
	for _, p := range []struct {
		to    **sql.Stmt
		query string
	}{
		{&s.row, `SELECT rev, expires FROM users WHERE user = ?`},
		{&s.insert, `INSERT INTO users (rev, expires, key, state, user) VALUES (?, ?, ?, ?, ?)`},
		{&s.update, `UPDATE users SET rev = ?, expires = ?, key = ?, state = ? WHERE user = ?`},
		{&s.put, `INSERT OR REPLACE INTO records (user, name, data) VALUES (?, ?, ?)`},
		{&s.forget, `DELETE FROM records WHERE user = ? AND name = ?`},
		{&s.remind, `INSERT OR REPLACE INTO reminders (user, name, at, due, data) VALUES (?, ?, ?, ?, ?)`},
		{&s.cancel, `DELETE FROM reminders WHERE user = ? AND name = ?`},
		{&s.last, `SELECT max(at) FROM reminders WHERE user = ?`},
		{&s.orphans, `DELETE FROM reminders WHERE due <= ? AND user IN (SELECT user FROM users WHERE expires <= ?)`},
		{&s.claim, `UPDATE reminders SET due = ?, lease = ? WHERE rowid IN (SELECT rowid FROM reminders WHERE due <= ? ORDER BY due LIMIT ?)
			RETURNING user, (SELECT key FROM users WHERE users.user = reminders.user), name, at, data`},
		{&s.done, `DELETE FROM reminders WHERE user = ? AND name = ? AND lease = ?`},
		{&s.dropUser, `DELETE FROM users WHERE user = ?`},
		{&s.dropRecords, `DELETE FROM records WHERE user = ?`},
		{&s.dropReminders, `DELETE FROM reminders WHERE user = ?`},
	} {
		stmt, err := conn.PrepareContext(ctx, p.query)
		if err != nil {
			return err
		}
		*p.to, s.all = stmt, append(s.all, stmt)
	}
	return nil
}

func (s *statements) close() error {
	var errs []error
	for _, stmt := range s.all {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(errs...)
}

// batchExec runs statements until one fails.
type batchExec struct {
	ctx context.Context
	err error
}

func (b *batchExec) exec(stmt *sql.Stmt, args ...any) {
	if b.err == nil {
		_, b.err = stmt.ExecContext(b.ctx, args...)
	}
}

// Commit writes one turn.
func (d *Driver) Commit(ctx context.Context, t storage.Write) error {
	size := len(t.State)
	for _, it := range t.Records {
		size += len(it.Data)
	}
	return d.write.submit(ctx, &job{size: size, do: func(ctx context.Context, w *writer) error { return w.turn(ctx, t) }})
}

func (w *writer) turn(ctx context.Context, t storage.Write) error {
	var rev uint64
	var expires int64
	err := w.stmt.row.QueryRowContext(ctx, t.User).Scan(&rev, &expires)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return unreachable("read revision", err)
	}
	expired := rev != 0 && expires <= t.Now
	if (expired && t.Rev != 0) || (!expired && rev != t.Rev) {
		return storage.ErrConflict
	}
	b := &batchExec{ctx: ctx}
	if expired {
		w.drop(b, t.User)
	}
	for _, name := range t.Forget {
		b.exec(w.stmt.forget, t.User, name)
	}
	for _, it := range t.Records {
		b.exec(w.stmt.put, t.User, it.Name, it.Data)
	}
	for _, name := range t.Cancel {
		b.exec(w.stmt.cancel, t.User, name)
	}
	for _, it := range t.Remind {
		b.exec(w.stmt.remind, t.User, it.Name, it.At, it.At, it.Data)
	}
	w.row(b, t)
	if b.err != nil {
		return unreachable("write turn", b.err)
	}
	return nil
}

// row writes the user's row, whose expiry the reminders may put off.
func (w *writer) row(b *batchExec, t storage.Write) {
	if b.err != nil {
		return
	}
	var last sql.NullInt64
	if b.err = w.stmt.last.QueryRowContext(b.ctx, t.User).Scan(&last); b.err != nil {
		return
	}
	expires := t.Expires
	if last.Valid {
		expires = max(expires, last.Int64+t.Grace)
	}
	stmt := w.stmt.update
	if t.Rev == 0 {
		stmt = w.stmt.insert
	}
	b.exec(stmt, t.Next, expires, t.Key, t.State, t.User)
}

func (w *writer) drop(b *batchExec, user string) {
	b.exec(w.stmt.dropRecords, user)
	b.exec(w.stmt.dropReminders, user)
	b.exec(w.stmt.dropUser, user)
}

// Delete removes everything of a user and overwrites it.
func (d *Driver) Delete(ctx context.Context, user string) error {
	return d.write.submit(ctx, &job{erase: true, do: func(ctx context.Context, w *writer) error {
		b := &batchExec{ctx: ctx}
		w.drop(b, user)
		if b.err != nil {
			return unreachable("delete", b.err)
		}
		return nil
	}})
}

// Claim leases reminders.
func (d *Driver) Claim(ctx context.Context, c storage.Claim) ([]storage.Claimed, error) {
	var some bool
	if err := d.due.QueryRowContext(ctx, c.Now).Scan(&some); err != nil {
		return nil, unreachable("look for due reminders", err)
	}
	if !some {
		return nil, nil
	}
	var claimed []storage.Claimed
	err := d.write.submit(ctx, &job{do: func(ctx context.Context, w *writer) (err error) {
		if claimed, err = w.claim(ctx, c); err != nil {
			return unreachable("claim", err)
		}
		return nil
	}})
	if err != nil {
		return nil, err
	}
	return claimed, nil
}

func (w *writer) claim(ctx context.Context, c storage.Claim) ([]storage.Claimed, error) {
	if _, err := w.stmt.orphans.ExecContext(ctx, c.Now, c.Now); err != nil {
		return nil, err
	}
	rows, err := w.stmt.claim.QueryContext(ctx, c.Until, c.Lease, c.Now, c.Max)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var claimed []storage.Claimed
	for rows.Next() {
		var r storage.Claimed
		if err := rows.Scan(&r.User, &r.Key, &r.Name, &r.At, &r.Data); err != nil {
			return nil, err
		}
		claimed = append(claimed, r)
	}
	return claimed, rows.Err()
}

// Done removes a leased reminder.
func (d *Driver) Done(ctx context.Context, user, name, lease string) error {
	return d.write.submit(ctx, &job{do: func(ctx context.Context, w *writer) error {
		if _, err := w.stmt.done.ExecContext(ctx, user, name, lease); err != nil {
			return unreachable("remove reminder", err)
		}
		return nil
	}})
}
