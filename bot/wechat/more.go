package wechat

import (
	"context"
	"time"

	"anning/bot"
)

// lateFor is how long after a post it is believed that its answer may still come.
const lateFor = 3 * time.Minute

// wantsMore says that a message asks for what was not shown yet: by its words, or by the number of a choice that
// stands on a page nobody has seen.
func (m *Messenger) wantsMore(in *incoming) (wants bool) {
	text := in.message.Text
	if in.page > 0 || len(in.message.Files) == 0 && goesOn(text) {
		return true
	}
	if bareNumber(text) {
		m.talks.with(in.user(), func(t *talk) { wants = t.unseen || len(t.held) > 0 || len(t.rest) > 0 })
	}
	return wants
}

// goOn shows the next page, or what came too late. It reports whether there was anything; if not, the message is the
// engine's.
func (m *Messenger) goOn(ctx context.Context, in *incoming, finish func(bool, func(*talk, bool) string)) bool {
	has, wasHeld := false, false
	m.talks.with(in.user(), func(t *talk) {
		wasHeld = len(t.held) > 0
		has = wasHeld || len(t.rest) > 0 && in.page == 0
	})
	if has {
		finish(false, func(t *talk, waits bool) string { return m.nextHeld(t, waits) })
		if wasHeld {
			m.noteShown(in.openID, func(n *note) { n.Until = 0 })
		}
		return true
	}
	page, ok := m.nextPage(ctx, in)
	if !ok {
		return false
	}
	taken := false
	finish(false, func(t *talk, waits bool) string {
		if taken = waits; !waits {
			return ""
		}
		t.unseen = page.more
		return page.text
	})
	if taken {
		m.noteShown(in.openID, page.note)
	}
	return true
}

// nextHeld shows what this process holds. The talks' lock is held.
func (m *Messenger) nextHeld(t *talk, waits bool) string {
	switch {
	case !waits:
		return ""
	case len(t.held) > 0:
		return m.show(t, nil)
	case len(t.rest) > 0:
		text := t.rest[0]
		t.rest = t.rest[1:]
		t.unseen = len(t.rest) > 0
		return text
	}
	return ""
}

// nextPage is what comes after the last page shown, and how that is noted once it was shown.
type nextPage struct {
	text string
	more bool // pages are left
	note func(*note)
}

// nextPage finds the next page of the latest answer. Who was shown what is noted only from the second page on: an
// answer of several pages about which nothing is noted has had its first one shown.
func (m *Messenger) nextPage(ctx context.Context, in *incoming) (nextPage, bool) {
	n, _, err := m.note(ctx, in.openID)
	if err != nil {
		return nextPage{}, false
	}
	turn, replies, err := m.keeper.Latest(ctx, in.user())
	if err != nil {
		return nextPage{}, false
	}
	if n.Until != 0 {
		return m.afterLate(in, n, turn, replies), true
	}
	pages := m.draw(in.user(), replies)
	page := 2
	switch {
	case in.page > 0:
		page = in.page
	case n.Turn == turn && n.Last == in.id: // the same post again
		page = n.Page
	case n.Turn == turn:
		page = n.Page + 1
	}
	if page > len(pages) || page < 2 {
		return nextPage{}, false
	}
	return nextPage{pages[page-1], page < len(pages), func(n *note) { n.Turn, n.Page, n.Last = turn, page, in.id }}, true
}

// afterLate is for an answer that was late, and that this process does not hold: another one made it, or this one was
// started anew.
func (m *Messenger) afterLate(in *incoming, n note, turn int, replies []bot.Reply) nextPage {
	switch {
	case turn > n.Turn:
		pages := m.draw(in.user(), replies)
		if len(pages) == 0 {
			pages = []string{lost}
		}
		return nextPage{pages[0], len(pages) > 1, func(n *note) { n.Until, n.Turn, n.Page, n.Last = 0, turn, 1, in.id }}
	case m.options.Clock().UnixMilli() < n.Until:
		return nextPage{stillThinking, false, func(*note) {}}
	}
	return nextPage{lost, false, func(n *note) { n.Until = 0 }}
}

// noteLate notes that an answer is late, so that any process can tell what became of it.
func (m *Messenger) noteLate(in *incoming, f *flight) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(m.work), 5*time.Second)
	defer cancel()
	turn, _, err := m.keeper.Latest(ctx, in.user())
	if err != nil {
		return
	}
	select {
	case <-f.done:
		return
	default:
	}
	m.editNote(ctx, in.openID, func(n *note) {
		n.Turn, n.Page, n.Last, n.Until = turn, 0, "", m.options.Clock().Add(lateFor).UnixMilli()
	})
}

// noteShown edits a note after the answer was given. The person's next post waits for it, and nobody else.
func (m *Messenger) noteShown(openID string, edit func(*note)) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(m.work), 5*time.Second)
	defer cancel()
	m.editNote(ctx, openID, edit)
}
