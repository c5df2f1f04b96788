package flows

import (
	"slices"
	"strconv"
)

// Holds reports whether every test holds over the slots. A nil Condition always holds. An empty slot counts as unset:
// it is in no list, is "not" anything, and is neither greater nor less. It does not allocate.
func (c Condition) Holds(slots map[string]string) bool {
	for i := range c {
		if !c[i].Holds(slots[c[i].Slot]) {
			return false
		}
	}
	return true
}

// Holds reports whether the test holds for the value of its slot; "" is unset.
func (t *Test) Holds(value string) bool {
	switch t.Op {
	case IsSet:
		return value != ""
	case Unset:
		return value == ""
	case In:
		return value != "" && slices.Contains(t.Args, value)
	case NotIn:
		return !slices.Contains(t.Args, value)
	case Gt:
		order, ok := compare(value, t.Args[0])
		return ok && order > 0
	case Lt:
		order, ok := compare(value, t.Args[0])
		return ok && order < 0
	}
	return false
}

// compare orders a slot's value against the limit of a test: numbers as numbers, days as days (a moment by its day),
// clock times as clock times. It is false where the two are not of one kind.
func compare(value, limit string) (int, bool) {
	switch {
	case isDay(limit):
		if len(value) >= len(limit) && isDay(value[:len(limit)]) {
			return order(value[:len(limit)], limit), true
		}
		return 0, false
	case isClock(limit):
		return order(value, limit), isClock(value)
	}
	a, ok := number(value)
	b, ok2 := number(limit)
	switch {
	case !ok || !ok2:
		return 0, false
	case a < b:
		return -1, true
	case a > b:
		return 1, true
	}
	return 0, true
}

func order(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// number reads a plain decimal number without allocating.
func number(s string) (float64, bool) {
	digits := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.' || i == 0 && (c == '-' || c == '+'):
		default:
			return 0, false
		}
	}
	if digits == 0 || len(s) > 32 {
		return 0, false
	}
	n, err := strconv.ParseFloat(s, 64)
	return n, err == nil
}

func isDay(s string) bool   { return isShape(s, "0000-00-00") }
func isClock(s string) bool { return isShape(s, "00:00") }

// isShape reports whether s has digits where shape has 0 and the same bytes elsewhere.
func isShape(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := 0; i < len(s); i++ {
		if shape[i] == '0' && (s[i] < '0' || s[i] > '9') || shape[i] != '0' && s[i] != shape[i] {
			return false
		}
	}
	return true
}
