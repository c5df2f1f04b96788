package storage

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// FuzzUnpack: bytes from outside never panic, and what unpacks packs to the same again (lengths have one short form).
func FuzzUnpack(f *testing.F) {
	f.Add([]byte{}, 1)
	f.Add(pack([]byte("user"), []byte("id"), []byte("data")), 3)
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, 2)
	f.Add([]byte{5, 'a'}, 2)
	f.Fuzz(func(t *testing.T, b []byte, n int) {
		if n < 1 || n > 8 {
			return
		}
		parts, err := unpack(b, n)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("got %v, want ErrDamaged", err)
			}
			return
		}
		again, err := unpack(pack(parts...), n)
		if err != nil {
			t.Fatal(err)
		}
		for i := range parts {
			if !bytes.Equal(parts[i], again[i]) {
				t.Errorf("part %d: %q, then %q", i, parts[i], again[i])
			}
		}
	})
}

// TestSealers: the memory of data keys is bounded, and forgets the one used longest ago.
func TestSealers(t *testing.T) {
	c := newSealers()
	for i := range maxSealers + 10 {
		c.put(1, &sealer{user: fmt.Sprint(i)})
		c.put(2, &sealer{user: "0"}) // always in use
	}
	if c.recent.Len() != maxSealers || len(c.byUser) != maxSealers {
		t.Errorf("%d and %d remembered, want %d", c.recent.Len(), len(c.byUser), maxSealers)
	}
	for user, want := range map[string]bool{"0": true, "1": false, "10": false, fmt.Sprint(maxSealers + 9): true} {
		if _, ok := c.latest(user); ok != want {
			t.Errorf("%s remembered: %v, want %v", user, ok, want)
		}
	}
	if _, ok := c.get("0", 1); ok {
		t.Error("an old revision found the key")
	}
	c.drop("0")
	if _, ok := c.latest("0"); ok {
		t.Error("dropped, and still there")
	}
}
