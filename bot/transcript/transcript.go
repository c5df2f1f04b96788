// Package transcript reads, plays and rewrites conversations kept as text files that a lawyer can read:
//
//	# a comment
//	@ 2026-11-23T10:00:00+08:00      the clock is set; @ +15d (s, m, h, d) lets time pass, and what falls due is said
//	> 他们给我全公司的人打电话          the person; further lines are indented by two spaces
//	> [爆通讯录]                      presses the choice with this label
//	> [photo sms.png] 昨天的          sends the file of that name beside the transcript, with words
//	< 你遇到了哪种情况？               a reply, to the letter; further lines are indented
//	  {file 我的记录.zip}             a file it brings
//	  [辱骂] [爆通讯录]               its choices
//	<< laws/zagl2025-50-1-5          a reply made from this content, whatever its words
//	= conduct third_party_contact    a slot after the turn; without a value: it is empty
//
// Every message comes a minute after the one before, unless an @ line between them says how long. A line of a reply
// that begins with "[", "{", "\" or a space, or is empty, is written with a "\" before it.
package transcript

import (
	"fmt"
	"strings"
	"time"
)

// Limits of a file.
const (
	MaxBytes = 1 << 20  // of a whole file
	MaxLine  = 16 << 10 // bytes of one line
)

// Begin is when a transcript begins that does not say so: a Monday morning.
var Begin = time.Date(2026, 11, 23, 10, 0, 0, 0, China)

// China is the time zone transcripts are written in.
var China = time.FixedZone("CST", 8*3600)

// File is one transcript, as read.
type File struct {
	Name  string
	items []item
}

// Fault is something wrong with a transcript, or a place where the conversation went another way.
type Fault struct {
	File string
	Line int    // from 1; 0 for the whole file
	Text string // for people, may have several lines
}

func (f Fault) String() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d: %s", f.File, f.Line, f.Text)
}

// Faults is every fault of a file at once.
type Faults []Fault

func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// kind is what an item of a file is.
type kind int

const (
	verbatim kind = iota // comment or empty line
	person               // >
	reply                // <
	source               // <<
	passing              // @
	slot                 // =
)

// item is one thing in a file: a line and the indented lines under it.
type item struct {
	kind  kind
	line  int      // the first, from 1
	raw   []string // as written
	text  string   // person, reply: the words; source: the content
	press string   // person: label of the choice pressed
	photo string   // person: name of the file sent
	files []string // reply: names of files
	// choices of a reply; nil where none are written
	choices []string
	add     time.Duration // passing: how long; at is zero then
	at      time.Time     // passing: until when
	slot    string
	value   string
}

// action says that the item makes the bot speak.
func (it *item) action() bool { return it.kind == person || it.kind == passing }

// expects says that the item is a reply that has to come.
func (it *item) expects() bool { return it.kind == reply || it.kind == source }
