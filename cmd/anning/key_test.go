package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"anning/storage/redistest"
)

// TestLostKey: without the key that the store is held under nothing starts, no other key takes its place, and with the
// key everything is there again.
func TestLostKey(t *testing.T) {
	for name, store := range map[string]func(*testing.T) string{
		"sqlite": func(*testing.T) string { return "" },
		"redis":  func(t *testing.T) string { return redistest.Start(t, nil).URL() },
	} {
		t.Run(name, func(t *testing.T) {
			data, url := t.TempDir(), store(t)
			key, away := filepath.Join(data, "master.key"), filepath.Join(t.TempDir(), "master.key")
			run := func(args ...string) (int, string) {
				var out, errs bytes.Buffer
				p := &program{env: env("ANNING_DATA", data, "STORE", url), in: strings.NewReader("可以记\n"), out: &out, err: &errs}
				return p.main(t.Context(), args), out.String() + errs.String()
			}
			if status, out := run("chat", "-as", "小王"); status != 0 {
				t.Fatal(out)
			}
			if err := os.Rename(key, away); err != nil {
				t.Fatal(err)
			}
			for _, command := range []string{"serve", "chat", "user show terminal:小王"} {
				status, out := run(strings.Fields(command)...)
				if status != 1 || !strings.Contains(out, "提示：把原来的主密钥放回 "+key) {
					t.Errorf("%s without the key: status %d\n%s", command, status, out)
				}
				if _, err := os.Stat(key); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s left another key: %v", command, err)
				}
			}
			if err := os.Rename(away, key); err != nil {
				t.Fatal(err)
			}
			if status, out := run("user", "show", "terminal:小王"); status != 0 || !strings.Contains(out, "说过 2 句") {
				t.Errorf("with the key again: status %d\n%s", status, out)
			}
		})
	}
}

// TestLostKeyWhileAway: where the store cannot be reached at the start, the program ends as soon as it sees that its key
// is another one.
func TestLostKeyWhileAway(t *testing.T) {
	server := redistest.Start(t, &redistest.Options{AppendOnly: true})
	settings := []string{"STORE=" + server.URL(), "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0"}
	chat := exec.Command("anning", "chat", "-as", "小王")
	chat.Env = append(append(os.Environ(), settings...), "ANNING_DATA="+t.TempDir())
	if out, err := chat.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	server.Kill()
	r := start(t, append(settings, "ANNING_DATA="+t.TempDir())...)
	server.Restart()
	r.logged(t, `提示：把原来的主密钥放回 (\S+)`)
	if err := r.cmd.Wait(); err == nil || r.cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v, want status 1", err)
	}
	if _, err := os.Stat(filepath.Join(r.data, "master.key")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it left another key: %v", err)
	}
}

// TestOpenDataFolder: a data folder that others may look into is told of in the log.
func TestOpenDataFolder(t *testing.T) {
	for mode, want := range map[os.FileMode]bool{0o755: true, 0o700: false} {
		dir := t.TempDir()
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		r := start(t, "ANNING_DATA="+dir, "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0")
		r.logged(t, "health and metrics are served")
		r.stop(t, os.Interrupt)
		if got := strings.Contains(r.log.String(), "may look into the data folder"); got != want {
			t.Errorf("mode %o: told %v, want %v", mode, got, want)
		}
	}
}
