package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// versions are the steps from each version of the tables to the next. What was released is never edited, only
// followed by another.
var versions = []string{`
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE users (
	user    TEXT PRIMARY KEY,
	rev     INTEGER NOT NULL,
	expires INTEGER NOT NULL, -- ms, like all times here
	key     BLOB NOT NULL,
	state   BLOB NOT NULL
);
CREATE INDEX users_expires ON users (expires);
CREATE TABLE records (
	user TEXT NOT NULL,
	name TEXT NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (user, name)
);
CREATE TABLE reminders (
	user  TEXT NOT NULL,
	name  TEXT NOT NULL,
	at    INTEGER NOT NULL,
	due   INTEGER NOT NULL, -- at, or the end of the lease
	lease TEXT NOT NULL DEFAULT '',
	data  BLOB NOT NULL,
	PRIMARY KEY (user, name)
);
CREATE INDEX reminders_due ON reminders (due);
`}

// migrate brings the tables to the newest version. Two processes may start at once.
func migrate(ctx context.Context, conn *sql.Conn) (err error) {
	have, err := version(ctx, conn)
	if err != nil {
		return err
	}
	if have == 0 { // has no effect once there are tables
		if _, err := conn.ExecContext(ctx, "PRAGMA auto_vacuum=INCREMENTAL"); err != nil {
			return err
		}
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA journal_mode=WAL"); err != nil {
		return err
	}
	if have == len(versions) {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, back := conn.ExecContext(ctx, "ROLLBACK")
			err = errors.Join(err, back)
		}
	}()
	if have, err = version(ctx, conn); err != nil {
		return err
	}
	for ; have < len(versions); have++ {
		if _, err := conn.ExecContext(ctx, versions[have]); err != nil {
			return fmt.Errorf("make tables of version %d: %w", have+1, err)
		}
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version=%d", len(versions))); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, "COMMIT")
	return err
}

func version(ctx context.Context, conn *sql.Conn) (int, error) {
	var have int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return 0, err
	}
	if have > len(versions) {
		return 0, fmt.Errorf("the file is of version %d, made by a newer program; this one knows %d", have, len(versions))
	}
	return have, nil
}
