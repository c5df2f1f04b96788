package wechat_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"anning/bot/wechat"
)

func TestSealedOfEveryLength(t *testing.T) {
	s, err := wechat.NewSealer(aesKey, appID)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 130 {
		text := bytes.Repeat([]byte("字"), n)
		sealed := s.Seal(text)
		raw, err := base64.StdEncoding.DecodeString(sealed)
		if err != nil || len(raw)%32 != 0 {
			t.Fatalf("%d bytes were sealed as %d, %v; want a multiple of 32", len(text), len(raw), err)
		}
		if again := s.Seal(text); again == sealed {
			t.Fatalf("the same text was sealed the same twice")
		}
		back, err := s.Open(sealed)
		if err != nil || !bytes.Equal(back, text) {
			t.Fatalf("%d bytes came back as %q, %v", len(text), back, err)
		}
	}
}

func TestSealedForAnother(t *testing.T) {
	ours, _ := wechat.NewSealer(aesKey, appID)
	other, _ := wechat.NewSealer(aesKey, "wx0000000000000000")
	key, _ := wechat.NewSealer(strings.Repeat("A", 43), appID)
	for name, s := range map[string]*wechat.Sealer{"another app": other, "another key": key} {
		if text, err := ours.Open(s.Seal([]byte("<xml/>"))); err == nil {
			t.Errorf("%s: opened as %q", name, text)
		}
	}
	for _, key := range []string{"", "abc", aesKey + "A", strings.Repeat("*", 43)} {
		if _, err := wechat.NewSealer(key, appID); err == nil {
			t.Errorf("%q was taken as a key", key)
		}
	}
}

func FuzzOpen(f *testing.F) {
	s, err := wechat.NewSealer(aesKey, appID)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Seal([]byte("<xml><Content>好</Content></xml>")))
	f.Add(s.Seal(nil))
	f.Add("")
	f.Add("AAAA")
	f.Add(base64.StdEncoding.EncodeToString(make([]byte, 64)))
	f.Fuzz(func(t *testing.T, sealed string) {
		text, err := s.Open(sealed)
		if err != nil {
			return
		}
		back, err := s.Open(s.Seal(text))
		if err != nil || !bytes.Equal(back, text) {
			t.Errorf("%q came back as %q, %v", text, back, err)
		}
	})
}
