package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// config is every setting, read once.
type config struct {
	Data       string // folder
	Store      string // "sqlite:///path" or a Redis URL
	MasterKey  string // lines of base64; empty: a file in the data folder
	Web        string // address of the web page; "" does not serve it
	WebSecure  bool
	WebTrust   bool
	Leave      string
	Telegram   telegramConfig
	WeChat     wechatConfig
	Metrics    string // address of health and metrics; "" does not serve them
	ContentDir string
	FlowsDir   string
	Keep       time.Duration
	LogLevel   slog.Level
	LogFormat  string
	given      map[string]bool // settings that somebody wrote
	madeKey    bool            // there was no master key before this run
}

// telegramConfig is what Telegram needs.
type telegramConfig struct {
	Token   string // "" does not open it
	API     string
	Webhook string // the public address that updates are posted to; "" fetches them
	Addr    string // where posts are taken
}

// setting is one environment variable.
type setting struct {
	name     string
	standard string // the value where none is given, as people read it; "" for none
	text     string
	secret   bool // may also be given as a file: NAME_FILE
	set      func(c *config, value string) error
}

// settings is the one place where settings are written: the help and docs/operators.md follow it.
var settings = slices.Concat(firstSettings, wechatSettings, lastSettings)

// firstSettings come before those of messengers with a table of their own.
var firstSettings = []setting{
	{"ANNING_DATA", "~/.local/share/anning", "数据文件夹：数据库和主密钥放在这里（有 XDG_DATA_HOME 就用它下面的 anning）", false,
		func(c *config, v string) error { c.Data = v; return nil }},
	{"STORE", "sqlite:///<数据文件夹>/anning.db", "存在哪里：sqlite:///路径；redis:// 或 rediss://用户:密码@主机:端口/库；多个主机用逗号隔开就是集群；redis-sentinel://哨兵,哨兵/主名", true,
		func(c *config, v string) error { c.Store = v; return nil }},
	{"ANNING_MASTER_KEY", "<数据文件夹>/master.key，没有就生成", "主密钥：32 字节的 base64，一行一个，新的在前；几台机器共用一个库时必须相同", true,
		func(c *config, v string) error { c.MasterKey = v; return nil }},
	{"WEB_ADDR", "127.0.0.1:8080，占用就用下一个", "网页的地址；off 不开", false,
		func(c *config, v string) error { return address(&c.Web, v) }},
	{"WEB_SECURE", "off", "on：网页前面有 HTTPS，Cookie 只走 HTTPS", false,
		func(c *config, v string) error { return onOff(&c.WebSecure, v) }},
	{"WEB_TRUST_PROXY", "off", "on：网页前面有自己的反向代理，相信它给的 X-Forwarded-For", false,
		func(c *config, v string) error { return onOff(&c.WebTrust, v) }},
	{"LEAVE_URL", "https://www.baidu.com/", "按「离开」去的网页，要看起来平常", false,
		func(c *config, v string) error { return webPage(&c.Leave, v) }},
	{"TELEGRAM_TOKEN", "", "Telegram 机器人的令牌，@BotFather 给的；不写就不开 Telegram", true,
		func(c *config, v string) error { return botToken(&c.Telegram.Token, v) }},
	{"TELEGRAM_WEBHOOK", "", "让 Telegram 把消息推到这个公网地址，https:// 开头，路径随意；不写就自己去取，不用公网地址", false,
		func(c *config, v string) error { return webPage(&c.Telegram.Webhook, v) }},
	{"TELEGRAM_ADDR", "127.0.0.1:8081", "推来的消息在本机哪里收，前面要有 HTTPS 反向代理；不推就用不着", false,
		func(c *config, v string) error { return address(&c.Telegram.Addr, v) }},
	{"TELEGRAM_API", "https://api.telegram.org", "Telegram 接口的地址，换成自己的 Bot API 服务器时写", false,
		func(c *config, v string) error { return webPage(&c.Telegram.API, v) }},
}

// lastSettings come after them.
var lastSettings = []setting{
	{"METRICS_ADDR", "127.0.0.1:9090，占用就用下一个", "健康检查和指标的地址（/healthz /readyz /metrics），不要对外；off 不开", false,
		func(c *config, v string) error { return address(&c.Metrics, v) }},
	{"CONTENT_DIR", "", "用这个文件夹里的内容，代替程序自带的 content/", false,
		func(c *config, v string) error { return folder(&c.ContentDir, v) }},
	{"FLOWS_DIR", "", "用这个文件夹里的流程，代替程序自带的 flows/", false,
		func(c *config, v string) error { return folder(&c.FlowsDir, v) }},
	{"KEEP_DAYS", "90", "最后一句话之后，保留多少天（1 到 3650）", false,
		func(c *config, v string) error { return days(&c.Keep, v) }},
	{"LOG_LEVEL", "info", "日志级别：debug info warn error", false,
		func(c *config, v string) error { return level(&c.LogLevel, v) }},
	{"LOG_FORMAT", "text", "日志格式：text 或 json", false,
		func(c *config, v string) error { return oneOf(&c.LogFormat, v, "text", "json") }},
}

// readConfig reads every setting from the environment. All faults come at once.
func readConfig(env func(string) string) (*config, error) {
	c := &config{Web: "127.0.0.1:8080", Metrics: "127.0.0.1:9090", Keep: 90 * 24 * time.Hour, LogFormat: "text", given: map[string]bool{}}
	var faults []error
	for _, s := range settings {
		value, err := s.value(env)
		if err == nil && value != "" {
			c.given[s.name] = true
			err = s.set(c, value)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("设置 %s 不对：%w", s.name, err))
		}
	}
	if c.Data == "" {
		var err error
		if c.Data, err = dataFolder(env); err != nil {
			faults = append(faults, err)
		}
	}
	if abs, err := filepath.Abs(c.Data); err == nil {
		c.Data = abs
	}
	if c.Store == "" {
		c.Store = (&url.URL{Scheme: "sqlite", Path: filepath.Join(c.Data, "anning.db")}).String()
	}
	return c, hint(errors.Join(faults...), "运行 anning serve -h 看每个设置怎么写。")
}

// value is what the environment says, from the variable or, for a secret, from the file that NAME_FILE names.
func (s setting) value(env func(string) string) (string, error) {
	value, path := env(s.name), ""
	if s.secret {
		path = env(s.name + "_FILE")
	}
	switch {
	case path == "":
		return strings.TrimSpace(value), nil
	case value != "":
		return "", fmt.Errorf("%s 和 %s_FILE 只能写一个", s.name, s.name)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("读 %s_FILE: %w", s.name, err)
	}
	return strings.TrimSpace(string(data)), nil
}

// dataFolder is where data lies when nobody says.
func dataFolder(env func(string) string) (string, error) {
	if xdg := env("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "anning"), nil
	}
	home := env("HOME")
	if home == "" {
		return "", errors.New("没有 HOME，请用 ANNING_DATA 说明数据文件夹在哪里")
	}
	return filepath.Join(home, ".local", "share", "anning"), nil
}

func address(to *string, v string) error {
	if v == "off" {
		*to = ""
		return nil
	}
	_, port, err := net.SplitHostPort(v)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q 不是地址，要写成 127.0.0.1:8080 或 :8080", v)
	}
	*to = v
	return nil
}

// botToken takes a token as @BotFather gives it. The error does not say it again.
func botToken(to *string, v string) error {
	id, secret, ok := strings.Cut(v, ":")
	if _, err := strconv.ParseUint(id, 10, 63); !ok || err != nil || len(secret) < 10 || strings.ContainsAny(secret, " /?#%\t") {
		return errors.New("这不是令牌，要像 123456789:AA… 那样，原样照抄 @BotFather 给的")
	}
	*to = v
	return nil
}

func onOff(to *bool, v string) error {
	switch v {
	case "on", "yes", "true", "1":
		*to = true
	case "off", "no", "false", "0":
		*to = false
	default:
		return fmt.Errorf("%q 要写成 on 或 off", v)
	}
	return nil
}

func webPage(to *string, v string) error {
	if !strings.HasPrefix(v, "https://") && !strings.HasPrefix(v, "http://") {
		return fmt.Errorf("%q 要以 https:// 开头", v)
	}
	*to = v
	return nil
}

func folder(to *string, v string) error {
	info, err := os.Stat(v)
	if err != nil {
		return fmt.Errorf("打不开文件夹 %q", v)
	}
	if !info.IsDir() {
		return fmt.Errorf("%q 不是文件夹", v)
	}
	*to = v
	return nil
}

func days(to *time.Duration, v string) error {
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 || n > 3650 {
		return fmt.Errorf("%q 要写成 1 到 3650 的整数", v)
	}
	*to = time.Duration(n) * 24 * time.Hour
	return nil
}

func level(to *slog.Level, v string) error {
	if to.UnmarshalText([]byte(v)) != nil {
		return fmt.Errorf("%q 要写成 debug、info、warn 或 error", v)
	}
	return nil
}

func oneOf(to *string, v string, words ...string) error {
	for _, w := range words {
		if v == w {
			*to = v
			return nil
		}
	}
	return fmt.Errorf("%q 要写成 %s", v, strings.Join(words, " 或 "))
}
