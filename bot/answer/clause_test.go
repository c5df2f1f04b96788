package answer_test

import (
	"strings"
	"testing"

	"anning/bot/answer"
)

var called = []answer.Option{
	{ID: "called", Keys: []string{"打过了", "打了", "called"}},
	{ID: "later", Keys: []string{"明天再打", "还没打"}},
	{ID: "money", Keys: []string{"给了钱"}},
	{ID: "papers", Keys: []string{"给了证件", "身份证"}},
	{ID: "nothing", Keys: []string{"什么都没给", "没有", "没给"}},
	{ID: "log", Keys: []string{"通话记录", "通话记录截图，看得到号码和时间"}},
}

func TestClause(t *testing.T) {
	for text, want := range map[string]string{
		"打了 他说不行 要一次还清":   "called",
		"打了，他说不行":         "called",
		"我已经打过了。他们没理我":    "called",
		"他们不理人，我打过了":      "called",
		"身份证正反面发了 钱还没给":   "papers",
		"通话记录有":           "log",
		"我有通话记录":          "log",
		"还没打 不敢":          "later",
		"打了 没打通":          "!unclear", // denied
		"打了，其实没有":         "!unclear",
		"打了 不是 我记错了":      "!unclear",
		"打了吗 我不知道":        "!unclear",
		"打了 身份证也发了":       "!unclear", // two
		"他说不行 要一次还清":      "!unclear",
		"没有通话记录":          "!unclear",
		"打了他说不行要一次还清":     "!unclear", // one clause: Choice
		"":                "!unclear",
		" ，。 ":            "!unclear",
		"打了电话以后他又打了很多 没用": "!unclear", // too long to be the answer
	} {
		if got := brief(answer.Clause(text, called...)); got != want {
			t.Errorf("Clause(%q) = %s, want %s", text, got, want)
		}
	}
}

func TestChoiceHearsYesAndNoInOtherWords(t *testing.T) {
	same := []answer.Option{{ID: "yes", Keys: []string{"同一家", "是", "对"}}, {ID: "change", Keys: []string{"换一家", "不是"}}}
	for want, texts := range map[string]string{
		"yes":      "是 对 嗯 嗯嗯 是的 对的 对啊 对对对 是嘞 没错 是呀 就是 确实 是的呢 👌",
		"change":   "不是 不是的 不对 不 没有 不是啊 ❌",
		"!unclear": "不知道 是吗 好 有 也许",
	} {
		for text := range strings.FieldsSeq(texts) {
			if got := brief(answer.Choice(text, same...)); got != want {
				t.Errorf("Choice(%q) = %s, want %s", text, got, want)
			}
		}
	}
	for _, text := range []string{"嗯", "没错", "不对"} {
		if got := brief(answer.Choice(text, called...)); got != "!unclear" {
			t.Errorf("Choice(%q) = %s: no choice says yes", text, got)
		}
	}
}

func TestNone(t *testing.T) {
	for _, text := range strings.Fields("没有 没给 没给号 没有编号 没给编号 不知道 没号 还没给 他没给我 没给啊 没有啊 对方没给 没告诉我 忘了 找不到了 没给编号。 还没收到 无") {
		if !answer.None(text) {
			t.Errorf("None(%q) is false", text)
		}
	}
	for _, text := range []string{"", "20261120-7", "没有 12378 说的是 20261120", "工单 8812", "没给号，只给了回执 332", "王警官", "没告诉你们老板", "不"} {
		if answer.None(text) {
			t.Errorf("None(%q) is true", text)
		}
	}
}

func TestBriefMoney(t *testing.T) {
	for kept, want := range map[string]string{"6000.00": "6000 元", "1500.50": "1500.50 元", "120000.00": "12 万元", "10000.00": "1 万元", "0.00": "0 元", "10000.50": "10000.50 元", "没有": "没有"} {
		if got := answer.BriefMoney(kept); got != want {
			t.Errorf("BriefMoney(%q) = %q, want %q", kept, got, want)
		}
	}
}

func FuzzClause(f *testing.F) {
	for _, s := range []string{"打了 他说不行", "身份证正反面发了 钱还没给", "通话记录有", "有", "我我我", "\xff ，", "打了？"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkAnswer(t, s, answer.Clause(s, called...), func(id string) bool {
			for _, o := range called {
				if o.ID == id {
					return true
				}
			}
			return false
		})
		answer.None(s)
	})
}
