package bot_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"anning/flows"
)

// redLine is something the bot must never say.
type redLine struct {
	name    string // what it is
	said    string // the words, as a pattern
	unless  string // words in the same sentence that make it a warning of them
	quoted  bool   // others' words, in quotation marks, may hold it
	example string // a sentence it has to catch
}

// no are words that warn of something, or say that it is not so.
const no = `不|别|没有|骗|假的|非法|不得|禁止|风险|涉嫌|可能|旧|曾|原`

// redLines are those of law and ethics, and the errors of the articles that circulate. Each is a sentence a person could
// come to harm by.
var redLines = []redLine{
	// What a debt is.
	{"the debt is gone", `不用还(?:[^手口]|$)|不必还|无需还|可以不还|不还也(?:没|可以)`, `不是|不等于|没有|别信|骗|替|担保|签过字|不知道|谁说|不代表|名下|继承|遗产`, true, "这笔钱不用还了。"},
	{"wait three years", `拖(?:过|满|到)?(?:三|3) ?年|(?:三|3) ?年后就(?:没|不)`, `不|别|骗`, true, "拖三年就没事。"},
	{"complaints wipe out interest", `投诉[^，。；]{0,6}(?:就|能|可以)(?:免|减)`, `不|别|换`, true, "投诉就能免息。"},
	{"a right to pay without interest", `(?:有权|必须给你|依法享有)[^，。；]{0,8}(?:免息|减免|分期)`, no, false, "你有权免息分期。"},
	{"停息挂账 as a thing", `停息挂账`, no, true, "可以办停息挂账。"},
	// Pressure.
	{"exposure as a lever", `曝光|媒体`, `别|不要|不能|不得|不拿|不说|被|P 图|裸照|网上|群|隐私|可能|涉嫌|禁止`, true, "不减免就曝光他们。"},
	{"an ultimatum", `24 ?小时[^。；\n]{0,12}否则|否则[^。；\n]{0,8}(?:投诉|起诉|曝光)`, `别|不要`, true, "24 小时内不答复，否则投诉到底。"},
	{"withdrawal for money", `撤诉换|撤销投诉换|投诉换`, no, true, "可以用撤诉换减免。"},
	{"death as a lever", `以死|拿自杀|用自杀`, no, true, "可以以死相逼。"},
	// Lies and evasion.
	{"forged papers", `假病历|假流水|假证明|假材料|伪造`, no + `|编|冒充|像是|像|若|报案|收到|查|公文|印章|律师证|教统一的话`, true, "准备一份假病历。"},
	{"evasion", `转移财产|隐匿财产|注销号码|换号|失联|以贷还贷|借新还旧|顶包`, no + `|连着|几天|联系不上|才|说|算|等于|正是|防|对方|他们|怕`, true, "建议换号，先失联一阵。"},
	{"complaints in bulk", `批量投诉|重复投诉|代投诉|代理投诉|多投几`, no + `|以投诉|拒|收|同一`, true, "可以批量投诉。"},
	// Promises and verdicts.
	{"a promised outcome", `(?:一定|肯定|保证|必定|必然|百分之百|100%)(?:会|能|可以)?(?:给你)?(?:立案|受理|拘留|赔|罚|减免|停催|成功|胜诉|通过|同意)`, `不|别|骗|没有`, true, "公安一定会立案。"},
	{"the police will fine", `(?:警方|警察|公安)(?:机关)?(?:必|就会|一定)[^，。；]{0,4}(?:罚|抓|拘)`, `不`, false, "警方必罚公司。"},
	{"a verdict on a person", `(?:他|对方|这家|该公司|催收员|他们)(?:已经|就)?(?:违法了|犯罪了|犯法了|是违法|是犯罪|构成犯罪|已构成|是黑社会)`, `不|是不是|吗|可能`, true, "他们已经违法了。"},
	{"a forecast", `能赢|胜诉率|必胜|稳赢|官司[^，。；]{0,4}赢`, `不|谁也`, false, "这官司能赢。"},
	{"a standard as law", `(?:国标|国家推荐标准|协会指引|自律公约|公约)[^，。；\n]{0,10}(?:就违法|就是违法|犯罪|是法律|必须遵守)`, `不是|不等于|不叫`, false, "超过国标就违法。"},
	{"three calls as a crime", `(?:超过?|多于) ?(?:3|三|6|六|10|十) ?次[^，。；\n]{0,6}(?:违法|犯罪|犯法)`, `不是|不等于|误传|没有`, true, "每天超过 3 次就违法。"},
	{"jail as a warning", `(?:会|要|得|等着)坐牢|抓你|抓起来`, `不会|不等于|不是|不该|别|吗|假|吓|一般|只有|除了|少数`, true, "再不还会坐牢。"},
	// The law of yesterday.
	{"offices that are gone", `银保监会|银监会|保监会|工商局|工商所|工商行政管理|地方金融监管局|地方金融监督管理局|金融办(?:[^法理公结事]|$)`, `原|以前`, false, "打给银保监会。"},
	{"the pact's article 16", `公约[^。；\n]{0,8}(?:16|十六) ?条`, "", false, "公约第16条规定 8:00—22:00。"},
	{"five hundred for today", `(?:五百元|500 ?元)[^。；\n]{0,6}罚款|罚款[^。；\n]{0,6}(?:五百元|500 ?元)`, `旧法|2025年12月31日|五百元以下罚款;|（一）写恐吓信`, false, "最高罚款 500 元。"},
	{"visits after three months", `(?:三|3) ?个月[^。；\n]{0,12}(?:才|有权|可以)[^。；\n]{0,4}上门`, `没有|不是|谣|误传`, true, "逾期三个月才可以上门。"},
	{"12378 and working days", `12378[^。；\n]*15 ?个?工作日|15 ?个?工作日[^。；\n]*12378`, `不是`, true, "12378 会在 15 个工作日内答复。"},
	{"12321 as a mediator", `12321[^。；\n]{0,12}(?:帮你谈|帮你协商|会调解|联系催收|替你)`, `不|别`, true, "12321 会联系催收公司。"},
	{"the association as regulator", `互联网金融协会[^。；\n]{0,8}(?:监管|查处|处罚)`, `不|没有`, true, "互联网金融协会负责监管、查处。"},
	{"12378 for microloans", `小贷[^。；\n不别]{0,10}(?:打|找|投诉到) ?12378`, `不|银行|消费金融|合同`, true, "小贷公司打 12378 投诉。"},
	{"damages that do not exist", `名誉损失费|精神损失费`, `没有|不`, true, "可以要名誉损失费。"},
	{"a receipt that proves", `(?:回执|受案)[^。；\n]{0,6}证明(?:他|对方|它|他们)?(?:违法|犯罪|有罪)`, `不|只`, false, "回执能证明他违法。"},
	// Who the bot is.
	{"it plays an office", `我(?:是|们是)(?:律师|警察|民警|法官|法院|银行|官方)`, `不是|请|「`, true, "我是律师，听我的。"},
	{"an opinion of law", `法律意见书`, `不`, true, "给你出一份法律意见书。"},
	{"it files for people", `我(?:来|可以)?(?:替|帮|代)你(?:打|报警|报案|投诉|提交|填|举报|还)`, `不|没法|不能`, true, "我帮你投诉到 12378。"},
	{"it asks for secrets", `(?:身份证|银行卡号|验证码|密码|通讯录)[^。；\n]{0,4}(?:发|传|告诉)(?:给)?我|(?:发|给|传|告诉)我[^。；\n]{0,8}(?:身份证|银行卡号|验证码|密码|通讯录)`, `不|别`, true, "把身份证发给我。"},
	{"it hires", `加(?:我|老师|专员)?微信|老师微信|专属顾问|内部渠道|反催收|征信修复|债务优化|债务咨询机构|维权神器|上岸|凯发`, no + `|先收|让你|要你|挂`, true, "加老师微信办理。"},
	// Towards the person.
	{"it belittles death", `想不开|轻生|做傻事|命只有一条|想想父母|想想孩子`, "", true, "千万别想不开。"},
	{"it blames", `欠钱还有理|自己签的|活该|老赖|赖账|屈服只会|得逞`, `不是|别|没有`, true, "字是你自己签的。"},
	{"it is the collector's voice", `催狗|黑社会|骗子公司`, `不`, true, "这些催狗。"},
	// What gets people hurt or charged.
	{"revenge", `打回去|泼回去|骂回去|跟踪他|堵他|人肉|开门理论|报复`, no + `|派出所|报案`, true, "他骂你，你就骂回去。"},
	{"listening in", `窃听|偷录|装(?:个)?监听`, no, true, "可以偷录他们谈话。"},
	{"the recording for everybody", `(?:发|传|挂)[^。；\n]{0,4}(?:朋友圈|网上|群里)[^。；\n]{0,6}(?:评理|看看|让大家)`, `别|不`, true, "把录音发朋友圈让大家评理。"},
	{"others' phone book", `(?:交|发|提供)[^。；\n]{0,4}整(?:份|个)通讯录|整(?:份|个)通讯录[^。；\n]{0,4}(?:交|发|给)`, `别|不`, true, "把整份通讯录发给他们。"},
}

type redPattern struct {
	redLine
	bad, but *regexp.Regexp
}

func redPatterns() (all []redPattern) {
	for _, r := range redLines {
		p := redPattern{redLine: r, bad: regexp.MustCompile(r.said)}
		if r.unless != "" {
			p.but = regexp.MustCompile(r.unless)
		}
		all = append(all, p)
	}
	return all
}

var (
	sentences   = regexp.MustCompile(`[^。；？\n]+[。；？]?`)
	othersWords = regexp.MustCompile(`「[^」]*」?|『[^』]*』|“[^”]*”|《[^》]*》`) // what others say, and titles
)

// crossed returns the sentence in which the line is crossed, "" if in none. In a text that warns as a whole, or that the
// other side says, nothing is.
func (p redPattern) crossed(text string) string {
	if !p.bad.MatchString(text) {
		return ""
	}
	for _, sentence := range sentences.FindAllString(text, -1) {
		own := sentence
		if p.quoted {
			own = othersWords.ReplaceAllString(sentence, "")
		}
		if p.bad.MatchString(own) && (p.but == nil || !p.but.MatchString(own)) {
			return sentence
		}
	}
	return ""
}

func TestRedLinesCatchWhatTheyAreFor(t *testing.T) {
	for _, p := range redPatterns() {
		if p.crossed("先看一眼。"+p.example+"\n再说。") == "" {
			t.Errorf("%s: does not catch %q", p.name, p.example)
		}
	}
}

// TestNothingCrossesARedLine reads everything the bot can say: every text of content and flows as it was written, and
// every reply that came on a walk over every choice.
func TestNothingCrossesARedLine(t *testing.T) {
	set, err := flows.Load(flows.Files)
	if err != nil {
		t.Fatal(err)
	}
	lib := library(t)
	lines, read := redPatterns(), 0
	look := func(where, text string) {
		read++
		for _, p := range lines {
			if s := p.crossed(text); s != "" {
				t.Errorf("%s: %s: %q", where, p.name, s)
			}
		}
	}
	for _, s := range lib.Sentences() {
		if !s.Warn && !s.Them && !strings.Contains(s.File, "/scam_") {
			look(fmt.Sprintf("%s:%d %s", s.File, s.Line, s.Path), s.Text)
		}
	}
	set.Steps(func(f *flows.Flow, s *flows.Step) {
		where := fmt.Sprintf("%s:%d", f.File, s.Line)
		look(where, s.Text.Text)
		if s.Ask != nil {
			look(where, s.Ask.Why+"。"+s.Ask.Example)
			for _, c := range s.Ask.Choices { // what the person says, who may want the wrong thing
				if !strings.HasPrefix(f.ID, "dodge") {
					look(where, c.Label)
				}
			}
		}
	})
	if read < 2000 {
		t.Errorf("only %d texts were read", read)
	}
}

// rendered are the rows of cards that quote a rule or name what is wrong: they were read where they were written.
var rendered = regexp.MustCompile(`(?m)^(?:原文|要点|不算|不管|别说|说的是|算|不要|别做|不收|来源)：.*(?:\n· .*)*|^· .*`)

// crossedRedLines returns what crosses a red line among everything that was said on a walk.
func crossedRedLines(texts []string) (all []string) {
	lines := redPatterns()
	for _, text := range texts {
		own := rendered.ReplaceAllString(text, "")
		for _, p := range lines {
			if s := p.crossed(own); s != "" {
				all = append(all, fmt.Sprintf("%s: %q", p.name, s))
			}
		}
	}
	return all
}
