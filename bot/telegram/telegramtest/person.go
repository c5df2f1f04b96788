package telegramtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"anning/bot"
)

// Person is somebody with Telegram on the phone. Their private chat has their number.
type Person struct {
	s     *Server
	id    int64
	kind  string
	shown []*Shown

	again   map[string]func()
	blocked bool
	deleted bool
	movedTo int64
}

// Shown is a message of the bot as the person sees it.
type Shown struct {
	ID        int
	Text      string
	Before    string // what it read before it was edited
	Keys      [][]Button
	Entities  string
	File      string
	Data      []byte
	Silent    bool
	NoPreview bool
	At        time.Time
}

// Person finds or makes somebody. Numbers below 0 are groups.
func (s *Server) Person(id int64) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.people[id]
	if p == nil {
		p = &Person{s: s, id: id, kind: "private", again: map[string]func(){}}
		if id < 0 {
			p.kind = "supergroup"
		}
		s.people[id] = p
	}
	return p
}

// Block keeps the bot out, or lets it in again.
func (p *Person) Block(yes bool) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.blocked = yes
	status := map[bool]string{true: "kicked", false: "member"}[yes]
	p.s.add(func(id int) []byte {
		return encode(id, "my_chat_member", fields{"chat": p.chat(), "from": p.user(), "date": time.Now().Unix(),
			"old_chat_member": fields{"status": "member", "user": fields{"id": 1}}, "new_chat_member": fields{"status": status, "user": fields{"id": 1}}})
	}, messageLife, p.id+5<<33)
}

// Leave deletes the account.
func (p *Person) Leave() {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.deleted = true
}

// Move gives a group another number, as when it becomes a supergroup.
func (p *Person) Move(to int64) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.movedTo = to
}

type fields = map[string]any

func (p *Person) chat() fields {
	if p.kind == "private" {
		return fields{"id": p.id, "type": "private", "first_name": "小王"}
	}
	return fields{"id": p.id, "type": p.kind, "title": "亲友群"}
}

func (p *Person) user() fields {
	id := p.id
	if id < 0 {
		id = 77
	}
	return fields{"id": id, "is_bot": false, "first_name": "小王", "language_code": "zh-hans"}
}

func encode(id int, kind string, body fields) []byte {
	data, err := json.Marshal(fields{"update_id": id, kind: body})
	if err != nil {
		panic(err)
	}
	return data
}

// Message sends anything: the fields beside those that every message has. It returns the number of the message.
func (p *Person) Message(body fields) int {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	return p.message("message", body)
}

func (p *Person) message(kind string, body fields) int {
	p.s.nextMsg++
	n := p.s.nextMsg
	all := fields{"message_id": n, "date": time.Now().Unix(), "chat": p.chat(), "from": p.user()}
	maps.Copy(all, body)
	p.s.add(func(id int) []byte { return encode(id, kind, all) }, messageLife, p.id)
	return n
}

// Text sends a text.
func (p *Person) Text(text string) int { return p.Message(fields{"text": text}) }

// Edit changes a text that was sent.
func (p *Person) Edit(message int, text string) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.message("edited_message", fields{"message_id": message, "text": text, "edit_date": time.Now().Unix() + 1})
}

// Store keeps a file on the server and returns its id.
func (p *Person) Store(data []byte) string {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	id := "f" + strconv.Itoa(len(p.s.files)+1)
	p.s.files[id] = data
	return id
}

// PhotoOf are the fields of a picture in two sizes; the larger one is the data.
func (p *Person) PhotoOf(data []byte) fields {
	small, large := p.Store(data[:len(data)/2]), p.Store(data)
	return fields{"photo": []fields{
		{"file_id": small, "file_unique_id": "u" + small, "width": 80, "height": 160, "file_size": len(data) / 2},
		{"file_id": large, "file_unique_id": "u" + large, "width": 800, "height": 1600, "file_size": len(data)},
	}}
}

// Album sends pictures that belong together; the caption is on the first.
func (p *Person) Album(group, caption string, pictures ...[]byte) {
	for i, data := range pictures {
		body := p.PhotoOf(data)
		body["media_group_id"] = group
		if i == 0 && caption != "" {
			body["caption"] = caption
		}
		p.Message(body)
	}
}

// Tap presses the button with this data on the latest message that has it; false where none has.
func (p *Person) Tap(data string) bool {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	for i := len(p.shown) - 1; i >= 0; i-- {
		for _, row := range p.shown[i].Keys {
			for _, b := range row {
				if b.Data != data {
					continue
				}
				n := len(p.s.presses) + 1
				query := fmt.Sprintf("%d%04d", p.id, n)
				p.s.presses[query] = time.Now()
				body := fields{"id": query, "from": p.user(), "message": p.shown[i].json(p), "chat_instance": "1", "data": data}
				p.s.add(func(id int) []byte { return encode(id, "callback_query", body) }, callbackLife, p.id+3<<33)
				return true
			}
		}
	}
	return false
}

// json is a message as the API gives it back.
func (m *Shown) json(p *Person) fields {
	out := fields{"message_id": m.ID, "date": m.At.Unix(), "chat": p.chat(), "from": fields{"id": 1, "is_bot": true, "first_name": "安宁", "username": Name}}
	if m.File != "" {
		out["document"] = fields{"file_id": "out", "file_name": m.File, "file_size": len(m.Data)}
		out["caption"] = m.Text
	} else {
		out["text"] = m.Text
	}
	if m.Entities != "" {
		out["entities"] = json.RawMessage(m.Entities)
	}
	if len(m.Keys) > 0 {
		var rows [][]fields
		for _, row := range m.Keys {
			var one []fields
			for _, b := range row {
				f := fields{"text": b.Text}
				if b.Data != "" {
					f["callback_data"] = b.Data
				}
				if b.Copy != nil {
					f["copy_text"] = fields{"text": b.Copy.Text}
				}
				if b.URL != "" {
					f["url"] = b.URL
				}
				one = append(one, f)
			}
			rows = append(rows, one)
		}
		out["reply_markup"] = fields{"inline_keyboard": rows}
	}
	return out
}

// Shown is every message of the bot, in order.
func (p *Person) Shown() []Shown {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	out := make([]Shown, len(p.shown))
	for i, m := range p.shown {
		out[i] = *m
	}
	return out
}

// Reads is all that the person sees, with what was edited away.
func (p *Person) Reads() string {
	var b strings.Builder
	for _, m := range p.Shown() {
		b.WriteString(m.Before + m.Text + "\n")
		for _, row := range m.Keys {
			for _, k := range row {
				b.WriteString("[" + k.Text + "]")
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Until waits until ok holds, asked anew whenever something happened; false where patience ended first.
func (s *Server) Until(patience time.Duration, ok func() bool) bool {
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		changed := s.Changed()
		if ok() {
			return true
		}
		select {
		case <-changed:
		case <-end.C:
			return ok()
		}
	}
}

// Say sends a text; the same id again is the same update again.
func (p *Person) Say(t *testing.T, id, text string) {
	t.Helper()
	if again := p.again[id]; again != nil {
		again()
		return
	}
	p.Text(text)
	p.s.mu.Lock()
	u := *p.s.updates[len(p.s.updates)-1]
	p.s.mu.Unlock()
	p.again[id] = func() { p.Repeat(u.id, u.raw) }
}

// Repeat queues an update once more, as after a confirmation that got lost.
func (p *Person) Repeat(id int, raw []byte) {
	p.s.mu.Lock()
	defer p.s.mu.Unlock()
	p.s.updates = append([]*update{{id: id, raw: raw, at: time.Now(), life: messageLife, queue: p.id}}, p.s.updates...)
	p.s.change()
	p.s.pushHook()
}

// Press presses a button.
func (p *Person) Press(t *testing.T, _ string, c bot.Choice) {
	t.Helper()
	if !p.s.Until(20*time.Second, func() bool { return p.Tap(c.Value) }) {
		t.Fatalf("no button %q is shown:\n%s", c.Value, p.Reads())
	}
}

// Sees waits until the person was shown want.
func (p *Person) Sees(t *testing.T, want string) string {
	t.Helper()
	if !p.s.Until(20*time.Second, func() bool { return strings.Contains(p.Reads(), want) }) {
		t.Fatalf("the person saw %q; want %q", p.Reads(), want)
	}
	return p.Reads()
}
