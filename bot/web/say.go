package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"anning/bot"
)

// What the page itself says, where the engine cannot. Voice: calm, plain, the danger number always there.
const (
	notOurs  = "这一下不是从这一页点的，没收下。\n回到这一页，再发一次。\n有危险别等我，打 110。"
	noFile   = "这个文件不在这里了。\n回到对话，再要一份。"
	noPage   = "这一页没有。\n回到开头接着说。"
	notForm  = "这一条没收到。\n请再发一次。\n有危险别等我，打 110。"
	nothing  = "还没写字。\n写一句，或点一个。"
	tooLong  = "这段太长，没收下。\n一次最多 4,000 字，分两次发。"
	tooMany  = "图太多，没收下。\n一次最多 9 张，分两次发。"
	busy     = "这会儿发图的人多，这张没收下。\n请等 1 分钟，再发一次。\n有危险别等我，打 110。"
	tooMuch  = "这个文件太大，没收下。\n这里最多收 %s%s。原文件留在手机里别删，先截最要紧的一屏发来。"
	fault    = "我这边出错了，不怪你。\n刚才那句没存上，请再发一次；更早的都在。又出错，把编号 %s 告诉维护的人。\n有危险别等我，打 110。"
	noLatest = "我这边出错了，不怪你。\n之前的都在，请再点一次。又出错，把编号 %s 告诉维护的人。\n有危险别等我，打 110。"
	fast     = "发得太快，这条我没收下。\n请等 %s，再发一次。\n有危险别等我，打 110。"
)

// readWithin is how long one message with its files may take to come in over a weak connection.
const readWithin = 5 * time.Minute

// seconds rounds a wait up.
func seconds(wait time.Duration) int { return int(math.Ceil(wait.Seconds())) }

// tooFast tells how long to wait.
func tooFast(wait time.Duration) string {
	n := seconds(wait)
	if n < 60 {
		return fmt.Sprintf(fast, fmt.Sprintf("%d 秒", n))
	}
	return fmt.Sprintf(fast, fmt.Sprintf("%d 分钟", (n+59)/60))
}

// say serves POST /say: one message, answered with its turn.
func (s *site) say(w http.ResponseWriter, r *http.Request) {
	var f form
	var status int
	var words string
	if small(r) { // so that what was typed stays in the box of somebody who writes too fast
		f, status, words = s.read(w, r)
	}
	if wait := s.allow(r); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(wait)))
		s.refuse(w, r, http.StatusTooManyRequests, tooFast(wait), f)
		return
	}
	if !small(r) {
		f, status, words = s.read(w, r)
	}
	if words != "" {
		s.refuse(w, r, status, words, f)
		return
	}
	user := s.keep(w, r)
	t := s.talks.hold(user)
	defer s.talks.letGo(t)
	// A turn that has begun is finished, also where the page has gone: the answer waits for it on the stream.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), s.options.AnswerWithin)
	defer cancel()
	turn, err := s.talks.walk(ctx, t, s.answer, f.message(user))
	if err != nil {
		s.failed(w, r, user, turn, f, err)
		return
	}
	s.show(w, r, http.StatusOK, pageView{Turn: new(s.turnView(user, turn))})
}

// small reports whether a message comes without files worth speaking of.
func small(r *http.Request) bool { return r.ContentLength >= 0 && r.ContentLength <= maxField }

// allow takes the tokens of one message. It returns how long to wait where there are none.
func (s *site) allow(r *http.Request) time.Duration {
	if user := s.user(r); user != "" {
		return s.messages.Take(string(user))
	}
	return s.sessions.Take(s.address(r))
}

// read reads the form of a message. Where it cannot be taken it returns a status and what to say.
func (s *site) read(w http.ResponseWriter, r *http.Request) (form, int, string) {
	if !small(r) {
		select {
		case s.uploads <- struct{}{}:
			defer func() { <-s.uploads }()
		default:
			return form{}, http.StatusServiceUnavailable, busy
		}
	}
	rc := http.NewResponseController(w)
	rc.SetReadDeadline(time.Now().Add(readWithin))
	limit := s.options.MaxUpload + maxField
	body := http.MaxBytesReader(w, r.Body, limit)
	f, err := readForm(r.Header.Get("Content-Type"), body)
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) || err == nil && f.size() > s.options.MaxUpload {
		// The browser shows an answer only once it has sent all: hear it out, within reason.
		io.CopyN(io.Discard, r.Body, 2*limit)
		return f, http.StatusRequestEntityTooLarge, s.tooMuch(r.ContentLength)
	}
	rc.SetReadDeadline(time.Time{})
	switch {
	case err == nil:
		return f, 0, ""
	case errors.Is(err, errEmpty):
		return f, http.StatusUnprocessableEntity, nothing
	case errors.Is(err, errTooLong):
		return f, http.StatusRequestEntityTooLarge, tooLong
	case errors.Is(err, errTooMany):
		return f, http.StatusRequestEntityTooLarge, tooMany
	default:
		return f, http.StatusBadRequest, notForm
	}
}

// size is how many bytes the files of a form have.
func (f form) size() int64 {
	var n int64
	for _, u := range f.files {
		n += int64(len(u.data))
	}
	return n
}

func (s *site) tooMuch(sent int64) string {
	has := ""
	if sent > 0 {
		has = "，它有 " + size(sent)
	}
	return fmt.Sprintf(tooMuch, size(s.options.MaxUpload), has)
}

// failed shows a message that was not kept: with the engine's words where it had some.
func (s *site) failed(w http.ResponseWriter, r *http.Request, user bot.UserID, t *turn, f form, err error) {
	if len(t.Replies) == 0 {
		code := errorCode()
		s.options.Log.Error("web: answer", "turn", code, "err", err)
		t.Replies = []bot.Reply{{Text: fmt.Sprintf(fault, code)}}
	}
	status := http.StatusInternalServerError
	if errors.Is(err, context.DeadlineExceeded) {
		status = http.StatusServiceUnavailable
	}
	v := s.turnView(user, t)
	v.Again = again(f)
	s.show(w, r, status, pageView{Turn: &v, Text: f.text, ID: f.id})
}

// refuse shows a message that was not taken; what was typed stays in the box.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, status int, words string, f form) {
	v := s.turnView("", &turn{Words: f.text, Replies: []bot.Reply{{Text: words}}})
	v.Again = again(f)
	s.show(w, r, status, pageView{Turn: &v, Text: f.text, ID: f.id})
}

// again makes the form that sends f once more; nil where that is not possible without its files.
func again(f form) *againView {
	if len(f.files) > 0 || f.text == "" && f.choice == "" {
		return nil
	}
	return &againView{ID: f.id, Text: f.text, Choice: f.choice}
}

// errorCode is what a person can tell the people who run this, who then find it in the log.
func errorCode() string {
	var b [2]byte
	rand.Read(b[:])
	return fmt.Sprintf("%X", b)
}
