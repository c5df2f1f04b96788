package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"anning/content"
	"anning/flows"
)

// Reach is the shortest way to where a conduct can be reported, for one kind of creditor.
type Reach struct {
	Conduct, Creditor string   // ids
	Channel           string   // id of the reporting channel whose card came, one of the route's first; "" if none did
	Taps              int      // buttons pressed until then, the one that allows keeping among them
	Path              []string // what was pressed
}

// Reaches finds, for every conduct that is not lawful and every kind of creditor, how few buttons lead a stranger to the
// card of a reporting channel that the route names first and that can be found: after a sentence that tells of the
// conduct (told), or by nothing but buttons. It tries at most taps buttons.
func Reaches(ctx context.Context, lib *content.Library, set *flows.Set, now time.Time, told bool, taps int) ([]Reach, error) {
	w, err := NewWalker(lib, set)
	if err != nil {
		return nil, err
	}
	r := &reacher{x: &explorer{w: w, now: now, matter: deciding(set), faults: map[string]bool{}, cov: &Coverage{}}, found: map[[2]string]*Reach{}}
	var all []Reach
	for _, c := range lib.Conducts {
		if c.Lawful {
			continue
		}
		if told {
			if err := r.walk(ctx, c.ID, taps); err != nil {
				return nil, err
			}
		}
		for _, k := range lib.Creditors {
			r.want = append(r.want, [2]string{c.ID, k.ID})
		}
	}
	if !told {
		if err := r.walk(ctx, "", taps); err != nil {
			return nil, err
		}
	}
	for _, want := range r.want {
		if found := r.found[want]; found != nil {
			all = append(all, *found)
		} else {
			all = append(all, Reach{Conduct: want[0], Creditor: want[1]})
		}
	}
	return all, nil
}

// reacher walks outwards from a stranger, a button at a time.
type reacher struct {
	x     *explorer
	want  [][2]string
	found map[[2]string]*Reach
}

// place is where some buttons led to.
type place struct {
	session []byte
	path    []string
}

// walk presses every button up to taps deep; with a conduct, from a sentence that told of it.
func (r *reacher) walk(ctx context.Context, conduct string, taps int) error {
	s := newSession("explore:1")
	var first []place
	if conduct == "" {
		t := r.x.turn(ctx, s, Message{Text: "/start"})
		if err := t.run(); err != nil {
			return err
		}
		first = []place{{session: t.s.encode()}}
	} else {
		s.Met = true
		s.Slots = map[string]string{"consent": "yes", "conduct": conduct, "said": "他们这样"}
		t := r.x.turn(ctx, s, Message{})
		if err := t.enter(t.flowFor(conduct)); err != nil {
			return err
		}
		at := place{session: t.s.encode(), path: []string{"可以记"}}
		r.note(t, at.path, conduct)
		first = []place{at}
	}
	seen := map[string]bool{}
	for depth := len(first[0].path); depth < taps && len(first) > 0; depth++ {
		var next []place
		for _, p := range first {
			more, err := r.from(ctx, p, conduct, seen)
			if err != nil {
				return err
			}
			next = append(next, more...)
		}
		first = next
	}
	return ctx.Err()
}

// from presses every button of a place.
func (r *reacher) from(ctx context.Context, p place, conduct string, seen map[string]bool) ([]place, error) {
	s, err := decodeSession(p.session, "explore:1")
	if err != nil {
		return nil, err
	}
	t := r.x.turn(ctx, s, Message{})
	buttons := map[string]string{}
	var order []string
	press := func(value, label string) {
		if buttons[value] == "" {
			buttons[value] = label
			order = append(order, value)
		}
	}
	for _, b := range s.Buttons {
		value, label, _ := strings.Cut(b, "\t")
		press(value, label)
	}
	if f, step := t.waiting(); step != nil {
		for _, c := range t.choices(f, step) {
			press(c.Value, c.Label)
		}
	}
	var out []place
	for _, value := range order {
		s, err := decodeSession(p.session, "explore:1")
		if err != nil {
			return nil, err
		}
		t := r.x.turn(ctx, s, Message{Text: value})
		if err := t.run(); err != nil {
			return nil, fmt.Errorf("%s/%s, answer %q: %w", s.Flow, s.Step, value, err)
		}
		path := append(slices.Clone(p.path), buttons[value])
		r.note(t, path, conduct)
		if t.erase {
			continue
		}
		t.s.Seen, t.s.Back, t.s.Hints, t.s.Paused, t.s.Turn = "", "", nil, nil, 0
		if key := r.key(t.s); !seen[key] {
			seen[key] = true
			out = append(out, place{t.s.encode(), path})
		}
	}
	return out, nil
}

// key names a place by everything that decides on the way on, and by what the cards are chosen by.
func (r *reacher) key(s *Session) string {
	return r.x.key(s) + "|" + s.Slots["conduct"] + "|" + s.Slots["creditor"] + "|" + s.Slots["category"] + "|" + fmt.Sprint(s.Shown)
}

// note remembers the cards of reporting channels that came with a turn.
func (r *reacher) note(t *turn, path []string, told string) {
	conduct := t.s.Slots["conduct"]
	if told != "" && conduct != told { // it was told of one conduct; another one has its own walk
		return
	}
	for _, reply := range t.replies {
		id, ok := strings.CutPrefix(reply.Source, "reporting_channels/")
		if !ok || reply.Card == nil {
			continue
		}
		for _, k := range r.x.w.g.lib.Creditors {
			if said := t.s.Slots["creditor"]; said != "" && said != k.ID {
				continue
			}
			if r.leads(conduct, k.ID, id) {
				r.keep(Reach{Conduct: conduct, Creditor: k.ID, Channel: id, Taps: len(path), Path: path})
			}
		}
	}
}

// leads says that a reporting channel is among the first of a route and can be found.
func (r *reacher) leads(conduct, creditor, channel string) bool {
	lib := r.x.w.g.lib
	c, ch := lib.Conduct(conduct), lib.ReportingChannel(channel)
	if c == nil || ch == nil || len(ch.Contacts) == 0 && ch.Phone == "" {
		return false
	}
	route := lib.Route(c.Route)
	return route != nil && route.By[creditor] != nil && slices.Contains(route.By[creditor].Primary, channel)
}

func (r *reacher) keep(found Reach) {
	at := [2]string{found.Conduct, found.Creditor}
	if old := r.found[at]; old == nil || found.Taps < old.Taps {
		r.found[at] = &found
	}
}
