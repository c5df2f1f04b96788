package bot_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"anning/bot"
)

// exported asks for the archive of everything kept and opens it: file name → content.
func exported(t *testing.T, b *bot.Bot, id string) map[string]string {
	t.Helper()
	say(t, b, id+"-data", "我的数据")
	var archive *bot.File
	for _, r := range say(t, b, id+"-export", "导出一份") {
		if r.File != nil {
			archive = r.File
		}
	}
	if archive == nil {
		t.Fatal("no archive came")
	}
	r, err := archive.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func TestExportHoldsWhatIsKept(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	say(t, b, "1", "/start")
	say(t, b, "2", "可以记")
	evil := bot.File{Name: `..\..\evil.png`, MIME: "image/png", Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("bytes of it")), nil
	}}
	if _, err := b.Handle(t.Context(), bot.Message{ID: "f", From: "test:1", Files: []bot.File{evil}}); err != nil {
		t.Fatal(err)
	}
	files := exported(t, b, "x")
	for name := range files {
		if strings.Contains(name, "..") || strings.Contains(name, `\`) {
			t.Errorf("the archive has a name that leads out of it: %q", name)
		}
	}
	if files["我的记录.txt"] == "" || files["文件/01-evil.png"] != "bytes of it" {
		t.Errorf("the archive holds %v", files)
	}
}

// TestExportReadsLikeAPaper: whole dates, one piece of evidence a line, no heading over nothing, the entries as JSON.
func TestExportReadsLikeAPaper(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	for i, text := range []string{"/start", "可以记", "他们天天给我公司同事打电话", "说了欠多少", "2025年12月20日", "App 网贷"} {
		say(t, b, fmt.Sprint(i), text)
	}
	files := exported(t, b, "x")
	text := files["我的记录.txt"]
	for _, want := range []string{"哪一天：2025年12月20日（周六）", "App 网贷"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.HasSuffix(text, "提醒\n") || strings.Contains(text, "third_party_contact") {
		t.Errorf("an empty heading, or an id for people:\n%s", text)
	}
	if !strings.Contains(files["我的记录.json"], `"conduct": "third_party_contact"`) {
		t.Errorf("the JSON holds %s", files["我的记录.json"])
	}
}
