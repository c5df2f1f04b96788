package bot

import (
	"strings"
	"time"
	"unicode/utf8"

	"anning/bot/casefile"
	"anning/content/understand"
)

// A pasted text is the collectors' own where the model is this sure, it is this long, and nobody tells of themselves in it.
const (
	theirsAbove = 0.8
	theirsRunes = 12
)

// tellsOfMe are words in which people tell what happened to them; collectors say 我司, 我们, 我在你家楼下.
var tellsOfMe = []string{"我妈", "我爸", "我家", "我老", "我同事", "我单位", "我朋友", "我孩", "我儿", "我女", "我姐", "我哥", "我弟", "我妹", "我对象", "我婆", "我岳", "我亲戚",
	"打给我", "打我", "发给我", "发我", "骂我", "威胁我", "吓我", "跟我说", "对我说", "和我说", "问我", "催我", "找我", "叫我", "让我", "逼我", "我该", "我怎么", "我被", "我欠", "我借", "我想", "我收到", "我手机", "我不想", "我真", "帮我",
	"他说", "她说", "他们说", "催收说", "对方说", "短信说", "他们骂", "他骂", "他们打", "他们发", "说什么", "说我"}

// areTheirs says that a text is the collectors' own words: forwarded, or pasted.
func (t *turn) areTheirs(text string, m understand.Meaning) bool {
	if text == "" {
		return false
	}
	if t.m.Forwarded != nil {
		return true
	}
	if m.Collector <= theirsAbove || utf8.RuneCountInString(text) < theirsRunes {
		return false
	}
	for _, w := range tellsOfMe {
		if strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// keepTheirs keeps the collectors' own words as evidence, where the person agreed to be kept.
func (t *turn) keepTheirs(text string) {
	if !t.theirs || t.s.Slots["consent"] != "yes" {
		return
	}
	slots := map[string]string{"said": cutText(text, maxSlotBytes)}
	if o := t.m.Forwarded; o != nil {
		if name := plainName(o.Name, 80); name != "" {
			slots["forwarded_from"] = name
		}
		if year := o.At.Year(); year > 1 && year < 10000 {
			slots["forwarded_on"] = o.At.In(china).Format(time.DateOnly + " 15:04")
		}
	}
	t.keep(casefile.Entry{Kind: "evidence", At: t.m.At, Slots: slots})
	t.reply(Reply{Text: t.g.words.say("text_kept")})
}
