package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"anning/bot"
	"anning/content"
	"anning/flows"
)

var checkCommand = command{
	name: "check",
	args: "[-explore] [-schema 文件夹]",
	line: "检查流程和内容，把错处一次说完",
	more: "没有话说就是没有错。每一处写着文件和行号：（要改）的不改好就不能运行，（可改）的只是提醒。\n" +
		"检查的是程序自带的；设了 CONTENT_DIR、FLOWS_DIR 就检查那里的。",
	run: check,
}

// maxPlaces bounds the exhaustive walk.
const maxPlaces = 200_000

func check(ctx context.Context, p *program, args []string) error {
	explore, schema := false, ""
	err := p.options(args, func(fs *flag.FlagSet) {
		fs.BoolVar(&explore, "explore", false, "把每一个选项都走一遍，列出走不到的步骤")
		fs.StringVar(&schema, "schema", "", "在这个`文件夹`写出 JSON Schema，编辑器用它补全和检查 YAML")
	})
	if err != nil {
		return err
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	if schema != "" {
		return writeSchemas(p, schema)
	}
	lib, set, faults, err := c.library()
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		fmt.Fprintln(p.out, c.listFaults(faults))
	}
	if n := mustFix(faults); n > 0 {
		return hint(fmt.Errorf("有 %d 处要改", n), "docs/authors.zh.md 说明每一种写法。")
	}
	if !explore {
		return nil
	}
	seen, err := bot.Explore(ctx, lib, set, time.Now(), maxPlaces)
	if err != nil {
		return err
	}
	fmt.Fprint(p.out, coverage(seen))
	if err := reaches(ctx, p, lib, set); err != nil {
		return err
	}
	if len(seen.Faults) > 0 {
		return hint(fmt.Errorf("走的路上有 %d 处要改", len(seen.Faults)), "每一处都写着流程和步骤。")
	}
	return nil
}

// mostTaps is how many buttons people may have to press to the reporting channel that is right for them.
const mostTaps = 6

// reaches says how many buttons lead from a stranger's first words to where each conduct can be reported.
func reaches(ctx context.Context, p *program, lib *content.Library, set *flows.Set) error {
	for _, way := range []struct {
		told bool
		name string
	}{{true, "说一句话"}, {false, "只按按钮"}} {
		all, err := bot.Reaches(ctx, lib, set, time.Now(), way.told, mostTaps)
		if err != nil {
			return err
		}
		most, missed := 0, 0
		for _, r := range all {
			most = max(most, r.Taps)
			if r.Taps == 0 {
				missed++
				fmt.Fprintf(p.out, "  %s，按 %d 下到不了渠道：%s，%s（要改）\n", way.name, mostTaps, r.Conduct, r.Creditor)
			}
		}
		if missed > 0 {
			return hint(fmt.Errorf("有 %d 种情形走不到渠道", missed), "看这种行为的流程，早一点给「去哪里报」。")
		}
		fmt.Fprintf(p.out, "%s：%d 种行为和债权人，最多按 %d 下，看到该去的渠道和联系方式。\n", way.name, len(all), most)
	}
	return nil
}

// coverage is what the walk saw, as authors read it.
func coverage(c *bot.Coverage) string {
	var b strings.Builder
	fmt.Fprintf(&b, "到过 %d 个不同的地方，%d 个步骤走到了 %d 个。\n", c.States, c.Reached+len(c.Missed), c.Reached)
	if c.Cut {
		b.WriteString("地方太多，没有走完。\n")
	}
	for _, step := range c.Missed {
		b.WriteString("  没走到：" + step + "\n")
	}
	for _, f := range c.Faults {
		b.WriteString("  " + inWords(f) + "（要改）\n")
	}
	return b.String()
}

// writeSchemas writes one schema a kind of file.
func writeSchemas(p *program, dir string) error {
	all := content.Schemas()
	all["flow"] = flows.Schema()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return hint(err, "换一个能写的文件夹。")
	}
	for name, data := range all {
		path := filepath.Join(dir, name+".schema.json")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return hint(err, "换一个能写的文件夹。")
		}
	}
	fmt.Fprintf(p.out, "%d 个 JSON Schema 写在 %s\n", len(all), dir)
	return nil
}
