package bot

import (
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
