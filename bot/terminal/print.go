package terminal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"anning/bot"
)

// Line is what a message is answered with in JSON mode. Every key is always there.
type Line struct {
	Replies []LineReply `json:"replies"`
}

// LineReply is one reply of a Line.
type LineReply struct {
	Text    string       `json:"text"`
	Choices []LineChoice `json:"choices"` // [] where there are none
	File    *LineFile    `json:"file"`    // null where there is none
	Source  string       `json:"source"`  // "" from a flow
	amount  bool         // a number typed now is an amount, no choice
}

// LineChoice is one answer that can be given; its Value is sent as a line to choose it.
type LineChoice struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// LineFile is a file that came with a reply.
type LineFile struct {
	Name string `json:"name"`
	MIME string `json:"mime"`
	Path string `json:"path"` // where it was saved; "" without a folder to save in
}

// print writes the replies to one message, as text or as one line of JSON.
func (m *Messenger) print(replies []bot.Reply) error {
	line := Line{Replies: make([]LineReply, 0, len(replies))}
	for _, r := range replies {
		line.Replies = append(line.Replies, m.reply(r))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.opts.JSON {
		enc := json.NewEncoder(m.out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(line); err != nil {
			return fmt.Errorf("print reply: %w", err)
		}
	} else {
		for _, r := range line.Replies {
			m.text(r)
		}
	}
	if err := m.out.Flush(); err != nil {
		return fmt.Errorf("print reply: %w", err)
	}
	return nil
}

func (m *Messenger) reply(r bot.Reply) LineReply {
	l := LineReply{amount: r.Amount, Text: r.Text, Choices: make([]LineChoice, 0, len(r.Choices)), Source: r.Source}
	for _, c := range r.Choices {
		l.Choices = append(l.Choices, LineChoice{Value: c.Value, Label: c.Label})
	}
	if r.File != nil {
		l.File = &LineFile{Name: r.File.Name, MIME: r.File.MIME}
		path, err := m.save(*r.File)
		if err != nil {
			l.Text = strings.TrimPrefix(l.Text+"\n"+notSaved, "\n")
		}
		l.File.Path = path
	}
	return l
}

const notSaved = "这个文件没能存下来。看看要存的文件夹在不在、能不能写。"

// text prints one reply for people: the words, the file, the choices by number, an empty line.
func (m *Messenger) text(r LineReply) {
	w := m.out
	if r.Text != "" {
		_, _ = io.WriteString(w, Wrap(r.Text, m.opts.Width)+"\n")
	}
	if r.File != nil {
		where := r.File.Name
		if r.File.Path != "" {
			where += " → " + r.File.Path
		}
		_, _ = io.WriteString(w, "文件："+where+"\n")
	}
	for i, c := range r.Choices {
		mark := strconv.Itoa(i+1) + ". "
		if r.amount { // a number is the answer there
			mark = "· "
		}
		_, _ = io.WriteString(w, mark+c.Label+"\n")
	}
	_, _ = io.WriteString(w, "\n")
}

// save writes a file of a reply into the folder, under a name that is free, readable by its owner only.
func (m *Messenger) save(f bot.File) (string, error) {
	if m.opts.Save == "" || f.Open == nil {
		return "", nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), turnLimit)
	defer cancel()
	from, err := f.Open(ctx)
	if err != nil {
		return "", fmt.Errorf("open file: %w", err)
	}
	defer from.Close()
	to, err := create(m.opts.Save, fileName(f.Name))
	if err != nil {
		return "", fmt.Errorf("save file: %w", err)
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return "", fmt.Errorf("save file: %w", err)
	}
	if err := to.Close(); err != nil {
		return "", fmt.Errorf("save file: %w", err)
	}
	return to.Name(), nil
}

func create(folder, name string) (*os.File, error) {
	ext := filepath.Ext(name)
	for n := 1; ; n++ {
		try := name
		if n > 1 {
			try = strings.TrimSuffix(name, ext) + "-" + strconv.Itoa(n) + ext
		}
		f, err := os.OpenFile(filepath.Join(folder, try), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil || !os.IsExist(err) || n == 1000 {
			return f, err
		}
	}
}

// fileName keeps a name that a reply brings inside the folder.
func fileName(name string) string {
	name = filepath.Base(filepath.Clean("/" + strings.ReplaceAll(name, "\\", "/")))
	if name == "/" || name == "." {
		return time.Now().Format("20060102-150405")
	}
	return name
}
