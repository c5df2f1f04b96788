package bot

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"anning/content"
	"anning/content/understand"
	"anning/flows"
)

// read reads a text, and goes at once where danger is heard in it. However long the text, all of it is read for danger.
func (t *turn) read(text string) (m understand.Meaning, done bool, err error) {
	m = t.g.reader.Read(text)
	t.theirs = t.areTheirs(text, m)
	done, err = t.urgent(m)
	if tight := strings.Join(strings.Fields(text), ""); !done && err == nil && tight != text {
		done, err = t.urgent(t.g.reader.Read(tight)) // 「有人敲门 我不敢开」 is one thing said in two breaths
	}
	if !done && err == nil {
		done, err = t.violence(text, m)
	}
	if len(text) <= understand.MaxRunes {
		return m, done, err
	}
	const overlap = 100 // runes: what is said does not stop at the cut
	for rest := []rune(text); len(rest) > understand.MaxRunes && !done && err == nil; {
		rest = rest[understand.MaxRunes-overlap:]
		done, err = t.urgent(t.g.reader.Read(string(rest[:min(len(rest), understand.MaxRunes)])))
	}
	return m, done, err
}

// urgent goes at once where danger, self-harm or a running call is heard. Whatever was asked waits; after danger it is
// not taken up again by itself.
func (t *turn) urgent(m understand.Meaning) (done bool, err error) {
	for _, match := range m.Signals {
		sig := t.g.lib.Signal(match.ID)
		if sig == nil || !sig.Urgent || match.Negated || t.g.set.Flow(sig.Flow) == nil || t.quoted(match) || t.over(sig) || t.faint(sig, match, m) {
			continue
		}
		if strings.HasPrefix(sig.ID, selfHarmSignal) {
			t.grave()
		}
		if t.s.Flow == sig.Flow || sig.Ask && t.g.urgent[t.s.Flow] {
			return false, nil // being helped with it already: what they say is an answer
		}
		if t.g.set.Flow(sig.Flow).Aside {
			return true, t.visit(sig.Flow)
		}
		t.s.pause()
		return true, t.enter(sig.Flow)
	}
	return false, nil
}

// violence goes at once to what threatens a person's body where its flow begins by asking after their safety, in the
// middle of anything else; the question comes again afterwards. What was only asked about or denied waits to be offered.
func (t *turn) violence(text string, m understand.Meaning) (done bool, err error) {
	c, also := t.conducts(m)
	if c == nil || c.Category != "violence" || t.g.urgent[t.s.Flow] {
		return false, nil
	}
	flow := t.flowFor(c.ID)
	if !t.asksSafety(flow) {
		return false, nil
	}
	_, step := t.waiting()
	told := slices.ContainsFunc(m.Conducts, func(match understand.Match) bool { return match.ID == c.ID && match.Stands() })
	if !told || t.s.Flow == flow || step != nil && step.Ask.Quotes {
		return false, nil
	}
	t.keepTheirs(text)
	t.leave(flow)
	t.set("conduct", c.ID)
	t.set("also", strings.Join(also, ","))
	t.set("said", text)
	t.understood(c.ID, m)
	return true, t.enter(flow)
}

// asksSafety says that a flow's first question is one of life and safety.
func (t *turn) asksSafety(flow string) bool {
	f := t.g.set.Flow(flow)
	if f == nil {
		return false
	}
	i := slices.IndexFunc(f.Steps, func(s *flows.Step) bool { return s.Kind == flows.Ask })
	return i >= 0 && f.Steps[i].Danger
}

// over says that the message tells of something past: one of the signal's words for that is in it, and none that says
// that it is happening now.
func (t *turn) over(sig *content.Signal) bool {
	in := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(t.m.Text, w) })
	}
	return in(sig.Past) && !in(sig.Now)
}

// quoted says that words of dying are the collector's, told where the collector's words were asked for, or in a message of
// theirs. Words in which the person speaks of themselves count all the same.
func (t *turn) quoted(m understand.Match) bool {
	if strings.Contains(m.Quote, "我") {
		return false
	}
	if t.theirs && !strings.HasPrefix(m.ID, dangerFamily) {
		return true
	}
	_, step := t.waiting()
	return step != nil && step.Ask.Quotes && m.ID != dangerSignal
}

// selfHarmSignal begins the ids of the signals of self-harm.
const selfHarmSignal = "self_harm"

// grave counts messages in a row that speak of self-harm. The second one ends a negotiation that was put aside: it is
// not offered again in this conversation (voice: two in a row end negotiation).
func (t *turn) grave() {
	if t.isGrave {
		return
	}
	t.isGrave = true
	t.s.Grave++
	if t.s.Grave >= 2 {
		t.s.Paused = slices.DeleteFunc(t.s.Paused, func(p string) bool { return strings.Contains(p, negotiateFlow+"/") })
	}
}

// dangerSignal is heard in quoted words too: a collector who says he is at the door may be. In a collector's own message
// so is all that begins like dangerFamily.
const (
	dangerSignal = "danger_now"
	dangerFamily = "danger"
)

// meant opens what a free text speaks of.
func (t *turn) meant(text string, m understand.Meaning) (done bool, err error) {
	flow, ok := t.heard(text, m)
	if !ok {
		return false, nil
	}
	back := snapshot{at: frame(t.s.Flow, t.s.Step, false), stack: strings.Join(t.s.Stack, ">")}
	asked := t.s.Flow != ""
	t.s.Flow, t.s.Step = "", ""
	if err := t.enter(flow); err != nil || !asked {
		return true, err
	}
	back.old = t.old
	t.s.keepSnapshot(back) // 返回 leads to the question that the words were said at
	return true, nil
}

// heard finds the flow for what a text speaks of or asks, and keeps the conduct, the question and the words.
func (t *turn) heard(text string, m understand.Meaning) (flow string, ok bool) {
	if q := t.asked(text, m); q != nil {
		t.set("question", q.ID)
		t.set("said", text)
		return questionFlow, true
	}
	c, also := t.conducts(m)
	if c != nil {
		t.set("conduct", c.ID)
		t.set("also", strings.Join(also, ","))
		t.set("said", text)
		t.understood(c.ID, m)
		flow, ok = t.flowFor(c.ID), true
	}
	for _, match := range m.Signals {
		sig := t.g.lib.Signal(match.ID)
		if sig != nil && !match.Negated && t.g.set.Flow(sig.Flow) != nil && (c == nil || sig.First || sig.Firm && (c.Severity <= 1 || inferred(c, m) == 1)) {
			t.set("said", text)
			return sig.Flow, true
		}
	}
	if !ok && t.perhaps(m) {
		maybe := t.s.Slots[maybeSlot]
		t.set("said", text)
		t.set(maybeSlot, maybe)
		return identifyID, true
	}
	if !ok && slices.ContainsFunc(m.Conducts, func(c understand.Match) bool { return c.Stands() && t.isDeclined(c.ID) }) {
		t.set("said", text) // it is none of what was guessed: they choose
		return identifyID, true
	}
	return flow, ok
}

// conducts gives the gravest conduct that was heard, and the ids of the others. What was denied does not count; what
// was only asked counts where nothing was asserted.
func (t *turn) conducts(m understand.Meaning) (*content.Conduct, []string) {
	var found []*content.Conduct
	for _, asked := range []bool{false, true} {
		for _, match := range m.Conducts {
			if c := t.g.lib.Conduct(match.ID); c != nil && !match.Negated && match.Asked == asked && !slices.Contains(found, c) && !t.isDeclined(c.ID) {
				found = append(found, c)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	if len(found) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(found, func(a, b *content.Conduct) int {
		return cmp.Or(cmp.Compare(inferred(a, m), inferred(b, m)), b.Severity-a.Severity)
	})
	var also []string
	for _, c := range found[1:] {
		if !c.Lawful { // beside a wrong, what was lawful is no other matter
			also = append(also, c.ID)
		}
	}
	return found[0], also
}

// graveFrom is the severity from which a conduct goes first, however it was heard.
const graveFrom = 7

// inferred is 1 for what no phrase was heard of, only the model made out, and 0 for all else. What plain words say is looked
// at first; what else is in them is told along with it.
func inferred(c *content.Conduct, m understand.Meaning) int {
	i := slices.IndexFunc(m.Conducts, func(h understand.Match) bool { return h.ID == c.ID })
	if i >= 0 && c.Severity < graveFrom && ofModel(m.Conducts[i], m) {
		return 1
	}
	return 0
}

// ofModel says that a match is of the model alone.
func ofModel(h understand.Match, m understand.Meaning) bool {
	return slices.ContainsFunc(m.Labels, func(l understand.Label) bool {
		return l.Sure == h.Score && len(h.Words) == 1 && h.Words[0] == l.Words
	})
}

// faintLife is how sure the model has to be of a danger to life before it asks after it where plain words say what the
// matter is. Where they do not, it asks when it is less sure.
const faintLife = 0.6

// faint says that a gentle question about life would be asked on the model's faint guess alone, of words that plainly say
// something else: 「我想帮家里人」.
func (t *turn) faint(sig *content.Signal, match understand.Match, m understand.Meaning) bool {
	if !sig.Ask || match.Score >= faintLife || !ofModel(match, m) {
		return false
	}
	if _, named := t.g.openers[understand.Key(cutRunes(t.m.Text, longText))]; named { // 我已经报警了
		return true
	}
	return m.Asks && len(m.Questions) > 0 || slices.ContainsFunc(m.Signals, func(h understand.Match) bool {
		s := t.g.lib.Signal(h.ID)
		return s != nil && !s.Urgent && !h.Negated && !ofModel(h, m) && t.g.set.Flow(s.Flow) != nil
	})
}

// heardMore offers to go where an answer that did not fit points to: another conduct, or what else a flow answers.
func (t *turn) heardMore(text string, m understand.Meaning) (done bool, err error) {
	if _, step := t.waiting(); utf8.RuneCountInString(text) < 4 || step != nil && step.Danger { // safety first
		return false, nil
	}
	if c, _ := t.conducts(m); c != nil && c.ID != t.s.Slots["conduct"] {
		t.understood(c.ID, m)
		t.set(heardNew, "")
		t.offerConduct(c)
		return true, nil
	}
	f := t.signalled(m)
	if f == nil || f.ID == t.s.Flow {
		return false, nil
	}
	t.offer(t.g.words.say("heard_other", "title", f.Title), []Choice{
		{Value: valueGo + f.ID, Label: t.g.words.say("go_there"), Style: StyleNext},
		{Value: valueGoOn, Label: t.g.words.say("go_on")},
	})
	return true, nil
}

// signalled is the flow of the first signal that was heard and is not urgent.
func (t *turn) signalled(m understand.Meaning) *flows.Flow {
	for _, match := range m.Signals {
		if sig := t.g.lib.Signal(match.ID); sig != nil && !sig.Urgent && !match.Negated {
			if f := t.g.set.Flow(sig.Flow); f != nil {
				return f
			}
		}
	}
	return nil
}
