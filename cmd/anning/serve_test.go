package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"anning/storage/redistest"
)

// running is the real program, started as people start it.
type running struct {
	cmd  *exec.Cmd
	data string // the data folder
	url  string
	mu   sync.Mutex
	log  bytes.Buffer
	more chan struct{} // holds a token after each write to the log
	out  io.Reader
}

func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.more <- struct{}{}:
	default:
	}
	return r.log.Write(p)
}

// logged waits until the log has a line that matches, and returns the first group of the match.
func (r *running) logged(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	patience := time.After(60 * time.Second)
	for {
		r.mu.Lock()
		m := re.FindStringSubmatch(r.log.String())
		log := r.log.String()
		r.mu.Unlock()
		if m != nil {
			return m[len(m)-1]
		}
		select {
		case <-r.more:
		case <-patience:
			t.Fatalf("nothing in the log matches %s:\n%s", pattern, log)
		}
	}
}

// start runs the program with these settings and waits until it says where it is.
func start(t *testing.T, settings ...string) *running {
	t.Helper()
	r := &running{cmd: exec.Command("anning"), more: make(chan struct{}, 1)}
	r.cmd.Env = append(os.Environ(), settings...)
	for _, s := range settings {
		if dir, ok := strings.CutPrefix(s, "ANNING_DATA="); ok {
			r.data = dir
		}
	}
	r.cmd.Stderr = r
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if r.cmd.ProcessState == nil {
			_ = r.cmd.Process.Kill()
			_ = r.cmd.Wait()
		}
	})
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	if err != nil {
		_ = r.cmd.Wait()
		t.Fatalf("the program said %q, %v\n%s", line, err, r.log.String())
	}
	r.out = lines
	r.url = strings.TrimSpace(strings.TrimPrefix(line, "安宁在这里："))
	return r
}

// stop ends the program with a signal and holds it to a clean end.
func (r *running) stop(t *testing.T, sig os.Signal) {
	t.Helper()
	if err := r.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(r.out)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, r.log.String())
	}
	if !strings.Contains(string(rest), "已停下，都存好了。") {
		t.Errorf("the last words were %q", rest)
	}
	if _, err := os.Stat(filepath.Join(r.data, "metrics.addr")); err == nil {
		t.Error("the address of the metrics is still written down")
	}
}

// visitor is a person at the web page.
type visitor struct {
	client http.Client
	id     int
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{client: http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// say sends a text as the page's form does without JavaScript and returns the page that comes.
func (v *visitor) say(ctx context.Context, base, text string) (string, error) {
	v.id++
	form := url.Values{"text": {text}, "id": {fmt.Sprintf("%032x", v.id)}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, base+"say", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.page(req)
}

func (v *visitor) page(req *http.Request) (string, error) {
	resp, err := v.client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s", resp.Status, body)
	}
	return string(body), nil
}

func (v *visitor) mustSay(t *testing.T, base, text, want string) {
	t.Helper()
	page, err := v.say(t.Context(), base, text)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page, want) {
		t.Fatalf("said %q; %q is not in the page:\n%s", text, want, page)
	}
}

// TestServe walks a conversation on the web page of the real program, stops it in its middle, and goes on after a
// restart, on both stores.
func TestServe(t *testing.T) {
	for name, store := range map[string]func(*testing.T) string{
		"sqlite": func(t *testing.T) string { return "sqlite://" + filepath.Join(t.TempDir(), "a.db") },
		"redis":  func(t *testing.T) string { return redistest.Start(t, nil).URL() },
	} {
		t.Run(name, func(t *testing.T) {
			settings := []string{"ANNING_DATA=" + t.TempDir(), "STORE=" + store(t), "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0"}
			first := start(t, settings...)
			v := newVisitor(t)
			v.mustSay(t, first.url, "/start", "我是安宁")
			v.mustSay(t, first.url, "可以记", "现在是哪一种？")
			first.stop(t, syscall.SIGTERM)

			second := start(t, settings...) // on another port, which cookies do not know of
			req, err := http.NewRequest(http.MethodPost, second.url+"latest", nil)
			if err != nil {
				t.Fatal(err)
			}
			page, err := v.page(req)
			if err != nil || !strings.Contains(page, "现在是哪一种？") {
				t.Fatalf("after the restart: %v\n%s", err, page)
			}
			v.mustSay(t, second.url, "我的数据", "删掉")
			checkOperations(t, second, "我的数据")
			second.stop(t, os.Interrupt)
		})
	}
}

// checkOperations looks at health and metrics, and that neither they nor the log tell who spoke or what was said.
func checkOperations(t *testing.T, r *running, said string) {
	t.Helper()
	base := "http://" + r.logged(t, `health and metrics are served" address=(\S+)`)
	v := newVisitor(t)
	get := func(path string) string {
		req, err := http.NewRequest(http.MethodGet, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		page, err := v.page(req)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		return page
	}
	if get("/healthz") != "ok\n" || get("/readyz") != "ok\n" {
		t.Error("not well")
	}
	for _, setting := range []string{"METRICS_ADDR=" + strings.TrimPrefix(base, "http://"), "ANNING_DATA=" + r.data} {
		health := exec.Command("anning", "health")
		health.Env = append(os.Environ(), setting)
		if out, err := health.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("anning health with %s: %v\n%s", setting, err, out)
		}
	}
	metrics := get("/metrics")
	for _, want := range []string{`anning_turns_total{flow="my_data",messenger="web",result="answered"} 1`,
		`anning_turn_duration_seconds_count{flow="my_data",messenger="web"} 1`, `anning_store_errors_total{kind="unavailable"} 0`} {
		if !strings.Contains(metrics, want) {
			t.Errorf("%s is not in the metrics", want)
		}
	}
	turn := r.logged(t, `(msg=turn messenger=web flow=my_data step=\S+ duration=\S+ repeat=false conflicts=0 failed=false)`)
	if turn == "" {
		t.Error("the turn is not in the log")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, secret := range []string{said, "web:", "cookie"} {
		if strings.Contains(metrics, secret) || strings.Contains(r.log.String(), secret) {
			t.Errorf("%q is in the metrics or the log", secret)
		}
	}
}

// TestStopLosesNothing stops the program while many people write. Whoever got an answer finds it after the restart.
func TestStopLosesNothing(t *testing.T) {
	settings := []string{"ANNING_DATA=" + t.TempDir(), "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=off"}
	r := start(t, settings...)
	const people = 8
	var all sync.WaitGroup
	var mu sync.Mutex
	answered := make([]int, people)
	visitors := make([]*visitor, people)
	warm := make(chan struct{}, people)
	for i := range people {
		visitors[i] = newVisitor(t)
		all.Go(func() {
			for n := 0; n < 18; n++ { // the page allows 20 at once
				if _, err := visitors[i].say(t.Context(), r.url, "你好"); err != nil {
					break // the program is gone
				}
				mu.Lock()
				answered[i]++
				mu.Unlock()
				if n == 2 {
					warm <- struct{}{}
				}
			}
		})
	}
	for range people {
		<-warm
	}
	r.stop(t, syscall.SIGTERM)
	all.Wait()
	again := start(t, settings...)
	for i, v := range visitors {
		req, err := http.NewRequest(http.MethodPost, again.url+"latest", nil)
		if err != nil {
			t.Fatal(err)
		}
		page, err := v.page(req)
		if err != nil {
			t.Fatal(err)
		}
		m := regexp.MustCompile(`data-turn="(\d+)"`).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no turn in the page:\n%s", page)
		}
		var turn int
		if _, err := fmt.Sscan(m[1], &turn); err != nil || turn < answered[i] {
			t.Errorf("person %d had %d answers, the store has %d turns", i, answered[i], turn)
		}
	}
	again.stop(t, syscall.SIGTERM)
}

// TestNextFreePort starts two programs with no address given: the second goes to the next free port.
func TestNextFreePort(t *testing.T) {
	one := start(t, "ANNING_DATA="+t.TempDir())
	two := start(t, "ANNING_DATA="+t.TempDir())
	if one.url == two.url {
		t.Errorf("both are at %s", one.url)
	}
	for _, r := range []*running{one, two} {
		newVisitor(t).mustSay(t, r.url, "/start", "我是安宁")
		r.stop(t, syscall.SIGTERM)
	}
}

// TestRedisAway: the person gets kind words, the program lives and recovers by itself.
func TestRedisAway(t *testing.T) {
	server := redistest.Start(t, nil)
	r := start(t, "ANNING_DATA="+t.TempDir(), "STORE="+server.URL(), "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0")
	base := "http://" + r.logged(t, `health and metrics are served" address=(\S+)`)
	v := newVisitor(t)
	v.mustSay(t, r.url, "/start", "我是安宁")
	server.Kill()
	page, err := v.say(t.Context(), r.url, "可以记")
	if !strings.Contains(page+fmt.Sprint(err), "不怪你") {
		t.Errorf("while Redis is away: %v\n%s", err, page)
	}
	status := func(path string) int {
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := status("/healthz"); got != http.StatusOK {
		t.Errorf("/healthz %d", got)
	}
	if got := status("/readyz"); got != http.StatusServiceUnavailable {
		t.Errorf("/readyz %d", got)
	}
	server.Restart()
	patience := time.After(60 * time.Second)
	for page = ""; !strings.Contains(page, "可以记"); {
		select {
		case <-patience:
			t.Fatalf("no answer after Redis came back: %v", err)
		default:
			page, err = v.say(t.Context(), r.url, "/start")
		}
	}
	r.stop(t, syscall.SIGTERM)
}
