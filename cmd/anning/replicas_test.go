package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"anning/storage/redistest"
)

// TestTwoProcessesOnePerson: two programs on one Redis are sent one person's messages at the same time. Each message
// is answered, none is counted twice, and what was told last is there.
func TestTwoProcessesOnePerson(t *testing.T) {
	server := redistest.Start(t, nil)
	data := t.TempDir()
	run := func(input string, args ...string) string {
		cmd := exec.Command("anning", args...)
		cmd.Env = append(os.Environ(), "STORE="+server.URL(), "ANNING_DATA="+data)
		cmd.Stdin = strings.NewReader(input)
		var out, errs bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &errs
		if err := cmd.Run(); err != nil {
			t.Errorf("anning %s: %v\n%s", strings.Join(args, " "), err, errs.String())
		}
		return out.String()
	}
	run("/start\n可以记\n", "chat", "-json", "-as", "小王")
	const each = 120
	words := []string{"催收来电", "返回", "菜单", "我在哪", "帮助", "他们天天给我同事打电话", "1", "改", "随便说说", "我的数据"}
	var wg sync.WaitGroup
	outs := make([]string, 2)
	for p := range outs {
		var input strings.Builder
		for i := range each {
			fmt.Fprintln(&input, words[(i+3*p)%len(words)])
		}
		wg.Go(func() { outs[p] = run(input.String(), "chat", "-json", "-as", "小王") })
	}
	wg.Wait()
	for p, out := range outs {
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if len(lines) != each {
			t.Errorf("process %d answered %d of %d messages", p, len(lines), each)
		}
		for _, line := range lines {
			if strings.Contains(line, "出错了") || strings.Contains(line, `"replies":[]`) {
				t.Errorf("process %d: %s", p, line)
			}
		}
	}
	if shown := run("", "user", "show", "terminal:小王"); !strings.Contains(shown, fmt.Sprintf("说过 %d 句", 2+2*each)) {
		t.Errorf("kept:\n%s\nwant %d messages", shown, 2+2*each)
	}
	if _, err := os.Stat(filepath.Join(data, "anning.db")); err == nil {
		t.Error("a SQLite file was made beside Redis")
	}
}
