// Package content is what the bot knows: conducts, laws, reporting channels, checklists, phrases and the engine's own
// sentences, as YAML files read into types and checked against each other.
package content

import "time"

// Library is everything the bot knows, checked. It is never changed after Load.
type Library struct {
	Conducts          []*Conduct          // by severity, worst first
	Laws              []*Law              // by ID
	ReportingChannels []*ReportingChannel // by ID
	Creditors         []*Creditor         // in the order people are asked
	Routes            []*Route            // by conduct
	Checklists        []*Checklist        // by ID
	Hotlines          []*Hotline          // in the order of their file
	Scripts           []*Script           // by ID: lines to say
	Signals           []*Signal           // what understand listens for besides conducts: danger, commands of the heart
	Wording           map[string]string   // the engine's own sentences by key
}

// Fact is where a statement comes from. Whatever can age carries one.
type Fact struct {
	Source     string     `yaml:"source"`     // for people: 「治安管理处罚法（2025年修订）」
	Confidence Confidence `yaml:"confidence"` // low is never shown as fact
	Checked    Date       `yaml:"checked"`    // the day somebody last compared it with its source
}

// Confidence says how sure we are of a statement.
type Confidence string

// The degrees of confidence.
const (
	High   Confidence = "high"   // read in the original, or agreed by several authorities
	Medium Confidence = "medium" // one reliable source: shown with 「以渠道答复为准」
	Low    Confidence = "low"    // never shown to people as fact
)

// Date is a calendar day in China, written 2026-11-21. The zero Date is no day.
type Date struct{ time.Time }

// Conduct is one kind of collection conduct, lawful or not.
type Conduct struct {
	ID       string     `yaml:"-"` // file name
	Name     string     `yaml:"name"`
	Short    string     `yaml:"short"`    // at most 10 characters, for a button
	Category string     `yaml:"category"` // "violence" "privacy" "harassment" "deception" "money" "lawful"
	Severity int        `yaml:"severity"` // 1 (mild) to 9 (life)
	Lawful   bool       `yaml:"lawful"`
	Comfort  string     `yaml:"comfort"`  // first words, at most 20 characters
	Is       []string   `yaml:"is"`       // what it is
	IsNot    []string   `yaml:"is_not"`   // what it is not, honestly
	Plain    string     `yaml:"plain"`    // one line of law without article numbers, with who decides
	Laws     []string   `yaml:"laws"`     // ids, strongest first
	DoNow    []string   `yaml:"do_now"`   //
	DoNot    []string   `yaml:"do_not"`   //
	Evidence []Evidence `yaml:"evidence"` // what to keep
	Route    string     `yaml:"route"`    // id in routes/
	Phrases  []Phrase   `yaml:"phrases"`  // what understand listens for
	Fact     `yaml:",inline"`
}

// Evidence is one thing to keep.
type Evidence struct {
	ID    string `yaml:"id"`    // unique in its conduct
	Short string `yaml:"short"` // at most 10 characters, for a button
	Item  string `yaml:"item"`  // what exactly
	Why   string `yaml:"why"`   // what it shows: the purpose
	How   string `yaml:"how"`   // how to get and preserve it
	Must  bool   `yaml:"must"`
}

// Strength is what kind of rule a law is, strongest first.
type Strength string

// The seven strengths; their labels and glosses are fixed (voice: 法律 · 行政法规 · 司法解释 · 部门规章 · 规范性文件 · 国家推荐标准 · 行业自律).
const (
	Statute          Strength = "statute"
	Regulation       Strength = "regulation"
	Interpretation   Strength = "interpretation"
	DepartmentalRule Strength = "departmental_rule"
	NormativeDoc     Strength = "normative_document"
	NationalStandard Strength = "national_standard"
	SelfDiscipline   Strength = "self_discipline"
)

// Law is one citation: an article, quoted exactly.
type Law struct {
	ID        string   `yaml:"-"`          // file name
	Title     string   `yaml:"title"`      // full name
	Short     string   `yaml:"short"`      // 「治安管理处罚法（2025年修订）」
	DocNo     string   `yaml:"doc_no"`     // empty where not verified
	Article   string   `yaml:"article"`    // 「第五十条第一款第（五）项」
	Strength  Strength `yaml:"strength"`   //
	Text      string   `yaml:"text"`       // exact; omissions are marked ……
	From      Date     `yaml:"from"`       // first day in force
	To        Date     `yaml:"to"`         // last day in force; zero while in force
	Replaces  []string `yaml:"replaces"`   // ids of the older citations this one took the place of
	AppliesTo string   `yaml:"applies_to"` // 管谁, in our words
	DecidedBy string   `yaml:"decided_by"` // 由谁认定
	Says      string   `yaml:"says"`       // what follows from it, one plain line
	Fact      `yaml:",inline"`
}

// ReportingChannel is where a conduct can be reported or complained of.
type ReportingChannel struct {
	ID       string   `yaml:"-"`    // file name
	Name     string   `yaml:"name"` // 「12378 银行保险消费者投诉维权热线」
	Short    string   `yaml:"short"`
	Operator string   `yaml:"operator"`
	Official bool     `yaml:"official"`
	Accepts  []string `yaml:"accepts"`   // 管什么
	Refuses  []string `yaml:"refuses"`   // 不管什么
	Contacts []string `yaml:"contacts"`  // 怎么找, in words
	Phone    string   `yaml:"phone"`     // digits to dial; empty where there is none
	Needs    []string `yaml:"needs"`     // 带什么
	Hours    string   `yaml:"hours"`     //
	Takes    string   `yaml:"takes"`     // 多久, with its kind of days
	FollowUp int      `yaml:"follow_up"` // calendar days after which to ask again
	Receipt  string   `yaml:"receipt"`   // 会拿到什么
	NoReply  string   `yaml:"no_reply"`  // 没回音怎么办
	Opening  string   `yaml:"opening"`   // what to say first, ready to read aloud
	Tips     []string `yaml:"tips"`
	Rejects  []string `yaml:"rejects"`  // why it turns people away
	Creditor bool     `yaml:"creditor"` // it is the creditor's own desk
	Fact     `yaml:",inline"`
}

// Creditor is a kind of creditor.
type Creditor struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Short   string   `yaml:"short"` // at most 10 characters, for a button
	Hint    string   `yaml:"hint"`  // how to recognise it
	Phrases []string `yaml:"phrases"`
}

// Route is where to report one conduct, by kind of creditor.
type Route struct {
	Conduct string                 `yaml:"-"` // file name; conducts name it by their route key
	By      map[string]*RouteOrder `yaml:"by"`
	Fact    `yaml:",inline"`
}

// RouteOrder lists ids of reporting channels, best first.
type RouteOrder struct {
	Primary   []string `yaml:"primary"`
	Secondary []string `yaml:"secondary"`
	Escalate  []string `yaml:"escalate"`
	Reason    string   `yaml:"reason"`
}

// Checklist is a list of things to do or have, apart from the evidence of a conduct.
type Checklist struct {
	ID    string   `yaml:"-"`
	Name  string   `yaml:"name"`
	Items []string `yaml:"items"`
	Fact  `yaml:",inline"`
}

// Hotline is a telephone number for people in need.
type Hotline struct {
	Number string `yaml:"number"`
	Name   string `yaml:"name"`
	For    string `yaml:"for"`
	Fact   `yaml:",inline"`
}

// Script is a set of lines to say.
type Script struct {
	ID    string   `yaml:"-"`
	Name  string   `yaml:"name"`
	Lines []string `yaml:"lines"`
	Never []string `yaml:"never"` // what not to say
	Fact  `yaml:",inline"`
}

// Signal is something to hear in a person's words that is no conduct: danger, self-harm, a wish.
type Signal struct {
	ID         string   `yaml:"-"`           // file name: "danger_now", "self_harm", "live_call", "negotiate" …
	Flow       string   `yaml:"flow"`        // the flow that answers it
	Urgent     bool     `yaml:"urgent"`      // it interrupts any question at once
	Ask        bool     `yaml:"ask"`         // unsure: ask gently first
	Phrases    []Phrase `yaml:"phrases"`     //
	LookAlikes []string `yaml:"look_alikes"` // words that hold a phrase but mean nothing of the kind
}

// Phrase is a pattern over normalised text: words that all have to occur in one clause, in any order, separated by
// spaces; "a|b" is either. A word with a leading "!" must not occur in the clause.
type Phrase string
