package telegram

// What the messenger itself says. Voice: calm, plain, the danger number always there.
const (
	commonPlace = "这里人多，不方便说，点一下私下找我。"
	unknownKind = "这一种我收不了。\n发文字、截图、录音、录像或 PDF 都行。\n有危险别等我，打 110。"
	broken      = "我这边出错了，不怪你。\n刚才那句没存上，请再发一次；更早的都在。\n有危险别等我，打 110。"
	betterFile  = "这张按「照片」发，Telegram 压缩过。要做证据，再按「文件」发一次原图更好。"
	chosen      = "\n\n› "
	choose      = "选一个："
	copyNumber  = "复制 "
	copyLine    = "复制这句"
	copyLineOf  = "复制第 %d 句"
	copyPart    = "复制这一段"
	copyOpening = "复制开头的话"
	dial        = "Telegram 不能替你拨号。\n打开手机的电话，拨 %s。"
	number      = "电话：%s"
	tooLarge    = "这个文件有 %d MB，Telegram 一次只能发 50 MB，没能发来。到网页上可以下载。"
	notMade     = "文件「%s」这会儿没做出来，请过一会儿再要一次。"
)

// commands are shown in the menu beside the text box. The engine hears each of them.
var commands = []struct{ name, text string }{
	{"start", "开始"},
	{"call", "催收来电：电话正打来，一句一句教你说"},
	{"menu", "菜单"},
	{"help", "帮助"},
	{"stop", "退出"},
	{"delete", "删除我的数据"},
}
