package wechat_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"anning/bot"
	"anning/bot/wechat"
)

func TestPages(t *testing.T) {
	yes := []bot.Choice{{Value: "a/b=c", Label: "对，存下"}, {Value: "a/b=d", Label: "换一张"}}
	tap := func(label string, id int) string {
		return fmt.Sprintf(`<a href="weixin://bizmsgmenu?msgmenucontent=%s&msgmenuid=%d">%s</a>`, label, id, label)
	}
	for _, tt := range []struct {
		name    string
		replies []bot.Reply
		links   bool
		want    []string
	}{
		{"nothing", nil, true, nil},
		{"one text", []bot.Reply{{Text: "好。"}}, true, []string{"好。"}},
		{"choices", []bot.Reply{{Text: "读对了吗？", Choices: yes}}, false, []string{"读对了吗？\n1 对，存下\n2 换一张\n回复数字，或直接说。"}},
		{"choices to tap", []bot.Reply{{Text: "读对了吗？", Choices: yes}}, true,
			[]string{"读对了吗？\n1 " + tap("对，存下", 1) + "\n2 " + tap("换一张", 2) + "\n回复数字，或直接说。"}},
		{"an amount", []bot.Reply{{Text: "多少？", Choices: yes[:1], Amount: true}}, false, []string{"多少？\n· 对，存下\n直接写数字，或回复上面的字。"}},
		{"two replies", []bot.Reply{{Text: "一"}, {Text: "二", Choices: yes[:1]}}, false, []string{"一\n\n二\n1 对，存下\n回复数字，或直接说。"}},
		{"numbers are of the last question", []bot.Reply{{Text: "一", Choices: yes}, {Text: "二", Choices: yes[:1]}}, false,
			[]string{"一\n· 对，存下\n· 换一张\n\n二\n1 对，存下\n回复数字，或直接说。"}},
		{"somebody's link", []bot.Reply{{Text: `<a href="http://x">点我</a> <b>`}}, true, []string{`＜a href="http://x">点我＜/a> <b>`}},
		{"a label that would break a link", []bot.Reply{{Text: "？", Choices: []bot.Choice{{Label: "1&2"}}}}, true, []string{"？\n1 1&2\n回复数字，或直接说。"}},
		{"a file", []bot.Reply{{Text: "都在里面。", File: &bot.File{Name: "我的记录.zip"}}}, true,
			[]string{"都在里面。\n文件：我的记录.zip\n微信里给不了文件，它还留在我这里。"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := wechat.Pages(tt.replies, tt.links)
			if strings.Join(got, "\f") != strings.Join(tt.want, "\f") {
				t.Errorf("got %q", got)
			}
		})
	}
}

// long is a reply of many paragraphs.
func long(name string, paragraphs int) bot.Reply {
	var b strings.Builder
	for i := range paragraphs {
		fmt.Fprintf(&b, "%s第 %d 段：%s。\n\n", name, i, strings.Repeat("这一段有不少字", 9))
	}
	return bot.Reply{Text: strings.TrimSpace(b.String())}
}

func TestLongPages(t *testing.T) {
	ask := bot.Reply{Text: "要哪一种？", Choices: []bot.Choice{{Value: "a/b=c", Label: "存下"}, {Value: "a/b=d", Label: "换一张"}}}
	for _, links := range []bool{false, true} {
		pages := wechat.Pages([]bot.Reply{long("甲", 14), long("乙", 3), ask}, links)
		if len(pages) != 3 {
			t.Fatalf("%d pages", len(pages))
		}
		for i, p := range pages {
			if len(p) > 1900 || i < 2 && !strings.HasSuffix(visible(p), "\n\n回复「继续」看下一页。") || i < 2 && len(p) < 1200 {
				t.Errorf("page %d has %d bytes and ends with %q", i, len(p), p[max(0, len(p)-60):])
			}
			if strings.Contains(strings.TrimSuffix(visible(p), "\n\n回复「继续」看下一页。"), "继续") {
				t.Errorf("page %d: %q", i, p)
			}
		}
		if !strings.HasSuffix(visible(pages[2]), "要哪一种？\n1 存下\n2 换一张\n回复数字，或直接说。") {
			t.Errorf("the last page: %q", pages[2])
		}
	}
}

func FuzzPages(f *testing.F) {
	f.Add(long("甲", 20).Text, "要哪一种？", "存下", true)
	f.Add(strings.Repeat("字", 4000), "", "", false)
	f.Add(strings.Repeat("a b\n", 1000), strings.Repeat("？", 630), strings.Repeat("长", 20), true)
	f.Fuzz(func(t *testing.T, a, b, label string, links bool) {
		a, b, label = strings.ToValidUTF8(a, "?"), strings.ToValidUTF8(b, "?"), strings.ToValidUTF8(label, "?")
		if len(label) > 120 || len(a)+len(b) > 60_000 {
			return
		}
		replies := []bot.Reply{{Text: a}, {Text: b, Choices: []bot.Choice{{Label: label}, {Label: label}, {Label: "x"}}}}
		pages := wechat.Pages(replies, links)
		all := ""
		for _, p := range pages {
			if len(p) > 1900 || !utf8.ValidString(p) || p == "" {
				t.Errorf("a page of %d bytes: %.80q", len(p), p)
			}
			all += p
		}
		for _, text := range []string{a, b} {
			if len(text) > 0 && len(text) < 200 && !strings.Contains(text, "<") && !strings.Contains(text, "\n") && !strings.Contains(all, text) {
				t.Errorf("%q is not in %q", text, all)
			}
		}
		if !strings.HasSuffix(all, "回复数字，或直接说。") {
			t.Errorf("the last page ends with %q", all[max(0, len(all)-80):])
		}
	})
}

// paged answers 「长」 with three pages and anything else with itself.
func paged(_ context.Context, m bot.Message) ([]bot.Reply, error) {
	if m.Text != "长" {
		return []bot.Reply{{Text: "收到：" + m.Text}}, nil
	}
	return []bot.Reply{long("甲", 14), long("乙", 3),
		{Text: "要哪一种？", Choices: []bot.Choice{{Value: "a/b=c", Label: "存下"}, {Value: "a/b=d", Label: "换一张"}}}}, nil
}

const lastPage = "要哪一种？\n1 存下\n2 换一张\n回复数字，或直接说。"

func TestGoingOn(t *testing.T) {
	k := &keeps{}
	s := newSite(t, false)
	run(t, s.messenger(k, nil), k.kept(paged))
	p := &person{site: s, name: "o1"}
	first := p.say("1", "长")
	second := p.say("2", "继续")
	if again := p.say("2", "继续"); again != second {
		t.Errorf("a repeat got another page: %.60q", again)
	}
	third := p.say("3", " 继续。")
	if !strings.HasPrefix(first, "甲第 0 段") || second == first || !strings.HasSuffix(third, lastPage) {
		t.Errorf("got %.60q, %.60q, %q", first, second, third)
	}
	if got := p.say("4", "继续"); got != "收到：继续" {
		t.Errorf("after the last page: %q", got)
	}
	if got := p.say("5", "继续"); got != "收到：继续" {
		t.Errorf("and again: %q", got)
	}
}

// TestNumberOfUnseenChoice: a number stands for a choice that was read. While the choices are on a page that nobody
// has seen, it brings that page.
func TestNumberOfUnseenChoice(t *testing.T) {
	k := &keeps{}
	s := newSite(t, false)
	run(t, s.messenger(k, nil), k.kept(paged))
	p := &person{site: s, name: "o1"}
	p.say("1", "长")
	p.say("2", "1")
	if got := p.say("3", "２"); !strings.HasSuffix(got, lastPage) {
		t.Errorf("got %q", got)
	}
	if got := p.say("4", "2"); got != "收到：2" {
		t.Errorf("once they were read: %q", got)
	}
	p.say("5", "长")
	if got := p.say("6", "说别的"); got != "收到：说别的" {
		t.Errorf("got %q", got)
	}
	if got := p.say("7", "1"); got != "收到：1" {
		t.Errorf("got %q", got)
	}
}

// TestGoingOnElsewhere: pages go on in another process, and in one that was started anew.
func TestGoingOnElsewhere(t *testing.T) {
	for name, notes := range map[string]wechat.Notes{"with shared notes": newNotes(), "without": nil} {
		t.Run(name, func(t *testing.T) {
			k := &keeps{}
			var people []*person
			for range 3 {
				s := newSite(t, false)
				run(t, s.messenger(k, &wechat.Options{Notes: notes}), k.kept(paged))
				people = append(people, &person{site: s, name: "o1"})
			}
			people[0].say("1", "长")
			second := people[1].say("2", "继续")
			if !strings.Contains(second, "甲第 1") || strings.HasPrefix(second, "甲第 0 段") {
				t.Errorf("the second page: %.80q", second)
			}
			if notes == nil { // nobody knows of the second page; it comes once more, and then goes on
				if got := people[2].say("3", "继续"); got != second {
					t.Errorf("the second page again: %.80q", got)
				}
				if got := people[2].say("4", "继续"); !strings.HasSuffix(got, lastPage) {
					t.Errorf("the last page: %q", got)
				}
				return
			}
			waitForNote(t, notes, "person:o1", `"page":2`)
			if got := people[2].say("3", "继续"); !strings.HasSuffix(got, lastPage) {
				t.Errorf("the last page: %q", got)
			}
			waitForNote(t, notes, "person:o1", `"page":3`)
			if got := people[0].say("4", "继续"); got != "收到：继续" {
				t.Errorf("after it: %q", got)
			}
		})
	}
}

// TestTappedPage: a tap on 「继续」 says which page, so any process brings the right one.
func TestTappedPage(t *testing.T) {
	k := &keeps{}
	s := newSite(t, false)
	run(t, s.messenger(k, nil), k.kept(paged))
	first := s.post(textPost("o1", "1", "长")).text
	tapped := link.FindStringSubmatch(first)
	if tapped == nil || tapped[1] != "继续" {
		t.Fatalf("no tap in %q", first)
	}
	other := newSite(t, false)
	run(t, other.messenger(k, nil), k.kept(paged))
	second := other.post(textPostWith("o1", "2", tapped[1], "<bizmsgmenuid>"+tapped[2]+"</bizmsgmenuid>")).text
	tapped = link.FindStringSubmatch(second)
	if tapped == nil || tapped[2] != "1003" {
		t.Fatalf("the second page: %q", second)
	}
	if got := s.post(textPostWith("o1", "3", "继续", "<bizmsgmenuid>1003</bizmsgmenuid>")).text; !strings.HasSuffix(visible(got), lastPage) {
		t.Errorf("the third: %q", got)
	}
	if got := s.post(textPostWith("o1", "4", "继续", "<bizmsgmenuid>1099</bizmsgmenuid>")).text; got != "收到：继续" {
		t.Errorf("a page that is not there: %q", got)
	}
	if got := s.post(textPostWith("o1", "5", "存下", "<bizmsgmenuid>1</bizmsgmenuid>")).text; got != "收到：存下" {
		t.Errorf("a tapped choice: %q", got)
	}
}
