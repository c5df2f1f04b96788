package answer

import (
	"fmt"
	"regexp"
	"strings"
)

// clock is a clock time as it was said.
type clock struct {
	period       string // 早上, 晚上 …; empty where none was said
	hour, minute int
	sure         bool // written as on a clock: 08:15, 12:30
}

// reading is one reading of a clock: later is 1 where the night runs over into the next day.
type reading struct{ hour, minute, later int }

const periods = `凌晨|大清早|清晨|清早|1大早|早上|早晨|早间|上午|中午|正午|午间|午后|下午|傍晚|晚上|晚间|夜晚|夜里|夜间|大半夜|半夜|深夜|午夜|晚|早|am|pm`

var (
	periodShape = regexp.MustCompile(periods)
	clockShape  = regexp.MustCompile(strings.Join([]string{
		`(` + periods + `)`,
		`(\d{1,2}):(\d{2})(?::\d{2})? ?(am|pm)?`,
		`差(\d{1,2}分?|1刻钟?)(?:到|不到)?(\d{1,2})点`,
		`(\d{1,2})点差(\d{1,2}分?|1刻)`,
		`(\d{1,2})[点时](?:([1-3])刻|(半)|(\d{1,2})分?)?`,
		`(\d{1,2}) ?(am|pm)`,
	}, "|"))
)

// clocks finds the clock times; a period holds for those behind it until the next.
func clocks(s string) (all []clock) {
	period := ""
	for _, m := range clockShape.FindAllStringSubmatchIndex(s, -1) {
		g := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		if g(1) != "" {
			if period != "晚上" && period != "夜里" || g(1) != "凌晨" { // 昨晚凌晨1点 stays in the night
				period = g(1)
			}
			continue
		}
		if m[0] > 0 && isDigit(rune(s[m[0]-1])) || cutsNumber(s, m[1]) {
			continue
		}
		c := clock{period: period}
		switch {
		case g(2) != "":
			c.hour, c.minute = atoi(g(2)), atoi(g(3))
			c.sure = len(g(2)) == 2
			if g(4) != "" {
				c.period, c.sure = g(4), false
			}
		case g(6) != "":
			c.hour, c.minute = before(atoi(g(6)), minutes(g(5)))
		case g(7) != "":
			c.hour, c.minute = before(atoi(g(7)), minutes(g(8)))
		case g(13) != "":
			c.hour, c.period = atoi(g(13)), g(14)
		default:
			c.hour, c.minute = atoi(g(9)), 15*atoi(g(10))+atoi(g(12))
			if g(11) != "" {
				c.minute = 30
			}
		}
		all = append(all, c)
	}
	return all
}

func minutes(s string) int {
	if strings.HasPrefix(s, "1刻") {
		return 15
	}
	return atoi(strings.TrimSuffix(s, "分"))
}

func before(hour, minutes int) (int, int) {
	if minutes <= 0 || minutes >= 60 {
		return hour, minutes
	}
	return (hour + 23) % 24, 60 - minutes
}

// readings gives every way to read a clock, likeliest first; none where there is no such time. A time after midnight
// that is said with the night may belong to either day: 昨天夜里12点.
func (c clock) readings() []reading {
	h, m := c.hour, c.minute
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return nil
	}
	one := func(hour, later int) []reading { return []reading{{hour, m, later}} }
	switch {
	case h == 24:
		return one(0, 1)
	case h > 12 || h == 0 && !c.night():
		return one(h, 0)
	case c.period == "" && (c.sure || h == 0):
		return one(h, 0)
	case c.period == "" && h == 12:
		return []reading{{12, m, 0}, {0, m, 1}}
	case c.period == "":
		return []reading{{h, m, 0}, {h + 12, m, 0}}
	case c.night():
		return c.nightReadings()
	}
	switch c.period {
	case "凌晨":
		return one(h%12, 0)
	case "中午", "正午", "午间":
		if h < 10 {
			h += 12
		}
	case "下午", "午后", "傍晚", "pm":
		if h < 12 {
			h += 12
		}
	case "am":
		h %= 12
	}
	return one(h, 0)
}

func (c clock) night() bool { return strings.ContainsAny(c.period, "晚夜") && c.period != "傍晚" }

// nightReadings reads 晚上8点 as 20:00, and 夜里2点 as two o'clock of either day.
func (c clock) nightReadings() []reading {
	h, m := c.hour, c.minute
	deep := strings.Contains(c.period, "夜")
	switch {
	case h == 12 || h == 0:
		return []reading{{0, m, 1}, {0, m, 0}}
	case h <= 4 || h == 5 && deep:
		return []reading{{h, m, 1}, {h, m, 0}}
	}
	return []reading{{h + 12, m, 0}}
}

func (r reading) String() string { return fmt.Sprintf("%02d:%02d", r.hour, r.minute) }
