package bot

import (
	"fmt"
	"slices"
	"strings"

	"anning/content"
	"anning/flows"
)

// views are what a show step can show. A closed set: a view is Go, what it shows is content.
var views = map[string]func(*turn, string) error{
	"conduct":            (*turn).showConduct,
	"do_now":             (*turn).showDoNow,
	"laws":               (*turn).showLaws,
	"law":                (*turn).showLaw,
	"reporting_channels": (*turn).showChannels,
	"reporting_channel":  (*turn).showChannel,
	"checklist":          (*turn).showChecklist,
	"script":             (*turn).showScript,
	"hotlines":           (*turn).showHotlines,
	"kept":               (*turn).showKept,

	"question":               (*turn).showQuestion,
	"question_more":          (*turn).showQuestionMore,
	"question_laws":          (*turn).showQuestionLaws,
	"basis":                  (*turn).showBasis,
	"details":                (*turn).showDetails,
	"phone":                  (*turn).showPhone,
	"negotiation":            (*turn).showNegotiation,
	"letter":                 (*turn).showLetter,
	"yardsticks":             (*turn).showYardsticks,
	"plan":                   (*turn).showPlan,
	"reporting_channel_more": (*turn).showChannelMore,
}

// lists are what a question can take its choices from.
var lists = []string{"also", "conducts", "creditors", "reporting_channels", "evidence", "questions", "question_ways", "phones", "checklists"}

func (t *turn) show(v *flows.View) error {
	view, ok := views[v.Name]
	if !ok {
		return fmt.Errorf("no view %q", v.Name)
	}
	return view(t, v.Of.Render(t.slotRaw))
}

// fromTheTop forgets which cards of a view were shown.
func (t *turn) fromTheTop(v *flows.View) {
	delete(t.s.Shown, v.Name)
	if v.Name == "script" {
		delete(t.s.Shown, "script:"+v.Of.Render(t.slotRaw))
	}
}

// list gives the entries of a list for the situation at hand.
func (t *turn) list(name string) []option {
	switch name {
	case "":
		return nil
	case "evidence":
		c := t.g.lib.Conduct(t.s.Slots["conduct"])
		if c == nil {
			return nil
		}
		var out []option
		for _, e := range c.Evidence {
			out = append(out, option{id: e.ID, label: e.Short, name: e.Item})
		}
		return out
	case "conducts": // those of a category, where one was chosen
		category := t.s.Slots["category"]
		return slices.DeleteFunc(t.everything(name), func(o option) bool {
			return category != "" && t.g.lib.Conduct(o.id).Category != category
		})
	case "also": // the other conducts heard in the same words
		said := strings.Split(t.s.Slots["also"], ",")
		return slices.DeleteFunc(t.everything("conducts"), func(o option) bool { return !slices.Contains(said, o.id) })
	case "reporting_channels":
		channels, _ := t.channels()
		var out []option
		for _, c := range channels {
			out = append(out, option{id: c.ID, label: c.Short, name: c.Name})
		}
		return out
	case "questions":
		return t.only(name, "intent")
	case "checklists":
		return t.guidesFirst(t.only(name, "topic"))
	case "question_ways":
		return t.ways()
	}
	return t.everything(name)
}

// everything gives all entries of a list, whatever the situation.
func (t *turn) everything(name string) []option {
	lib := t.g.lib
	var out []option
	switch name {
	case "conducts", "also":
		for _, c := range lib.Conducts {
			out = append(out, option{id: c.ID, label: c.Short, name: c.Name})
		}
	case "creditors":
		for _, c := range lib.Creditors {
			out = append(out, option{id: c.ID, label: c.Short, name: c.Name})
		}
	case "reporting_channels":
		for _, c := range lib.ReportingChannels {
			out = append(out, option{id: c.ID, label: c.Short, name: c.Name})
		}
	case "evidence":
		for _, c := range lib.Conducts {
			for _, e := range c.Evidence {
				out = append(out, option{id: e.ID, label: e.Short, name: e.Item})
			}
		}
	default:
		return t.guideEntries(name)
	}
	return out
}

// day is the day of the conduct; today where none was said.
func (t *turn) day() (day content.Date, said bool) {
	if d, err := content.ParseDate(cutText(t.s.Slots["day"], 10)); err == nil && !d.IsZero() {
		return d, true
	}
	return t.today(), false
}

func (t *turn) today() content.Date { return content.DateOf(t.now) }

func (t *turn) conduct(of string) *content.Conduct {
	if of == "" {
		of = t.s.Slots["conduct"]
	}
	return t.g.lib.Conduct(of)
}

func (t *turn) channels() ([]*content.ReportingChannel, string) {
	creditor := t.s.Slots["creditor"]
	if creditor == "" {
		creditor = "unknown"
	}
	return t.g.lib.ChannelsFor(t.s.Slots["conduct"], creditor)
}

func (t *turn) card(source string, c Card) {
	t.reply(Reply{Text: c.text(), Source: source, Card: &c})
}

func (t *turn) showConduct(of string) error {
	if c := t.conduct(of); c != nil {
		t.card("conducts/"+c.ID, conductCard(c, t.today()))
	}
	return nil
}

func (t *turn) showDoNow(of string) error {
	if c := t.conduct(of); c != nil {
		t.card("conducts/"+c.ID, doNowCard(c))
	}
	return nil
}

// next gives the place of the card to show now, and moves on; ok is false once all were shown, and the round begins again.
func (t *turn) next(view string, total int) (i int, ok bool) {
	i = t.s.Shown[view]
	if i >= total {
		t.shown(view, 0)
		return 0, false
	}
	t.shown(view, i+1)
	return i, true
}

func (t *turn) showLaws(of string) error {
	c := t.conduct(of)
	if c == nil {
		return nil
	}
	day, _ := t.day()
	t.nextLaw("laws", t.g.lib.LawsFor(c, day, t.s.Slots["creditor"]), "no_law_that_day")
	return nil
}

// nextLaw shows the next of the laws of a view; where there are none, the sentence that says so.
func (t *turn) nextLaw(view string, laws []*content.Law, none string) {
	if len(laws) == 0 {
		t.reply(Reply{Text: t.g.words.say(none)})
		return
	}
	i, ok := t.next(view, len(laws))
	if !ok {
		t.reply(Reply{Text: t.g.words.say("no_more_cards")})
		return
	}
	day, said := t.day()
	t.lawCard(laws[i], day, said, i, len(laws))
}

func (t *turn) lawCard(l *content.Law, day content.Date, said bool, i, total int) {
	c := lawCard(l, day, said, t.today())
	if i+1 < total {
		c.Foot += "\n" + t.g.words.say("card_position", "n", fmt.Sprint(i+1), "total", fmt.Sprint(total))
	}
	t.card("laws/"+l.ID, c)
}

func (t *turn) showLaw(of string) error {
	day, said := t.day()
	l, ok := t.g.lib.LawOn(of, day)
	if !ok {
		t.reply(Reply{Text: t.g.words.say("no_law_that_day")})
		return nil
	}
	t.lawCard(l, day, said, 0, 1)
	return nil
}

// walkedChannel is the slot of a reporting channel that was tried already: the round begins after it and ends with it.
const walkedChannel = "walked_channel"

func (t *turn) showChannels(string) error {
	channels, _ := t.channels()
	if len(channels) == 0 {
		t.reply(Reply{Text: t.g.words.say("no_channel")})
		return nil
	}
	if i := slices.IndexFunc(channels, func(c *content.ReportingChannel) bool { return c.ID == t.s.Slots[walkedChannel] }); i >= 0 {
		channels = slices.Concat(channels[i+1:], channels[:i+1])
	}
	i, ok := t.next("reporting_channels", len(channels))
	if !ok {
		t.reply(Reply{Text: t.g.words.say("no_more_cards")})
		return nil
	}
	c := channels[i]
	t.set("reporting_channel", c.ID)
	t.channelCard(c, i, len(channels))
	return nil
}

func (t *turn) channelCard(c *content.ReportingChannel, i, total int) {
	card := channelCard(c, t.today())
	if i+1 < total {
		card.Foot += "\n" + t.g.words.say("card_position", "n", fmt.Sprint(i+1), "total", fmt.Sprint(total))
	}
	t.card("reporting_channels/"+c.ID, card)
	delete(t.s.Shown, "reporting_channel_more")
	delete(t.s.Shown, "plan")
	t.shown(toldKey, toldReporting)
	delete(t.s.Shown, basisKey)
}

func (t *turn) showChannel(of string) error {
	if of == "" {
		of = t.s.Slots["reporting_channel"]
	}
	if c := t.g.lib.ReportingChannel(of); c != nil {
		t.channelCard(c, 0, 1)
	}
	return nil
}

// showChecklist shows the evidence of the conduct with its ticks; with an id, that checklist of the content.
func (t *turn) showChecklist(of string) error {
	if list := t.g.lib.Checklist(of); list != nil {
		t.card("checklists/"+list.ID, checklistCard(list, t.today()))
		return nil
	}
	if c := t.conduct(of); c != nil {
		t.card("conducts/"+c.ID, evidenceCard(c, strings.Split(t.s.Slots["evidence"], ",")))
	}
	return nil
}

// showScript shows lines to say. A set of many lines is shown a few at a time.
func (t *turn) showScript(of string) error {
	const few = 3
	sc := t.g.lib.Script(of)
	if sc == nil {
		return nil
	}
	from, ok := t.next("script:"+of, (len(sc.Lines)+few-1)/few)
	if !ok {
		from = 0
		t.shown("script:"+of, 1)
	}
	lines := sc.Lines[from*few:]
	lines = slices.Clone(lines[:min(few, len(lines))])
	t.card("scripts/"+of, scriptCard(sc, lines, from == 0))
	return nil
}

func (t *turn) showHotlines(string) error {
	var c Card
	c.Kind, c.Head, c.Title = "hotlines", "热线", "打得通的号码"
	for _, h := range t.g.lib.Hotlines {
		c.Rows = append(c.Rows, CardRow{Label: h.Number, Text: h.Name + "：" + h.For})
	}
	t.card("hotlines", c)
	return nil
}
