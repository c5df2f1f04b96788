package bot

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"anning/bot/answer"
	"anning/flows"
)

// words are the engine's own sentences, from the content.
type words map[string]string

// wordKeys are the sentences the engine cannot do without.
var wordKeys = []string{
	"not_understood_1", "not_understood_2", "not_understood_3", "ambiguous_time", "ambiguous_choice", "date_future",
	"date_unclear", "money_unclear", "count_unclear", "phone_unclear", "need_photo", "need_file", "file_too_big", "files_full", "file_unreadable",
	"file_kept", "file_not_kept", "flow_changed", "back_done", "back_none", "correct_which", "nothing_to_correct",
	"restarted", "where_am_i", "later_ok", "later_not_kept", "export_ready", "kept_how_long", "kept_a_day", "quit", "heard_more", "heard_other", "heard_same", "heard_from", "heard_theirs", "heard_plain", "heard_maybe", "heard_maybe_plain", "heard_not_yet", "heard_also",
	"not_this", "also_noted", "text_kept", "go_there", "go_on", "come_back", "no_skip",
	"skip_label", "keep_label", "said_taken", "said_other", "added_to_answer", "error", "ticked", "more_label", "no_more_cards", "card_position",
	"no_law_that_day", "yes_label", "no_label", "old_button", "resume_label", "further_label", "again_label", "menu_label",
	"help_label", "too_long", "consent_needed_to_keep", "nothing_kept", "no_channel",
	"no_law_in_answer", "no_yardstick", "letter_intro", "letter_spoken", "letter_blanks", "letter_too_long", "days_estimated",
}

// say is the sentence of a key, with {name} filled from pairs of name and value.
func (w words) say(key string, pairs ...string) string {
	text, ok := w[key]
	if !ok {
		return ""
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.TrimSpace(text)
}

// sorry is what a person hears when a turn failed and nothing of it was kept.
func (g *guide) sorry(number string) Reply {
	return Reply{Text: g.words.say("error", "turn", number)}
}

// china is where the people we speak with live; the law's days and the collectors' nights are counted there.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)

// render fills a text with the slots as people read them.
func (t *turn) render(text flows.Template) string {
	return strings.TrimSpace(text.Render(t.slotText))
}

func (t *turn) slotText(slot string) string {
	switch slot {
	case "today":
		return t.today().People(t.today())
	case "comfort":
		if c := t.conduct(""); c != nil {
			return c.Comfort
		}
		return ""
	case "heard":
		return t.heardLine()
	}
	return t.people(slot, t.s.Slots[slot])
}

// people is the value of a slot as people read it: a label for a choice, a day with its weekday, money with its unit.
func (t *turn) people(slot, value string) string {
	if value == "" {
		return ""
	}
	switch slot {
	case "also":
		var short []string // several in one line
		for _, o := range t.list("also") {
			short = append(short, o.label)
		}
		return strings.Join(short, "、")
	case "remind_on":
		return answer.PeopleMoment(value, t.now)
	}
	if list := t.listOf(slot); list != "" {
		return t.names(list, value)
	}
	info := t.g.set.Slots[slot]
	switch {
	case info == nil:
		return value
	case info.Labels[value] != "":
		return info.Labels[value]
	}
	switch info.Accept {
	case flows.AcceptDate, flows.AcceptMoment, flows.AcceptTime:
		return answer.PeopleMoment(value, t.now)
	case flows.AcceptMoney:
		return answer.PeopleMoney(value)
	}
	return value
}

// listOf is the list whose ids a slot keeps; empty where it keeps none.
func (t *turn) listOf(slot string) string {
	switch slot {
	case "conduct", maybeSlot:
		return "conducts"
	case "creditor":
		return "creditors"
	case "reporting_channel":
		return "reporting_channels"
	}
	if info := t.g.set.Slots[slot]; info != nil {
		return info.From
	}
	return ""
}

// brief is the value of a slot as people read it, as short as it keeps its meaning: 6000 元, 12 万元, 11月23日, the name
// that buttons have.
func (t *turn) brief(slot, value string) string {
	if list := t.listOf(slot); list != "" {
		all := t.everything(list)
		if i := slices.IndexFunc(all, func(o option) bool { return o.id == value }); i >= 0 {
			return all[i].label
		}
	}
	text := t.people(slot, value)
	if info := t.g.set.Slots[slot]; info != nil {
		switch info.Accept {
		case flows.AcceptDate, flows.AcceptMoment:
			before, rest, _ := strings.Cut(text, "（周")
			_, clock, _ := strings.Cut(rest, "）")
			return strings.TrimSpace(before + " " + clock)
		case flows.AcceptMoney:
			return answer.BriefMoney(value)
		}
	}
	return text
}

// keepLabel is the button for an answer taken back. What does not fit it whole is not named: half a sum is another sum.
func (t *turn) keepLabel(slot, value string) string {
	text := t.brief(slot, value)
	day := t.g.set.Slots[slot] != nil && t.g.set.Slots[slot].Accept == flows.AcceptDate // no blanks inside dates
	if !day {
		text = spaced(text)
	}
	if text = "还是" + text; utf8.RuneCountInString(text) <= maxLabelRunes {
		return text
	}
	return t.g.words.say("keep_label")
}

// spaced is a text to stand behind Chinese words: with a blank where it begins with digits or Latin.
func spaced(text string) string {
	if text != "" && text[0] < utf8.RuneSelf {
		return " " + text
	}
	return text
}

// names are the names of ids of a list, comma between.
func (t *turn) names(list, ids string) string {
	all := t.everything(list)
	var out []string
	for id := range strings.SplitSeq(ids, ",") {
		if i := slices.IndexFunc(all, func(o option) bool { return o.id == id }); i >= 0 {
			out = append(out, all[i].name)
		} else {
			out = append(out, id)
		}
	}
	return strings.Join(out, "、")
}

// clean makes a text fit to keep: valid UTF-8, without control characters but new lines.
func clean(text string) string {
	plain := utf8.ValidString(text)
	for i := 0; plain && i < len(text); i++ {
		plain = text[i] >= ' ' && text[i] != 0x7f || text[i] == '\n'
	}
	if !plain {
		text = strings.Map(func(r rune) rune {
			switch {
			case r == '\t' || r == '\f' || r == '\v':
				return ' '
			case r < ' ' && r != '\n' || r == 0x7f:
				return -1
			}
			return r
		}, strings.ReplaceAll(text, "\r\n", "\n"))
	}
	return strings.TrimSpace(text)
}

// cutText shortens to at most n bytes, at a rune.
func cutText(s string, n int) string {
	for len(s) > n {
		_, size := utf8.DecodeLastRuneInString(s[:n+1])
		s = s[:n+1-size]
	}
	return s
}

// cutRunes shortens to at most n runes, the last of them …
func cutRunes(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)
	return string(r[:n-1]) + "…"
}

// choiceNumber reads a bare number of a choice: 1, 2, 一, 第二个, ③. The text is in normal form.
func choiceNumber(key string) (int, bool) { return answer.Number(key) }
