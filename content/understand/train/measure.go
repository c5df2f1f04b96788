package train

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"anning/content/understand"
)

// implied are labels that another one brings with it so often that a prediction of them is not counted as wrong.
var implied = map[string][]string{
	"auto_dialer_bombing":            {"call_bombing"},
	"forged_document":                {"impersonation", "false_legal_threat"},
	"impersonation":                  {"false_legal_threat"},
	"workplace_harassment":           {"third_party_contact"},
	"school_minor":                   {"third_party_contact"},
	"privacy_exposure":               {"third_party_contact"},
	"confinement_assault":            {"threat_violence"},
	"sexual_harassment_or_extortion": {"privacy_exposure", "insult"},
	"not_debtor":                     {"third_party_contact"},
}

// Answer is what was understood of an example.
type Answer struct {
	Labels, Threatened, Negated, Asked []string
	Intent                             string
}

// Tally counts how answers fit what was expected.
type Tally struct {
	Texts, Exact      int
	Hit, False, Miss  int // labels
	Denied, DeniedHit int // labels that a text denies, and how many of them were asserted
	Intents, Right    int
	ByLabel           map[string]*Tally
}

// F1 is the harmonic mean of precision and recall over all labels (micro-F1).
func (t *Tally) F1() float64 { return 2 * float64(t.Hit) / float64(max(2*t.Hit+t.False+t.Miss, 1)) }

// Precision is the part of what was said that is right.
func (t *Tally) Precision() float64 { return float64(t.Hit) / float64(max(t.Hit+t.False, 1)) }

// Recall is the part of what there is that was said.
func (t *Tally) Recall() float64 { return float64(t.Hit) / float64(max(t.Hit+t.Miss, 1)) }

// Add counts one answer. What is asked about or implied does not count as wrong; what is denied always does.
func (t *Tally) Add(e *Example, a *Answer) {
	if t.ByLabel == nil {
		t.ByLabel = map[string]*Tally{}
	}
	by := func(l string) *Tally {
		if t.ByLabel[l] == nil {
			t.ByLabel[l] = &Tally{}
		}
		return t.ByLabel[l]
	}
	if e.Intent != "" {
		t.Intents++
		if a.Intent == e.Intent || slices.Contains(e.Alt, a.Intent) {
			t.Right++
		}
	}
	if !e.Labelled {
		return
	}
	t.Texts++
	free := slices.Clone(e.Asked)
	for _, l := range e.Labels {
		free = append(free, implied[l]...)
	}
	exact := true
	for _, l := range a.Labels {
		denied := slices.Contains(e.Negated, l)
		if denied {
			t.DeniedHit++
		}
		switch {
		case slices.Contains(e.Labels, l):
			t.Hit++
			by(l).Hit++
		case denied || !slices.Contains(free, l):
			t.False++
			by(l).False++
			exact = false
		}
	}
	for _, l := range e.Labels {
		if !slices.Contains(a.Labels, l) {
			t.Miss++
			by(l).Miss++
			exact = false
		}
	}
	t.Denied += len(e.Negated)
	if exact {
		t.Exact++
	}
}

// Figures are how well a reader does on examples.
type Figures struct {
	ByKind     [3]Tally // Collector, Turn, Question
	SelfHarm   Alarm
	DangerNow  Alarm
	Innocent   int // texts with nothing wrong in them
	Suspected  int // of these: those in which conduct was heard
	Statuses   int // labels that are told
	Threatened int // of these: those whose being only announced was heard rightly
}

// Alarm counts how a label of life and safety was heard.
type Alarm struct {
	There, Heard     int // texts that carry it; those in which it was heard
	Absent, Needless int // texts that look like it and do not carry it; those in which it was heard all the same
}

// Measure lets a reader read examples.
func Measure(r *understand.Reader, examples []Example) *Figures {
	f := &Figures{}
	f.add(r, examples)
	return f
}

func (f *Figures) add(r *understand.Reader, examples []Example) {
	for i := range examples {
		e := &examples[i]
		a := AnswerOf(r.Read(e.Text))
		f.ByKind[e.Kind].Add(e, a)
		if !e.Labelled {
			continue
		}
		f.SelfHarm.add(e, a, "self_harm_risk")
		f.DangerNow.add(e, a, "danger_now")
		if len(e.Labels) == 0 && len(e.Asked)+len(e.Negated) == 0 || slices.Equal(e.Labels, []string{"other"}) || slices.Equal(e.Labels, []string{"lawful_collection"}) {
			f.Innocent++
			if slices.ContainsFunc(a.Labels, func(l string) bool { return l != "other" && l != "lawful_collection" }) {
				f.Suspected++
			}
		}
		for _, l := range e.Labels {
			if slices.Contains(a.Labels, l) {
				f.Statuses++
				if slices.Contains(e.Threatened, l) == slices.Contains(a.Threatened, l) {
					f.Threatened++
				}
			}
		}
	}
}

func (a *Alarm) add(e *Example, got *Answer, label string) {
	heard := slices.Contains(got.Labels, label)
	switch {
	case slices.Contains(e.Labels, label):
		a.There++
		if heard {
			a.Heard++
		}
	case strings.HasPrefix(e.Note, "lookalike") && label == "self_harm_risk", strings.HasPrefix(e.Note, "nearmiss danger") && label == "danger_now":
		a.Absent++
		if heard {
			a.Needless++
		}
	}
}

// AnswerOf lists what was understood.
func AnswerOf(m understand.Meaning) *Answer {
	a := &Answer{Intent: m.Intent.ID}
	for _, l := range m.Labels {
		if l.Stands() {
			a.Labels = append(a.Labels, l.ID)
		}
		if l.Threatened {
			a.Threatened = append(a.Threatened, l.ID)
		}
		if l.Negated {
			a.Negated = append(a.Negated, l.ID)
		}
		if l.Asked {
			a.Asked = append(a.Asked, l.ID)
		}
	}
	return a
}

// Print writes the figures as a table.
func (f *Figures) Print(w io.Writer) {
	for k, name := range []string{"催收发来的", "人说的", "人问的"} {
		t := &f.ByKind[k]
		if t.Texts > 0 {
			fmt.Fprintf(w, "%s：%d 条，micro-F1 %.3f（准 %.3f，全 %.3f），全对 %d；否认的 %d 处说成有 %d 处\n",
				name, t.Texts, t.F1(), t.Precision(), t.Recall(), t.Exact, t.Denied, t.DeniedHit)
		}
		if t.Intents > 0 {
			fmt.Fprintf(w, "%s：想问什么 %d/%d（%.3f）\n", name, t.Right, t.Intents, float64(t.Right)/float64(t.Intents))
		}
	}
	for _, x := range []struct {
		name string
		Alarm
	}{{"想不开", f.SelfHarm}, {"眼下有危险", f.DangerNow}} {
		if a := x.Alarm; a.There > 0 {
			fmt.Fprintf(w, "%s：%d 条听出 %d 条；看着像的 %d 条误报 %d 条\n", x.name, a.There, a.Heard, a.Absent, a.Needless)
		}
	}
	if f.Innocent > 0 {
		fmt.Fprintf(w, "没有问题的 %d 条，误认成催收行为 %d 条；说要做还是做了，%d 处对了 %d 处\n", f.Innocent, f.Suspected, f.Statuses, f.Threatened)
	}
	fmt.Fprintf(w, "%-32s %28s %28s\n", "标签", "催收发来的 F1 对/多/漏", "人说的 F1 对/多/漏")
	for _, l := range Labels {
		fmt.Fprintf(w, "%-34s", l)
		for _, k := range []Kind{Collector, Turn} {
			if t := f.ByKind[k].ByLabel[l]; t != nil {
				fmt.Fprintf(w, " %8.2f %4d/%d/%d", t.F1(), t.Hit, t.False, t.Miss)
			} else {
				fmt.Fprintf(w, " %17s", "–")
			}
		}
		fmt.Fprintln(w)
	}
}
