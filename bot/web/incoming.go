package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"anning/bot"
)

// incoming is a form made into a message.
type incoming struct {
	message bot.Message
	choice  string   // the value of the pressed button, if one was pressed
	papers  []string // names of the files
}

// message makes the message of a form. Its id holds a mark of the content, so that another button pressed on a page
// that came back from the browser's memory is another message.
func (f form) message(from bot.UserID) incoming {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q %q", f.text, f.choice)
	in := incoming{choice: f.choice, message: bot.Message{From: from, Text: f.text}}
	if f.choice != "" {
		in.message.Text = f.choice
	}
	for _, u := range f.files {
		fmt.Fprintf(sum, " %q %d ", u.name, len(u.data))
		sum.Write(u.data)
		in.papers = append(in.papers, u.name)
		in.message.Files = append(in.message.Files, bot.File{
			Name: u.name, MIME: u.mime, Size: int64(len(u.data)),
			Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(u.data)), nil },
		})
	}
	in.message.ID = f.id + "." + hex.EncodeToString(sum.Sum(nil)[:6])
	return in
}

// words are what the person sees of their own message: the label of the button, or what they typed. The hello is
// asked for by the page, so it shows nothing.
func (in incoming) words(t *talk) string {
	if in.message.Text == "/start" {
		return ""
	}
	if in.choice == "" {
		return in.message.Text
	}
	for i := len(t.turns) - 1; i >= 0; i-- {
		for _, reply := range t.turns[i].Replies {
			for _, c := range reply.Choices {
				if c.Value == in.choice {
					return c.Label
				}
			}
		}
	}
	return in.choice
}
