package bot

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"anning/content"
)

// planCards are the days to come back on. Those counted from the day of filing are days of the calendar: from the day it
// was filed where that was said, else from today.
func (t *turn) planCards(name string, steps []content.PlanStep, fact content.Fact) []Card {
	filed, said := t.filed()
	c := Card{Kind: "plan", Head: "往后这几天", Title: name}
	if said {
		c.Note = "从 " + filed.People(t.today()) + "交出那天算"
	} else if slices.ContainsFunc(steps, func(s content.PlanStep) bool { return s.After == "filed" }) {
		c.Note = "按今天交出算"
	}
	estimated := false
	var basis []string
	for _, s := range steps {
		when := relative(s)
		if s.After == "filed" {
			day, sure := addDays(t.g.lib, filed, s.Days, s.Working)
			when = day.People(t.today())
			estimated = estimated || !sure
		}
		text := s.Ask
		if s.Next != "" {
			text += "。没有：" + s.Next
		}
		c.row(when, text)
		if s.Basis != "" && !slices.Contains(basis, s.Basis) {
			basis = append(basis, s.Basis)
		}
	}
	var foot []string
	if estimated {
		foot = append(foot, t.g.words.say("days_estimated"))
	}
	if len(basis) > 0 {
		foot = append(foot, "依据："+strings.Join(basis, "、"))
	}
	c.Foot = strings.Join(append(foot, sourceLine(fact, t.today())), "\n")
	return pages(c)
}

// filed is the day on which it was handed in; today where none was said.
func (t *turn) filed() (day content.Date, said bool) {
	if d, err := content.ParseDate(cutText(t.s.Slots["filed_on"], 10)); err == nil && !d.IsZero() {
		return d, true
	}
	return t.today(), false
}

// relative is a day counted from something that has not come yet: 「受理后第 61 天」「还款日前 3 天」.
func relative(s content.PlanStep) string {
	start, n := strings.TrimSuffix(starts[s.After], "后"), s.Days
	switch unit := days(s.Working); {
	case s.After == "week":
		return starts[s.After]
	case n < 0 && s.Working:
		return start + "前 " + itoa(-n) + " " + unit
	case n < 0:
		return start + "前 " + itoa(-n) + " 天"
	case n == 0:
		return start + "当天"
	case s.Working:
		return start + "后第 " + itoa(n) + " " + unit
	}
	return start + "后第 " + itoa(n) + " 天"
}

// addDays counts on from a day, by the calendar or by working days; sure is false where the arrangement of holidays of a
// year it came through is not known, and Monday to Friday were counted.
func addDays(lib *content.Library, day content.Date, n int, working bool) (to content.Date, sure bool) {
	if !working {
		return day.Add(n), true
	}
	sure = true
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		day = day.Add(step)
		works, known := workday(lib, day)
		sure = sure && known
		if works {
			n--
		}
	}
	return day, sure
}

// workday says whether people work on a day; known is false where its year's arrangement of holidays is not there.
func workday(lib *content.Library, day content.Date) (works, known bool) {
	weekend := day.Time.Weekday() == time.Saturday || day.Time.Weekday() == time.Sunday
	year := strconv.Itoa(day.Year())
	for _, h := range lib.Holidays {
		if h.Year == year {
			return slices.ContainsFunc(h.Workdays, day.Equal) || !weekend && !slices.ContainsFunc(h.Holidays, day.Equal), true
		}
	}
	return !weekend, false
}
