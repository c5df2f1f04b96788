package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"anning/bot"
	"anning/storage"
)

// send hands a message to a bot and wants it answered.
func send(t testing.TB, b *bot.Bot, m bot.Message) string {
	t.Helper()
	m.From = "test:1"
	replies, err := b.Handle(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range replies {
		all = append(all, r.Text)
	}
	return strings.Join(all, "\n")
}

func file(name, content string) bot.File {
	return bot.File{Name: name, MIME: "image/png", Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// TestForwardedPictureKeepsWhoSentItFirst: a picture that was forwarded is evidence of who sent it, and when.
func TestForwardedPictureKeepsWhoSentItFirst(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	say(t, b, "1", "/start")
	say(t, b, "2", "可以记")
	first := time.Date(2026, 11, 19, 22, 15, 3, 0, time.FixedZone("", 8*3600))
	send(t, b, bot.Message{ID: "3", Files: []bot.File{file("a.png", "one")}, Forwarded: &bot.Origin{Name: "某某\n催收", At: first}})
	kept, err := b.Kept(t.Context(), "test:1")
	if err != nil || len(kept.Entries) != 1 {
		t.Fatalf("%+v, %v", kept.Entries, err)
	}
	if f := kept.Entries[0].Files[0]; f.From != "某某 催收" || !f.First.Equal(first) {
		t.Errorf("kept %+v", f)
	}
	text := exported(t, b, "x")["我的记录.txt"]
	if !strings.Contains(text, "转自：某某 催收\n") || !strings.Contains(text, "原来发出：2026年11月19日 22:15:03") {
		t.Errorf("the archive says:\n%s", text)
	}
}

func TestAlbumKeepsWhatCanBeKept(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, &bot.Options{MaxFile: 1 << 20})
	say(t, b, "1", "/start")
	say(t, b, "2", "可以记")
	broken := bot.File{Name: "b.png", Open: func(context.Context) (io.ReadCloser, error) { return nil, errors.New("gone") }}
	heard := send(t, b, bot.Message{ID: "3", Files: []bot.File{
		file("a\n\x00.png", "one"), broken, {Name: "c.png"}, file("big.png", strings.Repeat("x", 1<<20+1)), file(strings.Repeat("长", 500)+".png", "two"),
	}})
	for _, want := range []string{"存好了", "没打开", "太大"} {
		if !strings.Contains(heard, want) {
			t.Errorf("heard %q, want %q in it", heard, want)
		}
	}
	kept, err := b.Kept(t.Context(), "test:1")
	if err != nil || len(kept.Files) != 2 || len(kept.Entries) != 2 {
		t.Fatalf("kept %d files, %d entries, %v", len(kept.Files), len(kept.Entries), err)
	}
	for _, f := range kept.Files {
		if strings.ContainsAny(f.Name, "\n\x00") || len(f.Name) > 400 || !strings.HasSuffix(f.Name, ".png") {
			t.Errorf("kept under the name %q", f.Name)
		}
	}
}

func TestWordsBesideAPictureAreHeard(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	send(t, b, bot.Message{ID: "1", Text: "他们天天给我公司同事打电话", Files: []bot.File{file("a.png", "one")}})
	say(t, b, "2", "可以记")
	slots, err := b.Slots(t.Context(), "test:1")
	if err != nil || slots["conduct"] != "third_party_contact" {
		t.Errorf("slots %v, %v", slots, err)
	}
	kept, err := b.Kept(t.Context(), "test:1")
	if err != nil || len(kept.Entries) == 0 || kept.Entries[0].Slots["said"] != "他们天天给我公司同事打电话" {
		t.Errorf("kept %+v, %v", kept.Entries, err)
	}

	k := inVisit(t)
	k.send(bot.Message{Text: "他上午来敲过门", Files: []bot.File{picture("a.png")}})
	k.want(k.heard(), "存好了", "哪天？")
	k.slot("what", "他上午来敲过门")
	k.send(bot.Message{Text: "这张", Files: []bot.File{picture("b.png")}})
	k.want(k.heard(), "存好了", "哪天？")
	k.silentOf(k.heard(), "没看懂")
}

func TestTooBigFileOfAStrangerIsStillGreeted(t *testing.T) {
	k := newWalk(t, small)
	k.send(bot.Message{Files: []bot.File{{Name: "film.mp4", Size: 1 << 40}}})
	k.want(k.heard(), "太大", "可以记吗？")
}

func TestPhotoQuestionTellsWhatWasNotKept(t *testing.T) {
	files := with(map[string]string{"visit": "title: 上门的事\nsteps:\n  - {id: pic, accept: photo, ask: 发图。, choices: [{id: none, label: 没有图}]}\n  - {id: after, ask: 然后？, choices: [{id: ok, label: 行}]}\n  - end: rest\n"})
	k := newWalk(t, files)
	k.say("/start", "2", "上门的事") // 不记
	k.send(bot.Message{Files: []bot.File{picture("a.png")}})
	k.want(k.heard(), "没有存", "然后？")

	k = newWalk(t, files)
	k.say("/start", "1", "上门的事")
	k.send(bot.Message{Files: []bot.File{{Name: "a.png"}}})
	k.want(k.heard(), "没打开", "发图。")
	k.send(bot.Message{Files: []bot.File{picture("a.png"), picture("b.png")}})
	k.want(k.heard(), "然后？")
	if got := strings.Count(k.w.Slots(k.session)["pic"], "file:"); got != 2 {
		t.Errorf("%d pictures kept as the answer", got)
	}
}

// Another message is answered while the file is read, so that the turn is walked again.
func TestFileIsReadOnceThoughTheTurnIsWalkedAgain(t *testing.T) {
	p := onSQLite(t)
	one, other := shippedBot(t, p.store, nil), shippedBot(t, p.store, nil)
	say(t, one, "1", "/start")
	say(t, one, "2", "可以记")
	var opened atomic.Int32
	f := bot.File{Name: "a.png", Open: func(context.Context) (io.ReadCloser, error) {
		if opened.Add(1) == 1 {
			say(t, other, "3", "我在哪")
		}
		return io.NopCloser(strings.NewReader("bytes")), nil
	}}
	conflicts := 0
	one = shippedBot(t, p.store, &bot.Options{Observe: func(tn bot.Turn) { conflicts += tn.Conflicts }})
	send(t, one, bot.Message{ID: "4", Files: []bot.File{f}})
	kept, err := one.Kept(t.Context(), "test:1")
	if err != nil || len(kept.Files) != 1 || len(kept.Entries) != 1 || opened.Load() != 1 || conflicts != 1 {
		t.Errorf("opened %d times, %d conflicts, kept %d files, %v", opened.Load(), conflicts, len(kept.Files), err)
	}
}

func TestHostileMessagesAreAnswered(t *testing.T) {
	texts := []string{"", " ", "\x00", "\xff\xfe\xfd", "a\tb\fc\vd\re\r\nf", strings.Repeat("\x00", 5000), strings.Repeat("长", 100_000),
		"@", "@=", "@fix=", "@fix=-1", "@is=", "@is=menu/door?", "@go=?", "@go=menu?x", "@keep=", "=", "/=", "menu/door=", "menu/=x",
		"menu/nowhere=x", "visit/what=" + strings.Repeat("x", 5000), "{said}", "{{", "你\u202e好", "٣", "𝟏"}
	b := shippedBot(t, onSQLite(t).store, nil)
	user := bot.UserID("test:\xff\n\t" + strings.Repeat("u", 200))
	hear := func(id, text string) {
		t.Helper()
		m := bot.Message{ID: id, From: user, Text: text}
		first, err := b.Handle(t.Context(), m)
		if err != nil || len(first) == 0 {
			t.Fatalf("%q: %v, %v", cut(text), first, err)
		}
		again, err := b.Handle(t.Context(), m)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(first) {
			t.Fatalf("the repeat of %q (id %q) was answered %v, %v; want %v", cut(text), cut(id), again, err, first)
		}
	}
	hear("0", "/start")
	for i, text := range texts {
		hear(fmt.Sprint("\xff\n", i, strings.Repeat("i", i*50)), text)
	}
	hear("x1", "可以记")
	hear("x2", "催收在找我")
	for i, text := range texts {
		hear(fmt.Sprint("b", i), text)
	}
}

func TestMessagesFromAnyClockAreAnswered(t *testing.T) {
	at := now
	b := shippedBot(t, onSQLite(t).store, &bot.Options{Clock: func() time.Time { return at }})
	for i, sent := range []time.Time{{}, time.Unix(0, 0), at.AddDate(0, 0, -1), at.AddDate(9000, 0, 0), time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), at.Add(-time.Minute)} {
		send(t, b, bot.Message{ID: fmt.Sprint(i), Text: []string{"/start", "可以记", "我的数据", "菜单", "看投诉进度", "返回"}[i], At: sent})
		kept, err := b.Kept(t.Context(), "test:1")
		if err != nil || kept.Last.After(at) || kept.Last.Before(at.AddDate(0, 0, -2)) {
			t.Errorf("sent %v, kept as %v, %v", sent, kept.Last, err)
		}
	}
}

func TestBrokenTurnIsAKindWordForThatPersonOnly(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	boom := bot.File{Name: "a.png", Open: func(context.Context) (io.ReadCloser, error) { panic("boom") }}
	replies, err := b.Handle(t.Context(), bot.Message{ID: "1", From: "test:1", Files: []bot.File{boom}})
	if err == nil || len(replies) != 1 || !strings.Contains(replies[0].Text, "110") || strings.Contains(replies[0].Text, "boom") {
		t.Errorf("heard %v, %v", replies, err)
	}
	say(t, b, "2", "/start") // the lock is free again
}

func TestReminderWaitsWhileSomebodyIsHelped(t *testing.T) {
	at := now
	b := shippedBot(t, onSQLite(t).store, &bot.Options{Clock: func() time.Time { return at }})
	say(t, b, "1", "/start")
	say(t, b, "2", "可以记")
	say(t, b, "3", "他们正在砸门")
	due := storage.Due{Reminder: storage.Reminder{ID: "follow_up", At: at, Data: []byte(`{"flow":"follow_up"}`)}, User: "test:1"}
	at = at.Add(time.Hour)
	if _, replies, err := b.Wake(t.Context(), due); !errors.Is(err, bot.ErrBusy) || len(replies) > 0 {
		t.Errorf("woke with %v, %v", replies, err)
	}
	at = at.AddDate(0, 0, 2)
	if _, replies, err := b.Wake(t.Context(), due); err != nil || len(replies) == 0 {
		t.Errorf("two days later: %v, %v", replies, err)
	}
}

// remindedOn is the day of the reminder that a flow set, for a complaint filed on a day; empty where there is none.
func remindedOn(t *testing.T, channel, filed string) string {
	t.Helper()
	k := newWalk(t, with(map[string]string{"visit": "title: 交了\nsteps:\n  - set: {remind_on: 别的, reporting_channel: " + channel + ", filed_on: \"" + filed + "\"}\n  - remind: {flow: help, from: reporting_channel}\n  - {id: q, ask: 然后？, choices: [{id: ok, label: 行}]}\n  - end: rest\n"}))
	k.say("/start", "1", "上门的事")
	return k.w.Slots(k.session)["remind_on"]
}

func TestReminderWhoseDayIsPastComesTomorrow(t *testing.T) {
	if got := remindedOn(t, "nfra_12378", "2025-06-01"); got != "2026-03-05" {
		t.Errorf("filed long ago: reminded on %q", got)
	}
	if got := remindedOn(t, "nfra_12378", "2026-03-03"); got <= "2026-03-05" {
		t.Errorf("filed yesterday: reminded on %q", got)
	}
	for _, c := range library(t).ReportingChannels {
		if got := remindedOn(t, c.ID, "2026-03-03"); c.FollowUp == 0 && got != "" {
			t.Errorf("%s has no term, reminded on %q", c.ID, got)
		}
	}
}

func TestReminderOfAnotherMatterGivesTheFirstOneBack(t *testing.T) {
	at := now
	b := shippedBot(t, onSQLite(t).store, &bot.Options{Clock: func() time.Time { return at }})
	for i, text := range []string{"/start", "可以记", "他们天天给我公司同事打电话", "改"} {
		say(t, b, fmt.Sprint(i), text)
	}
	due := storage.Due{Reminder: storage.Reminder{ID: "follow_up", At: at,
		Data: []byte(`{"flow":"follow_up","slots":{"conduct":"insult","creditor":"bank_card","reporting_channel":"nfra_12378"}}`)}, User: "test:1"}
	at = at.Add(time.Hour)
	if _, _, err := b.Wake(t.Context(), due); err != nil {
		t.Fatal(err)
	}
	say(t, b, "a", "1") // the reminder's first choice, not one of 改
	slots, err := b.Slots(t.Context(), "test:1")
	if err != nil || slots["opened"] != "open" || slots["conduct"] != "insult" {
		t.Fatalf("slots %v, %v", slots, err)
	}
	for i, text := range []string{"没动静", "3 天后再问", "菜单", "接着刚才的"} {
		say(t, b, fmt.Sprint("b", i), text)
	}
	slots, err = b.Slots(t.Context(), "test:1")
	if err != nil || slots["conduct"] != "third_party_contact" || slots["creditor"] != "" {
		t.Errorf("what was put aside came back about %q, %q, %v", slots["conduct"], slots["creditor"], err)
	}
}

func TestPictureWithDangerInItsCaption(t *testing.T) {
	k := inVisit(t)
	k.n++
	k.send(bot.Message{Text: "他们正在砸门", Files: []bot.File{picture("door.jpg")}})
	k.want(k.heard(), "现在安全吗？")
}

func TestPictureOfAStrangerIsForgottenWhereTheySayNo(t *testing.T) {
	b := shippedBot(t, onSQLite(t).store, nil)
	if _, err := b.Handle(t.Context(), bot.Message{ID: "1", From: "test:1", Files: []bot.File{picture("sms.png")}}); err != nil {
		t.Fatal(err)
	}
	if kept, err := b.Kept(t.Context(), "test:1"); err != nil || len(kept.Files) != 1 {
		t.Fatalf("kept %d files, %v", len(kept.Files), err)
	}
	say(t, b, "2", "不记，只问问")
	if kept, err := b.Kept(t.Context(), "test:1"); err != nil || len(kept.Files) != 0 || len(kept.Entries) != 0 {
		t.Errorf("still kept: %+v, %v", kept, err)
	}
}

func picture(name string) bot.File {
	return bot.File{Name: name, MIME: "image/png", Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("\x89PNG")), nil
	}}
}
