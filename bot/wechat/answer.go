package wechat

import (
	"context"
	"slices"
	"time"

	"anning/bot"
)

// respond answers a post in time: with the answer, or with how to get it once it is there.
func (m *Messenger) respond(p *post) string {
	in := m.incoming(p)
	if in.words != "" {
		return in.words
	}
	if in.silent && !m.concerns(p) {
		m.options.Count("ignored")
		return ""
	}
	if !in.silent {
		m.api.open(in.openID)
	}
	key := in.openID + "\n" + in.id
	f := m.talks.find(key)
	if f == nil {
		if m.limits.Take(in.openID) > 0 {
			m.options.Count("too fast")
			return busy
		}
		var before, end chan struct{}
		if f, before, end = m.talks.begin(in.user(), key, m.options.Busy); f == nil {
			m.options.Count("too many")
			return full
		}
		if end != nil {
			m.crew.do(func() {
				defer close(end)
				m.fly(in, p, key, f, before)
			})
		}
	}
	return m.await(in, f)
}

// await waits for the answer as long as WeChat does.
func (m *Messenger) await(in *incoming, f *flight) string {
	timer := time.NewTimer(m.options.InTime)
	defer timer.Stop()
	select {
	case <-f.done:
	case <-timer.C:
		if m.talks.leave(f) {
			m.options.Count("late")
			m.all.Go(func() { m.noteLate(in, f) })
			return in.late
		}
	}
	if f.taken {
		return f.text
	}
	return m.shown(in.user(), nil) // it ended between two deliveries, and waits
}

// fly answers one post, in the order in which a person's posts came.
func (m *Messenger) fly(in *incoming, p *post, key string, f *flight, before chan struct{}) {
	if before != nil {
		select {
		case <-before:
		case <-m.work.Done():
		}
	}
	ctx, cancel := context.WithTimeout(m.work, m.options.AnswerWithin)
	defer cancel()
	user := in.user()
	finish := func(failed bool, say func(t *talk, waits bool) string) { m.talks.finish(user, key, f, failed, say) }
	switch {
	case in.silent:
		err := m.happened(ctx, p)
		finish(err != nil, func(*talk, bool) string { return "" })
		return
	case m.wantsMore(in):
		if m.goOn(ctx, in, finish) {
			return
		}
	}
	replies, failed := m.replies(ctx, in)
	pages := m.draw(user, replies)
	finish(failed, func(t *talk, waits bool) string {
		if !waits {
			t.hold(replies)
			return ""
		}
		if len(t.held) > 0 {
			return m.show(t, replies)
		}
		return t.first(pages)
	})
	if m.api.can(customer) {
		m.sendHeld(ctx, user)
	}
}

// replies are the answer to a message; failed says that nothing of it was kept.
func (m *Messenger) replies(ctx context.Context, in *incoming) (replies []bot.Reply, failed bool) {
	waiting := m.board.has(in.openID)
	var due []bot.Reply
	if waiting {
		var err error
		if _, due, err = m.keeper.Latest(ctx, in.user()); err != nil {
			return []bot.Reply{{Text: sorry}}, true
		}
		if len(due) > 0 && bareNumber(in.message.Text) { // of choices that are not the ones waiting now
			m.board.take(ctx, in.openID)
			return append([]bot.Reply{{Text: whileAway}}, due...), false
		}
	}
	replies, err := m.ask(ctx, in.message)
	if err != nil {
		if len(replies) == 0 {
			replies = []bot.Reply{{Text: sorry}}
		}
		return replies, true
	}
	if waiting {
		m.board.take(ctx, in.openID)
		if len(due) > 0 && !danger(replies) {
			replies = append(wordsOf(due), replies...)
		}
	}
	return replies, false
}

// wordsOf are the words of replies whose choices are over.
func wordsOf(due []bot.Reply) []bot.Reply {
	out := []bot.Reply{{Text: whileAway}}
	for _, r := range due {
		out = append(out, bot.Reply{Text: r.Text, File: r.File})
	}
	return out
}

func danger(replies []bot.Reply) bool {
	return slices.ContainsFunc(replies, func(r bot.Reply) bool { return r.Danger })
}

// ask asks the engine. After an error nothing was kept, so it is asked again while there is time.
func (m *Messenger) ask(ctx context.Context, message bot.Message) (replies []bot.Reply, err error) {
	began := time.Now()
	for try := range 3 {
		if replies, err = m.answer(ctx, message); err == nil || ctx.Err() != nil || time.Since(began) > m.options.InTime/3 {
			break
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Duration(try+1) * 100 * time.Millisecond):
		}
	}
	return replies, err
}

// draw makes the pages of replies to one person.
func (m *Messenger) draw(user bot.UserID, replies []bot.Reply) []string {
	d := m.pens
	if m.options.URL != "" {
		d.file = func(_ int, f bot.File) string { return m.handoverURL(user, f) }
		if m.options.Template == "" { // else a subscription message is sent
			d.due = func(due time.Time) string { return m.dueURL(user, due) }
		}
	}
	return d.pages(replies)
}

// hold keeps replies that came too late. Danger goes before everything older.
func (t *talk) hold(replies []bot.Reply) {
	const most = 12
	if danger(replies) {
		t.held = nil
	}
	t.held = append(t.held, replies...)
	t.held = t.held[max(0, len(t.held)-most):]
}

// first shows the first of the pages that the engine keeps as its latest answer.
func (t *talk) first(pages []string) string {
	if len(pages) == 0 {
		return ""
	}
	t.rest, t.unseen = nil, len(pages) > 1
	return pages[0]
}

// show shows what was held, and more. What does not fit stays in memory. The talks' lock is held.
func (m *Messenger) show(t *talk, more []bot.Reply) string {
	t.hold(more)
	pages := m.draw(t.user, t.held)
	t.held = nil
	text := t.first(pages)
	if len(pages) > 1 {
		t.rest = pages[1:]
	}
	return text
}

// shown is show under the lock.
func (m *Messenger) shown(user bot.UserID, more []bot.Reply) (text string) {
	m.talks.with(user, func(t *talk) { text = m.show(t, more) })
	return text
}
