package transcript

import (
	"context"
	"strings"
)

// compare holds the replies that came against those written after an action, and writes the action and what belongs
// there.
func (p *player) compare(ctx context.Context, act *item, after []item) error {
	var want []*item
	for i := range after {
		if after[i].expects() {
			want = append(want, &after[i])
		}
	}
	lines := p.lines(want)
	p.differ(act, want, lines)
	p.keep(act)
	written := len(want) == 0
	if written {
		p.out = append(p.out, lines...)
	}
	for i := range after {
		it := &after[i]
		switch {
		case !it.expects():
			p.keep(it)
		case !written:
			p.out, written = append(p.out, lines...), true
		}
		if it.kind == slot {
			if err := p.slot(ctx, it); err != nil {
				return err
			}
		}
	}
	return nil
}

// lines writes the replies that came; one that is as expected stays as it was written.
func (p *player) lines(want []*item) []string {
	var all []string
	for i, r := range p.got {
		if i < len(want) && want[i].matches(r) {
			all = append(all, want[i].raw...)
			continue
		}
		all = append(all, writeReply(r, false, r.Source == "")...)
	}
	return all
}

// differ reports how the replies are not what was expected, if so.
func (p *player) differ(act *item, want []*item, got []string) {
	line, i := act.line, 0
	for i < len(want) && i < len(p.got) && want[i].matches(p.got[i]) {
		i++
	}
	if i == len(want) && i == len(p.got) {
		return
	}
	if i < len(want) {
		line = want[i].line
	}
	var wanted []string
	for _, w := range want {
		wanted = append(wanted, w.raw...)
	}
	p.fault(line, "回复和写的不一样（- 写的，+ 实际的）\n"+diff(wanted, got))
}

func (p *player) slot(ctx context.Context, it *item) error {
	slots, err := p.w.Slots(ctx, p.w.User)
	if err != nil {
		return err
	}
	if got := strings.Join(strings.Fields(slots[it.slot]), " "); got != strings.Join(strings.Fields(it.value), " ") {
		p.fault(it.line, "槽位 "+it.slot+" 不一样\n    - "+it.value+"\n    + "+got)
	}
	return nil
}

// diff shows two lists of lines as one: lines only in want with -, only in got with +.
func diff(want, got []string) string {
	// longest common subsequence; both lists are the replies of one turn, so they are short
	n, m := len(want), len(got)
	lcs := make([][]int, n+1)
	for i := range lcs {
		lcs[i] = make([]int, m+1)
	}
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if want[i] == got[j] {
				lcs[i][j] = lcs[i+1][j+1] + 1
			} else {
				lcs[i][j] = max(lcs[i+1][j], lcs[i][j+1])
			}
		}
	}
	var b strings.Builder
	for i, j := 0, 0; i < n || j < m; {
		switch {
		case i < n && j < m && want[i] == got[j]:
			b.WriteString("      " + want[i] + "\n")
			i, j = i+1, j+1
		case j == m || i < n && lcs[i+1][j] >= lcs[i][j+1]:
			b.WriteString("    - " + want[i] + "\n")
			i++
		default:
			b.WriteString("    + " + got[j] + "\n")
			j++
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}
