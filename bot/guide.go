package bot

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
	"anning/flows"
)

// Keys in Session.Shown beside those of the views: what was told last, so that 「依据」 and 「详细」 mean it.
const (
	toldKey       = "told"
	toldQuestion  = 1
	toldReporting = 2
	basisKey      = "basis" // a law was shown last: 「下一条」 is the next law
)

// question is the question with this id, else the one asked last; nil where there is none that may be answered.
func (t *turn) question(of string) *content.Question {
	if of == "" {
		of = t.s.Slots["question"]
	}
	if q := t.g.lib.Question(of); q != nil && q.Confidence != content.Low {
		return q
	}
	return nil
}

// showQuestion answers a question. It is the one asked last from then on.
func (t *turn) showQuestion(of string) error {
	q := t.question(of)
	if q == nil {
		return nil
	}
	t.set("question", q.ID)
	delete(t.s.Shown, "question_more")
	delete(t.s.Shown, "question_laws")
	t.shown(toldKey, toldQuestion)
	t.reply(Reply{Text: q.Answer, Source: "questions/" + q.ID})
	return nil
}

func (t *turn) showQuestionMore(of string) error {
	if q := t.question(of); q != nil && len(q.More) > 0 {
		t.oneOf("question_more", "questions/"+q.ID, questionCards(q, t.today()))
	}
	return nil
}

func (t *turn) showQuestionLaws(of string) error {
	q := t.question(of)
	if q == nil {
		return nil
	}
	day, _ := t.day()
	t.nextLaw("question_laws", t.lawsOf(q.Laws, day), "no_law_in_answer")
	return nil
}

// lawsOf are the citations in force on a day, in their order, each once. Where the creditor is known, those that do not
// bind it are left out, unless none would be left.
func (t *turn) lawsOf(ids []string, day content.Date) []*content.Law {
	var all []*content.Law
	for _, id := range ids {
		if l, ok := t.g.lib.LawOn(id, day); ok && l.Confidence != content.Low && !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	creditor := t.creditor()
	if creditor == "" {
		return all
	}
	binding := slices.DeleteFunc(slices.Clone(all), func(l *content.Law) bool {
		return len(l.Binds) > 0 && !slices.Contains(l.Binds, creditor)
	})
	if len(binding) == 0 {
		return all
	}
	return binding
}

// creditor is the kind of creditor where it is known.
func (t *turn) creditor() string {
	if c := t.s.Slots["creditor"]; c != "unknown" {
		return c
	}
	return ""
}

// showBasis shows what was told last rests on: the laws of the question that was answered, else those of the conduct.
func (t *turn) showBasis(string) error {
	t.shown(basisKey, 1)
	if t.question("") != nil && (t.s.Shown[toldKey] == toldQuestion || t.conduct("") == nil) {
		return t.showQuestionLaws("")
	}
	return t.showLaws("")
}

// showDetails shows the rest of what was told last: of the question that was answered, or of the reporting channel.
func (t *turn) showDetails(string) error {
	asked, told := t.question(""), t.s.Shown[toldKey]
	if asked != nil && (told == toldQuestion || told == 0 && t.s.Slots["reporting_channel"] == "") {
		return t.showQuestionMore("")
	}
	return t.showChannelMore("")
}

func (t *turn) showPhone(of string) error {
	if of == "" {
		of = t.s.Slots["phone"]
	}
	if p := t.g.lib.Phone(of); p != nil {
		t.oneOf("phone", "phones/"+p.ID, pages(phoneCard(p, t.today())))
	}
	return nil
}

// negotiation is the one with this id, else the one for the creditor.
func (t *turn) negotiation(of string) *content.Negotiation {
	if of != "" {
		return t.g.lib.Negotiation(of)
	}
	return t.g.lib.NegotiationFor(t.creditor())
}

func (t *turn) showNegotiation(of string) error {
	if n := t.negotiation(of); n != nil {
		t.oneOf("negotiation", "negotiation/"+n.ID, negotiationCards(n, t.slotText, t.today()))
	}
	return nil
}

// showYardsticks shows the measures that bind the creditor, all of them while nobody knows it, a card at a time.
func (t *turn) showYardsticks(of string) error {
	var cards []Card
	var ids []string
	for _, y := range t.g.lib.Yardsticks {
		if y.Confidence == content.Low || of != "" && y.ID != of || of == "" && !y.Measures(t.creditor()) {
			continue
		}
		day, _ := t.day()
		cards = append(cards, yardstickCard(t.g.lib, y, day, t.today()))
		ids = append(ids, y.ID)
	}
	if len(cards) == 0 {
		t.reply(Reply{Text: t.g.words.say("no_yardstick")})
		return nil
	}
	i := min(t.s.Shown["yardsticks"], len(ids)-1)
	t.oneOf("yardsticks", "yardsticks/"+ids[i], cards)
	return nil
}

// reportingChannel is the one with this id, else the one at hand.
func (t *turn) reportingChannel(of string) *content.ReportingChannel {
	if of == "" {
		of = t.s.Slots["reporting_channel"]
	}
	return t.g.lib.ReportingChannel(of)
}

// showChannelMore shows what has no room on the card of a reporting channel.
func (t *turn) showChannelMore(of string) error {
	if c := t.reportingChannel(of); c != nil {
		if cards := channelMoreCards(c, t.today()); len(cards) > 0 {
			t.oneOf("reporting_channel_more", "reporting_channels/"+c.ID, cards)
		}
	}
	return nil
}

// showPlan shows the days to come back on: of the reporting channel, or of the reminder plan with this id.
func (t *turn) showPlan(of string) error {
	if p := t.g.lib.ReminderPlan(of); p != nil {
		t.oneOf("plan", "reminder_plans/"+p.ID, t.planCards(p.Name, p.Steps, p.Fact))
		return nil
	}
	if c := t.reportingChannel(of); c != nil && len(c.Plan) > 0 {
		t.oneOf("plan", "reporting_channels/"+c.ID, t.planCards(c.Name, c.Plan, c.Fact))
	}
	return nil
}

// oneOf shows the next of several cards of a view.
func (t *turn) oneOf(view, source string, cards []Card) {
	i, ok := t.next(view, len(cards))
	if !ok {
		t.reply(Reply{Text: t.g.words.say("no_more_cards")})
		return
	}
	c := cards[i]
	if i+1 < len(cards) {
		c.Foot = strings.TrimLeft(c.Foot+"\n"+t.g.words.say("card_position", "n", fmt.Sprint(i+1), "total", fmt.Sprint(len(cards))), "\n")
	}
	t.card(source, c)
}

// hollow says that a look aside would show nothing as things stand; its button is left out then.
func (t *turn) hollow(v *flows.View) bool {
	if v == nil || !thin[v.Name] {
		return false
	}
	of := v.Of.Render(t.slotRaw)
	switch v.Name {
	case "question_more":
		q := t.question(of)
		return q == nil || len(q.More) == 0
	case "question_laws":
		q := t.question(of)
		day, _ := t.day()
		return q == nil || len(t.lawsOf(q.Laws, day)) == 0
	case "reporting_channel_more":
		c := t.reportingChannel(of)
		return c == nil || len(channelMoreCards(c, t.today())) == 0
	case "plan":
		c := t.reportingChannel(of)
		return t.g.lib.ReminderPlan(of) == nil && (c == nil || len(c.Plan) == 0)
	case "letter":
		return t.letter(of) == nil
	case "negotiation":
		return t.negotiation(of) == nil
	}
	return false
}

// thin are the views that may have nothing to show.
var thin = map[string]bool{"question_more": true, "question_laws": true, "reporting_channel_more": true, "plan": true, "letter": true, "negotiation": true}

// ways are where the answered question leads on to: its own flow, where it has one. It is no answer to keep: the button
// leads there.
func (t *turn) ways() []option {
	q := t.question("")
	if q == nil || q.Flow == "" {
		return nil
	}
	return []option{{id: q.Flow, label: q.Go, name: q.Go, to: q.Flow}}
}

// guideEntries gives all entries of a list of the guide, whatever the situation.
func (t *turn) guideEntries(list string) []option {
	var out []option
	switch list {
	case "questions":
		for _, q := range t.g.lib.Questions {
			if q.Confidence != content.Low {
				out = append(out, option{id: q.ID, label: q.Short, name: q.Title, kind: q.Intent})
			}
		}
	case "phones":
		for _, p := range t.g.lib.Phones {
			out = append(out, option{id: p.ID, label: p.Short, name: p.Name})
		}
	case "checklists":
		for _, c := range t.g.lib.Checklists {
			label := c.Short
			if label == "" && utf8.RuneCountInString(c.Name) <= maxLabelRunes {
				label = c.Name
			}
			if label != "" { // without one it has no button; flows show it by its id
				out = append(out, option{id: c.ID, label: label, name: c.Name, kind: c.Topic})
			}
		}
	}
	return out
}

// only are the entries of a list of the kinds that a slot narrows it to.
func (t *turn) only(list, slot string) []option {
	all := t.everything(list)
	if kinds := t.s.Slots[slot]; kinds != "" {
		return among(all, strings.Split(kinds, ","))
	}
	return all
}

// guidesFirst puts those checklists first that tell how to keep the evidence of the conduct that is not there yet, in the
// order of the evidence.
func (t *turn) guidesFirst(lists []option) []option {
	c := t.conduct("")
	if c == nil {
		return lists
	}
	var guides []string
	for _, e := range c.Evidence {
		if !slices.Contains(strings.Split(t.s.Slots["evidence"], ","), e.ID) {
			guides = append(guides, e.Guide)
		}
	}
	place := func(o option) int {
		if i := slices.Index(guides, o.id); i >= 0 {
			return i
		}
		return len(guides)
	}
	slices.SortStableFunc(lists, func(a, b option) int { return place(a) - place(b) })
	return lists
}

// among are the entries of some kinds, in the order of the kinds.
func among(all []option, kinds []string) []option {
	all = slices.DeleteFunc(all, func(o option) bool { return !slices.Contains(kinds, o.kind) })
	slices.SortStableFunc(all, func(a, b option) int { return slices.Index(kinds, a.kind) - slices.Index(kinds, b.kind) })
	return all
}

// maxLabelRunes is how many characters a button has at most.
const maxLabelRunes = 10

// leadOn takes a way on: a flow, or the conduct that one tells of. What was said so far was the question, and nothing of
// what happened.
func (t *turn) leadOn(f *flows.Flow, to string) error {
	t.set("said", "")
	if t.g.lib.Conduct(to) != nil {
		t.set("conduct", to)
	}
	t.s.Misses, t.moved = 0, true
	return t.goTo(f, t.flowFor(to)+"/")
}
