package main

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"runtime/debug"
	"time"
)

var versionCommand = command{
	name: "version",
	line: "版本",
	run: func(_ context.Context, p *program, args []string) error {
		if err := p.options(args, nil); err != nil {
			return err
		}
		fmt.Fprintf(p.out, "anning %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return nil
	},
}

// release is set when a release is built: -ldflags "-X main.release=v1.0.0".
var release string

// version is the release, or the commit the program was built from.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}

var healthCommand = command{
	name: "health",
	line: "问正在运行的安宁好不好（给容器的健康检查用）",
	more: "问的是 METRICS_ADDR 上的 /healthz（没写就问正在运行的那个记在数据文件夹里的地址）：好就安静地结束，不好就说出来。\n库连不上时安宁还活着，会自己恢复；那要看 /readyz。",
	run:  health,
}

func health(ctx context.Context, p *program, args []string) error {
	if err := p.options(args, nil); err != nil {
		return err
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	if c.Metrics == "" {
		return hint(fmt.Errorf("METRICS_ADDR=off，没有地方可问"), "去掉 METRICS_ADDR=off。")
	}
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+fromHere(c.metricsNow())+"/healthz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return hint(fmt.Errorf("没有回答: %w", err), "看看 anning serve 在不在运行，METRICS_ADDR 对不对。")
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return hint(fmt.Errorf("回答不对: %s", resp.Status), "看看 METRICS_ADDR 上是不是安宁。")
	}
	return nil
}
