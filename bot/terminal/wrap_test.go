package terminal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattn/go-runewidth"

	"anning/bot/terminal"
)

func TestWrap(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		width    int
		want     string
	}{
		{"short", "你好", 20, "你好"},
		{"not asked", strings.Repeat("长", 90), 0, strings.Repeat("长", 90)},
		{"between characters", "一二三四五六七", 10, "一二三四五\n六七"},
		{"no mark begins a line", "一二三四五。六", 10, "一二三四\n五。六"},
		{"no mark ends a line", "一二三四「五六」", 10, "一二三四\n「五六」"},
		{"numbers stay whole", "请现在打 12356 说", 12, "请现在打 \n12356 说"},
		{"marks of a list", "[x] 短信 [ ] 录音录", 12, "[x] 短信 [ ]\n录音录"},
		{"too long for a line", "https://example.org", 10, "https://ex\nample.org"},
		{"lines are kept", "一\n\n二", 10, "一\n\n二"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, terminal.Wrap(tt.in, tt.width)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("联系你家人，是有限制的。不是担保人，就不用替还。请家人说一次：「我不是债务人。」", 40)
	f.Add("a b  c\t。。。。。。。。。。。。", 8)
	f.Fuzz(func(t *testing.T, text string, width int) {
		got := terminal.Wrap(text, width%200)
		squash := strings.NewReplacer("\n", "", " ", "", "\t", "").Replace
		if strings.ToValidUTF8(text, "") == text && strings.Join(strings.Fields(squash(text)), "") != strings.Join(strings.Fields(squash(got)), "") {
			t.Errorf("lost something:\n%q\n%q", text, got)
		}
		if w := width % 200; w >= 8 {
			c := &runewidth.Condition{EastAsianWidth: true}
			for _, line := range strings.Split(got, "\n") {
				n := 0
				for _, r := range line {
					n += c.RuneWidth(r)
				}
				if n > w {
					t.Errorf("%d columns of %d: %q", n, w, line)
				}
			}
		}
	})
}
