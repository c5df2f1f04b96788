// Package flows reads the conversations: YAML files of steps, their checker and their picture.
//
// A flow is a list of steps walked from the top. Most steps speak or remember and go on; an ask step waits for the
// person. The package knows nothing of what the bot knows (content) and of who walks (bot).
package flows

// Flow is one conversation: one YAML file, whose name without ".yaml" is its ID.
type Flow struct {
	ID      string
	Title   string            // how the bot names it to people: 「投诉信停在第 3 步」
	Phrases []string          // whole messages that open it from anywhere
	Aside   bool              // it may interrupt any question and comes back to it when it ends
	Moved   map[string]string // id of a step that is gone → "step" or "flow/step" where people waiting there go on
	Steps   []*Step
	File    string // path, for faults
	Hash    string // 8 hex digits over the file's bytes; a session keeps it to see that the flow was edited

	index map[string]int // step id → place in Steps
}

// Kind is what a step does; it is also the key of the step in YAML.
type Kind string

// The step kinds: a closed set.
const (
	Say      Kind = "say"      // speak and go on
	Ask      Kind = "ask"      // speak and wait for an answer
	Show     Kind = "show"     // a view of what the bot knows or keeps: a law, a reporting channel, the checklist
	Document Kind = "document" // hand over a file made for this person
	Remind   Kind = "remind"   // set or cancel a reminder
	Record   Kind = "record"   // keep something in the case file
	SetStep  Kind = "set"      // put values into slots (Set is the name of all the flows together)
	Call     Kind = "call"     // walk another flow and come back here
	Next     Kind = "next"     // go on at another step
	End      Kind = "end"      // leave the flow
)

// Step is one unit of a flow. It has exactly one kind; the field of that kind is set, the others are not.
type Step struct {
	ID         string    // required for ask and for targets; others get "<kind>@<line>", a call "call@<flow>"
	Kind       Kind      //
	When       Condition // the step is passed over unless this holds; nil always holds
	Line       int       // where it stands in the file
	Checkpoint bool      // people whose step is gone may be brought here

	Text    Template   // say, ask
	Ask     *Question  // ask
	Show    *View      // show
	Doc     string     // document: which one ("export")
	Remind  *Reminder  // remind
	Record  *Recording // record
	Set     []Assign   // set, in file order
	Call    string     // call: a flow's id, or "{slot}" for a slot whose values are ids of flows
	Next    []Branch   // next: the first branch that holds is taken; none: go on below
	End     Ending     // end
	Source  string     // say, ask: the content its claim comes from, shown as the reply's source
	Danger  bool       // say, ask: life and safety
	Private bool       // ask: the answer is never kept in the store
}

// Question is what an ask step waits for.
type Question struct {
	Accept  Accept   // the kind of answer
	Slot    string   // where the answer goes; the step's id unless said otherwise
	Choices []Choice // fixed buttons, also beside a typed answer (「跳过」)
	From    string   // a list of the content that gives further choices, before the fixed ones ("creditors")
	Many    bool     // each pressed choice of From is ticked, and the question stays until a fixed choice is pressed
	Max     int      // with From: at most so many at a time, the rest behind 「更多」; 0 means 5
	Why     string   // why we ask; said when the first answer does not fit
	Example string   // an answer that would fit; said when the second does not fit
	Skip    bool     // 「跳过」 is heard, and leaves the slot empty
	Quotes  bool     // text: the answer is the collector's words; what they say of dying is not the person's own
	Past    bool     // date, time, moment: the day has to lie in the past (today counts)

	choice map[string]int // choice id → place in Choices
}

// Accept is the kind of answer an ask step takes.
type Accept string

// The kinds of answers. A slot keeps the form in brackets.
const (
	AcceptChoice Accept = "choice" // [the choice's id]; the default where there are choices
	AcceptYesNo  Accept = "yes_no" // ["yes" or "no"]
	AcceptText   Accept = "text"   // [as typed]; the default where there are none
	AcceptDate   Accept = "date"   // ["2026-11-20"]
	AcceptTime   Accept = "time"   // ["22:15"]
	AcceptMoment Accept = "moment" // ["2026-11-20 22:15", or only the day where no clock time was said]
	AcceptMoney  Accept = "money"  // [yuan with two decimals: "1500.00"]
	AcceptCount  Accept = "count"  // ["60"]
	AcceptPhone  Accept = "phone"  // [digits, "+" kept: "01012345678"]
	AcceptPhoto  Accept = "photo"  // [ids of the kept pictures, comma between]
	AcceptFile   Accept = "file"   // [ids of the kept files, comma between]
)

// Choice is one answer a question offers. Buttons and matching of typed answers both come from it.
type Choice struct {
	ID    string    // what the slot keeps
	Label string    // what people read; at most 10 characters
	Also  []string  // other words that mean it
	When  Condition // offered only while this holds
	Style string    // "", "next", "danger"
	Call  string    // a telephone number the button dials
	Set   []Assign  // further slots to set
	To    string    // where to go on, instead of below: "step", "flow/", "flow/step"
	Show  *View     // a look aside: show this, then ask the same question again
	Visit string    // a flow to walk; then the same question again (YAML: visit)
	Line  int
}

// View is something shown: a closed set of names that the engine knows, and which one of it.
type View struct {
	Name string   // "conduct", "laws", "law", "reporting_channels", "checklist", "hotlines", "script", "kept", "where"
	Of   Template // an id, fixed or "{slot}"; empty: the one the situation calls for
}

// Reminder sets or cancels a reminder.
type Reminder struct {
	Flow   string // the flow that opens when it falls due; also the reminder's id, so setting it again replaces it
	Days   int    // after so many days, at ten in the morning (calendar days)
	Due    string // a slot that holds a date; instead of Days
	From   string // "reporting_channel": the days that the chosen reporting channel's follow-up says; instead of Days
	Cancel bool   // cancel it
}

// Recording keeps something in the case file.
type Recording struct {
	Kind string   // "event" (a call, message, visit), "evidence", "complaint"
	With []string // the slots that are kept with it
}

// Assign puts a value into a slot. An empty Value empties the slot.
type Assign struct {
	Slot  string
	Value Template
}

// Branch is one way on.
type Branch struct {
	When Condition // nil always holds
	To   string    // "step", "flow/", "flow/step"
}

// Ending says where an end step leads.
type Ending string

// The endings.
const (
	EndReturn Ending = "return" // back to whoever called, or to the menu where nobody did
	EndMenu   Ending = "menu"   // to the menu, whatever was waiting
	EndRest   Ending = "rest"   // nothing is asked; the next message starts afresh
	EndErase  Ending = "erase"  // everything kept for this person is erased
)

// Condition compares slots with values; all of its tests have to hold.
type Condition []Test

// Test compares one slot.
type Test struct {
	Slot string
	Op   Op
	Args []string // In, NotIn: the values; Gt, Lt: one number, day (2026-01-01) or clock time (22:00)
}

// Op is a comparison.
type Op string

// The comparisons: `slot: value`, `slot: [a, b]`, `slot: {not: x}`, `slot: {gt: 10}`, `slot: {lt: 10}`, `slot: {set: true}`.
const (
	In    Op = "in"
	NotIn Op = "not"
	Gt    Op = "gt"
	Lt    Op = "lt"
	IsSet Op = "set"   // the slot has a value
	Unset Op = "unset" // it has none
)

// Template is a text with {slot} in it, cut once when the file is read.
type Template struct {
	Text  string // as written
	Parts []Part
}

// Part is a piece of a Template: fixed words, or a slot to fill in.
type Part struct {
	Fixed string
	Slot  string // "" for fixed words
}
