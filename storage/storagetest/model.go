package storagetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	diff "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"anning/storage"
)

// person is what the model says is kept of one user.
type person struct {
	rev             uint64
	expires         time.Time
	session, answer string
	records         map[string]string
	reminders       map[string]pending
}

type pending struct {
	at    time.Time
	data  string
	due   time.Time // at, or the end of the lease
	lease string
}

// machine walks a Store and its model side by side. Users have fresh names in every walk.
type machine struct {
	f      *fixture
	t      testing.TB
	users  []string
	people map[string]*person
	stale  map[string][]uint64
	leases []storage.Due
}

// model: whatever is done in whatever order, the store does what a map would do.
func model(t *testing.T, f *fixture) {
	walk := 0
	rapid.Check(t, func(rt *rapid.T) {
		walk++
		m := &machine{f: f, t: t, people: map[string]*person{}, stale: map[string][]uint64{}}
		for i := range 3 {
			m.users = append(m.users, fmt.Sprintf("web:%d.%d", walk, i))
		}
		defer m.tidy(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"commit": m.commit, "commitAgain": m.commit, "stale": m.commitStale, "wait": m.wait, "claim": m.claim,
			"done": m.done, "delete": m.delete, "sweep": m.sweep, "": m.compare,
		})
	})
}

// tidy removes what a walk leaves, so that the next one does not claim it.
func (m *machine) tidy(rt *rapid.T) {
	for _, user := range m.users {
		if err := m.f.store.Delete(m.t.Context(), user); err != nil {
			rt.Fatalf("Delete: %v", err)
		}
	}
}

func (m *machine) alive(user string) *person {
	p := m.people[user]
	if p == nil || !p.expires.After(m.f.clock.Now()) {
		return nil
	}
	return p
}

func (m *machine) user(rt *rapid.T) string { return rapid.SampledFrom(m.users).Draw(rt, "user") }

// store is the same process or one that has nothing in memory.
func (m *machine) store(rt *rapid.T) *storage.Store {
	if rapid.Bool().Draw(rt, "another process") {
		return m.f.another(m.f.keys)
	}
	return m.f.store
}

func (m *machine) draw(rt *rapid.T, user string) storage.Turn {
	id := rapid.SampledFrom([]string{"a", "b", "c", "截图"})
	ids := rapid.SliceOfN(id, 0, 2)
	turn := storage.Turn{User: user, Session: []byte(rapid.String().Draw(rt, "session")), Answer: []byte(rapid.StringN(0, 9, -1).Draw(rt, "answer")),
		Forget: ids.Draw(rt, "forget"), Cancel: ids.Draw(rt, "cancel"),
		TTL: time.Duration(rapid.IntRange(0, 48).Draw(rt, "hours")) * time.Hour}
	for _, id := range ids.Draw(rt, "records") {
		turn.Records = append(turn.Records, storage.Record{ID: id, Data: rapid.SliceOfN(rapid.Byte(), 0, 6000).Draw(rt, "data")})
	}
	for _, id := range ids.Draw(rt, "remind") {
		at := m.f.clock.Now().Add(time.Duration(rapid.IntRange(-60, 600).Draw(rt, "minutes")) * time.Minute)
		turn.Remind = append(turn.Remind, storage.Reminder{ID: id, At: at, Data: []byte(id)})
	}
	return turn
}

func (m *machine) commit(rt *rapid.T) {
	turn := m.draw(rt, m.user(rt))
	p := m.alive(turn.User)
	if p != nil {
		turn.Rev = p.rev
	} else {
		p = &person{records: map[string]string{}, reminders: map[string]pending{}}
	}
	rev, err := m.store(rt).Commit(m.t.Context(), turn)
	if err != nil {
		rt.Fatalf("Commit: %v", err)
	}
	m.stale[turn.User] = append(m.stale[turn.User], p.rev)
	p.apply(turn, rev, m.f.clock.Now())
	m.people[turn.User] = p
}

func (p *person) apply(turn storage.Turn, rev uint64, now time.Time) {
	p.rev, p.session, p.answer = rev, string(turn.Session), string(turn.Answer)
	for _, id := range turn.Forget {
		delete(p.records, id)
	}
	for _, r := range turn.Records {
		p.records[r.ID] = string(r.Data)
	}
	for _, id := range turn.Cancel {
		delete(p.reminders, id)
	}
	for _, r := range turn.Remind {
		p.reminders[r.ID] = pending{at: r.At, data: string(r.Data), due: r.At}
	}
	p.expires = now.Add(cmp.Or(turn.TTL, storage.DefaultTTL))
	for _, r := range p.reminders {
		if end := r.at.Add(storage.Grace); end.After(p.expires) {
			p.expires = end
		}
	}
}

func (m *machine) commitStale(rt *rapid.T) {
	turn := m.draw(rt, m.user(rt))
	now := uint64(0)
	if p := m.alive(turn.User); p != nil {
		now = p.rev
	}
	for _, rev := range m.stale[turn.User] {
		if turn.Rev = rev; rev == now {
			continue
		}
		if _, err := m.store(rt).Commit(m.t.Context(), turn); !errors.Is(err, storage.ErrConflict) {
			rt.Fatalf("Commit of revision %d over %d: %v, want ErrConflict", rev, now, err)
		}
	}
}

func (m *machine) wait(rt *rapid.T) {
	m.f.clock.add(time.Duration(rapid.IntRange(1, 5000).Draw(rt, "minutes")) * time.Minute)
}

func (m *machine) claim(rt *rapid.T) {
	now, most := m.f.clock.Now(), rapid.IntRange(1, 5).Draw(rt, "most")
	lease := time.Duration(rapid.IntRange(1, 120).Draw(rt, "lease")) * time.Minute
	ready := 0
	for _, user := range m.users {
		if p := m.alive(user); p != nil {
			for _, r := range p.reminders {
				if !r.due.After(now) {
					ready++
				}
			}
		}
	}
	due, err := m.store(rt).ClaimDue(m.t.Context(), now, most, lease)
	if err != nil {
		rt.Fatalf("ClaimDue: %v", err)
	}
	if len(due) != min(most, ready) {
		rt.Fatalf("claimed %d of %d, at most %d", len(due), ready, most)
	}
	for _, d := range due {
		p := m.alive(d.User)
		if p == nil {
			rt.Fatalf("claimed %q of %s, who is gone", d.ID, d.User)
		}
		r, ok := p.reminders[d.ID]
		if !ok || r.due.After(now) || !r.at.Equal(d.At) || r.data != string(d.Data) {
			rt.Fatalf("claimed %v, have %v", d, r)
		}
		r.due, r.lease = now.Add(lease), d.Lease
		p.reminders[d.ID] = r
		m.leases = append(m.leases, d)
	}
}

func (m *machine) done(rt *rapid.T) {
	if len(m.leases) == 0 {
		rt.Skip("nothing leased yet")
	}
	d := rapid.SampledFrom(m.leases).Draw(rt, "lease")
	if err := m.store(rt).Done(m.t.Context(), d); err != nil {
		rt.Fatalf("Done: %v", err)
	}
	if p := m.people[d.User]; p != nil && p.reminders[d.ID].lease == d.Lease {
		delete(p.reminders, d.ID)
	}
}

func (m *machine) delete(rt *rapid.T) {
	user := m.user(rt)
	if err := m.store(rt).Delete(m.t.Context(), user); err != nil {
		rt.Fatalf("Delete: %v", err)
	}
	if p := m.people[user]; p != nil {
		m.stale[user] = append(m.stale[user], p.rev)
	}
	delete(m.people, user)
}

func (m *machine) sweep(rt *rapid.T) {
	if err := m.f.store.Sweep(m.t.Context(), m.f.clock.Now()); err != nil {
		rt.Fatalf("Sweep: %v", err)
	}
}

// compare reads everything back after every step.
func (m *machine) compare(rt *rapid.T) {
	s := m.store(rt)
	for _, user := range m.users {
		p := m.alive(user)
		if p == nil {
			p = &person{}
		}
		st, err := s.Load(m.t.Context(), user)
		if err != nil {
			rt.Fatalf("Load: %v", err)
		}
		if st.Rev != p.rev || string(st.Session) != p.session || string(st.Answer) != p.answer {
			rt.Fatalf("%s: state %d %q %q, want %d %q %q", user, st.Rev, st.Session, st.Answer, p.rev, p.session, p.answer)
		}
		m.compareItems(rt, s, user, p)
	}
}

func (m *machine) compareItems(rt *rapid.T, s *storage.Store, user string, p *person) {
	kept, err := s.Records(m.t.Context(), user)
	if err != nil {
		rt.Fatalf("Records: %v", err)
	}
	var want []storage.Record
	for _, id := range slices.Sorted(maps.Keys(p.records)) {
		want = append(want, storage.Record{ID: id, Data: []byte(p.records[id])})
	}
	if d := diff.Diff(want, kept); d != "" && len(want)+len(kept) > 0 {
		rt.Fatalf("%s: records (-want +got):\n%s", user, d)
	}
	got, err := s.Reminders(m.t.Context(), user)
	if err != nil {
		rt.Fatalf("Reminders: %v", err)
	}
	if len(got) != len(p.reminders) {
		rt.Fatalf("%s: %d reminders, want %d", user, len(got), len(p.reminders))
	}
	for _, r := range got {
		if w := p.reminders[r.ID]; !w.at.Equal(r.At) || w.data != string(r.Data) {
			rt.Fatalf("%s: reminder %v, want %v", user, r, w)
		}
	}
}
