package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// allowed are the kinds of updates we ask for. The list is always sent: a narrower one of an earlier run would stay.
const allowed = `["message","edited_message","callback_query","my_chat_member"]`

// poll fetches updates until ctx ends, whenever this process is the one to do so.
func (m *Messenger) poll(ctx, work context.Context) {
	waiting := ""
	for ctx.Err() == nil {
		until, err := m.lease.hold(ctx)
		if err != nil {
			if waiting != err.Error() && ctx.Err() == nil {
				waiting = err.Error()
				m.options.Log.Info("telegram: waiting for our turn to poll", "err", err)
			}
			sleep(ctx, 2*time.Second+rand.N(time.Second))
			continue
		}
		waiting = ""
		turn, lose := context.WithCancel(ctx)
		kept := make(chan struct{})
		go func() { defer close(kept); m.lease.keep(turn, until, lose) }()
		if m.tendSpool(ctx, adoptAll) { // before anything newer
			m.takesOver.Store(true)
			m.pollWhile(turn, work)
			m.takesOver.Store(false)
		} else {
			sleep(turn, 2*time.Second)
		}
		lose()
		<-kept
		m.lease.release(context.WithoutCancel(ctx))
	}
}

// pollWhile fetches updates until ctx ends. Asking for the next ones confirms those before: each of them is done then,
// or kept in the spool.
func (m *Messenger) pollWhile(ctx, work context.Context) {
	offset := 0
	trouble := &trouble{log: m.options.Log}
	for {
		began := time.Now()
		jobs, last, err := m.fetch(ctx, offset, int(pollWait/time.Second), 100)
		if ctx.Err() == nil && err != nil {
			m.notFetched(ctx, err, trouble)
			continue
		}
		if err == nil {
			trouble.over()
		}
		if len(jobs) > 0 && m.settle(ctx, work, jobs) {
			offset = last + 1
		}
		if ctx.Err() != nil {
			break
		}
		if len(jobs) == 0 && time.Since(began) < 200*time.Millisecond { // a server that does not wait
			sleep(ctx, 200*time.Millisecond)
		}
	}
	if offset > 0 { // confirm the last ones, so that they do not come again
		end, cancel := context.WithTimeout(work, 5*time.Second)
		defer cancel()
		if _, err := m.api.call(end, "getUpdates", params(offset, 0, 1)); err != nil {
			m.options.Log.Info("telegram: the last updates could not be confirmed, they come again", "err", err)
		}
	}
}

func params(offset, timeout, limit int) tgbotapi.Params {
	p := tgbotapi.Params{"timeout": strconv.Itoa(timeout), "limit": strconv.Itoa(limit), "allowed_updates": allowed}
	if offset > 0 {
		p["offset"] = strconv.Itoa(offset)
	}
	return p
}

// fetch gets updates and puts them in their lanes. last is the highest number.
func (m *Messenger) fetch(ctx context.Context, offset, timeout, limit int) (jobs []*job, last int, err error) {
	result, err := m.api.call(ctx, "getUpdates", params(offset, timeout, limit))
	if err != nil {
		return nil, 0, err
	}
	var all []json.RawMessage
	if err := json.Unmarshal(result, &all); err != nil {
		return nil, 0, errors.New("telegram: getUpdates: the answer is no list")
	}
	for _, raw := range all {
		j := m.dispatch(raw)
		if j.id > 0 {
			jobs, last = append(jobs, j), max(last, j.id)
		}
	}
	if len(jobs) == 0 && len(all) > 0 {
		return nil, 0, errors.New("telegram: getUpdates: none of the updates has a number")
	}
	return jobs, last, nil
}

// patience is how long the next updates wait for the turns before them; then those go to the spool.
const patience = 2 * time.Second

// settle waits until each job is done or durably kept; false where that could not be before work ended. A full spool,
// or one out of reach, holds everything up: nothing may be confirmed.
func (m *Messenger) settle(ctx, work context.Context, jobs []*job) bool {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	var left []*job
	for _, j := range jobs {
		if j.waits() && !j.finished() {
			left = append(left, j)
		}
	}
	if len(left) > 0 && m.spool.put(work, left) == nil { // others need not wait for it
		jobs = without(jobs, left)
	}
	for {
		if allDone(work, limit.C, jobs) {
			return true
		}
		if work.Err() != nil {
			return false
		}
		left = nil
		for _, j := range jobs {
			if !j.finished() {
				left = append(left, j)
			}
		}
		err := m.spool.put(work, left)
		if err == nil {
			m.options.Count("spooled")
			return true
		}
		m.options.Log.Debug("telegram: waiting with the next updates", "err", err)
		if ctx.Err() != nil {
			return false
		}
		limit.Reset(patience / 2)
	}
}

// allDone waits for jobs until limit.
func allDone(ctx context.Context, limit <-chan time.Time, jobs []*job) bool {
	for _, j := range jobs {
		select {
		case <-j.done:
		case <-limit:
			return false
		case <-ctx.Done():
			return false
		}
	}
	return true
}

func without(jobs, some []*job) []*job {
	in := map[*job]bool{}
	for _, j := range some {
		in[j] = true
	}
	var rest []*job
	for _, j := range jobs {
		if !in[j] {
			rest = append(rest, j)
		}
	}
	return rest
}

// notFetched waits a while after a poll that failed, and mends what it can.
func (m *Messenger) notFetched(ctx context.Context, err error, t *trouble) {
	f := faultOf(err)
	wait := t.tell(err)
	switch {
	case f.code == 409 && has(f.text, "webhook"):
		_, err := m.api.call(ctx, "deleteWebhook", tgbotapi.Params{"drop_pending_updates": "false"})
		m.options.Log.Info("telegram: a webhook was set; it is taken away, since we poll", "err", err)
		wait = time.Second
	case wrongToken(err):
		wait = time.Minute
	case f.retry > 0:
		wait = f.retry
	}
	sleep(ctx, wait)
}
