package storage

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
)

// ErrDamaged says that something kept was changed from outside, or put in another's place.
var ErrDamaged = errors.New("storage: what is kept was changed from outside")

// sealer seals and opens what is kept of one person. Everything sealed is bound to the person, to what it is and to
// its name, so that nothing can be put in another's place.
type sealer struct {
	user    string // the user's name in the store
	wrapped []byte // the data key, wrapped
	aead    cipher.AEAD
	names   []byte
}

func newSealer(user string, dataKey, wrapped []byte) (*sealer, error) {
	key, err := hkdf.Key(sha256.New, dataKey, nil, "anning data", KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive data key: %w", err)
	}
	names, err := hkdf.Key(sha256.New, dataKey, nil, "anning item names", KeySize)
	if err != nil {
		return nil, fmt.Errorf("derive name key: %w", err)
	}
	aead, err := newAEAD(key)
	if err != nil {
		return nil, fmt.Errorf("derive data key: %w", err)
	}
	return &sealer{user: user, wrapped: wrapped, aead: aead, names: names}, nil
}

// itemName is what a record or reminder is called in the store; the same id has another name for everybody.
func (s *sealer) itemName(kind Kind, id string) string {
	return base64.RawURLEncoding.EncodeToString(mac(s.names, string(kind)+"\x00"+id, 16))
}

func (s *sealer) sealState(rev uint64, session, answer []byte) []byte {
	return s.aead.Seal(nil, nil, pack(session, answer), label("state", s.user, strconv.FormatUint(rev, 10)))
}

func (s *sealer) openState(rev uint64, sealed []byte) (session, answer []byte, err error) {
	parts, err := s.open(sealed, label("state", s.user, strconv.FormatUint(rev, 10)), 2)
	if err != nil {
		return nil, nil, err
	}
	return parts[0], parts[1], nil
}

func (s *sealer) sealRecord(r Record) Item {
	name := s.itemName(KindRecord, r.ID)
	sealed := s.aead.Seal(nil, nil, pack([]byte(r.ID), r.Data), label(string(KindRecord), s.user, name))
	return Item{Name: name, Data: sealed}
}

func (s *sealer) openRecord(it Item) (Record, error) {
	parts, err := s.open(it.Data, label(string(KindRecord), s.user, it.Name), 2)
	if err != nil {
		return Record{}, err
	}
	return Record{ID: string(parts[0]), Data: parts[1]}, nil
}

func (s *sealer) sealReminder(user string, r Reminder) Item {
	name, at := s.itemName(KindReminder, r.ID), r.At.UnixMilli()
	sealed := s.aead.Seal(nil, nil, pack([]byte(user), []byte(r.ID), binary.BigEndian.AppendUint64(nil, uint64(at)), r.Data),
		label(string(KindReminder), s.user, name))
	return Item{Name: name, At: at, Data: sealed}
}

// openReminder also returns the person's own name; the caller compares it with whose row it came from.
func (s *sealer) openReminder(it Item) (user string, r Reminder, err error) {
	parts, err := s.open(it.Data, label(string(KindReminder), s.user, it.Name), 4)
	if err != nil {
		return "", Reminder{}, err
	}
	if len(parts[2]) != 8 {
		return "", Reminder{}, ErrDamaged
	}
	at := fromMilli(int64(binary.BigEndian.Uint64(parts[2])))
	return string(parts[0]), Reminder{ID: string(parts[1]), At: at, Data: parts[3]}, nil
}

func (s *sealer) open(sealed, bound []byte, parts int) ([][]byte, error) {
	plain, err := s.aead.Open(nil, nil, sealed, bound)
	if err != nil {
		return nil, ErrDamaged
	}
	return unpack(plain, parts)
}

// label binds what is sealed to its place. The parts never hold the separator.
func label(parts ...string) []byte {
	b := []byte("anning 1")
	for _, p := range parts {
		b = append(append(b, 0), p...)
	}
	return b
}

// pack joins parts, each but the last with its length in front.
func pack(parts ...[]byte) []byte {
	size := 0
	for _, p := range parts {
		size += len(p) + binary.MaxVarintLen32
	}
	b := make([]byte, 0, size)
	for i, p := range parts {
		if i < len(parts)-1 {
			b = binary.AppendUvarint(b, uint64(len(p)))
		}
		b = append(b, p...)
	}
	return b
}

// unpack undoes pack.
func unpack(b []byte, n int) ([][]byte, error) {
	parts := make([][]byte, 0, n)
	for range n - 1 {
		size, read := binary.Uvarint(b)
		if read <= 0 || size > uint64(len(b)-read) {
			return nil, ErrDamaged
		}
		end := read + int(size)
		parts = append(parts, b[read:end:end])
		b = b[end:]
	}
	return append(parts, b), nil
}
