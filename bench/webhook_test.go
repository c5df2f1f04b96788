package bench

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"anning/bench/pair"
	"anning/storage/redistest"
)

// BenchmarkWebhook sets Anning, started as people start it, beside handlers that only make two Redis round trips
// (floor), all on one Redis, in short slices of random order. On WeChat people press the numbers of the choices they
// are shown, or type a sentence each time; on Telegram, where each answer is a call of its own, they press.
func BenchmarkWebhook(b *testing.B) {
	redis := redistest.Start(b, nil)
	bin := b.TempDir()
	build(b, "..", filepath.Join(bin, "anning"), "./cmd/anning")
	build(b, ".", bin+"/", "./floor", "./lifted")
	floor := start(b, exec.Command(filepath.Join(bin, "floor"), "-redis", redis.Addr))
	anning := startAnning(b, filepath.Join(bin, "anning"), redis.URL())
	api := botAPI(b)
	lifted := start(b, exec.Command(filepath.Join(bin, "lifted"), "-store", redis.URL(), "-api", api, "-secret", secretToken))

	press, typed := newCrowd("p"), newCrowd("t")
	typed.types = true
	contenders := []*target{
		newTarget("dedup", floor, "/dedup", updates("4")),
		newTarget("dedup again", floor, "/dedup", updates("4")),
		newTarget("same", floor, "/same", updates("4")),
		newTarget("wechat, pressed", anning, "/wechat", press.post),
		newTarget("wechat, typed", anning, "/wechat", typed.post),
		newTarget("telegram, lifted", lifted, "/telegram", updates("1", "2", "3", "4", "菜单")),
	}
	press.meet(b, contenders[3])
	typed.meet(b, contenders[4])
	contenders[5].run(b, 2*people)
	trips(b, redis, contenders[3])
	var fs []pair.Func
	for _, t := range contenders {
		fs = append(fs, pair.Func{Name: t.name, Run: func(n int) { t.run(b, n) }})
		costs(b, t, redisPID(b, redis))
	}
	for b.Loop() {
		rs := pair.Compare(rounds(b), 100*time.Millisecond, fs...)
		for _, r := range rs {
			fmt.Fprintf(os.Stderr, "%-18s %7.0f a second, x%.3f of the first, 95%% %.3f..%.3f\n", r.Name, 1e9/r.NsOp, 1/r.Ratio, 1/r.High, 1/r.Low)
		}
		b.ReportMetric(1/rs[3].Ratio, "pressed/dedup")
		b.ReportMetric(1/rs[3].High, "lower95")
		b.ReportMetric(1/rs[1].Ratio, "A/A")
	}
}

// rounds is how often each contender has its slice: BENCH_ROUNDS, or 60.
func rounds(b *testing.B) int {
	n, err := strconv.Atoi(os.Getenv("BENCH_ROUNDS"))
	if err != nil {
		return 60
	}
	return n
}

// trips tells how many commands Redis was given for each of some messages.
func trips(b *testing.B, redis *redistest.Server, t *target) {
	rdb := redis.Client()
	defer rdb.Close()
	ctx := context.Background()
	if err := rdb.ConfigResetStat(ctx).Err(); err != nil {
		b.Fatal(err)
	}
	const messages = 20_000
	t.run(b, messages)
	stats, err := rdb.Info(ctx, "commandstats").Result()
	if err != nil {
		b.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`cmdstat_(\S+):calls=(\d+),usec=\d+,usec_per_call=([\d.]+)`).FindAllStringSubmatch(stats, -1) {
		n, _ := strconv.Atoi(m[2])
		fmt.Fprintf(os.Stderr, "%-14s %6.3f a message, %s µs each\n", m[1], float64(n)/messages, m[3])
	}
}

// costs tells how much processor time a message takes, by process: it hardly depends on what else the machine does.
func costs(b *testing.B, t *target, redis int) {
	const messages = 10_000
	t.run(b, messages/4)
	pids := [...]int{t.at.pid, redis, os.Getpid()}
	var used [len(pids)]float64
	for i, pid := range pids {
		used[i] = -spent(pid)
	}
	t.run(b, messages)
	for i, pid := range pids {
		used[i] = (used[i] + spent(pid)) * 1e6 / messages
	}
	fmt.Fprintf(os.Stderr, "%-18s processor time a message: the handler %4.0f µs, Redis %3.0f µs, the load %3.0f µs\n", t.name, used[0], used[1], used[2])
}

// spent is the processor time of a process so far, in seconds; 0 where the system does not tell.
func spent(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return float64(user+system) / 100
}

func redisPID(b *testing.B, redis *redistest.Server) int {
	rdb := redis.Client()
	defer rdb.Close()
	info, err := rdb.Info(context.Background(), "server").Result()
	m := regexp.MustCompile(`process_id:(\d+)`).FindStringSubmatch(info)
	if err != nil || m == nil {
		b.Fatal(err)
	}
	pid, _ := strconv.Atoi(m[1])
	return pid
}

func build(b *testing.B, dir, to string, what ...string) {
	cmd := exec.Command("go", append([]string{"build", "-trimpath", "-o", to}, what...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
}

// process is a program that serves, and ends with the benchmark.
type process struct {
	addr string
	pid  int
}

// begin starts a program; its log goes to a file, as it would to a journal.
func begin(b *testing.B, cmd *exec.Cmd) (log string) {
	f, err := os.Create(filepath.Join(b.TempDir(), "log"))
	if err != nil {
		b.Fatal(err)
	}
	cmd.Stderr = f
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		f.Close()
	})
	return f.Name()
}

// start starts one that says its address on the first line.
func start(b *testing.B, cmd *exec.Cmd) process {
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	begin(b, cmd)
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return process{strings.TrimSpace(line), cmd.Process.Pid}
}

const wechatToken = "tokenOfTheBenchmark"

// startAnning sets nothing but where the store is, the account and free ports.
func startAnning(b *testing.B, bin, store string) process {
	cmd := exec.Command(bin)
	cmd.Env = append(os.Environ(), "ANNING_DATA="+b.TempDir(), "STORE="+store, "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=127.0.0.1:0",
		"WECHAT_APPID=wx2c2769f8efd9abc2", "WECHAT_TOKEN="+wechatToken, "WECHAT_ADDR=127.0.0.1:0")
	log := begin(b, cmd)
	served := regexp.MustCompile(`wechat is served" address=(\S+)`)
	for range 600 {
		time.Sleep(100 * time.Millisecond)
		said, err := os.ReadFile(log)
		if err != nil {
			b.Fatal(err)
		}
		if m := served.FindSubmatch(said); m != nil {
			return process{string(m[1]), cmd.Process.Pid}
		}
	}
	b.Fatal("Anning did not start")
	return process{}
}

// botAPI is a Telegram that says yes to everything at once.
func botAPI(b *testing.B) (url string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true,"result":{"message_id":1,"id":1,"username":"a_bot","chat":{"id":1},"date":1}}`)
	}))
	b.Cleanup(s.Close)
	return s.URL
}
