package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"anning/bot"
)

var userCommand = command{
	name: "user",
	args: "show|erase [-yes] 用户",
	line: "看一个人留下了什么，或者全部删掉",
	more: "用户写成「聊天软件:编号」，如 terminal:小王（anning chat -as 小王）。\n" +
		"库里没有名单：名字都是加密过的，只有知道编号才找得到人。erase 要加 -yes，删了找不回来。\n" +
		"网页上的人没有编号可以告诉你：请他自己在网页里发「我的数据」或「删除我的数据」。",
	run: user,
}

func user(ctx context.Context, p *program, args []string) error {
	yes := false
	rest, err := p.flags(args, func(fs *flag.FlagSet) { fs.BoolVar(&yes, "yes", false, "真的删掉") })
	if err != nil {
		return err
	}
	if len(rest) != 2 || rest[0] != "show" && rest[0] != "erase" {
		return wrong("写成 anning user show 用户，或 anning user erase -yes 用户")
	}
	if name, _, ok := strings.Cut(rest[1], ":"); !ok || name == "" {
		return misuse(fmt.Errorf("「%s」前面少了聊天软件的名字", rest[1]), "写成「聊天软件:编号」，如 terminal:"+strings.TrimPrefix(rest[1], ":")+"。")
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	store, err := c.openStore(ctx, time.Now)
	if err != nil {
		return err
	}
	b, err := c.newBot(store, &bot.Options{Clock: time.Now})
	if err == nil {
		err = onUser(ctx, p, b, rest[0], bot.UserID(rest[1]), yes)
	}
	return errors.Join(err, store.Close())
}

func onUser(ctx context.Context, p *program, b *bot.Bot, verb string, id bot.UserID, yes bool) error {
	kept, err := b.Kept(ctx, id)
	if err != nil {
		return err
	}
	if kept.Empty() {
		return hint(errors.New("没有留下这个人的任何东西"), "看看编号对不对；过了 KEEP_DAYS 天没说话的，已经自动删了。")
	}
	if verb == "show" {
		fmt.Fprint(p.out, keptText(kept))
		return nil
	}
	if !yes {
		return hint(fmt.Errorf("还没有删：%s", counts(kept)), "确定要删，再运行 anning user erase -yes %s；删了找不回来。", id)
	}
	if err := b.Erase(ctx, id); err != nil {
		return err
	}
	fmt.Fprintln(p.out, "删完了："+counts(kept))
	return nil
}

// counts says how much is kept.
func counts(k bot.Kept) string {
	said := fmt.Sprintf("说过 %d 句", k.Turns)
	for _, c := range []struct {
		n    int
		text string
	}{{len(k.Answers), "%d 个回答"}, {len(k.Entries), "%d 件记下的事"}, {len(k.Files), "%d 个文件"}, {len(k.Reminders), "%d 个提醒"}} {
		if c.n > 0 {
			said += "、" + fmt.Sprintf(c.text, c.n)
		}
	}
	return said
}

// entryKinds are the kinds of entries as people read them.
var entryKinds = map[string]string{"event": "发生的事", "evidence": "证据", "complaint": "投诉"}

// keptText lists what is kept for one person; what there is nothing of is left out.
func keptText(k bot.Kept) string {
	var b strings.Builder
	at := func(t time.Time) string { return t.In(chinaTime).Format("2006-01-02 15:04") }
	fmt.Fprintf(&b, "用户 %s\n说过 %d 句，最后一句在 %s\n", k.User, k.Turns, at(k.Last))
	list := func(head string, lines []string) {
		if len(lines) > 0 {
			b.WriteString("\n" + head + "\n  " + strings.Join(lines, "\n  ") + "\n")
		}
	}
	list("说过的", k.Answers)
	var entries, files, reminders []string
	for _, e := range k.Entries {
		entries = append(entries, fmt.Sprintf("%d  %s  %s", e.Number, at(e.At), cmp.Or(entryKinds[e.Kind], e.Kind)))
	}
	list("记下的", entries)
	for _, f := range k.Files {
		files = append(files, fmt.Sprintf("%s（%s，%d 字节，SHA-256 %s）", f.Name, f.MIME, len(f.Data), f.Sum))
	}
	list("文件", files)
	for _, r := range k.Reminders {
		reminders = append(reminders, at(r.At)+"  "+r.ID)
	}
	list("提醒", reminders)
	return b.String()
}

var chinaTime = time.FixedZone("CST", 8*3600)
