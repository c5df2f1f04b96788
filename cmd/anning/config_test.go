package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite what the program says in docs/operators.md and docs/authors.zh.md")

// TestOperatorsTable holds the settings in docs/operators.md to the ones in the program.
func TestOperatorsTable(t *testing.T) {
	const path, begin, end = "../../docs/operators.md", "<!-- settings -->\n", "<!-- /settings -->"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(data), begin)
	table, after, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s has no place for the settings", path)
	}
	want := settingsTable()
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, table); diff != "" {
		t.Errorf("%s is behind; run go test ./cmd/anning -run OperatorsTable -update\n%s", path, diff)
	}
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| 设置 | 是什么 | 不写就是 | 可放文件 |\n|---|---|---|---|\n")
	for _, s := range settings {
		file := ""
		if s.secret {
			file = "可以"
		}
		safe := strings.NewReplacer("<", "&lt;", "|", "\\|")
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.name, safe.Replace(s.text), safe.Replace(s.standard), file)
	}
	return b.String()
}

func env(pairs ...string) func(string) string {
	m := map[string]string{"HOME": "/home/a"}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return m[name] }
}

func TestConfigWithoutSettings(t *testing.T) {
	c, err := readConfig(env())
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/home/a/.local/share/anning" || c.Store != "sqlite:///home/a/.local/share/anning/anning.db" ||
		c.Web != "127.0.0.1:8080" || c.Metrics != "127.0.0.1:9090" || c.Keep != 90*24*time.Hour || len(c.given) != 0 {
		t.Errorf("%+v", c)
	}
	if c, err = readConfig(env("XDG_DATA_HOME", "/xdg")); err != nil || c.Data != "/xdg/anning" {
		t.Errorf("%q, %v", c.Data, err)
	}
	if c, err = readConfig(env("XDG_DATA_HOME", "/xdg", "ANNING_DATA", "/d")); err != nil || c.Data != "/d" {
		t.Errorf("%q, %v", c.Data, err)
	}
}

func TestConfigDataFolder(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]string{"./d": here + "/d", "/a b/100%?#": "/a b/100%?#", "安宁": here + "/安宁"} {
		c, err := readConfig(env("ANNING_DATA", data))
		if err != nil {
			t.Fatal(err)
		}
		path, err := sqlitePath(c.Store)
		if err != nil || c.Data != want || path != want+"/anning.db" {
			t.Errorf("%s: folder %q, file %q, %v", data, c.Data, path, err)
		}
	}
}

func TestConfigSecretFromFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store")
	if err := os.WriteFile(path, []byte("redis://:secret@localhost:6379/1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConfig(env("STORE_FILE", path))
	if err != nil || c.Store != "redis://:secret@localhost:6379/1" {
		t.Errorf("%q, %v", c.Store, err)
	}
	if _, err = readConfig(env("STORE_FILE", path, "STORE", "sqlite:x.db")); err == nil {
		t.Error("both were taken")
	}
	if _, err = readConfig(env("STORE_FILE", path+"x")); err == nil {
		t.Error("a file that is not there was taken")
	}
}

func TestConfigFaults(t *testing.T) {
	for name, value := range map[string]string{
		"WEB_ADDR": "localhost", "METRICS_ADDR": "127.0.0.1:99999", "WEB_SECURE": "maybe", "WEB_TRUST_PROXY": "y",
		"LEAVE_URL": "javascript:alert(1)", "CONTENT_DIR": "/no/such/folder", "FLOWS_DIR": "config.go", "KEEP_DAYS": "4000",
		"LOG_LEVEL": "loud", "LOG_FORMAT": "xml", "TELEGRAM_TOKEN": "secret", "TELEGRAM_API": "api.telegram.org", "TELEGRAM_WEBHOOK": "me",
		"TELEGRAM_ADDR": "8081", "WECHAT_APPID": "gh_1", "WECHAT_TOKEN": "a b", "WECHAT_AES_KEY": "short", "WECHAT_SECRET": "?",
		"WECHAT_ADDR": "8082", "WECHAT_URL": "example.org", "WECHAT_LINKS": "maybe", "WECHAT_MENU": "new", "WECHAT_TEMPLATE": "abc", "WECHAT_API": "weixin",
	} {
		if _, err := readConfig(env(name, value)); err == nil || !strings.Contains(err.Error(), "设置 "+name+" 不对") {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
	_, err := readConfig(env("HOME", ""))
	if err == nil || !strings.Contains(err.Error(), "ANNING_DATA") {
		t.Errorf("without HOME: %v", err)
	}
}

func TestSQLitePath(t *testing.T) {
	for store, want := range map[string]string{
		"sqlite:///a/b.db": "/a/b.db", "sqlite:b.db": "b.db", "sqlite:///a/%E5%AE%89.db": "/a/安.db",
		"sqlite://a/b.db": "", "sqlite:": "", "sqlite:///a?x=1": "",
	} {
		got, err := sqlitePath(store)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%s: %q, %v", store, got, err)
		}
	}
}

func TestFromHere(t *testing.T) {
	for addr, want := range map[string]string{":8080": "127.0.0.1:8080", "0.0.0.0:8080": "127.0.0.1:8080", "[::]:8080": "127.0.0.1:8080",
		"[::1]:8080": "[::1]:8080", "10.0.0.7:80": "10.0.0.7:80", "anning:80": "anning:80"} {
		if got := fromHere(addr); got != want {
			t.Errorf("%s: %s, want %s", addr, got, want)
		}
	}
}
