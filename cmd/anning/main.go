// Command anning is the whole bot in one program: the web page, every messenger that is set up, the store, and the
// tools for people who write conversations.
//
//	go run ./cmd/anning            serves everything on this machine, without any setting
//	go run ./cmd/anning help       lists the other commands
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // people's days are Chinese days, also in an image without time zones
)

// command is one subcommand.
type command struct {
	name string
	args string // how its arguments are written
	line string // what it does, in one line
	more string // what a stranger needs besides, may have several lines
	run  func(ctx context.Context, p *program, args []string) error
}

// commands are listed in the order of the help.
func commands() []command {
	return []command{serveCommand, chatCommand, checkCommand, playCommand, graphCommand, understandCommand, userCommand, healthCommand, versionCommand}
}

// program is what a command works with.
type program struct {
	env  func(string) string
	in   io.Reader
	out  io.Writer
	err  io.Writer
	self command
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	p := &program{env: os.Getenv, in: os.Stdin, out: os.Stdout, err: os.Stderr}
	os.Exit(p.main(ctx, os.Args[1:]))
}

// main runs the command that args name and returns the exit status: 0, 1 for a failure, 2 for a wrong call.
func (p *program) main(ctx context.Context, args []string) int {
	name := "serve"
	if len(args) > 0 && (!strings.HasPrefix(args[0], "-") || isHelp(args[0])) {
		name, args = args[0], args[1:]
	}
	if name == "help" || isHelp(name) {
		if len(args) == 0 {
			p.help()
			return 0
		}
		name, args = args[0], []string{"-h"}
	}
	for _, c := range commands() {
		if c.name == name {
			p.self = c
			return p.status(c.run(ctx, p, args))
		}
	}
	return p.status(wrong("没有「%s」这个命令", name))
}

func isHelp(arg string) bool { return arg == "-h" || arg == "-help" || arg == "--help" }

// status reports an error with a hint and gives the exit status.
func (p *program) status(err error) int {
	var h *hinted
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errQuiet):
		return 1
	case !errors.As(err, &h):
		h = &hinted{err: err, hint: "运行 anning help 看用法；设置写在 anning serve -h 里。"}
	}
	fmt.Fprintf(p.err, "错误：%v\n提示：%s\n", err, h.hint)
	if h.usage {
		return 2
	}
	return 1
}

// errQuiet ends with status 1 after everything was said already.
var errQuiet = errors.New("already said")

// hinted is an error with a way out.
type hinted struct {
	err   error
	hint  string
	usage bool
}

func (h *hinted) Error() string { return h.err.Error() }
func (h *hinted) Unwrap() error { return h.err }

// hint gives an error a way out; nil stays nil.
func hint(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return &hinted{err: err, hint: fmt.Sprintf(format, args...)}
}

// wrong is an error of how the program was called.
func wrong(format string, args ...any) error {
	return misuse(fmt.Errorf(format, args...), "运行 anning help 看有哪些命令，anning 命令 -h 看一个命令怎么用。")
}

// misuse is wrong with a hint of its own.
func misuse(err error, hint string) error { return &hinted{err: err, hint: hint, usage: true} }

func (p *program) help() {
	fmt.Fprint(p.out, "安宁：帮助被催收困扰的人。\n\n用法：anning [命令] [选项]\n\n命令：\n")
	var rows [][2]string
	for _, c := range commands() {
		rows = append(rows, [2]string{c.name, c.line})
	}
	rows = append(rows, [2]string{"help", "列出命令，或看一个命令怎么用：anning help chat"})
	fmt.Fprint(p.out, table(rows)+"\n"+
		"不写命令就是 serve：不用任何设置，直接在本机打开网页。\n设置都是环境变量，写在 anning serve -h 里。\n")
}
