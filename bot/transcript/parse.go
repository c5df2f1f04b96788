package transcript

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Parse reads a transcript; the error is Faults.
func Parse(name string, data []byte) (*File, error) {
	p := &parser{file: &File{Name: name}}
	switch {
	case len(data) > MaxBytes:
		p.fault(0, "文件太大，最多 1 MiB")
	case !utf8.Valid(data):
		p.fault(0, "文件不是 UTF-8 文字")
	default:
		p.parse(data)
	}
	if len(p.faults) > 0 {
		return nil, p.faults
	}
	return p.file, nil
}

type parser struct {
	file   *File
	faults Faults
}

func (p *parser) fault(line int, text string) {
	p.faults = append(p.faults, Fault{p.file.Name, line, text})
}

func (p *parser) parse(data []byte) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	lines := strings.Split(strings.ReplaceAll(string(data), "\r\n", "\n"), "\n")
	if n := len(lines); lines[n-1] == "" {
		lines = lines[:n-1]
	}
	for i := 0; i < len(lines); {
		end := i + 1
		for end < len(lines) && strings.HasPrefix(lines[end], "  ") && strings.TrimSpace(lines[end]) != "" {
			end++
		}
		p.item(i+1, lines[i:end])
		i = end
	}
	p.order()
}

// item reads a line and what is indented under it.
func (p *parser) item(line int, raw []string) {
	for i, l := range raw {
		if len(l) > MaxLine {
			p.fault(line+i, "这一行太长，最多 16 KiB")
			return
		}
	}
	it := item{line: line, raw: raw}
	head := strings.TrimRight(raw[0], " \t")
	under := make([]string, len(raw)-1)
	for i, l := range raw[1:] {
		under[i] = strings.TrimRight(l[2:], " \t")
	}
	mark, rest, _ := strings.Cut(head, " ")
	ok := true
	switch {
	case head == "" || strings.HasPrefix(head, "#"):
		ok = p.bare(line, under)
	case mark == ">":
		it.kind = person
		p.person(&it, rest, under)
	case mark == "<":
		it.kind = reply
		p.reply(&it, rest, under)
	case mark == "<<":
		it.kind = source
		p.source(&it, rest, under)
	case mark == "@":
		it.kind = passing
		ok = p.bare(line, under)
		p.time(&it, strings.TrimSpace(rest))
	case mark == "=":
		it.kind = slot
		ok = p.bare(line, under)
		it.slot, it.value, _ = strings.Cut(strings.TrimSpace(rest), " ")
		it.value = strings.TrimSpace(it.value)
		if it.slot == "" {
			p.fault(line, "= 后面要写槽位的名字")
		}
	default:
		p.fault(line, "行首要是 > < << @ = # 之一，后面空一格")
	}
	if ok {
		p.file.items = append(p.file.items, it)
	}
}

func (p *parser) bare(line int, under []string) bool {
	if len(under) > 0 {
		p.fault(line+1, "缩进的行要跟在 > 或 < 后面")
	}
	return len(under) == 0
}

func (p *parser) person(it *item, rest string, under []string) {
	if name, words, ok := cutBracket(rest); ok {
		for _, kind := range []string{"photo ", "file "} {
			if file, ok := strings.CutPrefix(name, kind); ok {
				it.photo, rest = strings.TrimSpace(file), words
			}
		}
		if it.photo == "" {
			it.press = name
			if words != "" || len(under) > 0 {
				p.fault(it.line, "按一个选项时，方括号后面不能再有字")
			}
			return
		}
	}
	it.text = unescape(append([]string{rest}, under...))
}

func (p *parser) reply(it *item, rest string, under []string) {
	if n := len(under); n > 0 {
		if labels, ok := cutChoices(under[n-1]); ok {
			it.choices, under = labels, under[:n-1]
		}
	}
	for n := len(under); n > 0; n = len(under) {
		name, ok := strings.CutPrefix(under[n-1], "{file ")
		if name, ok = strings.CutSuffix(name, "}"); !ok || !strings.HasPrefix(under[n-1], "{") {
			break
		}
		it.files, under = append([]string{name}, it.files...), under[:n-1]
	}
	it.text = unescape(append([]string{rest}, under...))
}

func (p *parser) source(it *item, rest string, under []string) {
	it.text = strings.TrimSpace(rest)
	if it.text == "" {
		p.fault(it.line, "<< 后面要写内容的名字，如 laws/zagl2025-50-1-5")
	}
	if len(under) == 0 {
		return
	}
	labels, ok := cutChoices(under[0])
	if !ok || len(under) > 1 {
		p.fault(it.line+1, "<< 下面只能写选项")
	}
	it.choices = labels
}

func (p *parser) time(it *item, rest string) {
	if after, ok := strings.CutPrefix(rest, "+"); ok {
		unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour}
		if n := len(after); n > 1 && unit[after[n-1]] != 0 {
			if count, err := strconv.ParseUint(after[:n-1], 10, 20); err == nil {
				it.add = time.Duration(count) * unit[after[n-1]]
				if it.add <= 10*365*24*time.Hour {
					return
				}
			}
		}
	} else if at, err := time.Parse(time.RFC3339, rest); err == nil && at.Year() >= 2000 && at.Year() < 2200 {
		it.at = at
		return
	}
	p.fault(it.line, "时间写成 @ +15d（s 秒 m 分 h 小时 d 天），或 @ 2026-03-01T21:30:00+08:00")
}

// order finds replies and slots that stand before anything was said.
func (p *parser) order() {
	for i := range p.file.items {
		it := &p.file.items[i]
		if it.action() {
			return
		}
		if it.kind != verbatim {
			p.fault(it.line, "先要有人说话（>），才有回复和槽位")
			return
		}
	}
}
