package answer

// sum adds up a number as it is read, unit by unit.
type sum struct {
	total, section, digit int64 // in millionths
	over                  bool
}

func (s *sum) times(v, unit int64) int64 {
	if v > maxNumber/unit {
		s.over = true
		return 0
	}
	return v * unit
}

func (s *sum) unit(u int64) {
	switch {
	case u >= 100_000_000:
		s.total, s.section, s.digit = s.times(s.total+s.section+s.digit, u), 0, 0
	case u >= 10_000:
		s.total, s.section, s.digit = s.total+s.times(s.section+s.digit, u), 0, 0
	default:
		s.section, s.digit = s.section+s.times(s.digit, u), 0
	}
}

func (s *sum) result() int64 { return s.total + s.section + s.digit }
