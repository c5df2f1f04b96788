package flows

import (
	"fmt"
	"strings"
)

// picture is a flow as boxes and arrows.
type picture struct {
	boxes  []box
	arrows []arrow
}

// box is a step, or a place outside the flow that it leads to.
type box struct {
	kind   Kind // "" for a place outside
	danger bool
	head   string   // 「问 · who」
	lines  []string // what it says, shows or does
}

// arrow leads from one box to another.
type arrow struct {
	from, to int
	label    string // the choices or the condition; "" where there is only one way
}

// kindNamesZH are the step kinds as the pictures name them.
var kindNamesZH = map[Kind]string{
	Say: "说", Ask: "问", Show: "看", Document: "文件", Remind: "提醒", Record: "记下", SetStep: "填", Call: "走一遍",
	Next: "分路", End: "结束",
}

var endingsZH = map[Ending]string{EndReturn: "回到来处", EndMenu: "去菜单", EndRest: "停在这里", EndErase: "删掉全部记录"}

// drawer makes the picture of one flow.
type drawer struct {
	picture
	set  *Set
	flow *Flow
	at   []int // step → box; -1 for a plain next, which is only an arrow
}

// draw makes the picture of a flow.
func draw(set *Set, f *Flow) picture {
	d := &drawer{set: set, flow: f, at: make([]int, len(f.Steps))}
	for i, s := range f.Steps {
		d.at[i] = -1
		if !plainNext(s) || i == 0 {
			d.at[i] = len(d.boxes)
			d.boxes = append(d.boxes, d.box(s))
		}
	}
	for i, s := range f.Steps {
		if d.at[i] >= 0 {
			d.leave(i, s)
		}
	}
	return d.picture
}

// plainNext reports whether the step only goes on elsewhere, always.
func plainNext(s *Step) bool {
	return s.Kind == Next && s.When == nil && len(s.Next) == 1 && s.Next[0].When == nil
}

// box words a step.
func (d *drawer) box(s *Step) box {
	b := box{kind: s.Kind, danger: s.Danger, head: kindNamesZH[s.Kind]}
	if !strings.Contains(s.ID, "@") {
		b.head += " · " + s.ID
	}
	if s.When != nil {
		b.lines = append(b.lines, "当 "+d.condition(s.When))
	}
	b.lines = append(b.lines, d.does(s)...)
	if s.Ask == nil {
		return b
	}
	for _, c := range s.Ask.Choices {
		switch {
		case c.Show != nil:
			b.lines = append(b.lines, "↺ "+c.Label+"："+viewed(c.Show))
		case c.Visit != "":
			b.lines = append(b.lines, "↺ "+c.Label+"："+d.name(c.Visit))
		}
	}
	return b
}

// does says what a step does, in lines.
func (d *drawer) does(s *Step) []string {
	switch s.Kind {
	case Say, Ask:
		return strings.Split(s.Text.Text, "\n")
	case Show:
		return []string{viewed(s.Show)}
	case Document:
		return []string{s.Doc}
	case Remind:
		switch m := s.Remind; {
		case m.Cancel:
			return []string{"取消：" + d.name(m.Flow)}
		case m.Days > 0:
			return []string{fmt.Sprintf("%d 天后：%s", m.Days, d.name(m.Flow))}
		default:
			return []string{m.Due + m.From + "：" + d.name(m.Flow)}
		}
	case Record:
		return []string{s.Record.Kind + " " + strings.Join(s.Record.With, "、")}
	case SetStep:
		var lines []string
		for _, a := range s.Set {
			if a.Value.Empty() {
				lines = append(lines, a.Slot+" 清空")
				continue
			}
			lines = append(lines, a.Slot+" = "+a.Value.Text)
		}
		return lines
	case Call:
		return []string{d.name(s.Call)}
	case End:
		return []string{endingsZH[s.End]}
	}
	return nil
}

func viewed(v *View) string {
	if v.Of.Empty() {
		return v.Name
	}
	return v.Name + " " + v.Of.Text
}

// name is a flow's title, or its id where it has none.
func (d *drawer) name(id string) string {
	if f := d.set.Flow(id); f != nil && f.Title != "" {
		return f.Title
	}
	return id
}

// leave draws the arrows of a step, those to one place as one.
func (d *drawer) leave(i int, s *Step) {
	below := func(label string) { d.arrowTo(i, i+1, label) }
	switch s.Kind {
	case End:
		if s.When != nil {
			below("否则")
		}
		return
	case Next:
		for _, b := range s.Next {
			d.arrowBy(i, b.To, d.condition(b.When))
		}
		if s.Next[len(s.Next)-1].When != nil || s.When != nil {
			below("否则")
		}
	case Ask:
		d.answers(i, s)
	default:
		below("")
	}
	d.merge()
}

// answers draws the arrows of a question.
func (d *drawer) answers(i int, s *Step) {
	q := s.Ask
	for _, c := range q.Choices {
		label := c.Label
		if c.When != nil {
			label += "（" + d.condition(c.When) + "）"
		}
		switch {
		case c.Show != nil || c.Visit != "":
		case c.To == "":
			d.arrowTo(i, i+1, label)
		default:
			d.arrowBy(i, c.To, label)
		}
	}
	switch {
	case q.goesBelow() && len(q.Choices) == 0:
		d.arrowTo(i, i+1, "")
	case q.goesBelow():
		d.arrowTo(i, i+1, "答了")
	case q.Skip:
		d.arrowTo(i, i+1, "跳过")
	case s.When != nil:
		d.arrowTo(i, i+1, "否则")
	}
}

// arrowBy draws an arrow to a target as written.
func (d *drawer) arrowBy(i int, target, label string) {
	f, to := d.set.Target(d.flow, target)
	if f == d.flow {
		d.arrowTo(i, to, label)
		return
	}
	id, step, _ := strings.Cut(target, "/")
	b := box{head: "流程 · " + id, lines: []string{d.name(id)}}
	if step != "" {
		b.head += "/" + step
	}
	d.arrows = append(d.arrows, arrow{d.at[i], d.outside(i, b), label})
}

// outside adds a box for a place outside, once for each step that leads there.
func (d *drawer) outside(i int, b box) int {
	for _, a := range d.arrows {
		if a.from == d.at[i] && d.boxes[a.to].kind == "" && d.boxes[a.to].head == b.head {
			return a.to
		}
	}
	d.boxes = append(d.boxes, b)
	return len(d.boxes) - 1
}

// arrowTo draws an arrow to a step of this flow, following plain nexts to where they lead.
func (d *drawer) arrowTo(i, to int, label string) {
	for range d.flow.Steps {
		if to >= len(d.flow.Steps) {
			d.boxes = append(d.boxes, box{head: "？", lines: []string{"没有下一步"}})
			d.arrows = append(d.arrows, arrow{d.at[i], len(d.boxes) - 1, label})
			return
		}
		if to == i { // the same question again
			b := &d.boxes[d.at[i]]
			b.lines = append(b.lines, "↺ "+label)
			return
		}
		if d.at[to] >= 0 {
			d.arrows = append(d.arrows, arrow{d.at[i], d.at[to], label})
			return
		}
		f, next := d.set.Target(d.flow, d.flow.Steps[to].Next[0].To)
		if f != d.flow {
			d.arrowBy(i, d.flow.Steps[to].Next[0].To, label)
			return
		}
		to = next
	}
}

// merge makes one arrow of those between the same two boxes.
func (d *drawer) merge() {
	first := map[[2]int]int{}
	kept := d.arrows[:0]
	for _, a := range d.arrows {
		k, twice := first[[2]int{a.from, a.to}]
		if !twice {
			first[[2]int{a.from, a.to}] = len(kept)
			kept = append(kept, a)
			continue
		}
		if label := kept[k].label; a.label != "" && a.label != label {
			kept[k].label = strings.TrimPrefix(label+"／"+a.label, "／")
		}
	}
	d.arrows = kept
}

// condition words a condition; a slot's values as people read them.
func (d *drawer) condition(when Condition) string {
	tests := make([]string, 0, len(when))
	for _, t := range when {
		values := make([]string, len(t.Args))
		for i, v := range t.Args {
			values[i] = v
			if s := d.set.Slots[t.Slot]; s != nil && s.Labels[v] != "" {
				values[i] = s.Labels[v]
			}
		}
		word := map[Op]string{In: "是", NotIn: "不是", Gt: ">", Lt: "<", IsSet: "已知", Unset: "未知"}[t.Op]
		tests = append(tests, strings.TrimSpace(t.Slot+" "+word+" "+strings.Join(values, "、")))
	}
	return strings.Join(tests, "，")
}
