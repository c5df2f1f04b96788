package answer

import (
	"slices"
	"time"
)

// The forms kept in slots.
const (
	dayForm    = "2006-01-02"
	momentForm = "2006-01-02 15:04"
)

// Date reads a day: 昨天, 上周三, 3月5号, 3/5, 三天前, 2026-03-05. Words like 周三 or 20号 mean the latest such day where
// past is set, else the nearest. The form kept is "2026-11-20". The time zone is that of now.
func Date(text string, now time.Time, past bool) Answer {
	s := listen(text)
	days, reason := s.resolveDays(now, past)
	if reason == "" {
		reason = s.fault
	}
	if reason != "" {
		return refuse(reason)
	}
	return s.choose(format(days, dayForm), format(upTo(days, now), dayForm), past)
}

// Time reads a clock time: 早上8点, 晚上11点半, 下午2点一刻, 23:15, 刚才. 8点 alone is Ambiguous. The form kept is "22:15".
func Time(text string, now time.Time) Answer {
	s := listen(text)
	var values []string
	for _, d := range s.days {
		if d.kind == thisMoment {
			values = append(values, now.Add(-d.span).Format("15:04"))
		}
	}
	for _, c := range s.clocks {
		readings := c.readings()
		if len(readings) == 0 {
			return refuse(NoSuch)
		}
		for _, r := range readings {
			values = append(values, r.String())
		}
	}
	return s.choose(unique(values), nil, false)
}

// Moment reads a day with or without a clock time, or a clock time of the latest or nearest day: 昨天晚上11点, 半小时前,
// 周五. The form kept is "2026-11-20 22:15", or only the day where no clock time was said.
func Moment(text string, now time.Time, past bool) Answer {
	s := listen(text)
	for _, d := range s.days {
		if d.kind == thisMoment {
			at := []time.Time{now.Add(-d.span).Truncate(time.Minute)}
			return s.choose(format(at, momentForm), format(upTo(at, now), momentForm), past)
		}
	}
	if len(s.clocks) == 0 {
		return Date(text, now, past)
	}
	days, reason := s.resolveDays(now, past)
	if reason == "" {
		reason = s.fault
	}
	if reason != "" {
		return refuse(reason)
	}
	var all []time.Time
	for _, c := range s.clocks {
		readings := c.readings()
		if len(readings) == 0 {
			return refuse(NoSuch)
		}
		for _, r := range readings {
			all = append(all, r.on(days, now, past)...)
		}
	}
	if len(days) == 0 && past {
		all = sameDay(all, now)
	}
	return s.choose(format(all, momentForm), format(upTo(all, now), momentForm), past)
}

// on puts a reading on each of the days; without any, on today, or yesterday where that still lies ahead.
func (r reading) on(days []time.Time, now time.Time, past bool) (out []time.Time) {
	if len(days) == 0 {
		t := time.Date(now.Year(), now.Month(), now.Day(), r.hour, r.minute, 0, 0, now.Location())
		if past && t.After(now) {
			t = t.AddDate(0, 0, -1)
		}
		return []time.Time{t}
	}
	for _, d := range days {
		out = append(out, time.Date(d.Year(), d.Month(), d.Day()+r.later, r.hour, r.minute, 0, 0, d.Location()))
	}
	return out
}

// sameDay keeps the one reading that lies on today, where there is exactly one: 8点, said at ten in the morning.
func sameDay(all []time.Time, now time.Time) []time.Time {
	today := slices.DeleteFunc(slices.Clone(all), func(t time.Time) bool { return t.YearDay() != now.YearDay() })
	if len(today) == 1 {
		return today
	}
	return all
}

// choose makes an Answer of the readings. With past, only those up to now count.
func (s said) choose(all, upToNow []string, past bool) Answer {
	if past && len(all) > 0 {
		if len(upToNow) == 0 {
			return refuse(NotPast)
		}
		all = upToNow
	}
	switch {
	case len(all) > 1:
		return ambiguous(all[:min(len(all), 4)]...)
	case len(all) == 1:
		return Answer{Value: all[0], Approximate: s.approx}
	case s.vague:
		return refuse(Vague)
	case s.part || len(s.days) > 0:
		return refuse(Incomplete)
	}
	return refuse(Unclear)
}

func upTo(all []time.Time, now time.Time) []time.Time {
	return slices.DeleteFunc(slices.Clone(all), func(t time.Time) bool { return t.After(now) })
}

func format(all []time.Time, form string) []string {
	out := make([]string, len(all))
	for i, t := range all {
		out[i] = t.Format(form)
	}
	return unique(out)
}

func unique(all []string) (out []string) {
	for _, s := range all {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
