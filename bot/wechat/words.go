package wechat

import (
	"strings"
	"unicode"
)

// The words of this messenger's own.
const (
	howToAnswer = "回复数字，或直接说。"
	howToTap    = "点一个，或直接说。"
	howToCount  = "直接写数字，或回复上面的字。"
	fileHere    = "文件：%s\n点开拿，三十分钟内有效；打不开，点右上角「…」，选用浏览器打开：\n%s"
	fileNowhere = "文件：%s\n微信里给不了文件，它还留在我这里。"
	dueHere     = "微信不让我先开口。想让手机到时响一声，点开放进日历，上面只写「有一件事到时间了」：\n%s"
	fileGone    = "这个链接过了时间。回到微信，发「我的数据」再拿一次。"
	dueGone     = "这个链接不能用了。回到微信，随便发一句就接着说。"

	sorry = "我这边出错了，不怪你。\n刚才那句没存上，请再发一次；更早的都在。\n有危险别等我，打 110。"
	busy  = "发得太快，我漏了这条。\n请等 1 分钟，把最后一条再发一次。\n有危险别等我，打 110。"
	full  = "现在来的人太多，这条没收下。\n请等 1 分钟，再发一次。\n有危险别等我，打 110。"

	stillReading  = "图收到了，还在看。\n过几秒，回复「继续」看结果。"
	stillThinking = "收到了，还没弄完。\n过几秒，回复「继续」看结果。\n有危险别等我，打 110。"
	lost          = "刚才那条没存上，是我的问题。\n请再发一次；更早的都在。"
	whileAway     = "先说一件事，你不在时到了时间。"

	noVoice = "语音我听不了，没有存。\n请打字，或按住话筒旁的「转文字」再发。\n录音是证据，原件留在手机里，别删。"
	noVideo = "视频我看不了，没有存。\n截下最要紧的一屏，发图给我。\n视频是证据，原件留在手机里，别删。"
	noPlace = "位置我用不上，没有存。\n有人上门就打 110；要找当地窗口，打字说哪个省市。"
	noLink  = "链接我打不开，没有存。\n截一张看得到号码和时间的图发来，或把那段话复制给我。"
	noKind  = "这种消息微信没有转给我。\n聊天记录、文件、表情都收不到：截图发来，或把话复制给我。"
)

// unsupported is what WeChat sends instead of a message that official accounts do not get: forwarded talks, files,
// stickers.
const unsupported = "【收到不支持的消息类型"

// goesOn says that a text asks for the next page, or for what was not ready.
func goesOn(text string) bool {
	switch plainKey(text) {
	case "继续", "下一页", "看下一页", "接着看":
		return true
	}
	return false
}

// bareNumber says that a text is the number of a choice and nothing else.
func bareNumber(text string) bool {
	key := plainKey(text)
	return key != "" && len(key) <= 2 && strings.Trim(key, "0123456789") == ""
}

// plainKey is a text without spaces, marks and what cannot be seen; wide digits are narrow.
func plainKey(text string) string {
	if len(text) > 64 {
		return ""
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return r
		}
		return -1
	}, text)
}
