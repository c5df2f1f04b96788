package bot

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// full is a session with every field set.
func full(text string, n int) *Session {
	return &Session{User: UserID("test:" + text), Turn: n, At: int64(n), Met: true, Flow: text, Step: "s", Hash: "h",
		Stack: []string{text, "b/c+"}, Paused: []string{"p"}, Slots: map[string]string{"a": text, "b": "2"},
		Seen: "1\n2", Misses: n, Back: text + "\tx\f" + text, Hints: map[string]string{"h": text},
		Shown: map[string]int{"laws": n, text: 1}, Joined: text, Buttons: []string{"v\tl"}, Entries: n, Chain: text, Files: n, Grave: n}
}

// FuzzSessionEncode holds the hand-written encoder against encoding/json.
func FuzzSessionEncode(f *testing.F) {
	for _, text := range []string{"", "你好", "a\"b\\c\n\t\f\r\x00\x1f<>&\u2028", "\xff\xfe坏", "💰"} {
		f.Add(text, 3)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		s := full(text, n)
		want, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var a, b Session
		if err := json.Unmarshal(want, &a); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(s.encode(), &b); err != nil {
			t.Fatalf("%v in %s", err, s.encode())
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Error(diff)
		}
		var c Session
		if !c.decode(s.encode()) {
			t.Fatalf("decode does not read what encode wrote: %s", s.encode())
		}
		if diff := cmp.Diff(a, c); diff != "" {
			t.Error(diff)
		}
	})
}

// FuzzAnswerEncode holds the hand-written encoder of kept answers against encoding/json.
func FuzzAnswerEncode(f *testing.F) {
	for _, text := range []string{"", "你好", "a\"b\\c\n\t\f\r\x00\x1f<>&\u2028", "\xff\xfe坏", "💰"} {
		f.Add(text, 9)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		all := []Choice{{Value: text, Label: text, Call: text, Style: Style(text)}, {Value: "v", Label: "l"}}
		answer := lastAnswer{ID: text, Turn: n, Replies: []Reply{
			{Text: text}, {Text: text, Choices: all, Source: text, Danger: n%2 == 0, Amount: n%2 != 0}, {Choices: all[1:], Danger: true, Amount: true},
			{Text: text, Card: &Card{Kind: text, Rows: []CardRow{{Text: text}}}}, {Text: text, Source: text, File: &File{Name: text, Ref: "r"}}, {Text: text, Due: time.Unix(int64(n), 0).UTC()}}}
		answer.Replies = answer.Replies[:min(len(answer.Replies), max(n, 0))]
		want, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		got, err := answer.encode()
		if err != nil {
			t.Fatal(err)
		}
		var a, b lastAnswer
		if err := errors.Join(json.Unmarshal(want, &a), json.Unmarshal(got, &b)); err != nil {
			t.Fatalf("%v in %s", err, got)
		}
		if diff := cmp.Diff(a, b); diff != "" {
			t.Error(diff)
		}
		if fields := strings.Count(string(want), `":`); fields != strings.Count(string(got), `":`) {
			t.Errorf("a field is missing in %s", got)
		}
	})
}

// FuzzSessionDecode reads any bytes as a session: an error or a session that is written and read back the same.
func FuzzSessionDecode(f *testing.F) {
	f.Add(full("x", 1).encode())
	f.Add([]byte(`{"user":"test:1","back":"a/b\t","slots":null}`))
	f.Add([]byte(`{"user":"test:1","seen":7}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var fast, slow Session
		if fast.decode(data) {
			if err := json.Unmarshal(data, &slow); err != nil {
				t.Fatalf("decode reads what is no session: %v", err)
			}
			if diff := cmp.Diff(slow, fast); diff != "" {
				t.Fatal(diff)
			}
		}
		s, err := decodeSession(data, "test:1")
		if err != nil {
			return
		}
		for _, b := range s.backs() {
			cutSnapshot(b)
		}
		s.seen("1")
		s.remember("2")
		s.pause()
		if _, err := decodeSession(s.encode(), "test:1"); err != nil {
			t.Error(err)
		}
	})
}

func TestEverySessionFieldIsEncoded(t *testing.T) {
	s := full("x", 1)
	var read Session
	if err := json.Unmarshal(s.encode(), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(*s, read); diff != "" {
		t.Error(diff)
	}
	fields, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	if want, got := strings.Count(string(fields), `":`), strings.Count(string(s.encode()), `":`); want != got {
		t.Errorf("%d fields by hand, %d by encoding/json: a field is missing in full or encode", got, want)
	}
}

func TestSeenIsBoundedAndForgetsTheOldest(t *testing.T) {
	s := newSession("test:1")
	for i := range 100 {
		s.remember(strings.Repeat("x", i%200) + string(rune('a'+i%26)) + "\n" + string(rune('0'+i%10)))
	}
	if n := strings.Count(s.Seen, "\n") + 1; n > maxSeen || len(s.Seen) > maxSeenBytes+maxID {
		t.Errorf("%d ids, %d bytes", n, len(s.Seen))
	}
	s.remember("the last")
	if !s.seen("the last") || s.seen("never") || s.seen("") {
		t.Error("seen is wrong")
	}
}
