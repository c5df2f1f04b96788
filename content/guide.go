package content

// Deadline is a time limit that a rule or the reporting channel itself sets to somebody.
type Deadline struct {
	Name    string   `yaml:"name" rule:"need"`                                                                                                                               // who has to do what: 「机构作出处理决定」
	After   string   `yaml:"after" rule:"need,one=filed|accepted|opened|decided|penalised|refused|reconsidered|carrier_filed|agreed|judged|summoned|payment_order|received"` // what it is counted from
	Days    int      `yaml:"days" rule:"need,range=1:366"`
	Working bool     `yaml:"working"`                   // working days; else days of the calendar
	Extend  []int    `yaml:"extend" rule:"range=1:366"` // days it can be prolonged by, each time in turn
	Laws    []string `yaml:"laws" rule:"ref=laws"`
	Fact    `yaml:",inline"`
}

// PlanStep is one day to come back on, counted from something that happened.
type PlanStep struct {
	After   string `yaml:"after" rule:"need,one=filed|accepted|opened|decided|penalised|refused|reconsidered|carrier_filed|agreed|judged|summoned|payment_order|received|due|third_instalment|settled|week"`
	Days    int    `yaml:"days" rule:"range=-30:366"`             // before it where negative
	Working bool   `yaml:"working"`                               // working days; else days of the calendar
	Ask     string `yaml:"ask" rule:"need,max=40"`                // what to look at, or to ask for, that day
	Next    string `yaml:"next"`                                  // what to do where nothing came
	Channel string `yaml:"channel" rule:"ref=reporting_channels"` // where to go on then
	Basis   string `yaml:"basis" rule:"quote"`                    // the rule that sets the day; empty for a good habit
}

// ReminderPlan is a row of days to come back on that belongs to no reporting channel: paying by an agreement, keeping
// evidence. The plan of a reporting channel stands in its own file.
type ReminderPlan struct {
	ID    string     `yaml:"-"` // file name
	Name  string     `yaml:"name" rule:"need"`
	Steps []PlanStep `yaml:"steps" rule:"need"`
	Fact  `yaml:",inline"`
}

// Yardstick is a measure that a rule sets to collecting: how often, at which hours, by how many people. Whom it binds
// decides whether it may be held against a collector at all.
type Yardstick struct {
	ID     string   `yaml:"-"` // file name
	Name   string   `yaml:"name" rule:"need,max=20"`
	Says   string   `yaml:"says" rule:"need"`                                  // the rule in plain words, and what kind of rule it is
	IsNot  []string `yaml:"is_not" rule:"warn"`                                // what is wrongly made of it
	Binds  []string `yaml:"binds" rule:"ref=creditors"`                        // kinds of creditors; empty: everybody
	Laws   []string `yaml:"laws" rule:"need,ref=laws"`                         // where it stands
	Counts string   `yaml:"counts" rule:"one=connected|missed|hours|visitors"` // what it counts a day; empty where nothing is counted
	Most   int      `yaml:"most" rule:"range=0:100"`                           // at most so many a day; for visitors, at least so many
	From   string   `yaml:"from" rule:"form=clock"`                            // forbidden hours begin: "22:00"
	To     string   `yaml:"to" rule:"form=clock"`                              // and end: "08:00"
	Fact   `yaml:",inline"`
}

// Question is something people ask, with a short answer.
type Question struct {
	ID      string   `yaml:"-"`                               // file name
	Title   string   `yaml:"title" rule:"need,max=24,theirs"` // as people ask it
	Short   string   `yaml:"short" rule:"need,max=10,theirs"` // for a button
	Intent  string   `yaml:"intent" rule:"need,one=what_conduct|evidence|which_channel|negotiate|call_now|follow_up_status|am_i_sued|credit_record|interest_too_high|third_party_rights|third_party_help|debt_scam_check|compensation|psychological_support|home_visit_legal|lawful_limits|delete_my_data|human_help|other"`
	Answer  string   `yaml:"answer" rule:"need,max=120,warn"`       // the answer first, then one step
	More    []string `yaml:"more" rule:"warn"`                      // behind 「详细」, a point a line
	Laws    []string `yaml:"laws" rule:"ref=laws"`                  // what it rests on, strongest first
	Channel string   `yaml:"channel" rule:"ref=reporting_channels"` // the one to turn to, where there is one
	Flow    string   `yaml:"flow" rule:"form=id"`                   // the conversation that goes on from here
	Go      string   `yaml:"go" rule:"max=10"`                      // its button: 「算算能还多少」
	Asks    []string `yaml:"asks" rule:"need,quiet"`                // ways people put it; each has to be understood
	Phrases []Phrase `yaml:"phrases" rule:"need,form=phrase"`       // what understand listens for
	Fact    `yaml:",inline"`
}

// Phone is how calls are recorded on phones of one make.
type Phone struct {
	ID      string   `yaml:"id" rule:"need,form=id"`
	Name    string   `yaml:"name" rule:"need"`
	Short   string   `yaml:"short" rule:"need,max=10"` // for a button
	How     []string `yaml:"how" rule:"need"`          // step by step
	Caution string   `yaml:"caution"`                  // what to know first
	Fact    `yaml:",inline"`
}
