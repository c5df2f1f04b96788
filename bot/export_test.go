package bot

import (
	"maps"
	"slices"
	"strings"
	"time"

	"anning/content"
	"anning/flows"
	"anning/storage"
)

// Unchecked is a Bot over flows that were not checked, for tests with flows of their own.
func Unchecked(store *storage.Store, lib *content.Library, set *flows.Set) *Bot {
	g, err := newGuide(lib, set)
	if err != nil {
		panic(err)
	}
	b := newBot(store, nil)
	b.guide.Store(g)
	return b
}

// ChannelCards are the cards of details and of days to come back on, as text, for tests with channels of their own.
func ChannelCards(lib *content.Library, ch *content.ReportingChannel, today content.Date) (details, plan string) {
	t := &turn{g: &guide{lib: lib, words: words(lib.Wording)}, s: newSession("test:1"), now: today.Time.Add(15 * time.Hour)}
	text := func(cards []Card) string {
		var b strings.Builder
		for _, c := range cards {
			b.WriteString(c.text() + "\n")
		}
		return b.String()
	}
	return text(channelMoreCards(ch, today)), text(t.planCards(ch.Name, ch.Plan, ch.Fact))
}

// LooksAhead lists the slots that are looked at on the ways from a step, before they are filled anew.
func LooksAhead(set *flows.Set, flow, step string) []string {
	return slices.Sorted(maps.Keys(deciding(set).from(flow, step, false)))
}
