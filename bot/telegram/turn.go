package telegram

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"anning/bot"
)

// dispatch reads an update and puts it into its lane.
func (m *Messenger) dispatch(raw []byte) *job {
	u, err := decode(raw)
	if u == nil {
		m.options.Count("broken")
		return finishedJob(0)
	}
	return m.put(u, raw, err)
}

// put puts an update into its lane. What is nothing to us is counted, and done; so is one that could not be read.
func (m *Messenger) put(u *update, raw []byte, err error) *job {
	if j := m.inbox.known(u.UpdateID); j != nil {
		return j
	}
	key, what := m.lane(u)
	if err != nil {
		what = "broken"
	}
	if what != "" {
		m.options.Count(what)
		return finishedJob(u.UpdateID)
	}
	if u.CallbackQuery != nil {
		m.beside(func(ctx context.Context) { m.answerPress(ctx, u.CallbackQuery) })
	}
	return m.inbox.take(key, u, raw)
}

func finishedJob(id int) *job {
	j := &job{id: id, up: &update{}, done: make(chan struct{})}
	close(j.done)
	return j
}

// lane is whose lane an update goes into; or what it is counted as, where it is none of ours.
func (m *Messenger) lane(u *update) (key int64, ignored string) {
	chat, from, private := u.place()
	switch {
	case chat == 0:
		return 0, "unknown"
	case !private:
		if m.addressed(u) && m.invited.add(chat) {
			return chat, ""
		}
		return 0, "group"
	case from == 0:
		return 0, "unknown"
	case u.MyChatMember != nil:
		return 0, "member" // blocked or unblocked: what we say next finds out
	case u.CallbackQuery != nil:
		if u.CallbackQuery.Data == "" {
			return 0, "unknown"
		}
		return from, ""
	}
	said := u.said()
	words := said.words()
	_, paper := said.paper()
	switch {
	case paper:
	case words == "" && (u.EditedMessage != nil || said.service()):
		return 0, "ignored"
	case words != "" && blank(words):
		return 0, "blank"
	case u.EditedMessage != nil && (said.EditDate == 0 || m.texts.has(textKey(from, said))):
		return 0, "ignored"
	}
	return from, ""
}

// textKey names what somebody said in a message.
func textKey(from int64, said *message) string {
	return strconv.FormatInt(from, 10) + "/" + strconv.Itoa(said.MessageID) + "/" + said.words()
}

// service says that a message is Telegram's own: pinned, the timer changed, …
func (m *message) service() bool {
	return m.PinnedMessage != nil || m.MessageAutoDeleteTimerChanged != nil || m.ConnectedWebsite != "" ||
		m.MigrateToChatID != 0 || m.MigrateFromChatID != 0 || m.ProximityAlertTriggered != nil
}

// addressed says that something in a group is meant for us: we were let in, or spoken to.
func (m *Messenger) addressed(u *update) bool {
	if u.MyChatMember != nil {
		status := u.MyChatMember.NewChatMember.Status
		return status == "member" || status == "administrator"
	}
	if u.Message == nil {
		return false
	}
	name := m.self.get()
	return strings.HasPrefix(u.Message.Text, "/") || name != "" && strings.Contains(u.Message.words(), "@"+name)
}

// work walks the turn of one message and sends what comes of it. false: it was not finished before ctx ended.
func (m *Messenger) work(ctx context.Context, jobs []*job) bool {
	u := jobs[0].up
	chat, from, private := u.place()
	if !private {
		return m.invite(ctx, chat)
	}
	said := u.said()
	if said != nil {
		m.texts.add(textKey(from, said))
	}
	msg := m.incoming(jobs)
	if msg.Text == "" && len(msg.Files) == 0 {
		m.options.Count("unsupported")
		return m.sent(m.sender.say(ctx, chat, []outgoing{{text: unknownKind}}, lineNow))
	}
	typing := m.typing(ctx, chat, len(msg.Files) > 0)
	replies, err := m.walk(ctx, msg)
	typing()
	if ctx.Err() != nil && err != nil {
		return false
	}
	if err != nil {
		m.options.Count("failed")
		if len(replies) == 0 {
			m.options.Log.Error("telegram: answer", "err", err)
			replies = []bot.Reply{{Text: broken}}
		}
	}
	if u.CallbackQuery != nil {
		m.beside(func(ctx context.Context) { m.showPressed(ctx, u.CallbackQuery) })
	}
	out := compose(replies)
	if said != nil && len(said.Photo) > 0 && err == nil && !urgent(replies) && m.told.add(from) {
		out = advise(out)
	}
	return m.sent(m.sender.say(ctx, chat, out, lineNow))
}

// sent says whether a turn is done with: its replies are there, or there is nobody to get them.
func (m *Messenger) sent(err error) bool { return err == nil || errors.Is(err, ErrGone) }

// walk asks the engine, again where it could not keep the turn.
func (m *Messenger) walk(ctx context.Context, msg bot.Message) (replies []bot.Reply, err error) {
	ctx, cancel := context.WithTimeout(ctx, m.options.AnswerWithin)
	defer cancel()
	for try := 1; ; try++ {
		replies, err = m.answer(ctx, msg)
		if err == nil || try == 3 || !sleep(ctx, time.Duration(try)*300*time.Millisecond) {
			return replies, err
		}
	}
}

func urgent(replies []bot.Reply) bool {
	for _, r := range replies {
		if r.Danger {
			return true
		}
	}
	return false
}

// advise tells once that pictures are better sent as files, where it costs no message of its own.
func advise(out []outgoing) []outgoing {
	if len(out) > 0 && len(out[0].entities) == 0 && out[0].file == nil && units(out[0].text)+units(betterFile)+1 <= maxText {
		out[0].text += "\n" + betterFile
	}
	return out
}

// invite tells a group to write in private, and nothing else.
func (m *Messenger) invite(ctx context.Context, chat int64) bool {
	o := outgoing{text: commonPlace}
	for range 25 { // our name comes with the first call
		if m.self.get() != "" || !sleep(ctx, 200*time.Millisecond) {
			break
		}
	}
	if name := m.self.get(); name != "" {
		o.keys = &keyboard{Rows: [][]button{{{Text: "私下说", URL: "https://t.me/" + name + "?start=group"}}}}
	}
	return m.sent(m.sender.say(ctx, chat, []outgoing{o}, lineNow))
}

// typing shows that we are at it, until the returned function is called. For a text only where it takes a moment.
func (m *Messenger) typing(ctx context.Context, chat int64, slow bool) func() {
	ctx, cancel := context.WithCancel(ctx)
	m.aside.Go(func() {
		wait := 700 * time.Millisecond
		if slow {
			wait = 50 * time.Millisecond
		}
		for sleep(ctx, wait) {
			wait = 4500 * time.Millisecond // it is shown for 5 s
			if m.sender.chats.quiet(chat) && m.sender.gate.try() {
				_, _ = m.api.call(ctx, "sendChatAction", tgbotapi.Params{"chat_id": strconv.FormatInt(chat, 10), "action": "typing"})
			}
		}
	})
	return cancel
}

// beside does something that no turn waits for, within a short while.
func (m *Messenger) beside(do func(context.Context)) {
	base := m.inbox.context()
	m.aside.Go(func() {
		ctx, cancel := context.WithTimeout(base, callTime)
		defer cancel()
		do(ctx)
	})
}
