package web_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"

	"anning/bot"
)

// conversation is a small talk with all that a page has to draw. It keeps what the engine would keep.
type conversation struct {
	mu     sync.Mutex
	got    []bot.Message
	turns  map[bot.UserID]int
	latest map[bot.UserID][]bot.Reply
	fail   error         // returned by Latest
	began  chan struct{} // told when 「慢」 has come in
	hold   chan struct{} // 「慢」 waits for it
}

func newConversation() *conversation {
	return &conversation{turns: map[bot.UserID]int{}, latest: map[bot.UserID][]bot.Reply{}, began: make(chan struct{}, 9), hold: make(chan struct{})}
}

func (c *conversation) Latest(_ context.Context, user bot.UserID) (int, []bot.Reply, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.turns[user], c.latest[user], c.fail
}

// messages returns what has come in so far.
func (c *conversation) messages() []bot.Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]bot.Message(nil), c.got...)
}

func (c *conversation) answer(ctx context.Context, m bot.Message) ([]bot.Reply, error) {
	c.mu.Lock()
	c.got = append(c.got, m)
	c.mu.Unlock()
	if m.Text == "慢" {
		c.began <- struct{}{}
		select {
		case <-c.hold:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	replies, err := c.say(m)
	if err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.turns[m.From]++
		c.latest[m.From] = replies
	}
	return replies, err
}

// errStore is what no person may ever read.
var errStore = errors.New("dial tcp 10.1.2.3:6379: refused")

func (c *conversation) say(m bot.Message) ([]bot.Reply, error) {
	if len(m.Files) > 0 {
		return []bot.Reply{readPicture}, nil
	}
	switch m.Text {
	case "出错":
		return nil, errStore
	case "出错有话":
		return []bot.Reply{{Text: "我这边出错了，不怪你。编号 7F3A"}}, errStore
	case "拿文件":
		return []bot.Reply{{Text: "这是导出的记录。", File: export("ref-1")}}, nil
	}
	if r, ok := script[m.Text]; ok {
		return r, nil
	}
	return []bot.Reply{{Text: "这句我没看懂。\n换个说法，比如「他们打给我妈」「说要上门」。", Choices: []bot.Choice{
		{Value: "menu", Label: "选一种情况"}}}}, nil
}

func export(ref string) *bot.File {
	const body = "导出的记录\n"
	return &bot.File{Name: "我的记录 2026-11-21.txt", MIME: "text/plain; charset=utf-8", Size: int64(len(body)), Ref: ref,
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(body)), nil }}
}

var menu = []bot.Choice{
	{Value: "danger", Label: "现在有危险", Style: bot.StyleDanger}, {Value: "live", Label: "电话正打来"},
	{Value: "sms", Label: "收到了短信"}, {Value: "family", Label: "家人被找"}, {Value: "plan", Label: "想谈还款"},
}

var readPicture = bot.Reply{Text: "收到，号码和时间都在。\n我读到：11月20日 22:15，尾号 7788，「再不还就去你孩子学校」。\n读对了吗？",
	Choices: []bot.Choice{{Value: "keep", Label: "对，存下", Style: bot.StyleNext}, {Value: "edit", Label: "改几个字"}, {Value: "retake", Label: "换一张"}}}

var script = map[string][]bot.Reply{
	"/start": {{Text: "我是安宁，帮你应对催收。\n我是程序，不是律师，也不是警察。不用报名字，不收钱。\n现在是哪一种？", Choices: menu}},
	"menu":   {{Text: "现在是哪一种？", Choices: menu}},
	"family": {{Text: "联系你家人，是有限制的。\n不是担保人，就不用替还。请家人说一次：「我不是债务人，不同意你们再联系我。」再来电就截图。\n打来的人说了什么？",
		Choices: []bot.Choice{{Value: "threat", Label: "骂人或威胁"}, {Value: "told", Label: "说了欠多少"}, {Value: "asked", Label: "只问我在哪"},
			{Value: "law", Label: "看依据"}}}},
	"danger": {{Danger: true, Text: "先顾人，债的事放一边。\n对方在附近，或说了时间地点，现在打 110：「有人威胁要伤害我，请出警。」\n你现在的地方安全吗？",
		Choices: []bot.Choice{{Value: "called", Label: "拨打 110", Call: "110", Style: bot.StyleDanger}, {Value: "safe", Label: "我安全"}, {Value: "unsafe", Label: "我不安全"}}}},
	"called": {{Danger: true, Text: "好，别开门，离门远一点。\n叫一个家人或邻居知道。"}},
	"live": {{Text: "念：请说您的姓名和工号", Choices: []bot.Choice{{Value: "next", Label: "下一句", Style: bot.StyleNext},
		{Value: "abuse", Label: "他骂人了"}, {Value: "money", Label: "要我转钱"}, {Value: "hang", Label: "我想挂断"}}}},
	"law":     {{Text: "依据：治安管理处罚法……", Card: lawCard, Choices: []bot.Choice{{Value: "police", Label: "去报案", Style: bot.StyleNext}, {Value: "family", Label: "收起"}}}},
	"police":  {{Text: "渠道：12378……", Card: channelCard, Choices: []bot.Choice{{Value: "c", Label: "拨打 12378", Call: "12378"}, {Value: "list", Label: "照着念的稿"}}}},
	"list":    {{Text: "要留的证据……", Card: listCard, Choices: []bot.Choice{{Value: "add", Label: "补一件", Style: bot.StyleNext}, {Value: "enough", Label: "先这些"}}}},
	"told":    {{Text: "像两种，你来定。", Card: conductCard, Choices: []bot.Choice{{Value: "law", Label: "看依据"}}}},
	"sms":     {{Text: "把短信截图发来。\n请用「原图」或「文件」，号码和时间都在里面最好。"}},
	"<b>&\"'": {{Text: "<script>alert(1)</script> & \"引\"", Choices: []bot.Choice{{Value: `"><x>`, Label: "<i>"}}}},
}

var lawCard = &bot.Card{Kind: "law", Head: "依据", Badge: "法律", Title: "治安管理处罚法（2025年修订）\n第五十条第一款第（五）项",
	Rows: []bot.CardRow{
		{Quote: true, Text: "有下列行为之一的，处五日以下拘留或者一千元以下罚款；情节较重的，处五日以上十日以下拘留，可以并处一千元以下罚款：……\n（五）多次发送淫秽、侮辱、恐吓等信息或者采取滋扰、纠缠、跟踪等方法，干扰他人正常生活的；"},
		{Label: "施行", Text: "2026年1月1日起"}, {Label: "管谁", Text: "反复骚扰你或亲友的人"}, {Label: "你的事", Text: "2026年11月20日，用这版"},
		{Label: "谁认定", Text: "公安机关"}},
	Foot: "来源：法律原文 · 核对 2026年11月21日\n这是信息，不是法律意见。拿不准，问 12348 或律师。"}

var channelCard = &bot.Card{Kind: "reporting_channel", Head: "渠道", Badge: "官方", Title: "12378\n金融监管总局 · 消费者投诉热线",
	Rows: []bot.CardRow{{Label: "管", Text: "银行、消费金融公司的纠纷"}, {Label: "不管", Text: "小贷公司、私人借款"}, {Label: "带", Text: "机构全称、姓名证件、证据"},
		{Label: "多久", Text: "机构 15 日内答复；复杂可延长，最长约 60 日"}, {Label: "得到", Text: "投诉编号（电话里要）"}, {Label: "没回音", Text: "第 16 天再打 12378"},
		{Text: "接通时段各地不同，以语音为准"}},
	Foot: "来源：投诉处理办法 · 核对 2026-11-21"}

var listCard = &bot.Card{Kind: "checklist", Head: "要留的证据", Badge: "2 / 4", Title: "",
	Rows: []bot.CardRow{{Mark: "done", Text: "亲友收到的短信截图"}, {Mark: "done", Text: "亲友手机的来电记录"}, {Mark: "open", Text: "亲友的录音"},
		{Label: "为什么", Text: "能听出说没说欠款"}, {Mark: "open", Text: "你说过「别再联系」的录音"}, {Mark: "dot", Text: "不用整本通讯录"}}}

var conductCard = &bot.Card{Kind: "conduct", Head: "像哪一种", Badge: "行业自律", Title: "骚扰亲友同事",
	Rows: []bot.CardRow{{Text: "打给你的家人、同事，说了你欠款，或让他们替你还。"}, {Label: "不是", Text: "只打给担保人，问还款"}}, Foot: "核对 2026-11-21"}
