package telegram

import (
	"log/slog"
	"math/rand/v2"
	"time"
)

// trouble speaks of a fault once, and again when it is over, and says how long to wait before the next try.
type trouble struct {
	log   *slog.Logger
	since time.Time
	times int
	text  string
}

// tell notes a fault and returns the wait: half a second, doubled with each try up to half a minute, never twice the same.
func (t *trouble) tell(err error) time.Duration {
	if t.times == 0 {
		t.since = time.Now()
	}
	t.times++
	if t.text != err.Error() {
		t.text = err.Error()
		if wrongToken(err) {
			t.log.Error("telegram: Telegram does not know this token; see TELEGRAM_TOKEN", "err", err)
		} else {
			t.log.Warn("telegram: not reachable, trying again", "err", err)
		}
	}
	return backoff(t.times)
}

func (t *trouble) over() {
	if t.times > 0 {
		t.log.Info("telegram: reachable again", "after", time.Since(t.since).Round(time.Second), "tries", t.times)
	}
	t.times, t.text = 0, ""
}

// backoff is the wait before a try, the first failed one being number 1.
func backoff(times int) time.Duration {
	most := min(500*time.Millisecond<<min(times, 10), 30*time.Second)
	return most/2 + rand.N(most/2)
}
