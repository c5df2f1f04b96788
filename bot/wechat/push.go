package wechat

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
		if codeOf(err) == 0 {
			return err // out of reach: it may be tried again
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
	codeRefused     = 43101 // no consent to subscription messages
)

// send sends pages as customer service messages and returns how many went. The last one has choices to tap where the
// account may send them.
func (m *Messenger) send(ctx context.Context, openID string, pages []string, replies []bot.Reply) (sent int, err error) {
	for i, page := range pages {
		if i == len(pages)-1 && m.sendTapMenu(ctx, openID, pages, replies) {
			return len(pages), nil
		}
		err = m.api.call(ctx, "/cgi-bin/message/custom/send", map[string]any{"touser": openID, "msgtype": "text",
			"text": map[string]string{"content": page}}, nil)
		if err != nil {
			m.api.failed(customer, err)
			if code := codeOf(err); code == codeOutOfWindow || code == codeQuotaUsed || code == 40003 || code == 43004 {
				m.api.close(openID)
			}
			m.options.Count("not sent")
			return i, err
		}
		m.api.worked(customer)
		m.options.Count("sent")
	}
	return len(pages), nil
}

// sendTapMenu sends one page as words with choices below them that can be tapped. They come back as typed.
func (m *Messenger) sendTapMenu(ctx context.Context, openID string, pages []string, replies []bot.Reply) bool {
	last := replies[len(replies)-1]
	if len(pages) > 1 || len(last.Choices) == 0 || last.File != nil || !m.api.can(tapMenu) {
		return false
	}
	before := m.pens
	before.links = false
	head := joined(before.blocks(append(slices.Clone(replies[:len(replies)-1]), bot.Reply{Text: last.Text})))
	list := make([]map[string]string, len(last.Choices))
	for i, c := range last.Choices {
		list[i] = map[string]string{"id": strconv.Itoa(i + 1), "content": strconv.Itoa(i+1) + " " + c.Label}
	}
	err := m.api.call(ctx, "/cgi-bin/message/custom/send", map[string]any{"touser": openID, "msgtype": "msgmenu",
		"msgmenu": map[string]any{"head_content": head, "list": list, "tail_content": howToAnswer}}, nil)
	if err != nil {
		if code := codeOf(err); code != codeOutOfWindow && code != codeQuotaUsed {
			m.api.failed(tapMenu, err)
		}
		return false
	}
	m.options.Count("sent")
	return true
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

// nudge sends a subscription message that brings somebody here, where they once said that we may.
func (m *Messenger) nudge(ctx context.Context, openID string) (sent bool, err error) {
	template := m.options.Template
	if !m.api.can(reminding) {
		return false, nil
	}
	n, rev, err := m.note(ctx, openID)
	if err != nil {
		return false, fmt.Errorf("wechat: note: %w", err)
	}
	if n.Yes[template] <= 0 {
		return false, nil
	}
	n.Yes = maps.Clone(n.Yes)
	n.Yes[template]-- // before sending, so that two processes do not both use it
	if err := m.saveNote(ctx, openID, rev, n); err != nil {
		if errors.Is(err, ErrChanged) {
			return false, err
		}
		return false, fmt.Errorf("wechat: note: %w", err)
	}
	data := map[string]map[string]string{}
	for _, field := range m.options.Fields {
		data[field] = map[string]string{"value": m.fieldValue(field)}
	}
	err = m.api.call(ctx, "/cgi-bin/message/subscribe/bizsend", map[string]any{"touser": openID, "template_id": template, "data": data}, nil)
	switch code := codeOf(err); {
	case err == nil:
		m.options.Count("nudged")
		return true, nil
	case code == 0 || code == codeBusy:
		m.editNote(ctx, openID, func(n *note) { n.allow(template, 1) })
		return false, err
	case code != codeRefused:
		m.api.failed(reminding, err)
		m.editNote(ctx, openID, func(n *note) { n.allow(template, 1) })
	}
	return false, nil
}

// allow adds to how often a subscription message may be sent.
func (n *note) allow(template string, times int) {
	if n.Yes == nil {
		n.Yes = map[string]int{}
	}
	n.Yes[template] = min(n.Yes[template]+times, 50)
}

// fieldName is a field of a template: what kind it is of, and a number.
var fieldName = regexp.MustCompile(`^([a-z_]+)[0-9]+$`)

// fieldValue is neutral: others may look at the screen. Each kind of field has its own limits.
func (m *Messenger) fieldValue(field string) string {
	now := m.options.Clock().In(china)
	kind := fieldName.FindStringSubmatch(field)
	if kind == nil {
		return "安宁"
	}
	switch kind[1] {
	case "time":
		return now.Format("2006年1月2日 15:04")
	case "date":
		return now.Format("2006年1月2日")
	case "phrase":
		return "到时间了"
	case "number", "amount", "character_string", "letter":
		return "1"
	case "thing":
		return "有一件事到时间了"
	}
	return "安宁"
}

// concerns says whether an event is one that something is done about.
func (m *Messenger) concerns(p *post) bool {
	switch strings.ToLower(p.Event) {
	case "unsubscribe", "subscribe_msg_popup_event", "subscribe_msg_change_event":
		return true
	}
	return false
}

// happened sees to an event that is not answered.
func (m *Messenger) happened(ctx context.Context, p *post) error {
	switch strings.ToLower(p.Event) {
	case "unsubscribe":
		m.options.Count("left")
		m.api.close(p.FromUserName)
		if m.board.has(p.FromUserName) {
			m.board.take(ctx, p.FromUserName)
		}
		m.talks.with(userID(p.FromUserName), func(t *talk) { t.held, t.rest, t.unseen = nil, nil, false })
		m.options.Left(ctx, userID(p.FromUserName))
	case "subscribe_msg_popup_event", "subscribe_msg_change_event":
		m.editNote(ctx, p.FromUserName, func(n *note) {
			for _, answer := range p.Popups {
				switch answer.Status {
				case "accept":
					n.allow(answer.Template, 1)
				case "reject":
					delete(n.Yes, answer.Template)
				}
			}
		})
	}
	return nil
}
