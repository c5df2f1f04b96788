// Package telegramtest is Telegram's side for tests: a bot API in this process, and people who use it.
//
// It keeps to what Telegram's own server does: updates come again until a higher offset confirms them; a second poller
// ends the first; callbacks age; a chat that is written to too fast is told to wait; posts to a webhook go one by one for
// each chat, and for presses apart from messages. It knows nothing of the messenger under test and none of its types.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Name is the bot's name.
const Name = "anning_test_bot"

// How long what nobody fetches is kept.
const (
	messageLife  = 24 * time.Hour
	callbackLife = 150 * time.Second
)

// Call is one call of the bot.
type Call struct {
	Method string
	Params map[string]string
	Chat   int64
	At     time.Time
	OK     bool
}

// Fault says how a call fails; the zero Fault lets it through.
type Fault struct {
	Drop  bool          // the connection ends without an answer
	After bool          // with Drop: the call is carried out first
	Code  int           // an answer of this code; over 499 it is no JSON
	Text  string        // of the answer
	Retry time.Duration // retry_after
	Moved int64         // migrate_to_chat_id
}

// Server is the bot API for one bot.
type Server struct {
	token string

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever something happens
	nextID   int
	nextMsg  int
	updates  []*update
	poller   chan struct{} // closed when another poller comes
	lastPoll poll
	people   map[int64]*Person
	files    map[string][]byte
	presses  map[string]time.Time
	calls    []Call
	fault    func(Call) Fault
	paused   map[int64]time.Time
	hook     *hook
	outside  http.RoundTripper
	commands string
	wrong    []string
	polls    int
}

type update struct {
	id    int
	raw   []byte
	at    time.Time
	life  time.Duration
	queue int64
}

type poll struct {
	offset int
	at     time.Time
}

// New makes a server for the bot with this token.
func New(token string) *Server {
	return &Server{token: token, changed: make(chan struct{}), nextID: 1000, nextMsg: 10, people: map[int64]*Person{}, files: map[string][]byte{},
		presses: map[string]time.Time{}, paused: map[int64]time.Time{}, outside: http.DefaultTransport}
}

// Fail asks f about each call before it is carried out; nil lets all through.
func (s *Server) Fail(f func(Call) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Outside carries the posts to the webhook.
func (s *Server) Outside(rt http.RoundTripper) { s.outside = rt }

// Pause tells a chat to wait: every call for it until then answers 429.
func (s *Server) Pause(chat int64, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused[chat] = time.Now().Add(d)
}

// Calls are the calls so far.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// Wrong is what the bot did that no bot may do: forget the list of updates, drop what people sent, keep calling while it
// is told to wait.
func (s *Server) Wrong() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.wrong...)
}

// Waiting is how many updates are not confirmed.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates)
}

// Changed is closed when something happens next.
func (s *Server) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Add queues an update of any form; %d in it becomes its number.
func (s *Server) Add(raw string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.add(func(id int) []byte { return []byte(strings.ReplaceAll(raw, "%d", strconv.Itoa(id))) }, messageLife, 0)
}

func (s *Server) add(raw func(id int) []byte, life time.Duration, queue int64) int {
	s.nextID++
	s.updates = append(s.updates, &update{id: s.nextID, raw: raw(s.nextID), at: time.Now(), life: life, queue: queue})
	s.change()
	s.pushHook()
	return s.nextID
}

// RoundTrip carries a call without a network.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		s.ServeHTTP(rec, r)
	}()
	select {
	case p := <-done:
		if r.Body != nil {
			_ = r.Body.Close()
		}
		if p != nil {
			return nil, io.ErrUnexpectedEOF
		}
		return rec.Result(), nil
	case <-r.Context().Done():
		if r.Body != nil {
			_ = r.Body.Close()
		}
		<-done
		return nil, r.Context().Err()
	}
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.token+"/"); ok {
		s.serveFile(w, path)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+s.token+"/")
	if !ok {
		answer(w, Fault{Code: 401, Text: "Unauthorized"}, nil)
		return
	}
	params, file, err := read(r)
	if err != nil {
		answer(w, Fault{Code: 400, Text: "Bad Request: " + err.Error()}, nil)
		return
	}
	chat, _ := strconv.ParseInt(params["chat_id"], 10, 64)
	c := Call{Method: method, Params: params, Chat: chat, At: time.Now()}
	f := s.planned(c)
	if f.Drop && !f.After {
		panic(http.ErrAbortHandler)
	}
	if f.Code != 0 {
		answer(w, f, nil)
		return
	}
	result, no := s.do(r, c, file)
	s.mu.Lock()
	c.OK = no.Code == 0
	s.calls = append(s.calls, c)
	s.change()
	s.mu.Unlock()
	if f.Drop {
		panic(http.ErrAbortHandler)
	}
	answer(w, no, result)
}

// planned is how a call is to fail.
func (s *Server) planned(c Call) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fault != nil {
		if f := s.fault(c); f != (Fault{}) {
			return f
		}
	}
	if left := time.Until(s.paused[c.Chat]); c.Chat != 0 && left > 0 {
		return Fault{Code: 429, Text: "Too Many Requests: retry after", Retry: left}
	}
	return Fault{}
}

// read takes the parameters of a call, form or multipart.
func read(r *http.Request) (map[string]string, *upload, error) {
	params := map[string]string{}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			var all map[string]json.RawMessage
			if err := json.NewDecoder(r.Body).Decode(&all); err != nil {
				return nil, nil, err
			}
			for k, v := range all {
				params[k] = strings.Trim(string(v), `"`)
				var text string
				if json.Unmarshal(v, &text) == nil {
					params[k] = text
				}
			}
			return params, nil, nil
		}
		if err := r.ParseForm(); err != nil {
			return nil, nil, err
		}
		for k := range r.Form {
			params[k] = r.Form.Get(k)
		}
		return params, nil, nil
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil, err
	}
	var file *upload
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			if file != nil && params["document"] == "attach://"+file.field { // the file is named, and comes beside
				file.field = "document"
			}
			return params, file, nil
		}
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, err
		}
		if part.FileName() != "" {
			file = &upload{part.FormName(), part.FileName(), data}
			continue
		}
		params[part.FormName()] = string(data)
	}
}

type upload struct {
	field, name string
	data        []byte
}

// answer writes what Telegram would.
func answer(w http.ResponseWriter, f Fault, result any) {
	if f.Code >= 500 {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(f.Code)
		fmt.Fprintf(w, "<html><h1>%d</h1></html>", f.Code)
		return
	}
	out := map[string]any{"ok": f.Code == 0}
	w.Header().Set("Content-Type", "application/json")
	if f.Code != 0 {
		out["error_code"], out["description"] = f.Code, f.Text
		if f.Retry > 0 {
			seconds := int((f.Retry + time.Second - 1) / time.Second)
			out["description"] = f.Text + " " + strconv.Itoa(seconds)
			out["parameters"] = map[string]any{"retry_after": seconds}
		}
		if f.Moved != 0 {
			out["parameters"] = map[string]any{"migrate_to_chat_id": f.Moved}
		}
		w.WriteHeader(f.Code)
	} else {
		out["result"] = result
	}
	_ = json.NewEncoder(w).Encode(out)
}
