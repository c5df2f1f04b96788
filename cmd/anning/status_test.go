package main

import (
	"bytes"
	"flag"
	"strings"
	"testing"
)

// TestWrongCalls: a wrong call ends with status 2 and a way out, whatever the command.
func TestWrongCalls(t *testing.T) {
	for _, call := range []string{
		"foo", "version x", "health x", "serve x", "chat x", "check x", "chat -now yesterday", "chat -as a/b", "chat -nosuch", "play",
		"graph nosuch", "user show", "user look terminal:x", "user show 小王", "user erase -yes :x", "check -explore=maybe",
	} {
		var out, errs bytes.Buffer
		p := &program{env: env("ANNING_DATA", t.TempDir()), in: strings.NewReader(""), out: &out, err: &errs}
		if got := p.main(t.Context(), strings.Fields(call)); got != 2 || !strings.Contains(errs.String(), "提示：") || out.Len() > 0 {
			t.Errorf("anning %s: status %d, out %q, err %q; want 2 and a hint", call, got, &out, &errs)
		}
	}
}

// TestTable: the second cells stand under each other, as wide as Chinese letters are.
func TestTable(t *testing.T) {
	got := table([][2]string{{"-as 名字", "甲"}, {"-json", "乙"}})
	if want := "  -as 名字  甲\n  -json     乙\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestOptionsAnywhere(t *testing.T) {
	for args, want := range map[string]string{
		"a -yes b": "a b", "-yes a b": "a b", "a b -yes": "a b", "-yes -- a -b": "a -b", "-yes a -- -b c": "a -b c",
	} {
		p := &program{self: userCommand}
		yes := false
		words, err := p.flags(strings.Fields(args), func(fs *flag.FlagSet) { fs.BoolVar(&yes, "yes", false, "") })
		if err != nil || !yes || strings.Join(words, " ") != want {
			t.Errorf("%s: words %v, yes %v, %v", args, words, yes, err)
		}
	}
}
