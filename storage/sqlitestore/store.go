// Package sqlitestore keeps everything in one SQLite file on one machine, without a server.
//
// A turn is acknowledged after the disk has it (WAL, synchronous=FULL). One writer commits all turns that wait in one
// transaction, so that many people at once cost little more than one; each turn still succeeds or conflicts alone.
// What is deleted is overwritten in the file, and the log beside it is emptied. Several processes may share the file.
package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"anning/storage"
)

// Options of a Driver. The zero value works.
type Options struct {
	BusyTimeout time.Duration // wait for another process that is writing; 5 s
	Readers     int           // connections that read at the same time; 4
	NoSync      bool          // do not wait for the disk: for simulations, where a power cut loses nothing of worth
}

// Driver keeps bytes in an SQLite file.
type Driver struct {
	read  *sql.DB
	write *writer
	load  *sql.Stmt
	due   *sql.Stmt
}

var _ storage.Driver = (*Driver)(nil)

// Open opens the file at path, and makes it (and its folder) where there is none, readable by its owner only.
func Open(path string, opts *Options) (*Driver, error) {
	d, err := open(path, opts)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w: %w", path, storage.ErrUnavailable, err)
	}
	return d, nil
}

func open(path string, opts *Options) (_ *Driver, err error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 5 * time.Second
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	if err := makeFile(path); err != nil {
		return nil, err
	}
	w, err := openWriter(path, o)
	if err != nil {
		return nil, err
	}
	d := &Driver{write: w}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if d.read, err = sql.Open("sqlite", dsn(path, o, "query_only(ON)")); err != nil {
		return nil, err
	}
	d.read.SetMaxOpenConns(o.Readers)
	d.read.SetMaxIdleConns(o.Readers)
	if d.load, err = d.read.Prepare(`SELECT rev, expires, key, state FROM users WHERE user = ?`); err != nil {
		return nil, err
	}
	d.due, err = d.read.Prepare(`SELECT EXISTS (SELECT 1 FROM reminders WHERE due <= ?)`)
	return d, err
}

// makeFile makes an empty file, or closes an existing one to others. SQLite gives its log the same mode.
func makeFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

func dsn(path string, o Options, pragmas ...string) string {
	sync := "synchronous(FULL)"
	if o.NoSync {
		sync = "synchronous(OFF)"
	}
	q := url.Values{"_pragma": append([]string{
		fmt.Sprintf("busy_timeout(%d)", o.BusyTimeout.Milliseconds()), sync, "secure_delete(ON)",
	}, pragmas...)}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// Close lets the turns that wait be committed and closes the file. Closing again does nothing.
func (d *Driver) Close() error {
	var errs []error
	if d.read != nil {
		errs = append(errs, d.read.Close())
	}
	return errors.Join(append(errs, d.write.close())...)
}

// Load reads a user's row.
func (d *Driver) Load(ctx context.Context, user string) (storage.Head, error) {
	h, err := scanHead(d.load.QueryRowContext(ctx, user))
	if err != nil {
		return storage.Head{}, unreachable("read row", err)
	}
	return h, nil
}

func scanHead(row *sql.Row) (h storage.Head, err error) {
	err = row.Scan(&h.Rev, &h.Expires, &h.Key, &h.State)
	if errors.Is(err, sql.ErrNoRows) {
		return storage.Head{}, nil
	}
	return h, err
}

// Items reads a user's records or reminders, in one snapshot with the row.
func (d *Driver) Items(ctx context.Context, user string, kind storage.Kind, name string) (storage.Head, []storage.Item, error) {
	h, items, err := d.items(ctx, user, kind, name)
	if err != nil {
		return storage.Head{}, nil, unreachable("read "+string(kind), err)
	}
	return h, items, nil
}

func (d *Driver) items(ctx context.Context, user string, kind storage.Kind, name string) (h storage.Head, items []storage.Item, err error) {
	query := `SELECT name, 0, data FROM records WHERE user = ?`
	if kind == storage.KindReminder {
		query = `SELECT name, at, data FROM reminders WHERE user = ?`
	}
	args := []any{user}
	if name != "" {
		query, args = query+` AND name = ?`, append(args, name)
	}
	tx, err := d.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return h, nil, err
	}
	defer tx.Rollback()
	if h, err = scanHead(tx.StmtContext(ctx, d.load).QueryRowContext(ctx, user)); err != nil {
		return h, nil, err
	}
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return h, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var it storage.Item
		if err := rows.Scan(&it.Name, &it.At, &it.Data); err != nil {
			return h, nil, err
		}
		items = append(items, it)
	}
	return h, items, rows.Err()
}

// unreachable wraps a failure of the file.
func unreachable(what string, err error) error {
	return fmt.Errorf("%s: %w: %w", what, storage.ErrUnavailable, err)
}
