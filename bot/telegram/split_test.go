package telegram_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"anning/bot/telegram"
	"anning/bot/telegram/telegramtest"
)

func TestSplit(t *testing.T) {
	tests := []struct {
		name, in string
		limit    int
		want     []string
	}{
		{"short", "你好。", 10, []string{"你好。"}},
		{"nothing", " \n ", 10, nil},
		{"at a paragraph", "一二三四五六\n\n七八九十一二", 12, []string{"一二三四五六", "七八九十一二"}},
		{"at a line", "一二三四五，六七\n八九十一", 10, []string{"一二三四五，六七", "八九十一"}},
		{"at a sentence", "一二三四。五六七八九十", 8, []string{"一二三四。", "五六七八九十"}},
		{"with its closing quote", "他说：「一二三。」四五六七", 10, []string{"他说：「一二三。」", "四五六七"}},
		{"at a clause", "一二三四五，六七八九十", 8, []string{"一二三四五，", "六七八九十"}},
		{"anywhere", "一二三四五六七八九十", 4, []string{"一二三四", "五六七八", "九十"}},
		{"not too early", "一。二三四五六七八九十", 8, []string{"一。二三四五六七", "八九十"}},
		{"emoji are two units", "😀😀😀", 4, []string{"😀😀", "😀"}},
		{"a family is not parted", "一二👨‍👩‍👧", 8, []string{"一二", "👨‍👩‍👧"}},
		{"a rare character", "𠮷𠮷𠮷", 5, []string{"𠮷𠮷", "𠮷"}},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, telegram.Split(tt.in, tt.limit)); diff != "" {
			t.Errorf("%s:\n%s", tt.name, diff)
		}
	}
}

// FuzzSplit: nothing but white space is lost, and no piece is too long or broken.
func FuzzSplit(f *testing.F) {
	f.Add("一二三四。五六七八九十", 8)
	f.Add("他说：「一二三。」四五六七\n\n八", 5)
	f.Add("👨‍👩‍👧\u200d\u200d\u0301", 3)
	f.Add(strings.Repeat("长", 5000), 4096)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if !utf8.ValidString(text) || limit < 2 || limit > 4096 {
			return
		}
		all := telegram.Split(text, limit)
		bare := func(s string) string {
			return strings.Map(func(r rune) rune {
				if unicode.IsSpace(r) {
					return -1
				}
				return r
			}, s)
		}
		if got := bare(strings.Join(all, "")); got != bare(text) {
			t.Errorf("%q became %q", text, all)
		}
		for _, piece := range all {
			if n := telegramtest.Units(piece); n > limit || n == 0 || !utf8.ValidString(piece) {
				t.Errorf("a piece of %d units, at most %d: %q", n, limit, piece)
			}
		}
	})
}

// FuzzUpdate: no bytes break the reader, and what comes out is a message the engine can take.
func FuzzUpdate(f *testing.F) {
	f.Add([]byte(text(7, 5, "你好")))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"9","from":{"id":5},"data":"f/s=a","message":{"message_id":3,"date":0,"chat":{"id":5,"type":"private"}}}}`))
	f.Add([]byte(`{"update_id":2,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"caption":"x","media_group_id":"g","photo":[{"file_id":"a","width":1,"height":2}],"forward_origin":{"type":"user","date":3,"sender_user":{"id":1,"first_name":"李"}}}}`))
	f.Add([]byte(`{"update_id":3,"edited_message":{"message_id":1,"date":1,"edit_date":2,"chat":{"id":5,"type":"private"},"from":{"id":5},"text":"/start@x call"}}`))
	f.Add([]byte(`{"update_id":4,"message":{"message_id":1,"date":1,"chat":{"id":5,"type":"private"},"from":{"id":5},"document":{"file_id":"a","file_name":"../..//x\u0000"},"forward_date":5,"forward_from_chat":{"id":-1,"title":"t"}}}`))
	f.Add([]byte(`{"update_id":5,"my_chat_member":{"chat":{"id":-5,"type":"group"},"from":{"id":5},"new_chat_member":{"status":"member","user":{"id":1}}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, ok := telegram.Incoming(raw)
		if !ok {
			return
		}
		if !strings.HasPrefix(string(m.From), "telegram:") || m.From == "telegram:0" || m.ID == "" || !utf8.ValidString(m.Text) {
			t.Errorf("%q made %+v", raw, m)
		}
		for _, file := range m.Files {
			if file.Name == "" || strings.Contains(file.Name, "/") || file.MIME == "" || file.Open == nil {
				t.Errorf("%q made the file %+v", raw, file)
			}
		}
	})
}
