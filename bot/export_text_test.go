package bot_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"anning/bot"
)

// TestExportReadsLikeAPaper: whole dates, one piece of evidence a line, no heading over nothing, the entries as JSON.
func TestExportReadsLikeAPaper(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	n := 0
	tell := func(texts ...string) []bot.Reply {
		var replies []bot.Reply
		for _, text := range texts {
			n++
			replies = say(t, b, string(rune('a'+n)), text)
		}
		return replies
	}
	tell("/start", "可以记", "他们天天给我公司同事打电话", "说了欠多少", "2025年12月20日", "App 网贷", "先做要紧的", "1", "1", "先这些", "我的数据")
	var archive *bot.File
	for _, r := range tell("导出一份") {
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
