package sqlitestore_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"anning/storage/sqlitestore"
	"anning/storage/storagetest"
)

func TestDriver(t *testing.T) {
	storagetest.Run(t, func(t testing.TB) storagetest.Place {
		path := filepath.Join(t.TempDir(), "anning.db")
		return storagetest.Place{Driver: open(t, path), Bytes: func(t testing.TB) []byte { return fileBytes(t, path) }}
	})
}

func open(t testing.TB, path string) *sqlitestore.Driver {
	t.Helper()
	d, err := sqlitestore.Open(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d
}

// fileBytes reads the file and its log as they lie on the disk.
func fileBytes(t testing.TB, path string) []byte {
	t.Helper()
	var all []byte
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		b, err := os.ReadFile(path + suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return all
}
