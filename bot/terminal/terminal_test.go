package terminal_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/terminal"
)

// echo answers with what it was told.
func echo(_ context.Context, m bot.Message) ([]bot.Reply, error) {
	r := bot.Reply{Text: "你说：" + m.Text, Source: "laws/x",
		Choices: []bot.Choice{{Value: "a/b=c", Label: "存下"}, {Value: "@menu", Label: "回到菜单"}}}
	if len(m.Files) == 1 {
		f, err := m.Files[0].Open(context.Background())
		if err != nil {
			return nil, err
		}
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			return nil, err
		}
		r.File = &bot.File{Name: m.Files[0].Name, MIME: m.Files[0].MIME,
			Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }}
	}
	return []bot.Reply{r}, nil
}

func talk(t *testing.T, in string, opts *terminal.Options, answer bot.Handler) string {
	t.Helper()
	var out bytes.Buffer
	if err := terminal.New("terminal:test", strings.NewReader(in), &out, opts).Run(t.Context(), answer); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPlain(t *testing.T) {
	got := talk(t, "你好\n\n  \n再见", nil, echo)
	want := "你说：你好\n1. 存下\n2. 回到菜单\n\n你说：再见\n1. 存下\n2. 回到菜单\n\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Beside a question for an amount a number is the amount, so choices there have no numbers.
func TestAmountsHaveNoNumberedChoices(t *testing.T) {
	got := talk(t, "x\n", nil, func(context.Context, bot.Message) ([]bot.Reply, error) {
		return []bot.Reply{{Text: "多少？", Amount: true, Choices: []bot.Choice{{Value: "@skip=a/b", Label: "跳过"}}}}, nil
	})
	if !strings.Contains(got, "多少？\n· 跳过\n") {
		t.Errorf("%q", got)
	}
}

func TestJSONIsOneLineEach(t *testing.T) {
	fail := func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		switch m.Text {
		case "坏":
			return nil, errors.New("store away")
		case "坏但有话":
			return []bot.Reply{{Text: "编号 7F3A"}}, errors.New("store away")
		case "无":
			return nil, nil
		}
		return echo(ctx, m)
	}
	lines := []string{"<你好>", "", "坏", "坏但有话", "无", strings.Repeat("长", terminal.MaxLine), "\xff\xfe"}
	out := talk(t, strings.Join(lines, "\n")+"\n", &terminal.Options{JSON: true}, fail)
	got := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(got) != len(lines) {
		t.Fatalf("%d lines in, %d out:\n%s", len(lines), len(got), out)
	}
	want := `{"replies":[{"text":"你说：<你好>","choices":[{"value":"a/b=c","label":"存下"},` +
		`{"value":"@menu","label":"回到菜单"}],"file":null,"source":"laws/x"}]}`
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	texts := make([]string, len(got))
	for i, l := range got {
		var line terminal.Line
		dec := json.NewDecoder(strings.NewReader(l))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&line); err != nil {
			t.Fatal(err)
		}
		if len(line.Replies) > 0 {
			texts[i] = strings.Split(line.Replies[0].Text, "\n")[0]
		}
	}
	wantTexts := []string{"你说：<你好>", "你说：", "我这边出错了，不怪你。", "编号 7F3A", "", "这段太长，没收下。", "你说：�"}
	if diff := cmp.Diff(wantTexts, texts); diff != "" {
		t.Error(diff)
	}
	if got[4] != `{"replies":[]}` {
		t.Errorf("no replies: %s", got[4])
	}
}

func TestFiles(t *testing.T) {
	dir, save := t.TempDir(), t.TempDir()
	photo := filepath.Join(dir, "a b.png")
	if err := os.WriteFile(photo, []byte("\x89PNG picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	in := "[photo " + photo + "] 昨天的\n[file " + photo + "]\n[photo " + dir + "]\n[photo nowhere.png]\n[photo ]\n"
	got := talk(t, in, &terminal.Options{Save: save}, echo)
	choices := "1. 存下\n2. 回到菜单\n\n"
	want := "你说：昨天的\n文件：a b.png → " + save + "/a b.png\n" + choices +
		"你说：\n文件：a b.png → " + save + "/a b-2.png\n" + choices +
		"这个文件打不开，没收下。\n看看路径对不对：" + dir + "\n\n" +
		"这个文件打不开，没收下。\n看看路径对不对：nowhere.png\n\n" +
		"你说：[photo ]\n" + choices
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(save, "a b-2.png"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func TestSavedFileStaysInItsFolder(t *testing.T) {
	for _, name := range []string{"../../x", "/etc/x", `..\..\x`, "", ".", ".."} {
		save := t.TempDir()
		answer := func(context.Context, bot.Message) ([]bot.Reply, error) {
			return []bot.Reply{{File: &bot.File{Name: name, Open: func(context.Context) (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader("x")), nil
			}}}}, nil
		}
		talk(t, "x\n", &terminal.Options{Save: save}, answer)
		files, err := os.ReadDir(save)
		if err != nil || len(files) != 1 {
			t.Errorf("%q: %d files in the folder, %v", name, len(files), err)
		}
	}
}

type keeper struct {
	turns   int
	replies []bot.Reply
	err     error
}

func (k keeper) Latest(context.Context, bot.UserID) (int, []bot.Reply, error) {
	return k.turns, k.replies, k.err
}

func TestGreeting(t *testing.T) {
	plain := func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		return []bot.Reply{{Text: "to " + m.Text}}, nil
	}
	for name, tt := range map[string]struct {
		keeper bot.Keeper
		json   bool
		want   string
	}{
		"a stranger": {keeper{}, false, "to /start\n\nto 好\n\n"},
		"somebody known": {keeper{turns: 3, replies: []bot.Reply{{Text: "哪天？"}, {Text: "再一句"}}}, false,
			"接着上次：\n哪天？\n\n再一句\n\nto 好\n\n"},
		"nothing was said": {keeper{turns: 1}, false, "to 好\n\n"},
		"no keeper":        {nil, false, "to 好\n\n"},
		"json says none":   {keeper{}, true, `{"replies":[{"text":"to 好","choices":[],"file":null,"source":""}]}` + "\n"},
		"the store is off": {keeper{err: errors.New("away")}, false,
			"我这边出错了，不怪你。\n刚才那句没存上，请再发一次；更早的都在。\n有危险别等我，打 110。\n\nto 好\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := talk(t, "好\n", &terminal.Options{Keeper: tt.keeper, JSON: tt.json}, plain)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMessageIDsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	note := func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
		if m.From != "terminal:test" || seen[m.ID] {
			t.Errorf("message %q from %q", m.ID, m.From)
		}
		seen[m.ID] = true
		return nil, nil
	}
	for range 3 {
		talk(t, "a\nb\n", nil, note)
	}
	if len(seen) != 6 {
		t.Errorf("%d ids", len(seen))
	}
}

func TestStopFinishesTheAnswer(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	in, write := io.Pipe()
	defer write.Close()
	slow := func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		stop()
		return []bot.Reply{{Text: "完"}}, ctx.Err()
	}
	var out bytes.Buffer
	done := make(chan error)
	go func() { done <- terminal.New("terminal:test", in, &out, nil).Run(ctx, slow) }()
	if _, err := write.Write([]byte("x\n")); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if out.String() != "完\n\n" {
		t.Errorf("printed %q", out.String())
	}
}

func TestPush(t *testing.T) {
	var out bytes.Buffer
	m := terminal.New("terminal:test", strings.NewReader(""), &out, nil)
	if err := m.Push(t.Context(), "terminal:other", []bot.Reply{{Text: "x"}}); err == nil {
		t.Error("pushed to somebody else")
	}
	if err := m.Push(t.Context(), "terminal:test", []bot.Reply{{Text: "到时间了"}}); err != nil {
		t.Error(err)
	}
	if out.String() != "到时间了\n\n" {
		t.Errorf("printed %q", out.String())
	}
}

func TestBrokenOutputEndsTheTalk(t *testing.T) {
	r, w := io.Pipe()
	r.Close()
	err := terminal.New("terminal:test", strings.NewReader("a\nb\n"), w, nil).Run(t.Context(), echo)
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("err = %v", err)
	}
}
