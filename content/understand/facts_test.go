package understand_test

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"anning/content/understand"
)

// said is when the sentences of the tests are said: a Saturday.
var said = time.Date(2026, 11, 21, 15, 0, 0, 0, time.FixedZone("CST", 8*3600))

// factLine is a sentence and what is told in it, on one line.
func factLine(sentence string, facts []understand.Fact) string {
	line := sentence
	for _, f := range facts {
		line += " | " + string(f.Kind) + " " + f.Value
		if f.Of != "" {
			line += " " + f.Of
		}
		if f.Per != "" {
			line += "/" + f.Per
		}
		if f.Lender != nil {
			line += " " + f.Lender.Name
		}
		if !f.Sure {
			line += "?"
		}
		line += " «" + f.Words + "»"
	}
	return line
}

const factsFile = "testdata/facts.txt"

// TestFacts reads each sentence of testdata/facts.txt; UPDATE=1 writes what was heard, to be read before it is kept.
func TestFacts(t *testing.T) {
	r := shipped(t)
	data, err := os.ReadFile(factsFile)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	sentences := 0
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			got.WriteString(line + "\n")
			continue
		}
		sentence, _, _ := strings.Cut(line, " | ")
		facts := r.Facts(sentence, said)
		inOrder(t, sentence, facts)
		got.WriteString(factLine(sentence, facts) + "\n")
		sentences++
	}
	if sentences < 150 {
		t.Errorf("%d sentences", sentences)
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(factsFile, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(strings.Split(string(data), "\n"), strings.Split(got.String(), "\n")); diff != "" {
		t.Errorf("(-written +heard)\n%s", diff)
	}
}

// inOrder checks that facts lie in the text, in their order, none over another.
func inOrder(t testing.TB, text string, facts []understand.Fact) {
	t.Helper()
	at := 0
	for _, f := range facts {
		if f.From < at || f.To <= f.From || f.To > len(text) || f.Words != text[f.From:f.To] {
			t.Fatalf("%q: %+v after %d", text, f, at)
		}
		at = f.To
	}
}

// The same text in Traditional characters, full width, with marks inside words, tells the same.
func TestFactsOfHiddenWriting(t *testing.T) {
	r := shipped(t)
	for plain, hidden := range map[string]string{
		"昨天打了30个电话":      "昨天打了３０個電話",
		"欠花呗5000块":       "欠花*呗 5000 塊",
		"三天内还款，否则起诉":     "三天內還款，否則起訴",
		"用13800138000打来": "用１３８００１３８０００打來",
	} {
		var values [2][]string
		for i, text := range []string{plain, hidden} {
			facts := r.Facts(text, said)
			inOrder(t, text, facts)
			for _, f := range facts {
				values[i] = append(values[i], string(f.Kind)+f.Value+f.Of)
			}
		}
		if len(values[0]) == 0 || !cmp.Equal(values[0], values[1]) {
			t.Errorf("%q tells %v, %q tells %v", plain, values[0], hidden, values[1])
		}
	}
}

func TestLent(t *testing.T) {
	r := shipped(t)
	for text, want := range map[string]string{
		"招商银行信用卡逾期":                               "bank_card 招商银行股份有限公司",
		"招行的卡欠了两万":                                "bank_card 招商银行股份有限公司",
		"招行逾期了":                                   " 招商银行股份有限公司 named",
		"信用卡逾期，是交行催的":                             "bank_card 交通银行股份有限公司",
		"建行贷款还不上":                                 "bank_loan 中国建设银行股份有限公司",
		"交行信用卡和招行信用卡都逾期":                          "bank_card",
		"交行信用卡和招行贷款都逾期":                           " named",
		"花呗逾期":                                    "online_loan 花呗",
		"借呗花呗都逾期":                                 "online_loan",
		"马上还钱":                                    "",
		"马消和招联都催我":                                "cfc",
		"招联和花呗都逾期":                                " named",
		"不是花呗，是招联的":                               "cfc 招联消费金融股份有限公司",
		"不是花呗，欠的是招联":                              "cfc 招联消费金融股份有限公司",
		"自称马上消费金融的打给我":                            "",
		"让我把钱打到招行卡上":                              "",
		"网贷逾期，他们说替平安普惠催债":                         "online_loan 平安普惠",
		"我是" + strings.Repeat("很", 200) + "惨，欠花呗": "",
	} {
		kind, lender, named := understand.Lent(r.Facts(text, said))
		got := kind
		if lender != nil {
			got += " " + lender.Name
		}
		if kind == "" && named {
			got += " named"
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func FuzzFacts(f *testing.F) {
	data, err := os.ReadFile(factsFile)
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		sentence, _, _ := strings.Cut(line, " | ")
		f.Add(sentence)
	}
	f.Add("\xff一二三\x00万万万亿亿十十十")
	r := shipped(f)
	f.Fuzz(func(t *testing.T, text string) {
		facts := r.Facts(text, said)
		inOrder(t, text, facts)
		for _, x := range facts {
			if !utf8.ValidString(x.Value) {
				t.Errorf("%q: %+v", text, x)
			}
		}
	})
}

func BenchmarkFacts(b *testing.B) {
	r := shipped(b)
	short := "昨天晚上10点，招联的人用13800138000打了30多个电话，要我今晚12点前还5000到私人账户"
	for name, text := range map[string]string{
		"short": short, "none": "他们威胁我家人，我很害怕，不知道该怎么办才好", "long": strings.Repeat(short+"。", 80), "digits": strings.Repeat("1", 4000), "numerals": strings.Repeat("十几万二", 1000), "noMarks": strings.Repeat("昨天欠三千块", 700),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r.Facts(text, said)
			}
		})
	}
}
