package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestReload edits a flow under the running program: a good edit is taken, a broken one refused.
func TestReload(t *testing.T) {
	dir := t.TempDir()
	copyFlows(t, dir)
	r := start(t, "ANNING_DATA="+t.TempDir(), "WEB_ADDR=127.0.0.1:0", "METRICS_ADDR=off", "FLOWS_DIR="+dir)
	newVisitor(t).mustSay(t, r.url, "/start", "我是安宁，帮你应对催收。")
	menu := filepath.Join(dir, "start.yaml")
	good, err := os.ReadFile(menu)
	if err != nil {
		t.Fatal(err)
	}
	write := func(data string) {
		if err := os.WriteFile(menu, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := r.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	write(strings.Replace(string(good), "我是安宁，帮你应对催收。", "我是安宁，改过的。", 1))
	r.logged(t, `msg="flows and content reloaded"`)
	newVisitor(t).mustSay(t, r.url, "/start", "我是安宁，改过的。")
	write("steps: broken\n")
	r.logged(t, `level=ERROR msg=fault at=\S*start.yaml:1`)
	r.logged(t, `msg="reload refused`)
	newVisitor(t).mustSay(t, r.url, "/start", "我是安宁，改过的。")
	r.stop(t, syscall.SIGTERM)
}

func copyFlows(t *testing.T, dir string) {
	t.Helper()
	paths, err := filepath.Glob("../../flows/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d flows, %v", len(paths), err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(path)), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
