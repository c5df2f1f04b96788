package storage_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"anning/storage"
)

func TestLoadOrCreateKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "key")
	if _, made, err := storage.LoadOrCreateKey(path); err != nil || !made {
		t.Fatalf("made %v, %v", made, err)
	}
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if key, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(string(first), "\n")); err != nil || len(key) != storage.KeySize {
		t.Errorf("the file holds %q, want a line of base64 of %d bytes", first, storage.KeySize)
	}
	if _, made, err := storage.LoadOrCreateKey(path); err != nil || made {
		t.Fatalf("the second time: made %v, %v", made, err)
	}
	if again, err := os.ReadFile(path); err != nil || !bytes.Equal(first, again) {
		t.Errorf("the key was replaced (%v)", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*")); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// TestCreateTogether: processes that start at once end up with one key.
func TestCreateTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	var wg sync.WaitGroup
	var makers atomic.Int32
	for range 16 {
		wg.Go(func() {
			_, made, err := storage.LoadOrCreateKey(path)
			if err != nil {
				t.Error(err)
			}
			if made {
				makers.Add(1)
			}
		})
	}
	wg.Wait()
	if n := makers.Load(); n != 1 {
		t.Errorf("%d made it, want 1", n)
	}
}

func TestLoadKeyRefuses(t *testing.T) {
	good := base64.StdEncoding.EncodeToString(make([]byte, storage.KeySize)) + "\n"
	for _, test := range []struct {
		name, text string
		mode       os.FileMode
		want       string
	}{
		{"group", good, 0o640, "run: chmod 600 "},
		{"world", good, 0o604, "run: chmod 600 "},
		{"empty", "\n", 0o600, "no master key; make one with"},
		{"short", "AAAA\n", 0o600, "master key 1 has 3 bytes, not 32"},
		{"second", good + "AAAA\n", 0o600, "master key 2 has 3 bytes, not 32"},
		{"hex", strings.Repeat("0g!", 20), 0o600, "master key 1 is not base64; make one with"},
		{"huge", strings.Repeat(good, 200), 0o600, "is not a key file"},
	} {
		path := filepath.Join(t.TempDir(), test.name)
		if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, test.mode); err != nil {
			t.Fatal(err)
		}
		_, _, err := storage.LoadOrCreateKey(path)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v, want an error with %q and the path", test.name, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "0g!") {
			t.Errorf("%s: the error repeats the key", test.name)
		}
	}
	if _, _, err := storage.LoadOrCreateKey(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not a key file") {
		t.Errorf("a folder: %v", err)
	}
}

func FuzzParseKeys(f *testing.F) {
	good := base64.StdEncoding.EncodeToString(make([]byte, storage.KeySize))
	for _, seed := range []string{"", good, good + "\r\n\n" + good, "====", "AAAA"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if r, err := storage.ParseKeys(text); (r == nil) == (err == nil) {
			t.Errorf("keyring %v and error %v", r, err)
		}
	})
}
