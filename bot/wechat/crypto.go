package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sealer encrypts and decrypts messages as WeChat does in its compatible and its safe mode: AES-256-CBC over
// 16 random bytes, the length, the message and the app's id, padded to blocks of 32.
type sealer struct {
	block cipher.Block
	iv    []byte
	appID string
}

const padding = 32

var errSealed = errors.New("wechat: the encrypted message cannot be read")

// newSealer takes the EncodingAESKey of 43 letters and digits.
func newSealer(encodingKey, appID string) (*sealer, error) {
	key, err := base64.StdEncoding.DecodeString(encodingKey + "=")
	if err != nil || len(key) != 32 || len(encodingKey) != 43 {
		return nil, errors.New("wechat: the EncodingAESKey has to be 43 letters and digits")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("wechat: %w", err)
	}
	return &sealer{block, key[:16], appID}, nil
}

// open decrypts what WeChat sent. Whatever is wrong, the error is the same: it tells nobody which step failed.
func (s *sealer) open(sealed string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(data) == 0 || len(data)%aes.BlockSize != 0 {
		return nil, errSealed
	}
	cipher.NewCBCDecrypter(s.block, s.iv).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > padding || pad > len(data) || !allAre(data[len(data)-pad:], byte(pad)) {
		return nil, errSealed
	}
	data = data[:len(data)-pad]
	if len(data) < 20 {
		return nil, errSealed
	}
	n := binary.BigEndian.Uint32(data[16:20])
	data = data[20:]
	if uint64(n) > uint64(len(data)) {
		return nil, errSealed
	}
	if subtle.ConstantTimeCompare(data[n:], []byte(s.appID)) != 1 {
		return nil, errSealed
	}
	return data[:n], nil
}

func allAre(data []byte, b byte) bool {
	return !slices.ContainsFunc(data, func(x byte) bool { return x != b })
}

// seal encrypts an answer.
func (s *sealer) seal(text []byte) string {
	var b bytes.Buffer
	var head [20]byte
	_, _ = rand.Read(head[:16]) // never fails
	binary.BigEndian.PutUint32(head[16:], uint32(len(text)))
	b.Write(head[:])
	b.Write(text)
	b.WriteString(s.appID)
	pad := padding - b.Len()%padding
	b.Write(bytes.Repeat([]byte{byte(pad)}, pad))
	data := b.Bytes()
	cipher.NewCBCEncrypter(s.block, s.iv).CryptBlocks(data, data)
	return base64.StdEncoding.EncodeToString(data)
}

// signature signs some words with WeChat's rule: sorted, joined, SHA-1.
func signature(words ...string) string {
	slices.Sort(words)
	sum := sha1.Sum([]byte(strings.Join(words, "")))
	return hex.EncodeToString(sum[:])
}

// signed compares in constant time.
func signed(given string, words ...string) bool {
	return subtle.ConstantTimeCompare([]byte(given), []byte(signature(words...))) == 1
}
