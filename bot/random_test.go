package bot_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/storage"
)

// TestRandomWalks: any walk over the shipped flows ends every message with words and a way on, and keeps the session
// small. Old buttons are pressed, pictures come, reminders fall due. The seed is printed, so that a walk can be walked
// again.
func TestRandomWalks(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	at := now
	p := onSQLite(t)
	b := shippedBot(t, p.store, &bot.Options{Clock: func() time.Time { return at }})
	for walk := range 12 {
		w := &randomWalk{t: t, b: b, rnd: rand.New(rand.NewPCG(seed, uint64(walk))), user: bot.UserID(fmt.Sprintf("test:%d", walk))}
		for step := range 60 {
			at = at.Add(time.Duration(w.rnd.IntN(20)) * time.Second)
			w.step(step, at)
			if st, err := p.store.Load(t.Context(), string(w.user)); err != nil || len(st.Session) > 16<<10 {
				t.Fatalf("%s, step %d: the session has %d bytes, %v", w.user, step, len(st.Session), err)
			}
		}
	}
}

type randomWalk struct {
	t       *testing.T
	b       *bot.Bot
	rnd     *rand.Rand
	user    bot.UserID
	choices []bot.Choice // of the latest replies
	old     []bot.Choice // of all of them
}

var typedAnywhere = []string{"返回", "改", "重来", "菜单", "帮助", "我在哪", "稍后再说", "催收来电", "我的数据", "退出", "1", "2", "9", "昨天", "跳过", "3号",
	"1500", "他们说要砍死我", "我不想活了", "有人在砸门", "随便", "??", "他们给我全公司打电话", strings.Repeat("长", 3000), "接着刚才的", "@go=menu", "menu/door=danger", "更多", "投诉进度", ""}

// step sends one message and holds the answer against what every answer has to be.
func (w *randomWalk) step(n int, at time.Time) {
	w.t.Helper()
	m := bot.Message{ID: fmt.Sprint(n), From: w.user, At: at}
	if len(w.choices) > 0 && w.rnd.IntN(4) > 0 {
		m.Text = w.choices[w.rnd.IntN(len(w.choices))].Value
	} else if len(w.old) > 0 && w.rnd.IntN(4) == 0 {
		m.Text = w.old[w.rnd.IntN(len(w.old))].Value
	} else {
		m.Text = typedAnywhere[w.rnd.IntN(len(typedAnywhere))]
	}
	var replies []bot.Reply
	var err error
	switch w.rnd.IntN(20) {
	case 0:
		m.Files = []bot.File{picture("a.png")}
		replies, err = w.b.Handle(w.t.Context(), m)
	case 1:
		due := storage.Due{Reminder: storage.Reminder{ID: "r" + m.ID, At: at, Data: []byte(`{"flow":"follow_up","slots":{"conduct":"insult"}}`)}, User: string(w.user)}
		if _, replies, err = w.b.Wake(w.t.Context(), due); errors.Is(err, bot.ErrBusy) || err == nil && len(replies) == 0 {
			return // in danger, or nobody there yet
		}
	default:
		replies, err = w.b.Handle(w.t.Context(), m)
	}
	if err != nil || len(replies) == 0 {
		w.t.Fatalf("%s, step %d, %q: %v, %v", w.user, n, cut(m.Text), replies, err)
	}
	w.choices = nil
	for _, r := range replies {
		w.choices = append(w.choices, r.Choices...)
		if strings.TrimSpace(r.Text) == "" && r.File == nil {
			w.t.Errorf("%s, step %d, %q: an empty reply", w.user, n, cut(m.Text))
		}
		if strings.ContainsAny(r.Text, "{}") {
			w.t.Errorf("%s, step %d, %q: an unfilled slot in %q", w.user, n, cut(m.Text), r.Text)
		}
		for _, c := range r.Choices {
			if len(c.Value) > 64 || c.Label == "" || strings.Contains(c.Label, "_") {
				w.t.Errorf("%s, step %d, %q: the button %+v", w.user, n, cut(m.Text), c)
			}
		}
	}
	w.old = append(w.old, w.choices...)
}
