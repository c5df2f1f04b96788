package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"anning/flows"
)

var graphCommand = command{
	name: "graph",
	args: "[-svg 文件夹] [流程…]",
	line: "把流程画成图",
	more: "不写 -svg，就把 Mermaid 打印出来，贴进 Markdown 能看；不写流程名，就是全部流程。",
	run:  graph,
}

func graph(_ context.Context, p *program, args []string) error {
	dir := ""
	names, err := p.flags(args, func(fs *flag.FlagSet) {
		fs.StringVar(&dir, "svg", "", "在这个`文件夹`给每个流程写一个 SVG，浏览器能直接打开")
	})
	if err != nil {
		return err
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	_, files := c.files()
	set, err := flows.Load(files)
	if err != nil {
		return hint(err, "先用 anning check 把流程改好。")
	}
	drawn := set.Flows
	if len(names) > 0 {
		drawn = nil
	}
	for _, name := range names {
		f := set.Flow(name)
		if f == nil {
			return misuse(fmt.Errorf("没有流程 %q", name), "流程名就是 flows/ 里的文件名，不带 .yaml。")
		}
		drawn = append(drawn, f)
	}
	if dir == "" {
		for _, f := range drawn {
			fmt.Fprintf(p.out, "## %s %s\n\n```mermaid\n%s\n```\n\n", f.ID, f.Title, strings.TrimSpace(flows.Mermaid(set, f)))
		}
		return nil
	}
	return writeSVG(p, dir, set, drawn)
}

func writeSVG(p *program, dir string, set *flows.Set, drawn []*flows.Flow) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return hint(err, "换一个能写的文件夹。")
	}
	for _, f := range drawn {
		if err := os.WriteFile(filepath.Join(dir, f.ID+".svg"), flows.SVG(set, f), 0o644); err != nil {
			return hint(err, "换一个能写的文件夹。")
		}
	}
	fmt.Fprintf(p.out, "%d 张图写在 %s\n", len(drawn), dir)
	return nil
}
