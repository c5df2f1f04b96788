package understand_test

import (
	"os"
	"strings"
	"testing"
	"testing/quick"
	"time"
	"unicode/utf8"

	"anning/content/understand"

	"github.com/longbridgeapp/opencc"
)

func TestNormalise(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"催收电话", "催收电话"},
		{"催*收", "催收"},
		{"催 收 天天打我", "催收天天打我"},
		{"爆 通 讯 录", "爆通讯录"},
		{"爆/通/讯/录", "爆通讯录"},
		{"“催”收", "催收"},
		{"催\u200b收", "催收"},
		{"ＡＢＣ１２３，好！", "abc123,好!"},
		{"還💰", "还钱"},
		{"還錢，別讓我爸媽知道", "还钱,别让我爸妈知道"},
		{"乾隆年間", "乾隆年间"},
		{"cui收打来的", "催收打来的"},
		{"CUI收", "催收"},
		{"xcui收", "xcui收"}, // a longer Latin word is another word
		{"老赖lai", "老赖lai"},
		{"打 110 报警", "打110报警"},
		{"delete my  data", "delete my data"},
		{"138****1234", "138****1234"},
		{"3-5天", "3-5天"},
		{"1,500.00元", "1,500.00元"},
		{"小声说 他们在敲门 我和孩子在床底下", "小声说他们在敲门 我和孩子在床底下"},
		{"别打了😭😭我怕", "别打了我怕"},
		{"骂我妈、骂我爸", "骂我妈、骂我爸"},
		{"  \n ", "\n"},
		{"", ""},
	} {
		if got := understand.Normalise(tt.in).Text; got != tt.want {
			t.Errorf("Normalise(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestOriginal(t *testing.T) {
	for _, tt := range []struct{ text, word, want string }{
		{"他们是cui收，还骂人", "催收", "cui收"},
		{"他們說要 催 * 收 我", "催收", "催 * 收"},
		{"爆通訊錄了", "通讯录", "通訊錄"},
		{"ＮＭＳＬ！", "你妈死了", "ＮＭＳＬ"},
		{"还💰吧", "钱", "💰"},
	} {
		n := understand.Normalise(tt.text)
		from := strings.Index(n.Text, tt.word)
		if from < 0 {
			t.Errorf("%q → %q lacks %q", tt.text, n.Text, tt.word)
			continue
		}
		if got := n.Original(from, from+len(tt.word)); got != tt.want {
			t.Errorf("%q: %q came from %q, want %q", tt.text, tt.word, got, tt.want)
		}
	}
}

func TestCut(t *testing.T) {
	long := strings.Repeat("催", understand.MaxRunes)
	if n := understand.Normalise(long); n.Cut || len(n.Text) != len(long) {
		t.Errorf("a text of MaxRunes: cut %v, %d bytes", n.Cut, len(n.Text))
	}
	if n := understand.Normalise(long + "收"); !n.Cut || len(n.Text) != len(long) {
		t.Errorf("a longer text: cut %v, %d bytes", n.Cut, len(n.Text))
	}
}

func TestKey(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"看依据", "看依据"},
		{" 看依據。", "看依据"},
		{"1.", "1"}, {"１、", "1"}, {"①", "①"}, {"(2)", "2"},
		{"「返回」", "返回"}, {"返 回", "返回"}, {"返回👌", "返回"},
		{"/START", "/start"}, {"＋86 138", "+86138"},
		{"打 110", "打110"}, {"Yes!", "yes"},
		{"刪除我的數據", "删除我的数据"},
		{"？？", ""}, {"", ""}, {"\xff好", "好"},
	} {
		if got := understand.Key(tt.in); got != tt.want {
			t.Errorf("Key(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if n := testing.AllocsPerRun(100, func() { understand.Key("存下，") }); n > 0 {
		t.Errorf("Key of a plain text: %v allocations", n)
	}
}

// The gate in front of the converter has to let through everything that the converter would change.
func TestGateKnowsEveryTraditionalCharacter(t *testing.T) {
	cc, err := opencc.New("t2s")
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("traditional.txt")
	if err != nil {
		t.Fatal(err)
	}
	known := string(data)
	for r := rune(0x3400); r < 0x2ffff; r++ {
		if r == 0xa000 {
			r = 0x20000
		}
		s, _ := cc.Convert(string(r))
		if s != string(r) && r < 0x20000 && !strings.ContainsRune(known, r) {
			t.Errorf("%c becomes %s, but traditional.txt lacks it", r, s)
		}
		if utf8.RuneCountInString(s) != 1 {
			t.Errorf("%c becomes %q: not one rune", r, s)
		}
	}
}

func TestKeyIsStable(t *testing.T) {
	f := func(s string) bool { k := understand.Key(s); return understand.Key(k) == k }
	if err := quick.Check(f, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"催*收 打了我妈", "cui收", "他們\xff說", "🔪🐴 nmsl", "1,500.00 元", "a b  c", "乾隆覆蓋𠮷"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := understand.Normalise(s)
		if !utf8.ValidString(n.Text) {
			t.Fatalf("not valid: %q", n.Text)
		}
		if n.Text != "" && !strings.Contains(s, n.Original(0, len(n.Text))) {
			t.Fatalf("%q is no part of %q", n.Original(0, len(n.Text)), s)
		}
		for i, r := range n.Text {
			if n.Original(i, i+utf8.RuneLen(r)) == "" {
				t.Fatalf("%q of %q came from nowhere in %q", r, n.Text, s)
			}
		}
		if k := understand.Key(s); understand.Key(k) != k {
			t.Fatalf("Key(%q) = %q is not stable", s, k)
		}
	})
}

// A text ten times as long takes about ten times as long, whatever it is made of; and nothing beyond MaxRunes costs.
func TestLongTextsAreCheap(t *testing.T) {
	r := reader(t)
	for _, piece := range []string{"打", "打,", "跳楼价", "他們爆通訊錄打電話給我媽 ", "* ", "cui收", "不", "没有打", "\xff", "nmsl "} {
		text := strings.Repeat(piece, 200_000)
		start := time.Now()
		r.Read(text)
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("reading %q over and over took %v", piece, d)
		}
	}
}

func BenchmarkKey(b *testing.B) {
	for name, s := range map[string]string{"plain": "说了欠多少", "trim": "说了欠多少。", "spaces": "打 110", "traditional": "說了欠多少"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				understand.Key(s)
			}
		})
	}
}
