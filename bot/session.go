package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"anning/content"
)

// Session is where one person is and what they told us. It names flows and steps, never positions, because flows are
// edited under live sessions, and it is bounded: nothing in it grows with the length of the conversation.
type Session struct {
	User    UserID            `json:"user"`
	Turn    int               `json:"turn"`            // messages answered so far
	At      int64             `json:"at"`              // when the latest message was sent, Unix milliseconds
	Met     bool              `json:"met,omitempty"`   // the hello was said
	Flow    string            `json:"flow,omitempty"`  // empty: nothing is being asked
	Step    string            `json:"step,omitempty"`  // the question that waits
	Hash    string            `json:"hash,omitempty"`  // of the flow's file when the question was asked
	Stack   []string          `json:"stack,omitempty"` // frames to return to, the innermost last
	Paused  []string          `json:"paused,omitempty"`
	Slots   map[string]string `json:"slots,omitempty"`
	Seen    string            `json:"seen,omitempty"`    // the latest message ids, a line each
	Misses  int               `json:"misses,omitempty"`  // answers in a row that did not fit
	Back    string            `json:"back,omitempty"`    // snapshots for 返回 and 改, the latest last
	Hints   map[string]string `json:"hints,omitempty"`   // answers taken back, offered again: slot → value
	Shown   map[string]int    `json:"shown,omitempty"`   // cards of a view already shown
	Joined  string            `json:"joined,omitempty"`  // slot of the free-text answer just given, for fragments
	Buttons []string          `json:"buttons,omitempty"` // "value\tlabel" of an offer of the engine's own, shown last
	Entries int               `json:"entries,omitempty"` // entries in the case file
	Chain   string            `json:"chain,omitempty"`   // hash of the latest of them
	Files   int               `json:"files,omitempty"`   // kept pictures and papers
	Grave   int               `json:"grave,omitempty"`   // messages in a row that spoke of self-harm
}

// Bounds of a session.
const (
	maxSeen      = 12
	maxSeenBytes = 600
	maxID        = 128
	maxBack      = 10
	maxBackBytes = 600
	maxStack     = 8
	maxPaused    = 3
	maxSlotBytes = 4000
	maxSession   = 48 << 10
	maxFiles     = 200
)

func newSession(user UserID) *Session { return &Session{User: user, Slots: map[string]string{}} }

// sessionFrom reads a kept session, and makes a new one where nothing is kept.
func sessionFrom(data []byte, user UserID) (*Session, error) {
	if data == nil {
		return newSession(user), nil
	}
	return decodeSession(data, user)
}

func decodeSession(data []byte, user UserID) (*Session, error) {
	s := &Session{}
	if !s.decode(data) {
		s = &Session{}
		if err := json.Unmarshal(data, s); err != nil {
			return nil, fmt.Errorf("read session: %w", err)
		}
	}
	if s.User != user && string(s.User) != string([]rune(string(user))) { // encode writes U+FFFD for what is no UTF-8
		return nil, fmt.Errorf("read session: it belongs to somebody else")
	}
	s.User = user
	if s.Slots == nil {
		s.Slots = map[string]string{}
	}
	return s, nil
}

// bounded writes the session within its limit. What goes first is what is only a comfort: ways back, suggestions; then
// the ends of the longest answers, whose full words are in the case file where they were kept.
func (s *Session) bounded() []byte {
	data := s.encode()
	for limit := maxSlotBytes; len(data) > maxSession && limit > 64; limit /= 2 {
		s.Back, s.Hints, s.Buttons = "", nil, nil
		for slot, value := range s.Slots {
			s.Slots[slot] = cutText(value, limit)
		}
		data = s.encode()
	}
	return data
}

// seen says whether a message was answered already. Ids are remembered, not the highest of them: they may come out of
// order.
func (s *Session) seen(id string) bool {
	id = lineOf(id)
	for line := range strings.SplitSeq(s.Seen, "\n") {
		if id != "" && line == id {
			return true
		}
	}
	return false
}

func (s *Session) remember(id string) {
	if id = lineOf(id); id == "" {
		return
	}
	for strings.Count(s.Seen, "\n") >= maxSeen-1 || len(s.Seen)+len(id) > maxSeenBytes {
		_, rest, more := strings.Cut(s.Seen, "\n")
		s.Seen = rest
		if !more {
			break
		}
	}
	if s.Seen != "" {
		id = s.Seen + "\n" + id
	}
	s.Seen = id
}

// lineOf makes an id fit a line of Seen; one longer than any messenger's is known by its hash.
func lineOf(id string) string {
	if len(id) > maxID {
		sum := sha256.Sum256([]byte(id))
		return hex.EncodeToString(sum[:])
	}
	return strings.ReplaceAll(id, "\n", " ")
}

// A frame is "flow/step" to ask that step again, "flow/step+" to go on below it, "flow/" to begin a flow. One that was
// interrupted carries after "?" the matter it was about (here).
func frame(flow, step string, below bool) string {
	if below {
		return flow + "/" + step + "+"
	}
	return flow + "/" + step
}

func cutFrame(f string) (flow, step string, below bool) {
	f, _, _ = strings.Cut(f, "?")
	flow, step, _ = strings.Cut(f, "/")
	step, below = strings.CutSuffix(step, "+")
	return flow, step, below
}

func (s *Session) push(f string) {
	s.Stack = append(s.Stack, f)
	if len(s.Stack) > maxStack {
		s.Stack = slices.Delete(s.Stack, 0, len(s.Stack)-maxStack)
	}
}

// matter are the slots that say what a conversation is about. Another flow may speak of another matter meanwhile.
var matter = []string{"conduct", "day", "creditor", "evidence", "reporting_channel", "filed_on"}

// late keeps the slot day_late, which is read only: "yes" where the day of the conduct is more than six months ago. Who
// has not reported it by then is too late for a punishment under 治安管理处罚法（2025年修订）第二十五条.
func (t *turn) late() {
	const slot = "day_late"
	day, err := content.ParseDate(cutText(t.s.Slots["day"], 10))
	if err == nil && !day.IsZero() && day.Before(content.DateOf(t.now.AddDate(0, -6, 0))) {
		t.s.Slots[slot] = "yes"
	} else {
		delete(t.s.Slots, slot)
	}
}

// here is the frame of the waiting question, with the matter it is about.
func (s *Session) here() string {
	fr := frame(s.Flow, s.Step, false)
	if s.Slots["conduct"] == "" {
		return fr
	}
	values := make([]string, len(matter))
	for i, slot := range matter {
		if v := s.Slots[slot]; !strings.ContainsAny(v, ">?&\t\f") {
			values[i] = v
		}
	}
	return fr + "?" + strings.TrimRight(strings.Join(values, "&"), "&")
}

// cutMatter takes the matter of a frame: the values of the slots of matter; nil where it carries none.
func cutMatter(f string) []string {
	_, values, ok := strings.Cut(f, "?")
	if !ok {
		return nil
	}
	all := strings.Split(values, "&")
	return append(all, make([]string, max(0, len(matter)-len(all)))...)
}

// unwind ends the run of a flow that is about to begin anew: its frame goes, and those of what it had called.
func (s *Session) unwind(flow string) {
	for i, fr := range s.Stack {
		if at, _, _ := cutFrame(fr); at == flow {
			s.Stack = s.Stack[:i]
			return
		}
	}
}

func (s *Session) pop() (string, bool) {
	if len(s.Stack) == 0 {
		return "", false
	}
	f := s.Stack[len(s.Stack)-1]
	s.Stack = s.Stack[:len(s.Stack)-1]
	return f, true
}

// pause puts the whole position aside, to be offered again in the menu; the same flow is kept once.
func (s *Session) pause() {
	if s.Flow != "" && s.Flow != menuFlow && s.Flow != startFlow {
		s.push(s.here())
	}
	stack := slices.DeleteFunc(s.Stack, func(f string) bool {
		flow, _, _ := cutFrame(f)
		return flow == menuFlow || flow == startFlow
	})
	if len(stack) > 0 {
		flow, _, _ := cutFrame(stack[0])
		s.Paused = slices.DeleteFunc(s.Paused, func(p string) bool { return strings.HasPrefix(p, flow+"/") })
		s.Paused = append(s.Paused, strings.Join(stack, ">"))
		if len(s.Paused) > maxPaused {
			s.Paused = slices.Delete(s.Paused, 0, len(s.Paused)-maxPaused)
		}
	}
	s.Stack, s.Flow, s.Step, s.Hash = nil, "", "", ""
}

// A snapshot is what 返回 needs: "flow/step", the stack, then slot and old value in turn, tab-separated. It is one
// string because a session is read and written at every message.
type snapshot struct {
	at    string
	stack string
	old   []string // slot, value, slot, value …; an empty value: the slot had none
}

func (sn snapshot) String() string {
	var b strings.Builder
	n := len(sn.at) + 1 + len(sn.stack)
	for _, o := range sn.old {
		n += 1 + len(o)
	}
	b.Grow(n)
	b.WriteString(sn.at)
	b.WriteByte('\t')
	b.WriteString(sn.stack)
	for _, o := range sn.old {
		b.WriteByte('\t')
		b.WriteString(o)
	}
	return b.String()
}

func cutSnapshot(text string) (snapshot, bool) {
	parts := strings.Split(text, "\t")
	if len(parts) < 2 || len(parts)%2 != 0 {
		return snapshot{}, false
	}
	return snapshot{at: parts[0], stack: parts[1], old: parts[2:]}, true
}

// backMark stands between snapshots.
const backMark = "\f"

// backs are the snapshots, the latest last.
func (s *Session) backs() []string {
	if s.Back == "" {
		return nil
	}
	return strings.Split(s.Back, backMark)
}

func (s *Session) setBacks(all []string) { s.Back = strings.Join(all, backMark) }

// keepSnapshot adds a snapshot, and lets the oldest go where they take too much room.
func (s *Session) keepSnapshot(sn snapshot) {
	text := sn.String()
	if len(text) > maxBackBytes { // a way back with a gap in it would restore the wrong things
		s.Back = ""
		return
	}
	for s.Back != "" && (len(s.Back)+len(text) > maxBackBytes || strings.Count(s.Back, backMark) >= maxBack-1) {
		_, s.Back, _ = strings.Cut(s.Back, backMark)
	}
	if s.Back != "" {
		text = s.Back + backMark + text
	}
	s.Back = text
}

func (s *Session) sent() time.Time { return time.UnixMilli(s.At) }
