package bot_test

import "testing"

func TestSuggestedAnswerIsNeverCut(t *testing.T) {
	k := newWalk(t, with(map[string]string{"visit": `title: 上门的事
steps:
  - {id: much, accept: money, ask: 多少？}
  - {id: day, accept: date, ask: 哪天？}
  - {id: words, accept: text, ask: 怎么说？}
  - {id: last, accept: text, ask: 还有呢？}
  - end: rest
`}))
	k.say("/start", "1", "上门的事", "6千", "昨天", "让你全家都别想好过")
	k.want(k.say("返回"), "怎么说？", "[还是刚才的]")
	k.want(k.say("返回"), "哪天？", "[还是3月3日]")
	k.want(k.say("返回"), "多少？", "[还是 6000 元]")
	k.want(k.say("还是6000元"), "哪天？")
	k.slot("much", "6000.00")
}
