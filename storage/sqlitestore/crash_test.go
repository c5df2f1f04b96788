package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"anning/storage"
	"anning/storage/sqlitestore"
	"anning/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m, openPlace) }

func openPlace(path string) (storage.Driver, error) { return sqlitestore.Open(path, nil) }

// TestKill kills the process in the middle of its commits (kill -9).
func TestKill(t *testing.T) {
	storagetest.Crash(t, storagetest.Crashing{Place: filepath.Join(t.TempDir(), "anning.db"), Children: 1, Open: openPlace})
}

// TestKillTwoProcesses: two processes share the file, and both are killed.
func TestKillTwoProcesses(t *testing.T) {
	storagetest.Crash(t, storagetest.Crashing{Place: filepath.Join(t.TempDir(), "anning.db"), Children: 2, Open: openPlace})
}

func BenchmarkTurns(b *testing.B) {
	storagetest.BenchmarkTurns(b, func(t testing.TB) storage.Driver { return open(t, filepath.Join(t.TempDir(), "anning.db")) })
}
