package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"
)

// flags reads the options of the running command and returns its other words. Options may stand before and behind
// them; after "--" everything is a word. fill adds the options. The -h is for strangers.
func (p *program) flags(args []string, fill func(*flag.FlagSet)) (words []string, err error) {
	fs := flag.NewFlagSet(p.self.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	if fill != nil {
		fill(fs)
	}
	for {
		err := fs.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			p.usage(fs)
			return nil, err
		case err != nil:
			return nil, wrong("%s", inChinese(err))
		}
		rest := fs.Args()
		if read := len(args) - len(rest); len(rest) == 0 || read > 0 && args[read-1] == "--" {
			return append(words, rest...), nil
		}
		words, args = append(words, rest[0]), rest[1:]
	}
}

// options is flags for a command that takes no other words.
func (p *program) options(args []string, fill func(*flag.FlagSet)) error {
	words, err := p.flags(args, fill)
	if err == nil && len(words) > 0 {
		err = wrong("%s 后面不写别的，多了「%s」", p.self.name, words[0])
	}
	return err
}

func (p *program) usage(fs *flag.FlagSet) {
	fmt.Fprintf(p.out, "%s\n\n用法：%s\n", p.self.line, strings.TrimSpace("anning "+p.self.name+" "+p.self.args))
	if p.self.more != "" {
		fmt.Fprintf(p.out, "\n%s\n", p.self.more)
	}
	var rows [][2]string
	fs.VisitAll(func(f *flag.Flag) {
		value, text := flag.UnquoteUsage(f)
		rows = append(rows, [2]string{strings.TrimSpace("-" + f.Name + " " + value), text})
	})
	if len(rows) > 0 {
		fmt.Fprint(p.out, "\n选项：\n"+table(rows))
	}
}

// wide counts columns as Chinese terminals do.
var wide = &runewidth.Condition{EastAsianWidth: true}

// table sets rows of two cells, the second ones under each other.
func table(rows [][2]string) string {
	width := 0
	for _, r := range rows {
		width = max(width, wide.StringWidth(r[0]))
	}
	var b strings.Builder
	for _, r := range rows {
		b.WriteString("  " + wide.FillRight(r[0], width) + "  " + r[1] + "\n")
	}
	return b.String()
}

// inChinese turns what package flag says into what our users read.
func inChinese(err error) string {
	text := err.Error()
	for _, r := range [][2]string{
		{"flag provided but not defined: ", "没有这个选项："}, {"flag needs an argument: ", "这个选项后面要有内容："},
		{"bad flag syntax: ", "选项写得不对："},
	} {
		if rest, ok := strings.CutPrefix(text, r[0]); ok {
			return r[1] + rest
		}
	}
	return "选项写得不对：" + text
}
