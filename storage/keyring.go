package storage

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"sync"
)

// KeySize is the size of a master key, in bytes.
const KeySize = 32

// ErrKey says that what is kept was sealed with a master key that was not given.
var ErrKey = errors.New("storage: kept under another master key; give the key file it was made with")

// Keyring holds the master keys. They never touch what people said: each person has a random data key, which the
// master key wraps, and which Delete destroys.
//
// With several keys the first wraps, and all unwrap: a person's data key moves to the first key at the next commit.
// The last key also makes the names under which people are kept, so it has to stay in the ring as long as the store
// lives; it unlocks nothing once everybody has come by or expired.
type Keyring struct {
	names *macs
	wraps []wrapKey
}

type wrapKey struct {
	id   []byte // idSize bytes, in front of what it wrapped
	aead cipher.AEAD
}

const idSize = 4

// NewKeyring makes a keyring of master keys of KeySize random bytes. To rotate, give the new key first and the ones
// used before after it.
func NewKeyring(current []byte, old ...[]byte) (*Keyring, error) {
	r := &Keyring{}
	for i, key := range append([][]byte{current}, old...) {
		if len(key) != KeySize {
			return nil, fmt.Errorf("storage: master key %d has %d bytes, not %d", i+1, len(key), KeySize)
		}
		w, err := newWrapKey(key)
		if err != nil {
			return nil, fmt.Errorf("storage: master key %d: %w", i+1, err)
		}
		r.wraps = append(r.wraps, w)
		names, err := hkdf.Key(sha256.New, key, nil, "anning names", KeySize)
		if err != nil {
			return nil, fmt.Errorf("storage: master key %d: %w", i+1, err)
		}
		r.names = newMACs(names)
	}
	return r, nil
}

func newWrapKey(master []byte) (wrapKey, error) {
	key, err := hkdf.Key(sha256.New, master, nil, "anning wrap", KeySize)
	if err != nil {
		return wrapKey{}, err
	}
	aead, err := newAEAD(key)
	if err != nil {
		return wrapKey{}, err
	}
	return wrapKey{id: mac(key, "id", idSize), aead: aead}, nil
}

// userName is what a user is called in the store: 32 hex digits.
func (r *Keyring) userName(user string) string {
	return hex.EncodeToString(r.names.sum("user\x00", user)[:16])
}

// mark tells one store's naming key from another's.
func (r *Keyring) mark() []byte { return r.names.sum("mark")[:16] }

func (r *Keyring) wrap(user string, dataKey []byte) []byte {
	w := r.wraps[0]
	return append(bytes.Clone(w.id), w.aead.Seal(nil, nil, dataKey, label("key", user))...)
}

func (r *Keyring) unwrap(user string, wrapped []byte) ([]byte, error) {
	if len(wrapped) < idSize {
		return nil, ErrDamaged
	}
	for _, w := range r.wraps {
		if !bytes.Equal(w.id, wrapped[:idSize]) {
			continue
		}
		key, err := w.aead.Open(nil, nil, wrapped[idSize:], label("key", user))
		if err != nil {
			return nil, ErrDamaged
		}
		return key, nil
	}
	return nil, ErrKey
}

// newAEAD makes AES-256-GCM that puts a random nonce in front of what it seals.
func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// macs makes HMAC-SHA256 with one key, again and again: the key is hashed once, not at every use.
type macs struct{ pool sync.Pool }

func newMACs(key []byte) *macs {
	return &macs{sync.Pool{New: func() any { return hmac.New(sha256.New, key) }}}
}

// sum returns the HMAC of parts joined.
func (m *macs) sum(parts ...string) []byte {
	h := m.pool.Get().(hash.Hash)
	h.Reset()
	for _, p := range parts {
		_, _ = io.WriteString(h, p)
	}
	sum := h.Sum(nil)
	m.pool.Put(h)
	return sum
}

// mac returns the first size bytes of HMAC-SHA256.
func mac(key []byte, text string, size int) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)[:size]
}
