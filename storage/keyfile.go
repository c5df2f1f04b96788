package storage

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// LoadOrCreateKey reads the master keys from a file, one a line in base64, the current one first. Where there is no
// file it makes one with a fresh key, readable by its owner only. A file that others may read is refused.
//
// A fresh key fits a new store only. made says that this call made it: a caller whose Ping then gives ErrKey has lost
// the file that belongs to the store, and should remove the fresh one again.
func LoadOrCreateKey(path string) (r *Keyring, made bool, err error) {
	text, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createKey(path); err == nil || errors.Is(err, fs.ErrExist) { // another process may have been faster
			made = err == nil
			text, err = readKey(path)
		}
	}
	if err != nil {
		return nil, made, fmt.Errorf("storage: key file: %w", err)
	}
	if r, err = ParseKeys(text); err != nil {
		return nil, made, fmt.Errorf("%w (key file %s)", err, path)
	}
	return r, made, nil
}

// ParseKeys makes a keyring from what a key file holds: one key a line in base64, the current one first.
func ParseKeys(text []byte) (*Keyring, error) {
	var keys [][]byte
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		key := make([]byte, base64.StdEncoding.DecodedLen(len(line)))
		n, err := base64.StdEncoding.Decode(key, line)
		if err != nil {
			return nil, fmt.Errorf("storage: master key %d is not base64; make one with: head -c 32 /dev/urandom | base64", len(keys)+1)
		}
		keys = append(keys, key[:n])
	}
	if len(keys) == 0 {
		return nil, errors.New("storage: no master key; make one with: head -c 32 /dev/urandom | base64")
	}
	return NewKeyring(keys[0], keys[1:]...)
}

func readKey(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > 4096 {
		return nil, fmt.Errorf("%s is not a key file", path)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 {
		return nil, fmt.Errorf("%s may be read or written by others (mode %#o); run: chmod 600 %s", path, info.Mode().Perm(), path)
	}
	text := make([]byte, info.Size())
	if _, err := f.ReadAt(text, 0); err != nil && info.Size() > 0 {
		return nil, err
	}
	return text, nil
}

// createKey writes a fresh key beside path and links it there, so that nobody ever reads half a key, and two processes
// that start together end up with the same one.
func createKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	key := make([]byte, KeySize)
	rand.Read(key)
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = fmt.Fprintln(f, base64.StdEncoding.EncodeToString(key))
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}
