package sqlitestore_test

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/storage"
	"anning/storage/sqlitestore"
)

func newStore(t testing.TB, d storage.Driver) *storage.Store {
	t.Helper()
	keys, err := storage.NewKeyring(bytes.Repeat([]byte{1}, storage.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return storage.New(d, keys, nil)
}

// TestMode: the file and its log are its owner's alone, also where an older file was open to others.
func TestMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "a b?c#d%20.db")
	for range 2 {
		s := newStore(t, open(t, path))
		if _, err := s.Commit(t.Context(), storage.Turn{User: fmt.Sprint("u", time.Now())}); err != nil {
			t.Fatal(err)
		}
		for _, suffix := range []string{"", "-wal"} {
			info, err := os.Stat(path + suffix)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %v, want 0600", path+suffix, info.Mode().Perm())
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestReopen: what was committed is there for the next process, without the first one's goodbye.
func TestReopen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anning.db")
	if _, err := newStore(t, open(t, path)).Commit(t.Context(), storage.Turn{User: "u", Session: []byte("kept")}); err != nil {
		t.Fatal(err)
	}
	st, err := newStore(t, open(t, path)).Load(t.Context(), "u")
	if err != nil || string(st.Session) != "kept" {
		t.Errorf("session %q, %v", st.Session, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	exec(t, newer, "PRAGMA user_version=99")
	for path, want := range map[string]string{
		write("text.db", strings.Repeat("no database ", 100)): "not a database",
		dir:                                      "is a directory",
		filepath.Join(write("file", ""), "x.db"): "not a directory",
		newer:                                    "made by a newer program",
	} {
		_, err := sqlitestore.Open(path, nil)
		if !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(fmt.Sprint(err), want) || !strings.Contains(fmt.Sprint(err), path) {
			t.Errorf("%s: %v, want ErrUnavailable with the path and %q", path, err, want)
		}
	}
}

func exec(t testing.TB, path, query string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

// TestOpenTogether: processes that start at once over no file make its tables once.
func TestOpenTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anning.db")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			s := newStore(t, open(t, path))
			if _, err := s.Commit(t.Context(), storage.Turn{User: fmt.Sprint(i)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestBatch: of many turns that wait together, one that fails takes no other with it.
func TestBatch(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "anning.db"))
	var wg sync.WaitGroup
	outcomes := make([]error, 200)
	for i := range outcomes {
		w := storage.Write{User: fmt.Sprint(i), Next: 1, Now: 1, Expires: 1e15, Key: []byte("k"), State: []byte("s")}
		switch i % 4 {
		case 1:
			w.Rev = 5 // a conflict
		case 2:
			w.Records = []storage.Item{{Name: "torn", Data: []byte("x")}}
			w.State = nil // refused by the table, after the record was written
		}
		wg.Go(func() { outcomes[i] = d.Commit(t.Context(), w) })
	}
	wg.Wait()
	for i, err := range outcomes {
		h, items, lerr := d.Items(t.Context(), fmt.Sprint(i), storage.KindRecord, "")
		if lerr != nil {
			t.Fatal(lerr)
		}
		var want error
		switch i % 4 {
		case 1:
			want = storage.ErrConflict
		case 2:
			want = storage.ErrUnavailable
		}
		if !errors.Is(err, want) || (h.Rev != 0) != (want == nil) || len(items) != 0 {
			t.Errorf("turn %d: %v, row %d, %d records; want %v", i, err, h.Rev, len(items), want)
		}
	}
}

// TestBusy: a turn that another process keeps from being written says so in time, and the next one goes through.
func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anning.db")
	d, err := sqlitestore.Open(path, &sqlitestore.Options{BusyTimeout: 20 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	s := newStore(t, d)
	defer s.Close()
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.SetMaxOpenConns(1)
	must := func(query string) {
		t.Helper()
		if _, err := other.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	must("BEGIN IMMEDIATE")
	if _, err := s.Commit(t.Context(), storage.Turn{User: "u"}); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("Commit beside another writer: %v, want ErrUnavailable", err)
	}
	if _, err := s.Load(t.Context(), "u"); err != nil {
		t.Errorf("Load beside another writer: %v", err)
	}
	must("ROLLBACK")
	rev, err := s.Commit(t.Context(), storage.Turn{User: "u"})
	if err != nil {
		t.Fatal(err)
	}
	must("BEGIN")
	must("SELECT count(*) FROM users") // a reader holds on to what Delete should wipe
	if err := s.Delete(t.Context(), "u"); !errors.Is(err, storage.ErrUnavailable) || !strings.Contains(err.Error(), "the log still holds it") {
		t.Errorf("Delete beside a reader: %v", err)
	}
	if _, err := s.Commit(t.Context(), storage.Turn{User: "u", Rev: rev}); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("after such a Delete: %v, want ErrConflict", err)
	}
	must("ROLLBACK")
	if err := s.Delete(t.Context(), "u"); err != nil {
		t.Errorf("Delete again: %v", err)
	}
}

// TestShrinks: what big records took goes back to the disk when they are deleted.
func TestShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "anning.db")
	s := newStore(t, open(t, path))
	if _, err := s.Commit(t.Context(), storage.Turn{User: "u", Records: []storage.Record{{ID: "big", Data: make([]byte, 8<<20)}}}); err != nil {
		t.Fatal(err)
	}
	if n := len(fileBytes(t, path)); n < 8<<20 {
		t.Fatalf("only %d bytes before Delete", n)
	}
	if err := s.Delete(t.Context(), "u"); err != nil {
		t.Fatal(err)
	}
	if n := len(fileBytes(t, path)); n > 1<<20 {
		t.Errorf("%d bytes after Delete", n)
	}
}
