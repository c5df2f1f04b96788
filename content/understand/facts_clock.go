package understand

import (
	"strings"

	"anning/bot/answer"
)

// clockAt gives where the clock time at rune i ends; i where there is none: 22:14, 十点半, 3点20, 9时30分.
func (s *scan) clockAt(i int) int {
	if i >= len(s.r) {
		return i
	}
	n, ok := s.numeral(i)
	if !ok || n.low%cents != 0 || n.low > 24*cents || n.high > 24*cents {
		return i
	}
	switch s.rune(n.to) {
	case ':':
		if !digit(s.rune(n.to+1)) || !digit(s.rune(n.to+2)) || digit(s.rune(n.to+3)) || !digit(s.r[i]) {
			return i
		}
		end := n.to + 3
		if s.rune(end) == ':' && digit(s.rune(end+1)) && digit(s.rune(end+2)) && !digit(s.rune(end+3)) {
			end += 3
		}
		return end
	case '时':
		if strings.ContainsRune("候常刻段间不代装", s.rune(n.to+1)) && s.rune(n.to+1) != 0 {
			return i
		}
	case '点':
		if s.rune(n.to+1) == '几' {
			return i
		}
		if strings.ContainsRune("击滴名评赞头子", s.rune(n.to+1)) && s.rune(n.to+1) != 0 || s.points(n.to+1) || n.low <= 2*cents && strings.ContainsRune("都也儿", s.rune(n.to+1)) && s.rune(n.to+1) != 0 {
			return i
		}
	default:
		return i
	}
	if i > 0 && strings.ContainsRune("有差早晚快慢好多这那第说", s.r[i-1]) && !strings.ContainsRune("早晚", s.r[i-1]) && n.low <= 2*cents {
		return i // 有一点, 这两点
	}
	end := n.to + 1
	if e, ok := s.at(end, "钟", "整", "半", "一刻", "三刻", "多钟", "多"); ok {
		return e
	}
	if m, ok := s.numeral(end); ok && m.low < 60*cents && m.low == m.high && m.low%cents == 0 && s.rune(m.to) != '.' {
		if s.rune(m.to) == '分' {
			return m.to + 1
		}
		if m.low >= 5*cents && !strings.ContainsRune("个次条天元块万千百", s.rune(m.to)) {
			return m.to
		}
	}
	return end
}

// points says that 点 counts points of a list: 三点意见.
func (s *scan) points(i int) bool {
	_, ok := s.at(i, "意见", "要求", "建议", "原因", "理由", "看法", "说明", "诉求", "疑问", "问题")
	return ok
}

// addClock keeps the clock of w.
func (s *scan) addClock(w when) {
	from := w.clockFrom
	words := string(s.r[w.clockFrom:w.clock])
	if begin := w.clockFrom - len([]rune(w.period)); w.period != "" && begin >= w.day {
		if _, ok := s.at(begin, w.period); ok {
			from = begin
		}
	}
	period := w.period
	if period == "早" || period == "晚" {
		period += "上"
	}
	rough := strings.Contains(words, "多")
	words = strings.TrimSuffix(strings.TrimSuffix(words, "多"), "多钟")
	a := answer.Time(period+words, s.now)
	f := Fact{Kind: Clock, Value: a.Value, Sure: a.OK() && !rough}
	if !a.OK() && len(a.Candidates) > 0 {
		f.Value = a.Candidates[0]
	}
	if f.Value != "" {
		s.add(f, from, w.clock)
	}
}
