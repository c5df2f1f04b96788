// Package bench measures the engine on the reference conversation beside a hand-written switch: the same session JSON
// in, one message handled, session JSON out; no storage, no sending.
package bench

import (
	"embed"
	"encoding/json"
	"io/fs"
	"os"
	"strconv"
	"testing"
	"time"

	"anning/bench/conv"
	"anning/bench/pair"
	"anning/bot"
	"anning/content"
	"anning/flows"
)

//go:embed reference/*.yaml
var reference embed.FS

// shipped are the flows and content as they ship, with the reference conversation beside them.
func shipped(tb testing.TB) (*content.Library, *flows.Set) {
	tb.Helper()
	lib, err := content.Load(content.Files)
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	if err := os.CopyFS(dir, flows.Files); err != nil {
		tb.Fatal(err)
	}
	ref, err := fs.Sub(reference, "reference")
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.CopyFS(dir, ref); err != nil {
		tb.Fatal(err)
	}
	set, err := flows.Load(os.DirFS(dir))
	if err != nil {
		tb.Fatal(err)
	}
	return lib, set
}

const user = "telegram:123456789"

var at = time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)

// ours is the engine.
type ours struct {
	w   *bot.Walker
	now time.Time
	n   int
}

func newOurs(tb testing.TB) (*ours, []byte) {
	tb.Helper()
	w, err := bot.NewWalker(shipped(tb))
	if err != nil {
		tb.Fatal(err)
	}
	session, err := w.At(user, "reference", "menu", map[string]string{"name": conv.UserName})
	if err != nil {
		tb.Fatal(err)
	}
	return &ours{w: w, now: at}, session
}

func (o *ours) turn(tb testing.TB, session []byte, input string) ([]byte, []bot.Reply) {
	o.n++
	o.now = o.now.Add(time.Minute)
	next, replies, err := o.w.Turn(tb.Context(), session, bot.Message{ID: strconv.Itoa(100000000 + o.n), From: user, Text: input, At: o.now})
	if err != nil {
		tb.Fatal(err)
	}
	return next, replies
}

var labels = map[string]string{"contacts": "爆通讯录", "threat": "威胁恐吓", "impersonation": "冒充公检法", "insult": "辱骂骚扰", "visit": "上门堵锁", "forgery": "伪造文书"}

func (o *ours) vars(session []byte) map[string]string {
	s := o.w.Slots(session)
	return map[string]string{"conduct": labels[s["kind"]], "channel": s["channel"], "evidence": s["evidence_text"], "limit_days": s["limit_days"], "pace": s["pace"]}
}

// handwritten is what the machine can do with no engine at all.
type handwritten struct {
	ID      string            `json:"id"`
	Flow    string            `json:"flow"`
	State   string            `json:"state"`
	Name    string            `json:"name"`
	Vars    map[string]string `json:"vars"`
	Turns   int               `json:"turns"`
	Updated time.Time         `json:"updated"`
}

func startHandwritten() []byte {
	data, err := json.Marshal(handwritten{ID: user, Flow: "reference", State: "menu", Name: conv.UserName, Vars: map[string]string{}, Updated: at})
	if err != nil {
		panic(err)
	}
	return data
}

func turnHandwritten(data []byte, input string) ([]byte, []string) {
	s := &handwritten{}
	if err := json.Unmarshal(data, s); err != nil {
		panic(err)
	}
	msgs := []string{conv.MenuText}
	if c := conv.Lookup(input); c != nil {
		s.Vars["conduct"], s.Vars["channel"], s.Vars["evidence"] = c.Label, c.Channel, c.Evidence
		days := conv.LimitDays(c.Channel)
		s.Vars["limit_days"], s.Vars["pace"] = strconv.Itoa(days), conv.Pace(days)
		s.State = "menu"
		msgs = []string{conv.Reply(s.Name, *c), conv.MenuText}
	}
	s.Turns++
	s.Updated = time.Now()
	data, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return data, msgs
}

func TestReferenceConversation(t *testing.T) {
	o, session := newOurs(t)
	var first int
	for i := range 60 {
		in := conv.Inputs[i%len(conv.Inputs)]
		var replies []bot.Reply
		session, replies = o.turn(t, session, in)
		var msgs []string
		for _, r := range replies {
			msgs = append(msgs, r.Text)
		}
		if err := conv.Check(in, msgs, o.vars(session)); err != nil {
			t.Fatalf("turn %d: %v", i+1, err)
		}
		if i == 0 {
			first = len(session)
		}
	}
	t.Logf("session: %d B after 1 turn, %d B after 60", first, len(session))
	if first > 600 || len(session) > 1500 {
		t.Errorf("session: %d B after 1 turn, %d B after 60; the bounds are 600 and 1500", first, len(session))
	}
}

func TestAllocations(t *testing.T) {
	o, session := newOurs(t)
	for _, in := range conv.Inputs {
		session, _ = o.turn(t, session, in)
	}
	n := 0
	allocs := testing.AllocsPerRun(600, func() {
		o.turn(t, session, conv.Inputs[n%len(conv.Inputs)])
		n++
	})
	t.Logf("%.0f allocs a turn", allocs)
	if allocs > 70 {
		t.Errorf("%.0f allocs a turn; the bound is 70", allocs)
	}
}

func BenchmarkTurn(b *testing.B) {
	b.Run("engine", func(b *testing.B) {
		o, session := newOurs(b)
		for _, in := range conv.Inputs {
			session, _ = o.turn(b, session, in)
		}
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			o.turn(b, session, conv.Inputs[n%len(conv.Inputs)])
			n++
		}
		b.ReportMetric(float64(len(session)), "sessionB")
	})
	b.Run("handwritten", func(b *testing.B) {
		session := startHandwritten()
		for _, in := range conv.Inputs {
			session, _ = turnHandwritten(session, in)
		}
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			turnHandwritten(session, conv.Inputs[n%len(conv.Inputs)])
			n++
		}
	})
}

// BenchmarkPaired sets the engine beside the hand-written switch in slices of random order, and reports the ratio with
// its 95 % interval, and the switch against itself.
func BenchmarkPaired(b *testing.B) {
	o, session := newOurs(b)
	hand := startHandwritten()
	for _, in := range conv.Inputs {
		session, _ = o.turn(b, session, in)
		hand, _ = turnHandwritten(hand, in)
	}
	byHand := func(n int) {
		for i := range n {
			turnHandwritten(hand, conv.Inputs[i%len(conv.Inputs)])
		}
	}
	engine := func(n int) {
		for i := range n {
			o.turn(b, session, conv.Inputs[i%len(conv.Inputs)])
		}
	}
	for b.Loop() {
		rs := pair.Compare(300, 5*time.Millisecond, pair.Func{Name: "handwritten", Run: byHand},
			pair.Func{Name: "handwritten again", Run: byHand}, pair.Func{Name: "engine", Run: engine})
		pair.Print(os.Stderr, rs)
		b.ReportMetric(rs[2].Ratio, "engine/handwritten")
		b.ReportMetric(rs[2].High, "upper95")
		b.ReportMetric(rs[1].Ratio, "A/A")
	}
}

// BenchmarkLoad reads and checks everything that ships.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		sets := make(chan *flows.Set, 1) // as the program does: both at once
		go func() {
			set, err := flows.Load(flows.Files)
			if err != nil {
				b.Error(err)
			}
			sets <- set
		}()
		lib, err := content.Load(content.Files)
		if err != nil {
			b.Fatal(err)
		}
		bot.Check(lib, <-sets, content.DateOf(at))
	}
}
