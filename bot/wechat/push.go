package wechat

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"anning/bot"
)

// Push says something to a person who did not just write: as a customer service message while WeChat lets us, else
// with a subscription message that brings them here. ErrAway says that neither can be: the words wait in the
// conversation, and come with the person's next message.
func (m *Messenger) Push(ctx context.Context, to bot.UserID, replies []bot.Reply) error {
	openID, ok := openIDOf(to)
	if !ok {
		return fmt.Errorf("%w: not a person of WeChat's", ErrAway)
	}
	pages := m.draw(to, replies)
	if len(pages) == 0 {
		return nil
	}
	if m.api.can(customer) && !m.api.isClosed(openID) {
		sent, err := m.send(ctx, openID, pages, replies)
		if sent > 0 { // the rest comes with 「继续」
			return nil
		}
		if temporary(err) {
			return err
		}
	}
	nudged, err := m.nudge(ctx, openID)
	if err != nil {
		return err
	}
	if err := m.board.put(ctx, openID); err != nil {
		m.options.Log.Warn("wechat: a note was not saved", "err", err)
	}
	if nudged {
		return nil
	}
	m.options.Count("away")
	return ErrAway
}

// Codes of sending that are about one person.
const (
	codeOutOfWindow = 45015
	codeQuotaUsed   = 45047
	codeNobody      = 40003
	codeNoFollower  = 43004
	codeRefused     = 43101 // no consent to subscription messages
)

// send sends pages as customer service messages and returns how many went. One page has choices to tap where the
// account may send them.
func (m *Messenger) send(ctx context.Context, openID string, pages []string, replies []bot.Reply) (sent int, err error) {
	if len(pages) == 1 && m.tappable(replies) {
		err = m.sendOne(ctx, openID, tapMenu, m.tapMenu(openID, replies))
		if err == nil || m.api.can(tapMenu) || !m.api.can(customer) {
			return sentOf(err), err
		} // else such messages are not for this account, but others may be
	}
	for i, page := range pages {
		err = m.sendOne(ctx, openID, customer, map[string]any{"touser": openID, "msgtype": "text", "text": map[string]string{"content": page}})
		if err != nil {
			return i, err
		}
	}
	return len(pages), nil
}

func sentOf(err error) int {
	if err != nil {
		return 0
	}
	return 1
}

// sendOne sends one customer service message.
func (m *Messenger) sendOne(ctx context.Context, openID string, what ability, message map[string]any) error {
	err := m.api.call(ctx, "/cgi-bin/message/custom/send", message, nil)
	if err != nil {
		m.api.failed(what, err)
		switch codeOf(err) {
		case codeOutOfWindow, codeQuotaUsed, codeNobody, codeNoFollower:
			m.api.close(openID)
		}
		m.options.Count("not sent")
		return err
	}
	m.api.worked(what)
	m.options.Count("sent")
	return nil
}

// tappable says that replies fit a message with choices to tap.
func (m *Messenger) tappable(replies []bot.Reply) bool {
	last := replies[len(replies)-1]
	return len(last.Choices) > 0 && last.File == nil && m.api.can(tapMenu)
}

// tapMenu is a message with choices below it that can be tapped. They come back as typed.
func (m *Messenger) tapMenu(openID string, replies []bot.Reply) map[string]any {
	last := replies[len(replies)-1]
	head := joined(drawing{}.blocks(append(slices.Clone(replies[:len(replies)-1]), bot.Reply{Text: last.Text})))
	list := make([]map[string]string, len(last.Choices))
	for i, c := range last.Choices {
		list[i] = map[string]string{"id": strconv.Itoa(i + 1), "content": c.Label}
	}
	return map[string]any{"touser": openID, "msgtype": "msgmenu", "msgmenu": map[string]any{"head_content": head, "list": list, "tail_content": howToTap}}
}

// sendHeld sends what came too late for its post. What cannot be sent is held on.
func (m *Messenger) sendHeld(ctx context.Context, user bot.UserID) {
	openID, _ := openIDOf(user)
	var held []bot.Reply
	m.talks.with(user, func(t *talk) { held, t.held = t.held, nil })
	if len(held) == 0 {
		return
	}
	pages := m.draw(user, held)
	sent, err := 0, error(nil)
	if !m.api.isClosed(openID) && len(pages) > 0 {
		sent, err = m.send(ctx, openID, pages, held)
	}
	m.talks.with(user, func(t *talk) {
		if sent == 0 {
			t.held = append(held, t.held...)
		} else if t.rest = pages[sent:]; len(t.rest) > 0 {
			t.unseen = true
		}
	})
	if sent > 0 {
		m.editNote(ctx, openID, func(n *note) { n.Until = 0 })
	} else if err != nil {
		m.options.Log.Debug("wechat: a late answer waits", "err", err)
	}
}
