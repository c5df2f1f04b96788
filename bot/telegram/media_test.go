package telegram_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"anning/bot"
	"anning/bot/telegram/telegramtest"
)

func content1(n int, b byte) []byte { return bytes.Repeat([]byte{b}, n) }

// reads opens the files of a message while it is being answered, as the engine does.
func reads(got *[][]byte, fault *error) func(context.Context, bot.Message) ([]bot.Reply, error) {
	return func(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
		for _, f := range m.Files {
			r, err := f.Open(ctx)
			if err == nil {
				var data []byte
				data, err = io.ReadAll(r)
				_ = r.Close()
				*got = append(*got, data)
			}
			if err != nil {
				*fault = err
			}
		}
		return []bot.Reply{{Text: fmt.Sprintf("收到 %d 个", len(m.Files))}}, nil
	}
}

func TestFiles(t *testing.T) {
	data := content1(3000, 'x')
	kinds := map[string]struct {
		body     func(p *telegramtest.Person) map[string]any
		name     string // its end
		mime     string
		compared []byte
	}{
		"photo": {func(p *telegramtest.Person) map[string]any { return p.PhotoOf(data) }, ".jpg", "image/jpeg", data},
		"image as a file": {func(p *telegramtest.Person) map[string]any {
			return map[string]any{"document": map[string]any{"file_id": p.Store(data), "file_name": "截图.png", "mime_type": "image/png", "file_size": len(data)}}
		}, "截图.png", "image/png", data},
		"pdf": {func(p *telegramtest.Person) map[string]any {
			return map[string]any{"document": map[string]any{"file_id": p.Store(data), "file_name": "../../合同.pdf", "mime_type": "application/pdf"}}
		}, "合同.pdf", "application/pdf", data},
		"voice": {func(p *telegramtest.Person) map[string]any {
			return map[string]any{"voice": map[string]any{"file_id": p.Store(data), "duration": 3, "mime_type": "audio/ogg", "file_size": len(data)}}
		}, ".ogg", "audio/ogg", data},
		"audio": {func(p *telegramtest.Person) map[string]any {
			return map[string]any{"audio": map[string]any{"file_id": p.Store(data), "duration": 3, "file_name": "通话.m4a", "mime_type": "audio/mp4"}}
		}, "通话.m4a", "audio/mp4", data},
		"video": {func(p *telegramtest.Person) map[string]any {
			return map[string]any{"video": map[string]any{"file_id": p.Store(data), "width": 1, "height": 1, "duration": 3}}
		}, ".mp4", "video/mp4", data},
		"round video": {func(p *telegramtest.Person) map[string]any {
			return map[string]any{"video_note": map[string]any{"file_id": p.Store(data), "length": 1, "duration": 3}}
		}, ".mp4", "video/mp4", data},
	}
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		var got [][]byte
		var fault error
		j := &journal{reply: reads(&got, &fault)}
		r.start(j.answer, nil)
		n := 0
		for name, k := range kinds {
			p := r.fake.Person(int64(100 + n))
			n++
			body := k.body(p)
			body["caption"] = "昨天的"
			p.Message(body)
			m := r.heard(j, n)[n-1]
			if fault != nil || len(m.Files) != 1 || m.Text != "昨天的" {
				t.Fatalf("%s: %+v, %v", name, m, fault)
			}
			f := m.Files[0]
			if !strings.HasSuffix(f.Name, k.name) || strings.Contains(f.Name, "/") || f.MIME != k.mime || !bytes.Equal(got[len(got)-1], k.compared) {
				t.Errorf("%s: %+v, %d bytes", name, f, len(got[len(got)-1]))
			}
		}
	})
}

func TestFilesAreFetchedOnlyWhenOpenedAndAgainWhenThatFails(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		p := r.fake.Person(1)
		p.Message(p.PhotoOf(content1(100, 'a')))
		m := r.heard(j, 1)[0]
		if len(r.fake.Calls("getFile")) != 0 {
			t.Error("the file was fetched though nobody opened it")
		}
		fails := 2
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault {
			if c.Method == "getFile" || c.Method == "download" {
				if fails--; fails >= 0 {
					return telegramtest.Fault{Code: 502}
				}
			}
			return telegramtest.Fault{}
		})
		rc, err := m.Files[0].Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(rc)
		if err != nil || len(data) != 100 || rc.Close() != nil {
			t.Errorf("%d bytes, %v", len(data), err)
		}
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault { return telegramtest.Fault{Drop: c.Method == "download"} })
		if _, err := m.Files[0].Open(t.Context()); err == nil || strings.Contains(err.Error(), "AAsecret") {
			t.Errorf("an error without the token, not %v", err)
		}
		r.fake.Fail(nil)
		p.Message(map[string]any{"document": map[string]any{"file_id": p.Store(content1(20<<20+1, 'b')), "file_name": "大.zip", "file_size": 20<<20 + 1}})
		m = r.heard(j, 2)[1]
		if _, err := m.Files[0].Open(t.Context()); err == nil || m.Files[0].Size != 20<<20+1 {
			t.Errorf("a file over the limit was opened: %v", err)
		}
	})
}

func TestAlbumIsOneMessage(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		p, other := r.fake.Person(1), r.fake.Person(2)
		pic := func(b byte) []byte { return content1(50, b) }
		p.Album("g1", "这三张", pic('a'), pic('b'))
		time.Sleep(600 * time.Millisecond) // the third comes with the next poll
		p.Album("g1", "", pic('c'))
		began := time.Now()
		other.Text("你好")
		other.Sees(t, "听到：你好")
		if took := time.Since(began); took > 500*time.Millisecond {
			t.Errorf("somebody else waited %v for the album", took)
		}
		p.Text("就这些")
		p.Sees(t, "听到：就这些")
		p.Album("g2", "", pic('d'), pic('e'))
		p.Sees(t, "（2 个文件）")
		all := r.heard(j, 4)
		var got []string
		for _, m := range all {
			if m.From == "telegram:1" {
				got = append(got, fmt.Sprintf("%s %d", m.Text, len(m.Files)))
			}
		}
		if diff := cmp.Diff([]string{"这三张 3", "就这些 0", " 2"}, got); diff != "" {
			t.Error(diff)
		}
		if n := strings.Count(p.Reads(), "再按「文件」发一次原图更好"); n != 1 {
			t.Errorf("told %d times how to send evidence", n)
		}
		many := make([][]byte, 12)
		for i := range many {
			many[i] = pic(byte('k' + i))
		}
		p.Album("g3", "", many...)
		all = r.heard(j, 6)
		if n := len(all[4].Files) + len(all[5].Files); n != 12 || len(all[4].Files) != 10 {
			t.Errorf("%d and %d files", len(all[4].Files), len(all[5].Files))
		}
		p.Album("g4", "", pic('x'))
		r.heard(j, 7)
		time.Sleep(time.Minute)
		p.Album("g4", "", pic('y')) // a straggler is not lost
		if all = r.heard(j, 8); all[6].ID == all[7].ID {
			t.Error("the straggler was taken for a repeat")
		}
	})
}

// TestAlbumOutlivesTheProcess: its parts are confirmed while the rest is awaited, and still not lost.
func TestAlbumOutlivesTheProcess(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		one := r.start(j.answer, nil)
		p := r.fake.Person(1)
		time.Sleep(time.Second)
		p.Album("g", "两张", content1(40, 'a'), content1(40, 'b'))
		r.settled() // they lie in the spool
		if len(j.messages()) != 0 {
			t.Fatal("it was not gathered")
		}
		one.kill()
		j.heard = nil
		died := time.Now()
		r.start(j.answer, nil)
		if m := r.heard(j, 1)[0]; len(m.Files) != 2 || m.Text != "两张" {
			t.Errorf("%+v", m)
		}
		p.Sees(t, "（2 个文件）")
		if n := strings.Count(p.Reads(), "个文件"); n != 1 {
			t.Errorf("answered %d times", n)
		}
		t.Logf("answered %v after the first process died", time.Since(died).Round(time.Second))
	})
}

func TestForwarded(t *testing.T) {
	first := time.Date(2026, 11, 18, 14, 15, 0, 0, time.UTC)
	tests := map[string]struct {
		body map[string]any
		want string
	}{
		"a person, the old way":  {map[string]any{"forward_from": map[string]any{"id": 5, "first_name": "李", "last_name": "四"}, "forward_date": first.Unix()}, "李 四"},
		"a hidden one, old":      {map[string]any{"forward_sender_name": "某催收", "forward_date": first.Unix()}, "某催收"},
		"a chat, old":            {map[string]any{"forward_from_chat": map[string]any{"id": -5, "type": "channel", "title": "频道"}, "forward_date": first.Unix()}, "频道"},
		"a person, the new way":  {map[string]any{"forward_origin": map[string]any{"type": "user", "date": first.Unix(), "sender_user": map[string]any{"id": 5, "first_name": "李四"}}}, "李四"},
		"a hidden one, new":      {map[string]any{"forward_origin": map[string]any{"type": "hidden_user", "date": first.Unix(), "sender_user_name": "某催收"}}, "某催收"},
		"a group, new":           {map[string]any{"forward_origin": map[string]any{"type": "chat", "date": first.Unix(), "sender_chat": map[string]any{"id": -5, "type": "group", "title": "群"}}}, "群"},
		"a channel, new":         {map[string]any{"forward_origin": map[string]any{"type": "channel", "date": first.Unix(), "chat": map[string]any{"id": -5, "type": "channel", "title": "频道"}, "message_id": 1}}, "频道"},
		"both, as Telegram does": {map[string]any{"forward_sender_name": "某催收", "forward_date": first.Unix(), "forward_origin": map[string]any{"type": "hidden_user", "date": first.Unix(), "sender_user_name": "某催收"}}, "某催收"},
	}
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		j := &journal{}
		r.start(j.answer, nil)
		n := 0
		for name, tt := range tests {
			n++
			tt.body["text"] = "再不还就上门"
			r.fake.Person(int64(n)).Message(tt.body)
			m := r.heard(j, n)[n-1]
			if m.Forwarded == nil || m.Forwarded.Name != tt.want || !m.Forwarded.At.Equal(first) || m.Text != "再不还就上门" {
				t.Errorf("%s: %+v", name, m.Forwarded)
			}
		}
	})
}

func TestFilesAreSent(t *testing.T) {
	inTime(t, func(t *testing.T) {
		r := newRig(t)
		opened := 0
		file := func(data []byte, err error) *bot.File {
			return &bot.File{Name: "我的记录.zip", MIME: "application/zip", Open: func(context.Context) (io.ReadCloser, error) {
				opened++
				return io.NopCloser(bytes.NewReader(data)), err
			}}
		}
		j := &journal{reply: func(_ context.Context, m bot.Message) ([]bot.Reply, error) {
			switch m.Text {
			case "长":
				return []bot.Reply{{Text: strings.Repeat("这是很长的说明。", 200), File: file([]byte("zip"), nil), Choices: []bot.Choice{{Value: "v", Label: "好"}}}}, nil
			case "坏":
				return []bot.Reply{{Text: "给你", File: file(nil, io.ErrUnexpectedEOF)}}, nil
			case "大":
				return []bot.Reply{{Text: "给你", File: file(content1(51<<20, 'x'), nil)}}, nil
			}
			return []bot.Reply{{Text: "给你", File: file([]byte("zip"), nil), Choices: []bot.Choice{{Value: "v", Label: "好"}}}}, nil
		}}
		r.start(j.answer, nil)
		p := r.fake.Person(1)
		fails := 2
		r.fake.Fail(func(c telegramtest.Call) telegramtest.Fault {
			if c.Method == "sendDocument" {
				if fails--; fails == 1 {
					return telegramtest.Fault{Drop: true}
				} else if fails == 0 {
					return telegramtest.Fault{Code: 429, Text: "Too Many Requests: retry after", Retry: 3 * time.Second}
				}
			}
			return telegramtest.Fault{}
		})
		shows := func(n int) {
			t.Helper()
			if !r.fake.Until(patience, func() bool { return len(p.Shown()) >= n }) {
				t.Fatalf("%d messages are shown, want %d", len(p.Shown()), n)
			}
		}
		p.Text("要")
		shows(1)
		if m := p.Shown()[0]; m.Text != "给你" || m.File != "我的记录.zip" || string(m.Data) != "zip" || len(m.Keys) != 1 || opened != 3 {
			t.Errorf("%+v, opened %d times", m, opened)
		}
		p.Text("长")
		shows(3)
		if all := p.Shown(); len(all) != 3 || all[1].File != "" || all[2].File == "" || len(all[2].Keys) != 1 {
			t.Errorf("%d messages", len(all))
		}
		p.Text("坏")
		p.Sees(t, "没做出来")
		p.Text("大")
		p.Sees(t, "一次只能发 50 MB")
		r.settled()
	})
}
