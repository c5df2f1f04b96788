package sqlitestore

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"anning/storage"
)

// TestPragmas: the settings that durability and erasure rest on are in force on the connection that writes.
func TestPragmas(t *testing.T) {
	d, err := Open(filepath.Join(t.TempDir(), "anning.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "secure_delete": "1", "auto_vacuum": "2", "busy_timeout": "0"} {
		var got string
		if err := d.write.conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q (%v), want %s", pragma, got, err, want)
		}
	}
	var only int
	if err := d.read.QueryRowContext(t.Context(), "PRAGMA query_only").Scan(&only); err != nil || only != 1 {
		t.Errorf("query_only of a reader is %d, %v", only, err)
	}
}

// TestWaitingTurnGivesUp: a turn whose person has gone before its turn came is never written; one that has begun is
// waited for, also when its person has gone.
func TestWaitingTurnGivesUp(t *testing.T) {
	d, err := Open(filepath.Join(t.TempDir(), "anning.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	started, release, begun := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		begun <- d.write.submit(ctx, &job{do: func(context.Context, *writer) error {
			close(started)
			<-release
			return nil
		}})
	}()
	<-started
	gone, leave := context.WithCancel(t.Context())
	waiting := &job{do: func(context.Context, *writer) error { t.Error("written although its person has gone"); return nil }}
	outcome := make(chan error, 1)
	go func() { outcome <- d.write.submit(gone, waiting) }()
	leave()
	if err := <-outcome; !errors.Is(err, context.Canceled) || !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("the waiting turn: %v, want context.Canceled as ErrUnavailable", err)
	}
	cancel()
	close(release)
	if err := <-begun; err != nil {
		t.Errorf("the turn that had begun: %v", err)
	}
}
