package answer

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Clause finds the option that a text names in one of its clauses, with something said around it: 打了 他说要一次还清,
// 通话记录有. A clause names an option by a key to the letter or at its beginning; 我已经 and 有 around it say nothing.
// It counts where no clause names another option and none denies it. The Value is an ID; blanks part clauses, so the
// text is best as it was typed.
func Clause(text string, options ...Option) Answer {
	clauses := clausesOf(text)
	if len(clauses) == 1 {
		if c := having(clauses[0]); c != clauses[0] && utf8.RuneCountInString(c) >= 2 && !denies(c) {
			return Choice(c, options...)
		}
		return refuse(Unclear)
	}
	id, key, at := "", "", -1
	for i, c := range clauses {
		a, k := named(c, options)
		switch {
		case a.Reason == Ambiguous, a.OK() && id != "" && a.Value != id:
			return refuse(Unclear)
		case a.OK() && id == "":
			id, key, at = a.Value, k, i
		}
	}
	if id == "" || slices.ContainsFunc(clauses[at+1:], takesBack) || slices.ContainsFunc(clauses, func(c string) bool { return deniesKey(c, key) }) {
		return refuse(Unclear)
	}
	return value(id)
}

// clausesOf cuts a text at marks and blanks; each clause is evened out.
func clausesOf(text string) []string {
	var out []string
	for _, c := range strings.FieldsFunc(text, func(r rune) bool { return edge(foldRune(r)) && foldRune(r) != '?' && r != '？' }) {
		if c = fold(c); c != "" {
			out = append(out, c)
		}
	}
	return out
}

// named is the option that a clause names, and the key that does it.
func named(clause string, options []Option) (Answer, string) {
	if strings.ContainsAny(clause, "?？吗") {
		return refuse(Unclear), ""
	}
	for _, c := range [...]string{clause, having(clause)} {
		if i := exactly(c, options); i >= 0 {
			return value(options[i].ID), c
		}
	}
	short, key := having(clause), ""
	a := oneOf(short, options, func(k, text string) bool {
		n := utf8.RuneCountInString(k)
		fits := n >= 2 && utf8.RuneCountInString(text) <= n+room && strings.HasPrefix(text, k)
		if fits && len(k) > len(key) {
			key = k
		}
		return fits
	})
	return a, key
}

// having takes off what says no more than that something was done or is there.
func having(clause string) string {
	for again := true; again && clause != ""; {
		again = false
		for _, p := range [...]string{"我们", "我", "已经", "已", "刚刚", "刚", "早就", "都", "就", "有"} {
			if rest, ok := strings.CutPrefix(clause, p); ok && rest != "" {
				clause, again = rest, true
			}
		}
	}
	for _, s := range [...]string{"我都有", "我有", "都有", "也有", "还有", "有的", "有了", "有"} {
		if rest, ok := strings.CutSuffix(clause, s); ok && rest != "" && !denies(rest) {
			return rest
		}
	}
	return clause
}

func denies(clause string) bool { return strings.ContainsAny(clause, "不没别未非") }

// deniesKey says that a clause denies what begins like the key: 没打通 beside 打了.
func deniesKey(clause, key string) bool {
	first, _ := utf8.DecodeRuneInString(key)
	before, _, found := strings.Cut(clause, string(first))
	return found && denies(before)
}

// takesBack says that a clause takes back what was said before it.
func takesBack(clause string) bool {
	for _, p := range [...]string{"其实", "不对", "不是", "说错", "打错", "假的", "骗你"} {
		if strings.HasPrefix(clause, p) {
			return true
		}
	}
	return noWords[clause]
}
