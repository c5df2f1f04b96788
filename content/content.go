// Package content is what the bot knows: conducts, laws, reporting channels, checklists, phrases and the engine's own
// sentences, as YAML files read into types and checked against each other.
//
// Load reads a tree of files strictly and reports every fault at once; Check looks at what the files say. The rule tags
// of the types are the one place where the form of a file is written: the loader and the JSON Schemas both follow them.
//
//	need     has to be there and not be empty
//	max=N    at most N characters
//	one=a|b  one of these words
//	ref=KIND the id of an entry of that kind; on a map it is meant for the keys
//	form=F   "id", "digits", "clock", "phrase" or "key"
//	range=A:B for numbers
//	quote    the exact words of a rule: people read them, and they are held to no style
//	said     the person will say or send it, so it may say 您
//	warn     names what is wrong in order to warn of it
//	theirs   names what the other side does or says
//	quiet    people never read it
package content

// Library is everything the bot knows, checked. It is never changed after Load.
type Library struct {
	Conducts          []*Conduct          // by severity, worst first
	Laws              []*Law              // by ID
	ReportingChannels []*ReportingChannel // by ID
	Creditors         []*Creditor         // in the order people are asked
	Routes            []*Route            // by ID
	Checklists        []*Checklist        // by ID
	Hotlines          []*Hotline          // in the order of their file
	Scripts           []*Script           // by ID: lines to say
	Signals           []*Signal           // by ID: what understand listens for besides conducts
	Negotiations      []*Negotiation      // by ID
	Letters           []*Letter           // by ID
	ReminderPlans     []*ReminderPlan     // by ID: those of no reporting channel
	Yardsticks        []*Yardstick        // by ID
	Questions         []*Question         // by ID
	Lenders           []*Lenders          // by ID
	Phones            []*Phone            // in the order of their file
	Holidays          []*Holidays         // by year
	Wording           map[string]string   // the engine's own sentences by key

	index  index
	leaves []leaf
}

// Fact is where a statement comes from. Whatever can age carries one.
type Fact struct {
	Source     string     `yaml:"source" rule:"need,quote"`                   // for people: 「治安管理处罚法（2025年修订）」
	Confidence Confidence `yaml:"confidence" rule:"need,one=high|medium|low"` // low is never shown as fact
	Checked    Date       `yaml:"checked" rule:"need"`                        // the day somebody last compared it with its source
}

// Confidence says how sure we are of a statement.
type Confidence string

// The degrees of confidence.
const (
	High   Confidence = "high"   // read in the original, or agreed by several authorities
	Medium Confidence = "medium" // one reliable source: shown with 「以渠道答复为准」
	Low    Confidence = "low"    // never shown to people as fact
)

// Conduct is one kind of collection conduct, lawful or not.
type Conduct struct {
	ID       string     `yaml:"-"` // file name
	Name     string     `yaml:"name" rule:"need,theirs"`
	Short    string     `yaml:"short" rule:"need,max=10,theirs"` // for a button
	Category string     `yaml:"category" rule:"need,one=violence|privacy|harassment|deception|money|lawful"`
	Severity int        `yaml:"severity" rule:"need,range=1:9"` // 1 (mild) to 9 (life)
	Lawful   bool       `yaml:"lawful"`
	Comfort  string     `yaml:"comfort" rule:"max=20,theirs"` // first words, at most 20 characters
	Is       []string   `yaml:"is" rule:"need,theirs"`        // what it is
	IsNot    []string   `yaml:"is_not" rule:"warn"`           // what it is not, honestly
	Plain    string     `yaml:"plain" rule:"need"`            // one line of law without article numbers, with who decides
	Laws     []string   `yaml:"laws" rule:"ref=laws"`         // ids, strongest first
	NewOnly  []string   `yaml:"new_only" rule:"ref=laws"`     // those of Laws whose earlier versions did not cover this conduct
	DoNow    []string   `yaml:"do_now" rule:"need"`           //
	DoNot    []string   `yaml:"do_not" rule:"warn"`           //
	Evidence []Evidence `yaml:"evidence"`                     // what to keep
	Route    string     `yaml:"route" rule:"ref=routes"`      // id in routes/
	Phrases  []Phrase   `yaml:"phrases" rule:"form=phrase"`   // what understand listens for
	Fact     `yaml:",inline"`
}

// Evidence is one thing to keep.
type Evidence struct {
	ID    string `yaml:"id" rule:"need,form=id"`          // unique in its conduct
	Short string `yaml:"short" rule:"need,max=10,theirs"` // for a button
	Item  string `yaml:"item" rule:"need,theirs"`         // what exactly
	Why   string `yaml:"why" rule:"need"`                 // what it shows: the purpose
	How   string `yaml:"how" rule:"need"`                 // how to get and preserve it
	Must  bool   `yaml:"must"`
	Guide string `yaml:"guide" rule:"ref=checklists"` // the list that tells it step by step
}

// Law is one citation: an article, quoted exactly.
type Law struct {
	ID        string   `yaml:"-"`                       // file name
	Title     string   `yaml:"title" rule:"need,quote"` // full name
	Short     string   `yaml:"short" rule:"need,quote"` // 「治安管理处罚法（2025年修订）」
	DocNo     string   `yaml:"doc_no" rule:"quote"`     // empty where not verified
	Article   string   `yaml:"article" rule:"quote"`    // 「第五十条第一款第（五）项」; empty where no article is quoted
	Strength  Strength `yaml:"strength" rule:"need,one=statute|regulation|interpretation|departmental_rule|local_regulation|normative_document|national_standard|self_discipline"`
	Text      string   `yaml:"text" rule:"quote"`          // exact; omissions are marked ……
	Summary   bool     `yaml:"summary"`                    // Text is what a source reports, not the wording: shown as 要点, not as 原文
	From      Date     `yaml:"from"`                       // first day in force; zero where it was not found out
	To        Date     `yaml:"to"`                         // last day in force; zero while in force
	Gone      bool     `yaml:"gone"`                       // it ended and nothing took its place: cited only for old days
	Replaces  []string `yaml:"replaces" rule:"ref=laws"`   // ids of the older citations this one took the place of
	AppliesTo string   `yaml:"applies_to" rule:"theirs"`   // 管谁, in our words
	Binds     []string `yaml:"binds" rule:"ref=creditors"` // the kinds of creditors it speaks to; empty: everybody
	DecidedBy string   `yaml:"decided_by"`                 // 由谁认定
	Says      string   `yaml:"says"`                       // what follows from it, one plain line
	Fact      `yaml:",inline"`
}

// ReportingChannel is where a conduct can be reported or complained of.
type ReportingChannel struct {
	ID        string     `yaml:"-"`                              // file name
	Name      string     `yaml:"name" rule:"need"`               // 「12378 银行保险消费者投诉维权热线」
	Short     string     `yaml:"short" rule:"need,max=10"`       // for a button
	Names     []string   `yaml:"names" rule:"quiet"`             // what people type for it, as a whole message: its number, its name
	Operator  string     `yaml:"operator"`                       //
	Official  bool       `yaml:"official"`                       //
	Accepts   []string   `yaml:"accepts" rule:"need,theirs"`     // 管什么
	Refuses   []string   `yaml:"refuses" rule:"warn"`            // 不管什么
	Contacts  []string   `yaml:"contacts"`                       // 怎么找, in words
	Phone     string     `yaml:"phone" rule:"form=digits"`       // digits to dial; empty where there is none
	Needs     []string   `yaml:"needs"`                          // 带什么
	Hours     string     `yaml:"hours"`                          //
	Takes     string     `yaml:"takes"`                          // 多久, with its kind of days
	FollowUp  int        `yaml:"follow_up" rule:"range=0:366"`   // calendar days after which to ask again; 0 where nothing is known
	Receipt   string     `yaml:"receipt"`                        // 会拿到什么
	NoReply   string     `yaml:"no_reply"`                       // 没回音怎么办
	Opening   string     `yaml:"opening" rule:"said"`            // what to say first, ready to read aloud
	Tips      []string   `yaml:"tips"`                           //
	Rejects   []string   `yaml:"rejects" rule:"warn"`            // why it turns people away
	Creditor  bool       `yaml:"creditor"`                       // it is the creditor's own desk
	Creditors []string   `yaml:"creditors" rule:"ref=creditors"` // the kinds of creditors it deals with; empty: any
	Limits    []string   `yaml:"limits"`                         // how much it takes at once: 「一次一个号码」
	Cost      string     `yaml:"cost"`                           // empty where it is free or not known
	Deadlines []Deadline `yaml:"deadlines"`                      // what it, or the other side, is held to
	Plan      []PlanStep `yaml:"plan"`                           // the days to come back on
	Fact      `yaml:",inline"`
}

// Creditor is a kind of creditor.
type Creditor struct {
	ID      string   `yaml:"id" rule:"need,form=id"`
	Name    string   `yaml:"name" rule:"need"`
	Short   string   `yaml:"short" rule:"need,max=10"` // for a button
	Hint    string   `yaml:"hint"`                     // how to recognise it
	Phrases []string `yaml:"phrases" rule:"quiet"`     // what people call it: asked who lent the money, or telling of it unasked
	Broad   []string `yaml:"broad" rule:"quiet"`       // an answer when asked, and too broad to name it unasked
}

// Route is where to report conducts, by kind of creditor.
type Route struct {
	ID   string                 `yaml:"-"` // file name; conducts name it by their route key
	By   map[string]*RouteOrder `yaml:"by" rule:"need,ref=creditors"`
	Fact `yaml:",inline"`
}

// RouteOrder lists ids of reporting channels, best first.
type RouteOrder struct {
	Primary   []string `yaml:"primary" rule:"need,ref=reporting_channels"`
	Secondary []string `yaml:"secondary" rule:"ref=reporting_channels"`
	Escalate  []string `yaml:"escalate" rule:"ref=reporting_channels"`
	Reason    string   `yaml:"reason"`
}

// Checklist is a list of things to do or have, apart from the evidence of a conduct.
type Checklist struct {
	ID    string   `yaml:"-"` // file name
	Name  string   `yaml:"name" rule:"need"`
	Short string   `yaml:"short" rule:"max=10"` // for a button
	Topic string   `yaml:"topic" rule:"one=evidence|creditor|money|reporting|scam|people"`
	Why   string   `yaml:"why"` // one line: what it is good for
	Items []string `yaml:"items" rule:"need"`
	Never []string `yaml:"never" rule:"warn"` // what not to do
	Laws  []string `yaml:"laws" rule:"ref=laws"`
	Fact  `yaml:",inline"`
}

// Hotline is a telephone number for people in need.
type Hotline struct {
	Number string `yaml:"number" rule:"need,form=digits"`
	Name   string `yaml:"name" rule:"need"`
	For    string `yaml:"for" rule:"need,theirs"`
	Fact   `yaml:",inline"`
}

// Script is a set of lines to say.
type Script struct {
	ID    string   `yaml:"-"` // file name
	Name  string   `yaml:"name" rule:"need"`
	Lines []string `yaml:"lines" rule:"need,said"`
	Never []string `yaml:"never" rule:"warn"` // what not to say
	Fact  `yaml:",inline"`
}

// Signal is something to hear in a person's words that is no conduct: danger, self-harm, a wish.
type Signal struct {
	ID         string   `yaml:"-"`                               // file name: "danger_now", "self_harm", "live_call", "negotiate" …
	Flow       string   `yaml:"flow" rule:"need,form=id"`        // the flow that answers it
	Urgent     bool     `yaml:"urgent"`                          // it interrupts any question at once
	Ask        bool     `yaml:"ask"`                             // unsure: ask gently first
	First      bool     `yaml:"first"`                           // it goes before a conduct heard in the same words
	Firm       bool     `yaml:"firm"`                            // it goes before a question that the same words ask: 装病有用吗
	Past       []string `yaml:"past" rule:"quiet"`               // with one of these words anywhere in the message it is over: 上周, 去年
	Now        []string `yaml:"now" rule:"quiet"`                // unless one of these is there too: 正在, 现在
	Before     []string `yaml:"before" rule:"ref=signals"`       // ids of signals it goes before where both are heard
	Label      string   `yaml:"label" rule:"form=id"`            // it is heard too where the model finds this label: self_harm_risk
	Intent     string   `yaml:"intent" rule:"form=id"`           // and where the model is sure that this is wanted, and nothing else was heard
	Phrases    []Phrase `yaml:"phrases" rule:"need,form=phrase"` //
	LookAlikes []string `yaml:"look_alikes" rule:"quiet"`        // words that hold a phrase but mean nothing of the kind
}

// Phrase is a pattern over normalised text: words that all have to occur in one clause, in any order, separated by
// spaces; "a|b" is either. A word with a leading "!" must not occur in the clause.
type Phrase string
