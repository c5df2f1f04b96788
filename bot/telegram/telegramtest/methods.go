package telegramtest

import (
	"encoding/json"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// do carries a call out.
func (s *Server) do(r *http.Request, c Call, file *upload) (any, Fault) {
	switch c.Method {
	case "getUpdates":
		return s.getUpdates(r, c)
	case "getMe":
		return map[string]any{"id": 1, "is_bot": true, "first_name": "安宁", "username": Name}, Fault{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch c.Method {
	case "sendMessage":
		return s.send(c, nil)
	case "sendDocument":
		if file == nil || file.field != "document" || len(file.data) == 0 {
			return nil, bad("there is no document in the request")
		}
		return s.send(c, file)
	case "editMessageText", "editMessageReplyMarkup":
		return s.edit(c)
	case "answerCallbackQuery":
		at, ok := s.presses[c.Params["callback_query_id"]]
		if !ok || time.Since(at) > callbackLife {
			return nil, bad("query is too old and response timeout expired or query ID is invalid")
		}
		return true, Fault{}
	case "sendChatAction":
		_, f := s.reach(c.Chat)
		return true, f
	case "getFile":
		return s.getFile(c)
	case "setMyCommands":
		s.commands = c.Params["commands"]
		return true, Fault{}
	case "setWebhook":
		return s.setHook(c)
	case "deleteWebhook":
		if c.Params["drop_pending_updates"] == "true" {
			s.wrong = append(s.wrong, "deleteWebhook dropped what people sent")
			s.updates = nil
		}
		s.hook = nil
		return true, Fault{}
	case "getWebhookInfo":
		url := ""
		if s.hook != nil {
			url = s.hook.url
		}
		return map[string]any{"url": url, "has_custom_certificate": false, "pending_update_count": len(s.updates)}, Fault{}
	}
	return nil, Fault{Code: 404, Text: "Not Found: method not found"}
}

func bad(text string) Fault { return Fault{Code: 400, Text: "Bad Request: " + text} }

// Commands is the menu as the bot set it, as JSON.
func (s *Server) Commands() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.commands
}

// getUpdates waits for updates from an offset on; those before it are confirmed.
func (s *Server) getUpdates(r *http.Request, c Call) (any, Fault) {
	offset, _ := strconv.Atoi(c.Params["offset"])
	limit, _ := strconv.Atoi(c.Params["limit"])
	if limit < 1 || limit > 100 {
		limit = 100
	}
	seconds, _ := strconv.Atoi(c.Params["timeout"])
	wait := min(time.Duration(seconds)*time.Second, 50*time.Second)
	s.mu.Lock()
	s.polls++
	if s.hook != nil {
		s.mu.Unlock()
		return nil, Fault{Code: 409, Text: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"}
	}
	if offset < 0 || c.Params["allowed_updates"] == "" {
		s.wrong = append(s.wrong, "getUpdates with "+c.Params["offset"]+" and allowed_updates "+c.Params["allowed_updates"])
	}
	if s.lastPoll.offset == offset && time.Since(s.lastPoll.at) < time.Second/2 && offset != 0 {
		limit = 1
	}
	s.lastPoll = poll{offset, time.Now()}
	if s.poller != nil {
		close(s.poller)
	}
	mine := make(chan struct{})
	s.poller = mine
	s.confirm(offset)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.poller == mine {
			s.poller = nil
		}
	}()
	end := time.NewTimer(wait)
	defer end.Stop()
	for {
		s.mu.Lock()
		got := s.fresh(limit)
		changed := s.changed
		s.mu.Unlock()
		if len(got) > 0 {
			return got, Fault{}
		}
		select {
		case <-changed:
		case <-end.C:
			return []json.RawMessage{}, Fault{}
		case <-mine:
			return nil, Fault{Code: 409, Text: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"}
		case <-r.Context().Done():
			return []json.RawMessage{}, Fault{}
		}
	}
}

// confirm drops what is before offset, and what is too old.
func (s *Server) confirm(offset int) {
	var left []*update
	for _, u := range s.updates {
		if u.id >= offset && time.Since(u.at) < u.life {
			left = append(left, u)
		}
	}
	if len(left) < len(s.updates) {
		s.updates = left
		s.change()
	}
}

func (s *Server) fresh(limit int) []json.RawMessage {
	s.confirm(0)
	out := []json.RawMessage{}
	for _, u := range s.updates[:min(limit, len(s.updates))] {
		out = append(out, u.raw)
	}
	return out
}

// reach finds the person of a chat.
func (s *Server) reach(chat int64) (*Person, Fault) {
	p := s.people[chat]
	switch {
	case p == nil:
		return nil, bad("chat not found")
	case p.deleted:
		return nil, Fault{Code: 403, Text: "Forbidden: user is deactivated"}
	case p.blocked:
		return nil, Fault{Code: 403, Text: "Forbidden: bot was blocked by the user"}
	case p.movedTo != 0:
		return nil, Fault{Code: 400, Text: "Bad Request: group chat was upgraded to a supergroup chat", Moved: p.movedTo}
	}
	return p, Fault{}
}

// send shows a message to a person.
func (s *Server) send(c Call, file *upload) (any, Fault) {
	p, f := s.reach(c.Chat)
	if f.Code != 0 {
		return nil, f
	}
	text, limit := c.Params["text"], 4096
	if file != nil {
		text, limit = c.Params["caption"], 1024
	}
	keys, f := checkMessage(text, limit, file == nil, c.Params)
	if f.Code != 0 {
		return nil, f
	}
	s.nextMsg++
	m := &Shown{ID: s.nextMsg, Text: text, Keys: keys, Silent: c.Params["disable_notification"] == "true", At: time.Now(),
		Entities: c.Params["entities"], NoPreview: strings.Contains(c.Params["link_preview_options"], `"is_disabled":true`)}
	if file != nil {
		m.File, m.Data = file.name, file.data
	}
	p.shown = append(p.shown, m)
	return m.json(p), Fault{}
}

// edit changes a message that was shown.
func (s *Server) edit(c Call) (any, Fault) {
	p, f := s.reach(c.Chat)
	if f.Code != 0 {
		return nil, f
	}
	var m *Shown
	for _, one := range p.shown {
		if strconv.Itoa(one.ID) == c.Params["message_id"] {
			m = one
		}
	}
	if m == nil {
		return nil, bad("message to edit not found")
	}
	text := m.Text
	if c.Method == "editMessageText" {
		text = c.Params["text"]
	}
	keys, f := checkMessage(text, 4096, m.File == "", c.Params)
	if f.Code != 0 {
		return nil, f
	}
	if text == m.Text && len(keys) == len(m.Keys) {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same")
	}
	m.Before, m.Text, m.Keys = m.Before+m.Text+"\n", text, keys
	return m.json(p), Fault{}
}

func (s *Server) getFile(c Call) (any, Fault) {
	id := c.Params["file_id"]
	data, ok := s.files[id]
	if !ok {
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	}
	if len(data) > 20<<20 {
		return nil, bad("file is too big")
	}
	return map[string]any{"file_id": id, "file_unique_id": "u" + id, "file_size": len(data), "file_path": "documents/" + id}, Fault{}
}

func (s *Server) serveFile(w http.ResponseWriter, name string) {
	c := Call{Method: "download", At: time.Now()}
	if f := s.planned(c); f.Drop {
		panic(http.ErrAbortHandler)
	} else if f.Code != 0 {
		answer(w, f, nil)
		return
	}
	s.mu.Lock()
	data, ok := s.files[path.Base(name)]
	s.calls = append(s.calls, c)
	s.mu.Unlock()
	if !ok {
		answer(w, Fault{Code: 404, Text: "Not Found"}, nil)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(data)
}
