package bot

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"anning/bot/answer"
	"anning/content/understand"
	"anning/flows"
)

// betweenTicks stands between what is ticked in one message: 1和3, 1 3, 截图、录音.
var betweenTicks = regexp.MustCompile(`(?:还有|以及|[\s\p{P}+和跟与])+`)

// around are the words that may stand around a tick: 1和3都有.
const around = "都有要"

// ticks takes several entries of a list from one message, each by its number or to the letter. The last thing said may
// be a button that goes on: 1、3，先这些. Where a part is none of these, nothing is taken.
func (t *turn) ticks(f *flows.Flow, step *flows.Step, text string) (done bool, err error) {
	q := step.Ask
	if !q.Many || q.From == "" || utf8.RuneCountInString(text) > longText {
		return false, nil
	}
	parts := slices.DeleteFunc(betweenTicks.Split(text, -1), func(p string) bool { return strings.Trim(p, around) == "" })
	if len(parts) < 2 {
		return false, nil
	}
	shown, all := t.choices(f, step), t.list(q.From)
	var ticked []option
	for i, part := range parts {
		value := t.buttonSaid(f, step, shown, part)
		id, _ := strings.CutPrefix(value, f.ID+"/"+step.ID+"=")
		at := slices.IndexFunc(all, func(o option) bool { return o.id == id })
		switch {
		case value == "":
			return false, nil
		case t.s.Hash != f.Hash: // the flow was edited since: a number may stand for something else now
			return true, t.again(t.g.words.say("flow_changed"))
		case at >= 0:
			ticked = append(ticked, all[at])
		case i < len(parts)-1:
			return false, nil
		default:
			t.tick(q.Slot, ticked)
			return t.pressed(value)
		}
	}
	return true, t.again(t.g.words.say("ticked", "item", t.tick(q.Slot, ticked)))
}

// buttonSaid is the value of the button that a part of a message means, by its number or to the letter; "" for none.
func (t *turn) buttonSaid(f *flows.Flow, step *flows.Step, shown []Choice, part string) string {
	for _, said := range []string{part, strings.Trim(part, around)} {
		key := understand.Key(said)
		if key == "" {
			continue
		}
		if i, ok := t.g.fits[step].keys[key]; ok && step.Ask.Choices[i].When.Holds(t.s.Slots) {
			return t.g.fits[step].shown[i].Value
		}
		if n, ok := answer.Number(said); ok && n <= len(shown) {
			return shown[n-1].Value
		}
		for _, o := range t.list(step.Ask.From) {
			if key == o.id || key == understand.Key(o.label) || key == understand.Key(o.name) {
				return f.ID + "/" + step.ID + "=" + o.id
			}
		}
	}
	return ""
}

// tick adds entries to those ticked before, each once, and gives their names.
func (t *turn) tick(slot string, entries []option) (names string) {
	var ids, labels []string
	if before := t.s.Slots[slot]; before != "" {
		ids = strings.Split(before, ",")
	}
	for _, o := range entries {
		if !slices.Contains(ids, o.id) {
			ids = append(ids, o.id)
		}
		labels = append(labels, o.label)
	}
	t.set(slot, strings.Join(ids, ","))
	t.old = nil
	return strings.Join(labels, "、")
}
