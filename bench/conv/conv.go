// Package conv holds the engine-neutral definition of the reference conversation used by every benchmark
// in this folder. It contains only data and a check of an engine's output.
package conv

import "fmt"

// Choice is one of the six menu choices.
type Choice struct {
	Number, Label, Channel, Evidence string
}

// Choices of the menu, in order. The content is for benchmarking only: it is not guidance.
var Choices = []Choice{
	{"1", "爆通讯录", "12378", "亲友收到的短信与通话记录截图"},
	{"2", "威胁恐吓", "110", "威胁内容的录音与短信截图"},
	{"3", "冒充公检法", "110", "对方自称身份的录音与文书照片"},
	{"4", "辱骂骚扰", "12378", "辱骂内容与当日通话次数截图"},
	{"5", "上门堵锁", "110", "现场照片与监控录像"},
	{"6", "伪造文书", "12315", "所收文书的原件照片"},
}

// MenuText is the prompt sent with the six quick replies.
const MenuText = "请选择您遇到的情况（回复数字或文字）：\n1 爆通讯录\n2 威胁恐吓\n3 冒充公检法\n4 辱骂骚扰\n5 上门堵锁\n6 伪造文书"

// LimitDays is the lookup made by the second (non-waiting) switch, on the channel.
func LimitDays(channel string) int {
	switch channel {
	case "12378":
		return 15
	case "110":
		return 3
	default:
		return 7
	}
}

// Pace is decided by the third (non-waiting) switch, numeric: limit_days > 10.
func Pace(days int) string {
	if days > 10 {
		return "慢"
	}
	return "快"
}

// UserName is the contact's name.
const UserName = "张三"

// Reply is the expected first message: a template with three variables.
func Reply(name string, c Choice) string {
	return fmt.Sprintf("%s，您选择了「%s」。请先向 %s 投诉，并保留证据。", name, c.Label, c.Channel)
}

// Inputs are the messages sent in turn: both numbers and labels, so the average case index is exercised.
var Inputs = []string{"4", "威胁恐吓", "6", "1", "上门堵锁", "3"}

// Lookup gives the choice an input stands for, or nil.
func Lookup(input string) *Choice {
	for i := range Choices {
		if Choices[i].Number == input || Choices[i].Label == input {
			return &Choices[i]
		}
	}
	return nil
}

// Check verifies the two messages an engine produced for one input and the variables it kept.
func Check(input string, msgs []string, vars map[string]string) error {
	c := Lookup(input)
	if c == nil {
		return fmt.Errorf("input %q is not in the menu", input)
	}
	if len(msgs) != 2 {
		return fmt.Errorf("want 2 messages, got %d: %q", len(msgs), msgs)
	}
	if want := Reply(UserName, *c); msgs[0] != want {
		return fmt.Errorf("reply: want %q, got %q", want, msgs[0])
	}
	if msgs[1] != MenuText {
		return fmt.Errorf("menu: want %q, got %q", MenuText, msgs[1])
	}
	days := LimitDays(c.Channel)
	want := map[string]string{
		"conduct": c.Label, "channel": c.Channel, "evidence": c.Evidence,
		"limit_days": fmt.Sprint(days), "pace": Pace(days),
	}
	for k, v := range want {
		if vars[k] != v {
			return fmt.Errorf("variable %s: want %q, got %q", k, v, vars[k])
		}
	}
	return nil
}
