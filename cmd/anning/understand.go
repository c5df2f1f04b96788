package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand"
	"anning/content/understand/train"
)

var understandCommand = command{
	name: "understand",
	args: "[-measure 文件夹…] [一句话…]",
	line: "看安宁从一句话里听出了什么，从哪几个字听出的",
	more: "写一句话，就解释这一句。不写，就从标准输入读，一行一个 JSON：{\"id\":…,\"text\":…}，照原来的次序一行一个写出来：\n" +
		"{\"id\",\"labels\",\"threatened\",\"negated\",\"asked\",\"intent\",\"danger\",\"facts\",\"spans\"}。spans 的 from、to 按字数。\n" +
		"标签是什么意思，写在 docs/understanding.md。",
	run: runUnderstand,
}

func runUnderstand(ctx context.Context, p *program, args []string) error {
	measure, fit, out, folds := false, false, "", 0
	words, err := p.flags(args, func(fs *flag.FlagSet) {
		fs.BoolVar(&measure, "measure", false, "后面写放例句（.jsonl）的文件夹，量一量听得准不准")
		fs.BoolVar(&fit, "fit", false, "后面写放例句的文件夹，重新学一遍，写到 -o")
		fs.IntVar(&folds, "folds", 0, "后面写放例句的文件夹，分成`几`份，每份用别的几份教出来的量")
		fs.StringVar(&out, "o", "content/understand/model/weights.bin", "学好以后写到哪个`文件`")
	})
	if err != nil {
		return err
	}
	c, err := readConfig(p.env)
	if err != nil {
		return err
	}
	lib, _, _, err := c.load()
	if err != nil {
		return err
	}
	if fit {
		return fitModel(p, lib, words, out)
	}
	if folds > 1 {
		return measureFolds(p, lib, words, folds)
	}
	r, err := understand.New(lib)
	if err != nil {
		return err
	}
	switch {
	case measure:
		return measureReader(p, r, words)
	case len(words) > 0:
		explain(p.out, lib, r, strings.Join(words, " "))
		return nil
	}
	return understandLines(ctx, p, r)
}

// maxLine is the size of a line of input, in bytes.
const maxLine = 1 << 20

// understood is a line of output.
type understood struct {
	ID         json.RawMessage `json:"id"`
	Labels     []string        `json:"labels"`
	Threatened []string        `json:"threatened"`
	Negated    []string        `json:"negated"`
	Asked      []string        `json:"asked"`
	Intent     string          `json:"intent"`
	Danger     []string        `json:"danger"`
	Facts      []factSpan      `json:"facts"`
	Spans      []labelSpan     `json:"spans"`
}

// labelSpan is the words that a label rests on: characters [From, To) of the text.
type labelSpan struct {
	Label string  `json:"label"`
	From  int     `json:"from"`
	To    int     `json:"to"`
	Text  string  `json:"text"`
	Sure  float64 `json:"sure"`
}

// factSpan is something told: characters [From, To) of the text.
type factSpan struct {
	Kind  string `json:"kind"`
	Value string `json:"value"`
	Of    string `json:"of,omitempty"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Text  string `json:"text"`
}

// understandLines reads JSON lines and writes one for each.
func understandLines(ctx context.Context, p *program, r *understand.Reader) error {
	in := bufio.NewReaderSize(p.in, 64<<10)
	w := bufio.NewWriter(p.out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for n := 1; ctx.Err() == nil; n++ {
		line, err := readLine(in)
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return w.Flush()
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("第 %d 行：%w", n, err)
		}
		if len(strings.TrimSpace(string(line))) == 0 {
			continue
		}
		var said struct {
			ID   json.RawMessage `json:"id"`
			Text string          `json:"text"`
		}
		if err := json.Unmarshal(line, &said); err != nil {
			w.Flush()
			return hint(fmt.Errorf("第 %d 行不是一个 JSON 对象", n), `每行写成 {"id":"1","text":"他们天天打给我妈"}。`)
		}
		if err := enc.Encode(understoodOf(said.ID, said.Text, r)); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// errLongLine is for lines over maxLine.
var errLongLine = errors.New("这一行太长了，一行最多 1 MB")

// readLine reads up to the next line end, which it leaves out.
func readLine(in *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		if line = append(line, part...); len(line) > maxLine {
			return nil, errLongLine
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

func understoodOf(id json.RawMessage, text string, r *understand.Reader) understood {
	m := r.Read(text)
	said := train.AnswerOf(m)
	list := func(labels []string) []string { return append([]string{}, labels...) } // [], never null
	if len(id) == 0 {
		id = json.RawMessage("null")
	}
	u := understood{ID: id, Labels: list(said.Labels), Threatened: list(said.Threatened), Negated: list(said.Negated), Asked: list(said.Asked),
		Danger: []string{}, Intent: said.Intent, Facts: []factSpan{}, Spans: []labelSpan{}}
	chars := func(at int) int { return utf8.RuneCountInString(text[:at]) }
	for _, f := range r.Facts(text, time.Now()) {
		u.Facts = append(u.Facts, factSpan{string(f.Kind), f.Value, f.Of, chars(f.From), chars(f.To), f.Words})
	}
	for _, l := range m.Labels {
		if l.Stands() && understand.Life(l.ID) {
			u.Danger = append(u.Danger, l.ID)
		}
		if l.Words != "" {
			u.Spans = append(u.Spans, labelSpan{l.ID, chars(l.From), chars(l.To), l.Words, l.Sure})
		}
	}
	return u
}

// labelNames are those of labels that are no conduct.
var labelNames = map[string]string{"self_harm_risk": "可能想不开，先顾人", "danger_now": "眼下就有危险", "debt_scam": "帮人「处理债务」的生意或骗局", "other": "和催收无关"}

// intentNames say what is wanted.
var intentNames = map[string]string{"what_conduct": "这算什么、违不违法", "evidence": "怎么留证据", "which_channel": "去哪里投诉", "negotiate": "怎么谈还款",
	"call_now": "现在该怎么办", "follow_up_status": "投诉以后怎么样了", "am_i_sued": "是不是被起诉了", "credit_record": "征信", "interest_too_high": "利息是不是太高",
	"third_party_rights": "我不是借款人，怎么办", "third_party_help": "怎么帮别人", "debt_scam_check": "这种中介靠不靠谱", "compensation": "能不能要赔偿",
	"psychological_support": "心里难受", "home_visit_legal": "能不能上门", "lawful_limits": "催收能做到哪一步", "delete_my_data": "删除我的数据", "human_help": "找真人帮忙", "other": "别的"}

// factNames say what a fact is of.
var factNames = map[understand.FactKind]string{understand.Phone: "电话", understand.Amount: "钱（元）", understand.Day: "日子", understand.Clock: "时间",
	understand.Count: "次数", understand.Deadline: "期限", understand.Account: "收款账户", understand.Creditor: "钱是谁放的", understand.Employee: "工号", understand.Person: "对方姓名"}

// explain tells a person what was heard in a text.
func explain(w io.Writer, lib *content.Library, r *understand.Reader, text string) {
	m := r.Read(text)
	if len(m.Labels) == 0 {
		fmt.Fprintln(w, "没有听出催收行为。")
	}
	for _, l := range m.Labels {
		name := cmp.Or(labelNames[l.ID], l.ID)
		if c := lib.Conduct(l.ID); c != nil {
			name = c.Name
		}
		how := "发生了"
		switch {
		case l.Negated && l.Asked:
			how = "说没有发生，在问会不会"
		case l.Negated:
			how = "说没有发生"
		case l.Asked:
			how = "在问，没说发生"
		case l.Threatened:
			how = "说要做，还没做"
		case !strings.HasSuffix(l.ID, "_risk") && lib.Conduct(l.ID) == nil:
			how = "听出来的"
		}
		fmt.Fprintf(w, "%s（%s）\n  %s，从「%s」听出，把握 %.0f%%\n", name, l.ID, how, l.Words, 100*l.Sure)
	}
	if m.Collector > 0.5 {
		fmt.Fprintf(w, "像是催收那边的原话，把握 %.0f%%\n", 100*m.Collector)
	}
	if m.Intent.ID != "" {
		fmt.Fprintf(w, "想问的：%s（%s），把握 %.0f%%\n", cmp.Or(intentNames[m.Intent.ID], m.Intent.ID), m.Intent.ID, 100*m.Intent.Sure)
	}
	for _, f := range r.Facts(text, time.Now()) {
		fmt.Fprintf(w, "%s：%s，从「%s」听出\n", cmp.Or(factNames[f.Kind], string(f.Kind)), cmp.Or(f.Value, "没说"), f.Words)
	}
	if m.Cut {
		fmt.Fprintf(w, "只读了前 %d 个字。\n", understand.MaxRunes)
	}
}

// measureReader prints how well a reader does on folders of examples.
func measureReader(p *program, r *understand.Reader, dirs []string) error {
	if len(dirs) == 0 {
		return wrong("-measure 后面要写放例句的文件夹")
	}
	for _, dir := range dirs {
		examples, err := train.Load(os.DirFS(dir))
		if err != nil {
			return hint(err, "文件夹里放 messages*.jsonl、turns*.jsonl 或 questions*.jsonl，写法见 docs/understanding.md。")
		}
		fmt.Fprintf(p.out, "%s：%d 条\n", dir, len(examples))
		train.Measure(r, examples).Print(p.out)
	}
	return nil
}

// measureFolds prints how well models do on the part of the examples that they did not learn from.
func measureFolds(p *program, lib *content.Library, dirs []string, folds int) error {
	all, err := examplesIn(dirs)
	if err != nil {
		return err
	}
	figures, err := train.Folds(lib, all, folds, train.Options{Told: told(p)})
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d 条，分 %d 份\n", len(all), folds)
	figures.Print(p.out)
	return nil
}

// told prints how learning goes on.
func told(p *program) func(net, epoch int, loss float64) {
	return func(net, epoch int, loss float64) {
		fmt.Fprintf(p.out, "第 %d 个网络，第 %d 遍，误差 %.3f\n", net+1, epoch+1, loss)
	}
}

// examplesIn reads the examples of some folders; none means the repository's own.
func examplesIn(dirs []string) (all []train.Example, err error) {
	if len(dirs) == 0 {
		dirs = []string{"content/examples"}
	}
	for _, dir := range dirs {
		some, err := train.Load(os.DirFS(dir))
		if err != nil {
			return nil, hint(err, "例句的写法见 docs/understanding.md。")
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return nil, hint(fmt.Errorf("%s 里没有例句", strings.Join(dirs, "、")), "在仓库最上面一层运行，或在后面写文件夹。")
	}
	return all, nil
}

// fitModel trains the model anew.
func fitModel(p *program, lib *content.Library, dirs []string, out string) error {
	all, err := examplesIn(dirs)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "%d 条例句\n", len(all))
	data, err := train.FitBytes(lib, all, train.Options{Told: told(p)})
	if err != nil {
		return err
	}
	return os.WriteFile(out, data, 0o644)
}
