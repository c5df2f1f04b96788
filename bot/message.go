// Package bot is the engine: one message in, replies out.
//
// A Messenger brings messages and carries replies; the engine loads where the person is, takes the answer, walks the
// flow to the next question, commits everything in one write and returns the replies.
//
// Where things are: message.go and messenger.go hold what goes in and out; bot.go takes a message from the store to the
// store, turn.go walks, ask.go puts the question. What a message is: take.go (the order of questions asked of it),
// press.go (buttons), typed.go (answers by kind), fit.go (choices, and answers that do not fit), heard.go (free text),
// understood.go (what was understood, said with its words and taken back), besides.go (an answer and more in one breath),
// theirs.go (the collectors' own words),
// asked.go (direct questions), said.go (what was told already), commands.go (what is always heard). What is said:
// show.go and guide.go (views), cards.go and guide_cards.go (fixed forms), letter.go, words.go (the engine's own
// sentences). What is kept: session.go with encode.go and decode.go, keep.go and files.go (the case file), kept.go and
// export.go (shown and handed over). wake.go opens reminders, calendar.go gives them to a telephone. Flows and content
// are tried without people by check.go and check_guide.go, walker.go, explore.go with telling.go (every choice),
// reach.go (how far it is to a reporting channel). limiter.go is for messengers: it holds back who sends too much.
package bot

import (
	"context"
	"io"
	"time"
)

// UserID names one person on one messenger: "telegram:4711". Messenger, colon, the messenger's own id.
type UserID string

// Message is what one person sent, the same from every messenger.
type Message struct {
	ID        string    // the messenger's id of this message; a repeat is answered, not walked, again
	From      UserID    //
	Text      string    // typed, captioned, or the Value of a pressed Choice
	Files     []File    // Open downloads only if a step wants it
	Forwarded *Origin   // who it was forwarded from, where the messenger tells
	At        time.Time // when it was sent; zero means now
}

// Origin tells where a forwarded message came from.
type Origin struct {
	Name string    // the first sender's name, as the messenger shows it
	At   time.Time // when it was first sent
}

// File is a picture or paper that comes in with a Message or goes out with a Reply.
type File struct {
	Name string                                           `json:"name"`
	MIME string                                           `json:"mime"`
	Size int64                                            `json:"size,omitempty"` // bytes; 0 when not known
	Ref  string                                           `json:"ref,omitempty"`  // where the engine finds it again
	Open func(ctx context.Context) (io.ReadCloser, error) `json:"-"`
}

// Reply is one thing the bot says. Text alone is complete: a messenger that cannot draw a Card or buttons loses nothing.
type Reply struct {
	Text    string   `json:"text"`
	Choices []Choice `json:"choices,omitempty"`
	File    *File    `json:"file,omitempty"`
	Source  string   `json:"source,omitempty"` // the content it was made from: "laws/zagl2025-50-1-5"; empty from a flow
	Card    *Card    `json:"card,omitempty"`   // the same words as Text, for messengers that can draw
	Danger  bool     `json:"danger,omitempty"` // life and safety: drawn and read out at once
	Amount  bool     `json:"amount,omitempty"` // a number typed now is the answer, never the place of a choice

	Due time.Time `json:"due,omitzero"` // something falls due then; whoever cannot be spoken to may want it in a Calendar
}

// Choice is one answer the person can tap.
type Choice struct {
	Value string `json:"value"`           // what comes back as Message.Text; at most 64 bytes
	Label string `json:"label"`           // what the person reads
	Call  string `json:"call,omitempty"`  // a telephone number this button dials, where the messenger can
	Style Style  `json:"style,omitempty"` // how it is drawn
}

// Style says how a choice is drawn.
type Style string

// The styles of a Choice.
const (
	StylePlain  Style = ""       // outlined
	StyleNext   Style = "next"   // filled: the step we suggest; at most one in a reply
	StyleDanger Style = "danger" // a call for help, or what destroys
)

// Card is a fixed form (依据, 渠道, 要留的证据 …) whose fields always come in the same order.
type Card struct {
	Kind  string    `json:"kind"`            // "law", "reporting_channel", "conduct", "checklist", "kept"
	Head  string    `json:"head"`            // 「依据」「渠道」
	Badge string    `json:"badge,omitempty"` // 「法律」「官方」「2 / 4」
	Note  string    `json:"note,omitempty"`  // what the badge means: 「全国人大及其常委会定的，都要守」
	Title string    `json:"title"`
	Rows  []CardRow `json:"rows"`
	Foot  string    `json:"foot,omitempty"` // source and day of checking
}

// CardRow is one field of a Card.
type CardRow struct {
	Label string `json:"label,omitempty"` // 「施行」; empty for a free line
	Text  string `json:"text"`
	Quote bool   `json:"quote,omitempty"` // exact words of a statute
	Mark  string `json:"mark,omitempty"`  // "done", "open", "dot" or "" : ✓ □ · in text
}
