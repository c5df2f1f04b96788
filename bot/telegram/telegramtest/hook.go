package telegramtest

import (
	"bytes"
	"errors"
	"net/http"
	"time"
)

// hook is where updates are posted.
type hook struct {
	url, secret string
	busy        map[int64]bool // queues with a post on its way
}

func (s *Server) setHook(c Call) (any, Fault) {
	if c.Params["drop_pending_updates"] == "true" || c.Params["allowed_updates"] == "" {
		s.wrong = append(s.wrong, "setWebhook dropped updates or forgot their list")
	}
	s.hook = &hook{url: c.Params["url"], secret: c.Params["secret_token"], busy: map[int64]bool{}}
	s.pushHook()
	return true, Fault{}
}

// pushHook posts the first update of each queue that has none on its way: messages of a chat in order, presses apart.
func (s *Server) pushHook() {
	h := s.hook
	if h == nil {
		return
	}
	for _, u := range s.updates {
		if !h.busy[u.queue] {
			h.busy[u.queue] = true
			go s.post(h, u)
		}
	}
}

// post posts an update until it is taken, or gone for another reason.
func (s *Server) post(h *hook, u *update) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		taken := s.postOnce(h, u)
		s.mu.Lock()
		if s.hook != h || time.Since(u.at) > u.life {
			s.mu.Unlock()
			return
		}
		if taken {
			for i, one := range s.updates {
				if one == u {
					s.updates = append(s.updates[:i:i], s.updates[i+1:]...)
					break
				}
			}
			delete(h.busy, u.queue)
			s.change()
			s.pushHook()
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		time.Sleep(wait)
	}
}

func (s *Server) postOnce(h *hook, u *update) bool {
	req, err := http.NewRequest(http.MethodPost, h.url, bytes.NewReader(u.raw))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	resp, err := (&http.Client{Transport: s.outside, Timeout: time.Minute}).Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode/100 == 2
}

// Unhook forgets the webhook, so that nothing is posted any more.
func (s *Server) Unhook() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = nil
}

// Set sets the webhook as somebody else's run left it.
func (s *Server) Set(url string) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	result, f := s.setHook(Call{Params: map[string]string{"url": url, "allowed_updates": "[]"}})
	if f.Code != 0 {
		return nil, errors.New(f.Text)
	}
	return result, nil
}
