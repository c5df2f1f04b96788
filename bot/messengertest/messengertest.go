// Package messengertest is what every messenger must do, tried from the person's side.
package messengertest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"anning/bot"
)

// Person is somebody at the other end of the messenger under test.
type Person interface {
	// Say sends a text as a person would. The id is the messenger's own id of the message; where the messenger has
	// ids, the same id again is a repeat.
	Say(t *testing.T, id, text string)
	// Press presses a button that was shown.
	Press(t *testing.T, id string, c bot.Choice)
	// Sees returns everything shown to the person so far, and waits until it contains want or the test's patience ends.
	Sees(t *testing.T, want string) string
}

// Subject is a messenger under test.
type Subject struct {
	Messenger bot.Messenger
	Person    func(t *testing.T, name string) Person // may be called once where the messenger serves one person
	Repeats   bool                                   // it hands a repeated id on, so that the engine can answer it
	Many      bool                                   // it serves more than one person
}

// Run tries a messenger. start makes a fresh one for each test.
func Run(t *testing.T, start func(t *testing.T) Subject) {
	tests := []struct {
		name string
		run  func(*testing.T, *talk)
	}{
		{"a text is answered", answered},
		{"replies come whole and in order", inOrder},
		{"a choice comes back as its value", choice},
		{"an error shows its kind words", kindWords},
		{"text is shown as it is", literal},
		{"people are told apart", apart},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := start(t)
			k := &talk{subject: s, person: s.Person(t, "one")}
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- s.Messenger.Run(ctx, k.answer) }()
			tt.run(t, k)
			cancel()
			select {
			case err := <-done:
				if err != nil {
					t.Errorf("Run returned %v after its context ended; want nil", err)
				}
			case <-time.After(20 * time.Second):
				t.Error("Run did not return after its context ended")
			}
		})
	}
}

// talk is a small conversation, so that a messenger is tried without the engine.
type talk struct {
	subject Subject
	person  Person

	mu  sync.Mutex
	got []bot.Message
}

// errTalk is an error no person may ever see.
var errTalk = errors.New("dial tcp 10.0.0.1:6379: refused")

func (k *talk) answer(_ context.Context, m bot.Message) ([]bot.Reply, error) {
	k.mu.Lock()
	k.got = append(k.got, m)
	k.mu.Unlock()
	switch m.Text {
	case "出错":
		return []bot.Reply{{Text: "我这边出错了，不怪你。编号 7F3A"}}, errTalk
	case "三句":
		return []bot.Reply{{Text: "第一句"}, {Text: "第二句"}, {Text: "第三句"}}, nil
	case "符号":
		return []bot.Reply{{Text: "<b>a & b</b> *星* _线_ 「引」"}}, nil
	case "flow/step=stay", "1":
		return []bot.Reply{{Text: "收到：留下"}}, nil
	}
	return []bot.Reply{{Text: "收到：" + m.Text, Choices: choices}}, nil
}

var choices = []bot.Choice{{Value: "flow/step=stay", Label: "留下"}, {Value: "flow/step=go", Label: "走开"}}

func answered(t *testing.T, k *talk) {
	k.person.Say(t, "m1", "你好")
	k.person.Sees(t, "收到：你好")
	for _, m := range k.got {
		if m.From == "" || m.ID == "" || !strings.Contains(string(m.From), ":") {
			t.Errorf("message %+v: From has to be messenger:id, and ID set", m)
		}
	}
}

func inOrder(t *testing.T, k *talk) {
	k.person.Say(t, "m1", "三句")
	seen := k.person.Sees(t, "第三句")
	if a, b := strings.Index(seen, "第一句"), strings.Index(seen, "第二句"); a < 0 || b < a || strings.Index(seen, "第三句") < b {
		t.Errorf("the person saw %q", seen)
	}
}

func choice(t *testing.T, k *talk) {
	k.person.Say(t, "m1", "选")
	if seen := k.person.Sees(t, "走开"); !strings.Contains(seen, "留下") {
		t.Errorf("the person saw %q; want both choices", seen)
	}
	k.person.Press(t, "m2", choices[0])
	k.person.Sees(t, "收到：留下")
}

func kindWords(t *testing.T, k *talk) {
	k.person.Say(t, "m1", "出错")
	if seen := k.person.Sees(t, "7F3A"); strings.Contains(seen, "dial tcp") {
		t.Errorf("the person saw the error: %q", seen)
	}
	k.person.Say(t, "m2", "还在吗")
	k.person.Sees(t, "收到：还在吗")
}

func literal(t *testing.T, k *talk) {
	k.person.Say(t, "m1", "符号")
	k.person.Sees(t, "<b>a & b</b> *星* _线_ 「引」")
}

func apart(t *testing.T, k *talk) {
	if !k.subject.Many {
		return
	}
	other := k.subject.Person(t, "two")
	k.person.Say(t, "m1", "我是一")
	other.Say(t, "m1", "我是二")
	k.person.Sees(t, "收到：我是一")
	if seen := other.Sees(t, "收到：我是二"); strings.Contains(seen, "我是一") {
		t.Errorf("the second person saw %q", seen)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.got) >= 2 && k.got[0].From == k.got[1].From {
		t.Errorf("both people are %s", k.got[0].From)
	}
}
