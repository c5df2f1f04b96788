package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"
	"golang.org/x/sys/unix"
)

// tty is a terminal 44 columns wide and what has appeared on it.
type tty struct {
	keys *os.File
	mu   sync.Mutex
	seen bytes.Buffer
	more chan struct{}
}

func openTTY(t *testing.T) (*tty, *os.File) {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(keys.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 44})
	}
	if err != nil {
		t.Fatal(err)
	}
	screen, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &tty{keys: keys, more: make(chan struct{}, 1)}
	t.Cleanup(func() { keys.Close(); screen.Close() })
	go func() {
		buf := make([]byte, 4096)
		for {
			n, err := keys.Read(buf)
			s.mu.Lock()
			s.seen.Write(buf[:n])
			s.mu.Unlock()
			select {
			case s.more <- struct{}{}:
			default:
			}
			if err != nil {
				return
			}
		}
	}()
	return s, screen
}

// shows waits until what appeared since the last call matches, and returns it.
func (s *tty) shows(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	patience := time.After(60 * time.Second)
	for {
		s.mu.Lock()
		text := s.seen.String()
		if re.MatchString(text) {
			s.seen.Reset()
			s.mu.Unlock()
			return text
		}
		s.mu.Unlock()
		select {
		case <-s.more:
		case <-patience:
			t.Fatalf("the terminal never showed %s:\n%q", pattern, text)
		}
	}
}

func (s *tty) types(t *testing.T, keys string) {
	t.Helper()
	if _, err := s.keys.WriteString(keys); err != nil {
		t.Fatal(err)
	}
}

// TestChatOnATerminal edits Chinese on a real terminal and finds no line wider than it.
func TestChatOnATerminal(t *testing.T) {
	s, screen := openTTY(t)
	cmd := exec.Command("anning", "chat", "-as", "小王")
	cmd.Env = append(os.Environ(), "ANNING_DATA="+t.TempDir(), "TERM=xterm")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, screen, screen
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()

	hello := s.shows(t, `(?s)我是安宁.*1\. 可以记.*> `)
	for _, line := range strings.Split(strings.ReplaceAll(hello, "\r", ""), "\n") {
		if strings.Contains(line, "\x1b") {
			continue // the prompt
		}
		if w := (&runewidth.Condition{EastAsianWidth: true}).StringWidth(line); w > 44 {
			t.Errorf("%d columns: %q", w, line)
		}
	}
	s.types(t, "可以记错\x7f\r") // the last character is taken back
	s.shows(t, `(?s)1\. 现在有危险.*> `)
	s.types(t, "他们给我打电话\x01昨天\x05骂人\r") // Ctrl-A, Ctrl-E: typed in the middle
	s.shows(t, `(?s)1\. .*> `)
	s.types(t, "我的数据\r")
	s.shows(t, `昨天他们给我打电话骂人`)
	s.types(t, "\x04") // Ctrl-D
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("chat ended with %v", err)
		}
	case <-time.After(60 * time.Second):
		t.Fatal("Ctrl-D does not end the chat")
	}
}
