package content

// Strength is what kind of rule a law is, strongest first.
type Strength string

// The eight strengths; their labels and glosses are fixed.
const (
	Statute          Strength = "statute"
	Regulation       Strength = "regulation"
	Interpretation   Strength = "interpretation"
	DepartmentalRule Strength = "departmental_rule"
	LocalRegulation  Strength = "local_regulation"
	NormativeDoc     Strength = "normative_document"
	NationalStandard Strength = "national_standard"
	SelfDiscipline   Strength = "self_discipline"
)

// strengths holds the words for people, strongest first.
var strengths = []struct {
	Strength
	label, gloss string
}{
	{Statute, "法律", "全国人大及其常委会定的，都要守"},
	{Regulation, "行政法规", "国务院定的，都要守"},
	{Interpretation, "司法解释", "法院断案照它"},
	{DepartmentalRule, "部门规章", "监管部门定的，被管的机构要守"},
	{LocalRegulation, "地方性法规", "当地人大定的，只在当地用"},
	{NormativeDoc, "规范性文件", "机关通知、意见，照原文，不引条号"},
	{NationalStandard, "国家推荐标准", "不是法律，可写进投诉"},
	{SelfDiscipline, "行业自律", "协会对会员的约定，不是法律"},
}

// Label returns the fixed word for people: 法律, 行政法规 … It is "" for no strength.
func (s Strength) Label() string {
	for _, x := range strengths {
		if x.Strength == s {
			return x.label
		}
	}
	return ""
}

// Gloss returns what the label means, in the fixed words: 全国人大及其常委会定的，都要守.
func (s Strength) Gloss() string {
	for _, x := range strengths {
		if x.Strength == s {
			return x.gloss
		}
	}
	return ""
}

// Law tells whether it binds everybody or an office as law; a national standard and a self-discipline rule do not.
func (s Strength) Law() bool {
	return s != NationalStandard && s != SelfDiscipline && s.Label() != ""
}
