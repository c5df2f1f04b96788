package understand_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"anning/content"
	"anning/content/understand"
	"anning/content/understand/model"

	"github.com/google/go-cmp/cmp"
)

// library is a small one of its own, so that these tests say what the reader does and not what the content holds.
func library() *content.Library {
	return &content.Library{
		Signals: []*content.Signal{
			{ID: "negotiate", Phrases: []content.Phrase{"分期", "协商 还款"}},
			{ID: "self_harm", Urgent: true, Ask: true,
				Phrases:    []content.Phrase{"想死|不想活|活不下去|活够了", "自杀", "跳楼", "一了百了", "解脱 !终于", "死了算了|死了就好|没了就好", "留 遗书"},
				LookAlikes: []string{"跳楼价", "想死你", "新闻|视频 自杀|跳楼"}},
			{ID: "danger_now", Urgent: true,
				Phrases: []content.Phrase{
					"门口|门外|楼下|家里 堵|砸门|敲门|踹|站着|不走 !昨天|上周|上次", "敲门|砸门|踹门|撬锁 现在|正在|刚|他们|一直", "正在 踹|砸|打我|闹", "被 拉走|关着|按在|扣住 !昨天|上周|上次",
					"拿着 刀|钢管|棍子",
				}},
		},
		Conducts: []*content.Conduct{
			{ID: "threat_violence", Severity: 8, Phrases: []content.Phrase{"弄死|打死|砍死|杀了 你|我|全家", "卸 腿|胳膊|手", "打断 腿", "花圈|棺材"}},
			{ID: "home_visit_harassment", Severity: 6, Phrases: []content.Phrase{"上门 !服务", "来 我家|家里"}},
			{ID: "third_party_contact", Severity: 5, Phrases: []content.Phrase{
				"爆通讯录", "打|联系|骚扰|发短信|打电话|通知 我妈|我爸|爸妈|家人|家里人|亲戚|朋友|同事|老婆|老公|通讯录|联系人|未婚夫",
			}},
			{ID: "insult", Severity: 3, Phrases: []content.Phrase{"骂 我|妈|爸|人|全家", "傻逼|操你妈|你妈死", "去死"}},
		},
	}
}

func reader(t testing.TB) *understand.Reader {
	t.Helper()
	r, err := understand.NewWith(library(), silent(t))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// brief writes a meaning as "id id? id- id~": asked, negated, threatened.
func brief(m understand.Meaning) string {
	var out []string
	for _, x := range append(append([]understand.Match{}, m.Signals...), m.Conducts...) {
		s := x.ID
		if x.Asked {
			s += "?"
		}
		if x.Negated {
			s += "-"
		}
		if x.Threatened {
			s += "~"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestRead(t *testing.T) {
	r := reader(t)
	for _, tt := range []struct{ text, want string }{
		// third_party_contact: done, threatened, denied, asked
		{"他们天天打电话给我妈", "third_party_contact"},
		{"催收把我同事都骚扰了一遍", "third_party_contact"},
		{"爆 通 訊 錄 了", "third_party_contact"},
		{"给我全部联系人发短信说我欠钱", "third_party_contact"},
		{"通讯录里的人他们都打了一遍，怎么办？", "third_party_contact"},
		{"他们打给我爸妈了，这违法吗", "third_party_contact"},
		{"说再不还就打给我家人", "third_party_contact~"},
		{"扬言要联系我同事", "third_party_contact~"},
		{"今天不还，我们将通知你的家人", "third_party_contact~"},
		{"如果今天不还，就联系你亲戚朋友", "third_party_contact~"},
		{"没有打给我家里人", "third_party_contact-"},
		{"他们没联系过我同事", "third_party_contact-"},
		{"会不会爆通讯录", "third_party_contact?"},
		{"他们会打给我家人吗", "third_party_contact?"},
		{"听说会打给所有联系人", "third_party_contact?"},
		{"不要再打给我妈了", "third_party_contact"}, // a plea, no denial
		{"我家人都很好", ""},
		{"放话说明天打给我同事", "third_party_contact~"},
		{"说要是不还就联系我爸妈", "third_party_contact~"},
		{"我最怕他们打给我爸妈", "third_party_contact?"},
		{"要是打给我爸妈我就完了", "third_party_contact?"},
		{"现在还不上会打给我爸妈吗", "third_party_contact?"},
		{"他们总会打给我爸妈", "third_party_contact"},
		// threat_violence
		{"他说要打断我的腿", "threat_violence~"},
		{"再不还就弄死你全家", "threat_violence~"},
		{"往我家门上放了花圈", "threat_violence"},
		{"花圈棺材那些倒没有", "threat_violence-"},
		{"从没说要打断我腿", "threat_violence-"},
		// home visits
		{"没上门过，说会上门，真的会吗", "home_visit_harassment~"},
		{"上门服务很好", ""},
		{"他们昨天上门了", "home_visit_harassment"},
		{"没有上门", "home_visit_harassment-"},
		{"还没上门，他们会上门吗", "home_visit_harassment?-"},
		{"不会上门的", "home_visit_harassment-"},
		{"我是不是被上门了", "home_visit_harassment"},
		// insults
		{"一接电话就骂我全家", "insult"},
		{"客气得很，没骂过人", "insult-"},
		{"发短信说煞 笔", "insult"},
		{"催收咒我去死", "insult"},
		// danger now
		{"他们正在门口砸门", "danger_now"},
		{"小声说 他们在敲门 我和孩子在床底下", "danger_now"},
		{"两个男人站着不走，就在我家里", ""}, // two clauses: left to a better reader
		{"家里站着两个男人不走", "danger_now"},
		{"三个人冲到车间来了，拿着钢管", "danger_now"},
		{"我姐刚被他们拉走", "danger_now"},
		{"上周他们来门口堵过我", ""},
		{"门口没人敲门", "danger_now-"},
		{"他们没在门口堵我", "danger_now-"},
		{"他們正在踹門", "danger_now"},
		{"如果他们在门口堵我我该做什么", "danger_now?"},
		// life
		{"我不想活了", "self_harm"},
		{"真的想死", "self_harm"},
		{"想s i算了，活够了", "self_harm"},
		{"我想自sha", "self_harm"},
		{"撑不下去，想跳楼", "self_harm"},
		{"我要是没了就好了", "self_harm"},
		{"没钱也没办法只想死了", "self_harm"},
		{"没人管我，我想死", "self_harm"},
		{"我没想自杀，就是累", "self_harm-"},
		{"不是想死，是太累", "self_harm-"},
		{"去年想过自杀，现在不会了", "self_harm"},
		{"明天就解脱", "self_harm"},
		{"他说我死了算了，打给我妈", "self_harm third_party_contact"},
		// what looks like it
		{"今天都是跳楼价", ""},
		{"老妈我想死你了", ""},
		{"看到跳楼价还是想跳楼", "self_harm"},
		{"刚看到一个视频说有人跳楼", ""},
		{"终于解脱了", ""},
		{"累死了，困死了", ""},
		// order: what stands first; urgent first, then worst first
		{"想分期，但他们骂我妈，还打给我妈，扬言弄死我，我不想活了，他们正在砸门口的门", "danger_now self_harm negotiate threat_violence~ third_party_contact insult"},
		{"没骂我，但是打给了我妈", "third_party_contact insult-"},
		{"", ""}, {"你好", ""}, {"\xff\xfe", ""},
	} {
		if got := brief(r.Read(tt.text)); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.text, got, tt.want)
		}
	}
}

func TestWords(t *testing.T) {
	m := reader(t).Read("你好，他們天天 打*電*話 騷擾，還打給我 媽！救命")
	want := []understand.Match{{ID: "third_party_contact", Words: []string{"打", "我 媽"}, Quote: "還打給我 媽"}}
	for i := range m.Conducts {
		if m.Conducts[i].Score <= 0 || m.Conducts[i].Score > 1 {
			t.Errorf("score %v", m.Conducts[i].Score)
		}
		m.Conducts[i].Score = 0
	}
	if diff := cmp.Diff(want, m.Conducts); diff != "" {
		t.Error(diff)
	}
}

func TestFaultyPhrases(t *testing.T) {
	lib := &content.Library{
		Signals:  []*content.Signal{{ID: "a", Phrases: []content.Phrase{"", "!没"}}},
		Conducts: []*content.Conduct{{ID: "b", Phrases: []content.Phrase{"打|", "来,了", "**", content.Phrase(strings.Repeat("长", 30)), "好的"}}},
	}
	_, err := understand.New(lib)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{`signals/a: phrase ""`, `signals/a: phrase "!没"`, `conducts/b: phrase "打|"`, `"来,了"`, `conducts/b: phrase "**"`, "长长"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
}

func TestReadAtTheSameTime(t *testing.T) {
	r := reader(t)
	want := brief(r.Read("他們打給我媽，我想死"))
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for range 50 {
				r.Read(fmt.Sprint("正在砸门，弄死我", i))
				if got := brief(r.Read("他們打給我媽，我想死")); got != want {
					t.Errorf("got %s, want %s", got, want)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{"他们打给我妈", "没骂我，会不会来我家？", "跳楼价 想跳楼", "cui收\xff打 我 妈", "不不不不想死", "如果,,,1,2 a b"} {
		f.Add(s)
	}
	lib := library()
	lib.Questions = []*content.Question{{ID: "jail", Phrases: []content.Phrase{"不 死|牢", "打 妈|a", "1|2"}}, {ID: "family", Phrases: []content.Phrase{"会不会 家"}}}
	r, err := understand.New(lib)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := r.Read(s)
		for i, q := range m.Questions {
			if q.Score <= 0 || q.Score > 1 || i > 0 && q.Score > m.Questions[i-1].Score || !strings.Contains(s, q.Quote) {
				t.Fatalf("%q: %+v", s, m.Questions)
			}
			for _, w := range q.Words {
				if w == "" || !strings.Contains(s, w) {
					t.Fatalf("%q: word %q is not in it", s, w)
				}
			}
		}
		for _, x := range append(m.Signals, m.Conducts...) {
			if len(x.Words) == 0 || !strings.Contains(s, x.Quote) {
				t.Fatalf("%q: %+v rests on nothing", s, x)
			}
			for _, w := range x.Words {
				if w == "" || !strings.Contains(x.Quote, w) {
					t.Fatalf("%q: word %q is not in %q", s, w, x.Quote)
				}
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	lib := library()
	for i := range 500 { // as many phrases as the content will hold
		c := lib.Conducts[i%4]
		c.Phrases = append(c.Phrases, content.Phrase(fmt.Sprintf("打|联系|他%c 妈|爸|%c单位 !没%d", '一'+rune(i*7), '一'+rune(i*3), i)))
	}
	r, err := understand.New(lib)
	if err != nil {
		b.Fatal(err)
	}
	for name, s := range map[string]string{
		"60 characters":             "七月初每天接四十来个电话，号码从来不重样。上周三开始跟我说要给我老婆打电话、给我丈母娘打电话，还说材料已经送到派出所，让我等通知",
		"60 characters traditional": "七月初每天接四十來個電話，號碼從來不重樣。上週三開始跟我說要給我老婆打電話、給我丈母娘打電話，還說材料已經送到派出所，讓我等通知",
		"short":                     "没有",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Read(s)
			}
		})
	}
}

// silent is a model that says nothing: what is tested is the phrases.
func silent(t testing.TB) *model.Model {
	t.Helper()
	m, err := model.New(&model.File{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}
