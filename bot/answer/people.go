package answer

import (
	"strconv"
	"strings"
	"time"
)

const weekdays = "日一二三四五六"

// PeopleDate prints a kept day for people: 11月20日（周五）, in another year 2025年12月31日. What is no day comes back as
// it is.
func PeopleDate(kept string, now time.Time) string {
	t, err := time.ParseInLocation(dayForm, kept, now.Location())
	if err != nil {
		return kept
	}
	m, d := strconv.Itoa(int(t.Month())), strconv.Itoa(t.Day())
	if t.Year() != now.Year() {
		return strconv.Itoa(t.Year()) + "年" + m + "月" + d + "日"
	}
	i := 3 * int(t.Weekday())
	return m + "月" + d + "日（周" + weekdays[i:i+3] + "）"
}

// PeopleMoment prints a kept day, clock time or both: 11月20日（周五）22:15.
func PeopleMoment(kept string, now time.Time) string {
	day, clock, both := strings.Cut(kept, " ")
	if !both {
		return PeopleDate(kept, now)
	}
	if _, err := time.Parse(momentForm, kept); err != nil {
		return kept
	}
	if s := PeopleDate(day, now); strings.HasSuffix(s, "）") {
		return s + clock
	} else {
		return s + " " + clock
	}
}

// PeopleMoney prints kept money for people: 1,500.00 元. What is no money comes back as it is.
func PeopleMoney(kept string) string {
	yuan, cents, ok := strings.Cut(kept, ".")
	if !ok || len(cents) != 2 || yuan == "" || strings.Trim(yuan+cents, "0123456789") != "" {
		return kept
	}
	var b strings.Builder
	for i, r := range yuan {
		if i > 0 && (len(yuan)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(r)
	}
	return b.String() + "." + cents + " 元"
}

// BriefMoney prints kept money as short as it stays the same sum: 6000 元, 12 万元, 1500.50 元. What is no money comes
// back as it is.
func BriefMoney(kept string) string {
	if PeopleMoney(kept) == kept {
		return kept
	}
	yuan := strings.TrimSuffix(kept, ".00")
	if round, ok := strings.CutSuffix(yuan, "0000"); ok && round != "" {
		return round + " 万元"
	}
	return yuan + " 元"
}
