package answer

import (
	"slices"
	"time"
)

type dayKind int

const (
	fullDay    dayKind = iota
	monthDay           // 3月5号
	monthBack          // 上个月5号
	onlyDay            // 20号
	dayBack            // 昨天, 三天前
	weekday            // 周三, 上周三
	monthsAgo          // 两个月前
	thisMoment         // 刚才, 半小时前
)

// day is a day word as it was said.
type day struct {
	kind               dayKind
	year, month, day   int
	back               int // days or months before today
	yearWord, weekWord string
	span               time.Duration
}

// Years taken.
const minYear, maxYear = 1990, 2100

func date(y, m, d int, loc *time.Location) time.Time {
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, loc)
}

// exists says that a date is one of the calendar.
func exists(y, m, d int) bool {
	t := date(y, m, d, time.UTC)
	return m >= 1 && m <= 12 && d >= 1 && t.Day() == d && int(t.Month()) == m
}

// resolve gives the days a day word may mean, likeliest first. past says that the day lies in the past or is today.
func (d day) resolve(now time.Time, past bool) ([]time.Time, Reason) {
	loc, today := now.Location(), date(now.Year(), int(now.Month()), now.Day(), now.Location())
	switch d.kind {
	case fullDay:
		return one(d.year, d.month, d.day, loc)
	case monthDay:
		return d.ofYear(today, past)
	case monthBack:
		first := date(today.Year(), int(today.Month())-d.back, 1, loc)
		return one(first.Year(), int(first.Month()), d.day, loc)
	case onlyDay:
		return d.ofMonth(today, past)
	case dayBack:
		if d.back < -40_000 || d.back > 40_000 {
			return nil, OutOfRange
		}
		return []time.Time{today.AddDate(0, 0, -d.back)}, ""
	case monthsAgo:
		if d.back < -1200 || d.back > 1200 {
			return nil, OutOfRange
		}
		first := date(today.Year(), int(today.Month())-d.back, 1, loc)
		last := first.AddDate(0, 1, -1).Day()
		return one(first.Year(), int(first.Month()), min(today.Day(), last), loc)
	case weekday:
		return d.ofWeek(today, past), ""
	}
	at := now.Add(-d.span)
	return []time.Time{date(at.Year(), int(at.Month()), at.Day(), loc)}, ""
}

func one(y, m, d int, loc *time.Location) ([]time.Time, Reason) {
	switch {
	case !exists(y, m, d):
		return nil, NoSuch
	case y < minYear || y > maxYear:
		return nil, OutOfRange
	}
	return []time.Time{date(y, m, d, loc)}, ""
}

// ofYear finds the year of 3月5号: the latest that is past where the past is asked for, else the nearest.
func (d day) ofYear(today time.Time, past bool) ([]time.Time, Reason) {
	loc := today.Location()
	switch d.yearWord {
	case "今年", "当年":
		return one(today.Year(), d.month, d.day, loc)
	case "去年":
		return one(today.Year()-1, d.month, d.day, loc)
	case "前年":
		return one(today.Year()-2, d.month, d.day, loc)
	case "明年":
		return one(today.Year()+1, d.month, d.day, loc)
	}
	var best []time.Time
	for y := today.Year() + 1; y >= today.Year()-8; y-- { // eight years hold a 29 February
		if exists(y, d.month, d.day) {
			best = nearer(best, date(y, d.month, d.day, loc), today, past)
		}
	}
	if best == nil {
		return nil, NoSuch
	}
	return best, ""
}

// ofMonth finds the month of 20号, likewise.
func (d day) ofMonth(today time.Time, past bool) ([]time.Time, Reason) {
	if d.day < 1 || d.day > 31 {
		return nil, NoSuch
	}
	var best []time.Time
	for back := -2; back <= 2; back++ {
		first := date(today.Year(), int(today.Month())-back, 1, today.Location())
		if exists(first.Year(), int(first.Month()), d.day) {
			best = nearer(best, date(first.Year(), int(first.Month()), d.day, today.Location()), today, past)
		}
	}
	return best, ""
}

// nearer keeps the day nearer to today; where the past is asked for, days to come do not count.
func nearer(best []time.Time, t, today time.Time, past bool) []time.Time {
	if past && t.After(today) {
		return best
	}
	if best == nil || t.Sub(today).Abs() < best[0].Sub(today).Abs() {
		return []time.Time{t}
	}
	return best
}

// ofWeek finds 周三; weeks begin on Monday. Said on a Wednesday, 周三 is today or a week ago.
func (d day) ofWeek(today time.Time, past bool) []time.Time {
	now := isoDay(today)
	in := func(weeks int) time.Time { return today.AddDate(0, 0, d.day-now+7*weeks) }
	switch d.weekWord {
	case "上上":
		return []time.Time{in(-2)}
	case "上":
		return []time.Time{in(-1)}
	case "这", "本":
		return []time.Time{in(0)}
	case "下":
		return []time.Time{in(1)}
	}
	switch {
	case d.day == now && past:
		return []time.Time{in(0), in(-1)}
	case d.day == now:
		return []time.Time{in(0), in(1)}
	case past == (d.day < now):
		return []time.Time{in(0)}
	case past:
		return []time.Time{in(-1)}
	}
	return []time.Time{in(1)}
}

// days puts the day words together: the weekday beside a date only chooses or confirms.
func (s said) resolveDays(now time.Time, past bool) ([]time.Time, Reason) {
	var out []time.Time
	var week []day
	dated := false
	for _, d := range s.days {
		if d.kind == weekday && d.weekWord == "" {
			week = append(week, d)
			continue
		}
		dated = dated || d.kind != dayBack && d.kind != weekday
		found, reason := d.resolve(now, past)
		if len(week) == 0 && d.kind == monthDay && d.yearWord == "" {
			if w, ok := s.bareWeekday(); ok {
				found, reason = d.withWeekday(w, now, past, found, reason)
			}
		}
		if reason != "" {
			return nil, reason
		}
		for _, t := range found {
			if !slices.ContainsFunc(out, t.Equal) {
				out = append(out, t)
			}
		}
	}
	for _, d := range week {
		if slices.ContainsFunc(out, func(t time.Time) bool { return isoDay(t) == d.day }) {
			continue // confirmed
		}
		found, _ := d.resolve(now, past)
		for _, t := range found {
			if !slices.ContainsFunc(out, t.Equal) {
				out = append(out, t)
			}
		}
	}
	return out, ""
}

func (s said) bareWeekday() (int, bool) {
	i := slices.IndexFunc(s.days, func(d day) bool { return d.kind == weekday && d.weekWord == "" })
	if i < 0 {
		return 0, false
	}
	return s.days[i].day, true
}

// withWeekday chooses the year in which the date falls on that weekday, last year to next; the weekday of two years
// running is never the same.
func (d day) withWeekday(w int, now time.Time, past bool, found []time.Time, reason Reason) ([]time.Time, Reason) {
	for _, y := range []int{now.Year(), now.Year() - 1, now.Year() + 1} {
		if exists(y, d.month, d.day) {
			if t := date(y, d.month, d.day, now.Location()); isoDay(t) == w && !(past && t.After(now)) {
				return []time.Time{t}, ""
			}
		}
	}
	return found, reason
}

// isoDay counts the days of the week from Monday, 1, to Sunday, 7.
func isoDay(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }
