package bot

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
)

// Fault is one thing wrong with flows or content.
type Fault struct {
	File    string // "flows/menu.yaml"
	Line    int    // counted from 1; 0 when the whole file is meant
	MustFix bool   // it refuses start-up and reload
	Text    string // what is wrong, and what to do
}

// String returns "flows/menu.yaml:5: what is wrong".
func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Limits that a reply has to keep on every messenger.
const (
	maxReplyBytes = 1900 // WeChat: the text with its numbered choices
	maxValueBytes = 64   // Telegram: callback data
	maxCardRunes  = 300  // voice: a card is read on a phone
)

// Check holds flows and content against each other and against themselves, as of a day, and reports every fault.
func Check(lib *content.Library, set *flows.Set, today content.Date) []Fault {
	inContent := make(chan content.Faults, 1) // the two know nothing of each other: both at once
	go func() { inContent <- content.Check(lib, today, named(set)...) }()
	out := CheckFlows(lib, set)
	for _, f := range <-inContent {
		out = append(out, Fault{f.File, f.Line, f.Severity == content.MustFix, f.Text})
	}
	c := &checker{lib: lib, set: set, today: today}
	c.engine()
	c.questions()
	set.Steps(c.step)
	c.cards()
	return append(out, c.faults...)
}

// limits is what the flows' own checker has to know of the engine and the content.
func limits(lib *content.Library, set *flows.Set) flows.Limits {
	opened := opens()
	for _, c := range lib.Conducts {
		if set.Flow(c.ID) != nil { // a conduct without a flow of its own is told by the general one
			opened = append(opened, c.ID)
		}
	}
	for _, s := range lib.Signals {
		opened = append(opened, s.Flow)
	}
	return flows.Limits{
		Commands:  CommandWords(),
		Opened:    opened,
		Slots:     engineSlots,
		Views:     slices.Collect(maps.Keys(views)),
		Lists:     lists,
		Documents: slices.Collect(maps.Keys(documents)),
		Normalise: understand.Key,
	}
}

// engineSlots are the slots that the engine fills: what free text spoke of or asked, the card shown last, the day of a reminder;
// and two that are only read: today, and the first words of comfort for the conduct.
var engineSlots = []string{"conduct", "also", "said", "question", "reporting_channel", "named_channel", "day_late", "remind_on", "today", "comfort", "heard",
	"maybe", "not_conducts"}

// opens are the flows the engine opens by itself.
func opens() []string {
	ids := []string{startFlow, menuFlow, helpFlow, generalID, identifyID, pasteFlow, channelFlow}
	for _, id := range commandFlows {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// named are the entries of the content that flows name.
func named(set *flows.Set) []string {
	var all []string
	view := func(v *flows.View) {
		if v == nil || !v.Of.Fixed() || v.Of.Empty() {
			return
		}
		switch v.Name {
		case "law":
			all = append(all, "laws/"+v.Of.Text)
		case "reporting_channel", "reporting_channel_more", "plan":
			all = append(all, "reporting_channels/"+v.Of.Text)
		}
	}
	set.Steps(func(_ *flows.Flow, s *flows.Step) {
		if s.Source != "" {
			all = append(all, s.Source)
		}
		view(s.Show)
		if s.Ask != nil {
			for i := range s.Ask.Choices {
				view(s.Ask.Choices[i].Show)
			}
		}
	})
	return all
}

// CheckFlows holds the flows against themselves, for when the content cannot be read whole: lib is then what could be.
func CheckFlows(lib *content.Library, set *flows.Set) []Fault {
	var out []Fault
	for _, f := range flows.Check(set, new(limits(lib, set))) {
		out = append(out, Fault{f.File, f.Line, f.Severity == flows.MustFix, f.Text})
	}
	return out
}

type checker struct {
	lib    *content.Library
	set    *flows.Set
	today  content.Date
	faults []Fault
}

func (c *checker) must(file string, line int, format string, args ...any) {
	c.faults = append(c.faults, Fault{file, line, true, fmt.Sprintf(format, args...)})
}

func (c *checker) may(file string, line int, format string, args ...any) {
	c.faults = append(c.faults, Fault{file, line, false, fmt.Sprintf(format, args...)})
}

// engine checks what the engine itself needs: its flows, its sentences, flows for signals.
func (c *checker) engine() {
	for _, id := range opens() {
		if c.set.Flow(id) == nil {
			c.must("flows/"+id+".yaml", 0, "the engine opens this flow, and it is missing")
		}
	}
	for _, key := range wordKeys {
		if c.lib.Wording[key] == "" {
			c.must("content/wording", 0, "the engine's sentence %q is missing", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.lib.Wording)) {
		if !slices.Contains(wordKeys, key) && !strings.HasPrefix(key, "slot_") {
			c.may("content/wording", 0, "nobody says the sentence %q", key)
		}
	}
	if _, err := understand.New(c.lib); err != nil {
		for line := range strings.Lines(err.Error()) {
			c.must("content", 0, "%s", strings.TrimSpace(line))
		}
	}
	c.names()
	for _, s := range c.lib.Signals {
		if s.Flow != "" && c.set.Flow(s.Flow) == nil {
			c.must("content/signals/"+s.ID+".yaml", 0, "no flow %q", s.Flow)
		}
	}
}

// names checks that each name of a reporting channel is its own, and that nothing else is opened by it.
func (c *checker) names() {
	taken := map[string]string{}
	for _, word := range CommandWords() {
		taken[understand.Key(word)] = "always heard"
	}
	for _, f := range c.set.Flows {
		for _, p := range f.Phrases {
			taken[understand.Key(p)] = "a phrase of the flow " + f.ID
		}
	}
	for _, ch := range c.lib.ReportingChannels {
		for _, name := range ch.Names {
			key := understand.Key(name)
			if what := taken[key]; what != "" || key == "" {
				c.must("content/reporting_channels/"+ch.ID+".yaml", 0, "names: 「%s」 is %s", name, cmp.Or(what, "no word"))
			}
			taken[key] = "a name of " + ch.ID
		}
	}
}

// step checks what a step names of the content.
func (c *checker) step(f *flows.Flow, s *flows.Step) {
	c.source(f, s.Line, s.Source)
	switch s.Kind {
	case flows.Show:
		c.view(f, s.Line, s.Show)
	case flows.Ask:
		c.question(f, s)
	}
}

func (c *checker) question(f *flows.Flow, s *flows.Step) {
	q := s.Ask
	for i := range q.Choices {
		if q.Choices[i].Show != nil {
			c.view(f, q.Choices[i].Line, q.Choices[i].Show)
		}
	}
	if own := valueIs + f.ID + "/" + s.ID + "?2026-11-20 22:15"; len(own) > maxValueBytes && q.Accept != flows.AcceptChoice && q.Accept != flows.AcceptText {
		c.must(f.File, s.Line, "the button %q has %d bytes; Telegram takes %d: shorten the id of the step", own, len(own), maxValueBytes)
	}
	t := &turn{g: &guide{lib: c.lib, set: c.set}, s: newSession("check:check")}
	for _, o := range t.everything(q.From) {
		if value := f.ID + "/" + s.ID + "=" + o.id; len(value) > maxValueBytes {
			c.must(f.File, s.Line, "the button %q has %d bytes; Telegram takes %d", value, len(value), maxValueBytes)
		}
		if !isID(o.id) {
			c.must(f.File, s.Line, "%q can be no button: small letters, digits and _ only", o.id)
		}
		if n := len([]rune(o.label)); o.label == "" || n > maxLabelRunes {
			c.must(f.File, s.Line, "the button of %q (%s) has to have 1 to 10 characters", o.id, o.label)
		}
	}
}

func (c *checker) view(f *flows.Flow, line int, v *flows.View) {
	if v.Of.Empty() || !v.Of.Fixed() {
		return
	}
	id := v.Of.Text
	known := true
	switch v.Name {
	case "law":
		known = c.lib.Law(id) != nil
	case "reporting_channel", "reporting_channel_more":
		known = c.lib.ReportingChannel(id) != nil
	case "script":
		known = c.lib.Script(id) != nil
	case "checklist":
		known = c.lib.Checklist(id) != nil || c.lib.Conduct(id) != nil
	case "conduct", "do_now", "laws":
		known = c.lib.Conduct(id) != nil
	default:
		known = c.guideView(v.Name, id)
	}
	if !known {
		c.must(f.File, line, "%s: the content has no %q", v.Name, id)
	}
}

func (c *checker) source(f *flows.Flow, line int, source string) {
	if source == "" {
		return
	}
	kind, id, _ := strings.Cut(source, "/")
	known := false
	switch kind {
	case "laws":
		known = c.lib.Law(id) != nil
	case "conducts":
		known = c.lib.Conduct(id) != nil
	case "reporting_channels":
		known = c.lib.ReportingChannel(id) != nil
	case "checklists":
		known = c.lib.Checklist(id) != nil
	case "scripts":
		known = c.lib.Script(id) != nil
	case "hotlines":
		known = id == "" || c.lib.Hotline(id) != nil
	default:
		known = c.guideSource(kind, id)
	}
	if !known {
		c.must(f.File, line, "source: the content has no %q", source)
	}
}

// cards checks that every card fits every messenger.
func (c *checker) cards() {
	for _, l := range c.lib.Laws {
		c.size("content/laws/"+l.ID+".yaml", lawCard(l, c.today, true, c.today))
	}
	for _, ch := range c.lib.ReportingChannels {
		c.size("content/reporting_channels/"+ch.ID+".yaml", channelCard(ch, c.today))
	}
	for _, k := range c.lib.Conducts {
		c.size("content/conducts/"+k.ID+".yaml", conductCard(k, c.today))
		c.size("content/conducts/"+k.ID+".yaml", evidenceCard(k, nil))
		c.size("content/conducts/"+k.ID+".yaml", doNowCard(k))
	}
	c.guideCards()
}

// size reports cards that no phone or no messenger can show whole.
func (c *checker) size(file string, cards ...Card) {
	for _, card := range cards {
		text := card.text()
		if n := len(text); n > maxReplyBytes {
			c.may(file, 0, "the card has %d bytes; WeChat takes %d in one message", n, maxReplyBytes)
		} else if n := utf8.RuneCountInString(text); n > maxCardRunes && card.Kind != "law" { // statutes are as long as they are
			c.may(file, 0, "the card %s has %d characters, a card has at most %d", card.Head, n, maxCardRunes)
		}
	}
}
