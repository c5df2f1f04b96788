package content

// Negotiation is how to talk about paying back with some kinds of creditor. Words in braces are filled in: {每月能还}.
type Negotiation struct {
	ID        string   `yaml:"-"` // file name
	Name      string   `yaml:"name" rule:"need"`
	Creditors []string `yaml:"creditors" rule:"ref=creditors"` // empty: any
	Know      []string `yaml:"know"`                           // what to know first
	Lines     []string `yaml:"lines" rule:"need,said"`         // to say or to send, in order
	Refused   []string `yaml:"refused" rule:"said"`            // to say when they refuse
	Never     []string `yaml:"never" rule:"warn"`              // what not to say
	Laws      []string `yaml:"laws" rule:"ref=laws"`
	Fact      `yaml:",inline"`
}

// Letter is a paper to hand in: a complaint, a report. Words in braces are its slots: {creditor_name}.
type Letter struct {
	ID         string       `yaml:"-"` // file name
	Name       string       `yaml:"name" rule:"need"`
	Channels   []string     `yaml:"channels" rule:"need,ref=reporting_channels"` // where it can be handed in
	Most       int          `yaml:"most" rule:"range=0:5000"`                    // characters the channel takes; 0 where it sets no limit
	Slots      []LetterSlot `yaml:"slots"`
	Paragraphs []string     `yaml:"paragraphs" rule:"need,said"`
	Spoken     bool         `yaml:"spoken"`               // to read out on the telephone
	Laws       []string     `yaml:"laws" rule:"ref=laws"` // may be cited in it, resolved by the day of the conduct
	Fact       `yaml:",inline"`
}

// LetterSlot is one blank of a letter.
type LetterSlot struct {
	ID   string `yaml:"id" rule:"need,form=id"` // unique in its letter
	Name string `yaml:"name" rule:"need"`       // 「债权机构全称」
	Must bool   `yaml:"must"`
	From string `yaml:"from" rule:"form=id"` // the slot of a conversation that fills it: day, creditor
}

// Holidays is one year's arrangement of holidays; without it working days of that year are only estimates.
type Holidays struct {
	Year     string `yaml:"-"`                    // file name
	Holidays []Date `yaml:"holidays" rule:"need"` // every day off by holiday or exchange, weekends among them included
	Workdays []Date `yaml:"workdays"`             // weekend days worked in exchange
	Fact     `yaml:",inline"`
}
