package bot

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"anning/bot/casefile"
	"anning/content"
	"anning/flows"
	"anning/storage"
)

func itoa(n int) string { return strconv.Itoa(n) }

// record keeps something in the case file, linked to what was kept before.
func (t *turn) record(r *flows.Recording) {
	if t.s.Slots["consent"] == "no" {
		t.reply(Reply{Text: t.g.words.say("consent_needed_to_keep")})
		return
	}
	e := casefile.Entry{Kind: r.Kind, At: t.m.At, Slots: map[string]string{}}
	for _, slot := range r.With {
		if v := t.s.Slots[slot]; v != "" {
			e.Slots[slot] = v
		}
	}
	t.keep(e)
}

func (t *turn) keep(e casefile.Entry) {
	s := t.s
	s.Entries++
	e.Number, e.Prev = s.Entries, s.Chain
	s.Chain = e.Seal()
	t.records = append(t.records, storage.Record{ID: e.ID(), Data: e.Bytes()})
}

// reminderHour is when reminders come: ten in the morning.
const reminderHour = 10

// reminderData is what a reminder carries.
type reminderData struct {
	Flow  string            `json:"flow"`
	Slots map[string]string `json:"slots,omitempty"` // what the conversation was about, as it was then
}

func (t *turn) setReminder(r *flows.Reminder) {
	id, own := r.Flow, r.Flow+":"+t.s.Slots["reporting_channel"]
	if r.Cancel {
		t.remind = slices.DeleteFunc(t.remind, func(r storage.Reminder) bool { return r.ID == id || r.ID == own })
		t.cancel = append(t.cancel, id, own)
		return
	}
	if r.From == "reporting_channel" {
		id = own // several complaints, each with its own day
	}
	if t.s.Slots["consent"] == "no" {
		return
	}
	t.set("remind_on", "")
	days, since := r.Days, t.today()
	if r.From == "reporting_channel" {
		if c := t.g.lib.ReportingChannel(t.s.Slots["reporting_channel"]); c != nil {
			days = c.FollowUp
		}
		if days == 0 {
			return // it has no term to wait for
		}
		if filed, err := content.ParseDate(cutText(t.s.Slots["filed_on"], 10)); err == nil && !filed.IsZero() {
			since = filed
		}
	}
	day := since.Add(days)
	if tomorrow := t.today().Add(1); day.Before(tomorrow) { // the day to ask is past already
		day = tomorrow
	}
	if r.Due != "" {
		d, err := content.ParseDate(cutText(t.s.Slots[r.Due], 10))
		if err != nil || d.IsZero() {
			return
		}
		day = d
	}
	at := time.Date(day.Year(), day.Month(), day.Day(), reminderHour, 0, 0, 0, china)
	if !at.After(t.now) {
		return
	}
	data := reminderData{Flow: r.Flow, Slots: map[string]string{}}
	for _, slot := range []string{"conduct", "creditor", "reporting_channel", "filed_on", "complaint_number"} {
		if v := t.s.Slots[slot]; v != "" {
			data.Slots[slot] = v
		}
	}
	b, err := json.Marshal(data)
	if err != nil {
		return
	}
	t.set("remind_on", at.Format(time.DateOnly))
	t.remind = append(t.remind, storage.Reminder{ID: id, At: at, Data: b})
}

// far is how far away something has to be that is offered to a calendar.
const far = 48 * time.Hour

// tellDue says with the answer when something falls due that this turn set: with its last words that ask for nothing.
func (t *turn) tellDue() {
	var due time.Time
	for _, r := range t.remind {
		if r.At.Sub(t.now) >= far && (due.IsZero() || r.At.Before(due)) {
			due = r.At
		}
	}
	if due.IsZero() || len(t.replies) == 0 {
		return
	}
	i := len(t.replies) - 1
	for i > 0 && len(t.replies[i].Choices) > 0 {
		i--
	}
	t.replies[i].Due = due
}

// documents are what a document step can hand over.
var documents = map[string]func(*turn){"export": (*turn).exportDocument}

func (t *turn) document(name string) {
	if make, ok := documents[name]; ok {
		make(t)
	}
}
