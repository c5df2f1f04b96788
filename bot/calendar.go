package bot

import (
	"bytes"
	"time"
	"unicode/utf8"
)

// What a calendar shows: on a locked screen, to whoever looks. Nothing about debt.
const (
	calendarTitle = "有一件事到时间了"
	calendarText  = "回到你和我说话的地方，随便发一句，我接着说。"
)

// Calendar is a file (RFC 5545) with which a person's own telephone speaks up when something falls due: for messengers
// that cannot speak first. uid names the event; the same one again replaces it.
func Calendar(uid string, at, now time.Time) []byte {
	const form = "20060102T150405Z"
	var b bytes.Buffer
	for _, line := range []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//anning//anning//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
		"BEGIN:VEVENT", "UID:" + uid, "DTSTAMP:" + now.UTC().Format(form), "DTSTART:" + at.UTC().Format(form), "DURATION:PT15M",
		"SUMMARY:" + calendarTitle, "DESCRIPTION:" + calendarText, "CLASS:PRIVATE", "TRANSP:TRANSPARENT",
		"BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:" + calendarTitle, "TRIGGER:PT0S", "END:VALARM", "END:VEVENT", "END:VCALENDAR"} {
		fold(&b, line)
	}
	return b.Bytes()
}

// fold writes a line in pieces of at most 75 bytes, none of which ends inside a character.
func fold(b *bytes.Buffer, line string) {
	const most = 75
	for room := most; len(line) > room; room = most - 1 {
		n := room
		for !utf8.RuneStart(line[n]) {
			n--
		}
		b.WriteString(line[:n] + "\r\n ")
		line = line[n:]
	}
	b.WriteString(line + "\r\n")
}
