package main

import (
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
	more: "用户写成「平台:编号」，如 terminal:小王、telegram:4711。\n" +
		"库里没有名单：名字都是加密过的，只有知道编号才找得到人。erase 要加 -yes，删了找不回来。",
	run: user,
}

func user(ctx context.Context, p *program, args []string) error {
	yes := false
	rest, err := p.flagsAnywhere(args, func(fs *flag.FlagSet) { fs.BoolVar(&yes, "yes", false, "真的删掉") })
	if err != nil {
		return err
	}
	if len(rest) != 2 || rest[0] != "show" && rest[0] != "erase" || !strings.Contains(rest[1], ":") {
		return wrong("写成 anning user show 用户，或 anning user erase -yes 用户")
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	store, err := c.openStore(time.Now)
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
		return hint(errors.New("没有留下这个人的任何东西"), "看看编号对不对，前面要有平台名，如 terminal:小王。")
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
	return fmt.Sprintf("%d 个槽位、%d 条经过、%d 个文件、%d 个提醒", len(k.Slots), len(k.Entries), len(k.Files), len(k.Reminders))
}

// keptText lists what is kept for one person.
func keptText(k bot.Kept) string {
	var b strings.Builder
	at := func(t time.Time) string { return t.In(chinaTime).Format("2006-01-02 15:04") }
	fmt.Fprintf(&b, "用户 %s\n说过 %d 句，最后一句在 %s\n", k.User, k.Turns, at(k.Last))
	b.WriteString("\n说过的\n")
	for _, a := range k.Answers {
		b.WriteString("  " + a + "\n")
	}
	b.WriteString("\n经过\n")
	for _, e := range k.Entries {
		fmt.Fprintf(&b, "  %d  %s  %s\n", e.Number, at(e.At), e.Kind)
	}
	b.WriteString("\n文件\n")
	for _, f := range k.Files {
		fmt.Fprintf(&b, "  %s（%s，%d 字节，SHA-256 %s）\n", f.Name, f.MIME, len(f.Data), f.Sum)
	}
	b.WriteString("\n提醒\n")
	for _, r := range k.Reminders {
		fmt.Fprintf(&b, "  %s  %s\n", at(r.At), r.ID)
	}
	return b.String()
}

var chinaTime = time.FixedZone("CST", 8*3600)
