package wechat

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
)

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
	case temporary(err):
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
