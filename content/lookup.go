package content

import "slices"

// index finds entries by id.
type index struct {
	conducts   map[string]*Conduct
	laws       map[string]*Law
	channels   map[string]*ReportingChannel
	creditors  map[string]*Creditor
	routes     map[string]*Route
	checklists map[string]*Checklist
	hotlines   map[string]*Hotline
	scripts    map[string]*Script
	signals    map[string]*Signal
	letters    map[string]*Letter
	deals      map[string]*Negotiation
	plans      map[string]*ReminderPlan
	yardsticks map[string]*Yardstick
	questions  map[string]*Question
	phones     map[string]*Phone
	lenders    map[string]*Lender
}

// newIndex builds the index of a library.
func newIndex(lib *Library) index {
	return index{
		conducts:   by(lib.Conducts, func(x *Conduct) string { return x.ID }),
		laws:       by(lib.Laws, func(x *Law) string { return x.ID }),
		channels:   by(lib.ReportingChannels, func(x *ReportingChannel) string { return x.ID }),
		creditors:  by(lib.Creditors, func(x *Creditor) string { return x.ID }),
		routes:     by(lib.Routes, func(x *Route) string { return x.ID }),
		checklists: by(lib.Checklists, func(x *Checklist) string { return x.ID }),
		hotlines:   by(lib.Hotlines, func(x *Hotline) string { return x.Number }),
		scripts:    by(lib.Scripts, func(x *Script) string { return x.ID }),
		signals:    by(lib.Signals, func(x *Signal) string { return x.ID }),
		letters:    by(lib.Letters, func(x *Letter) string { return x.ID }),
		deals:      by(lib.Negotiations, func(x *Negotiation) string { return x.ID }),
		plans:      by(lib.ReminderPlans, func(x *ReminderPlan) string { return x.ID }),
		yardsticks: by(lib.Yardsticks, func(x *Yardstick) string { return x.ID }),
		questions:  by(lib.Questions, func(x *Question) string { return x.ID }),
		phones:     by(lib.Phones, func(x *Phone) string { return x.ID }),
		lenders:    by(lib.EveryLender(), func(x *Lender) string { return x.Name }),
	}
}

func by[T any](all []*T, key func(*T) string) map[string]*T {
	m := make(map[string]*T, len(all))
	for _, x := range all {
		m[key(x)] = x
	}
	return m
}

// Conduct returns the conduct with this id, nil if there is none.
func (lib *Library) Conduct(id string) *Conduct { return lib.index.conducts[id] }

// Law returns the citation with this id, whether in force or not, nil if there is none. See LawOn.
func (lib *Library) Law(id string) *Law { return lib.index.laws[id] }

// ReportingChannel returns the reporting channel with this id, nil if there is none.
func (lib *Library) ReportingChannel(id string) *ReportingChannel { return lib.index.channels[id] }

// Creditor returns the kind of creditor with this id, nil if there is none.
func (lib *Library) Creditor(id string) *Creditor { return lib.index.creditors[id] }

// Route returns the route with this id, nil if there is none.
func (lib *Library) Route(id string) *Route { return lib.index.routes[id] }

// Checklist returns the checklist with this id, nil if there is none.
func (lib *Library) Checklist(id string) *Checklist { return lib.index.checklists[id] }

// Hotline returns the hotline with this number, nil if there is none.
func (lib *Library) Hotline(number string) *Hotline { return lib.index.hotlines[number] }

// Script returns the script with this id, nil if there is none.
func (lib *Library) Script(id string) *Script { return lib.index.scripts[id] }

// Signal returns the signal with this id, nil if there is none.
func (lib *Library) Signal(id string) *Signal { return lib.index.signals[id] }

// Letter returns the letter with this id, nil if there is none.
func (lib *Library) Letter(id string) *Letter { return lib.index.letters[id] }

// LettersFor returns the letters that can be handed in to a reporting channel, by ID.
func (lib *Library) LettersFor(channelID string) []*Letter {
	var all []*Letter
	for _, x := range lib.Letters {
		if slices.Contains(x.Channels, channelID) {
			all = append(all, x)
		}
	}
	return all
}

// Negotiation returns the negotiation with this id, nil if there is none.
func (lib *Library) Negotiation(id string) *Negotiation { return lib.index.deals[id] }

// NegotiationFor returns how to talk with this kind of creditor: the one that names it, else the first that names none;
// nil if there is neither.
func (lib *Library) NegotiationFor(creditorID string) *Negotiation {
	var any *Negotiation
	for _, x := range lib.Negotiations {
		if slices.Contains(x.Creditors, creditorID) {
			return x
		}
		if any == nil && len(x.Creditors) == 0 {
			any = x
		}
	}
	return any
}

// ReminderPlan returns the plan with this id, nil if there is none.
func (lib *Library) ReminderPlan(id string) *ReminderPlan { return lib.index.plans[id] }

// Yardstick returns the yardstick with this id, nil if there is none.
func (lib *Library) Yardstick(id string) *Yardstick { return lib.index.yardsticks[id] }

// Question returns the question with this id, nil if there is none.
func (lib *Library) Question(id string) *Question { return lib.index.questions[id] }

// Phone returns the make of phone with this id, nil if there is none.
func (lib *Library) Phone(id string) *Phone { return lib.index.phones[id] }

// Lender returns the lender with this name in full, nil if there is none.
func (lib *Library) Lender(name string) *Lender { return lib.index.lenders[name] }

// InForce tells whether the law was in force on that day. A law without a first day, which was not found out, counts as
// in force until its last; on the zero Date, a day not known, every law does.
func (l *Law) InForce(day Date) bool {
	if day.IsZero() {
		return true
	}
	return !day.Before(l.From) && (l.To.IsZero() || !day.After(l.To))
}

// LawOn returns the citation in force on that day: the law with this id, else one it replaced, however long ago, that
// was. On the zero Date it is the law itself. There may be none.
func (lib *Library) LawOn(id string, day Date) (*Law, bool) {
	seen := map[string]bool{}
	for next := []string{id}; len(next) > 0; next = next[1:] {
		law := lib.Law(next[0])
		if law == nil || seen[law.ID] {
			continue
		}
		seen[law.ID] = true
		if law.InForce(day) {
			return law, true
		}
		next = append(next, law.Replaces...)
	}
	return nil, false
}

// LawsFor returns the citations for a conduct that happened on that day, strongest first, each once. Those of low
// confidence are left out, and those that do not bind this kind of creditor: a rule for banks is none for a pawnshop.
// While nobody knows the creditor (empty, "unknown"), only what binds everybody counts.
func (lib *Library) LawsFor(c *Conduct, day Date, creditor string) []*Law {
	var laws []*Law
	for _, id := range c.Laws {
		law, ok := lib.LawOn(id, day)
		if ok && law.ID != id && slices.Contains(c.NewOnly, id) {
			continue
		}
		if ok && len(law.Binds) > 0 && !slices.Contains(law.Binds, creditor) {
			continue
		}
		if ok && law.Confidence != Low && !slices.Contains(laws, law) {
			laws = append(laws, law)
		}
	}
	return laws
}

// unknownCreditor is the id of the creditor nobody could name.
const unknownCreditor = "unknown"

// ChannelsFor returns where to report a conduct to when the creditor is of that kind, best first (primary, secondary,
// escalate), each once, and why in this order. An empty or unheard-of creditor counts as "unknown". Channels of low
// confidence are left out.
func (lib *Library) ChannelsFor(conductID, creditorID string) (channels []*ReportingChannel, reason string) {
	conduct := lib.Conduct(conductID)
	if conduct == nil {
		return nil, ""
	}
	route := lib.Route(conduct.Route)
	if route == nil {
		return nil, ""
	}
	order := route.By[creditorID]
	if order == nil {
		order = route.By[unknownCreditor]
	}
	if order == nil {
		return nil, ""
	}
	for _, id := range slices.Concat(order.Primary, order.Secondary, order.Escalate) {
		channel := lib.ReportingChannel(id)
		if channel != nil && channel.Confidence != Low && !slices.Contains(channels, channel) {
			channels = append(channels, channel)
		}
	}
	return channels, order.Reason
}
