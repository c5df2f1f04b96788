package content

import (
	"fmt"
	"time"

	"gopkg.in/yaml.v3"
)

// Date is a calendar day in China, written 2026-11-21. The zero Date is no day.
type Date struct{ time.Time }

// layout is how a Date is written in files and tables.
const layout = "2006-01-02"

// china is the one clock of mainland China: eight hours east, no summer time since 1991.
var china = time.FixedZone("CST", 8*60*60)

// DateOf returns the day t falls on in China; the zero time gives the zero Date.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	y, m, d := t.In(china).Date()
	return Date{time.Date(y, m, d, 0, 0, 0, 0, china)}
}

// ParseDate reads 2026-11-21, and "" as no day. Nothing else is a Date.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.ParseInLocation(layout, s, china)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no day: write it like 2026-11-21", s)
	}
	return Date{t}, nil
}

// String returns 2026-11-21, or "" for no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(layout)
}

// Before tells whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Time.Before(e.Time) }

// After tells whether d is a later day than e.
func (d Date) After(e Date) bool { return d.Time.After(e.Time) }

// Equal tells whether d and e are the same day.
func (d Date) Equal(e Date) bool { return d.Time.Equal(e.Time) }

// Add returns the day n calendar days later; n may be negative. No day stays no day.
func (d Date) Add(n int) Date {
	if d.IsZero() {
		return d
	}
	return Date{d.AddDate(0, 0, n)}
}

// Until returns how many calendar days from d to e; negative when e is past.
func (d Date) Until(e Date) int { return int(e.Sub(d.Time).Hours() / 24) }

var weekdays = [...]string{"日", "一", "二", "三", "四", "五", "六"}

// Weekday returns 周五.
func (d Date) Weekday() string { return "周" + weekdays[d.Time.Weekday()] }

// Full returns 2026年11月21日, or "" for no day.
func (d Date) Full() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%d年%d月%d日", d.Year(), int(d.Month()), d.Day())
}

// People returns the day as people say it on the day ref: 11月20日（周五） in the same year, 2025年12月31日 in another.
func (d Date) People(ref Date) string {
	if d.IsZero() || d.Year() != ref.Year() {
		return d.Full()
	}
	return fmt.Sprintf("%d月%d日（%s）", int(d.Month()), d.Day(), d.Weekday())
}

// Deadline returns the count and the day together, seen from today: 还有 3 天，到 12月7日（周一）.
// The last day is 今天到期，12月7日（周一）, a day gone 过了 2 天，到期是 12月7日（周一）.
func (d Date) Deadline(today Date) string {
	if d.IsZero() {
		return ""
	}
	switch n := today.Until(d); {
	case n > 0:
		return fmt.Sprintf("还有 %d 天，到 %s", n, d.People(today))
	case n == 0:
		return "今天到期，" + d.People(today)
	default:
		return fmt.Sprintf("过了 %d 天，到期是 %s", -n, d.People(today))
	}
}

// MarshalText writes 2026-11-21.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// MarshalJSON writes "2026-11-21".
func (d Date) MarshalJSON() ([]byte, error) { return []byte(`"` + d.String() + `"`), nil }

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Date) UnmarshalJSON(b []byte) error {
	if len(b) < 2 || b[0] != '"' || b[len(b)-1] != '"' {
		return fmt.Errorf("%s is no day", b)
	}
	return d.UnmarshalText(b[1 : len(b)-1])
}

// MarshalYAML writes 2026-11-21.
func (d Date) MarshalYAML() (any, error) { return d.String(), nil }

// UnmarshalYAML reads 2026-11-21 and nothing else.
func (d *Date) UnmarshalYAML(n *yaml.Node) error {
	day, err := ParseDate(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf("line %d: %q is no day", n.Line, n.Value)}}
	}
	*d = day
	return nil
}
