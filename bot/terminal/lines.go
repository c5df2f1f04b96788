package terminal

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/peterh/liner"
)

// errTooLong says that a line was over MaxLine; the rest of it was thrown away.
var errTooLong = errors.New("terminal: line too long")

// plainLines reads lines from a pipe.
type plainLines struct{ in *bufio.Reader }

// Line returns the next line; a last line without an end counts. No prompt is printed.
func (p *plainLines) Line(string) (string, error) {
	line, err := p.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return "", p.skip()
	}
	if len(line) == 0 && err != nil {
		return "", err
	}
	text := strings.TrimRight(string(line), "\r\n")
	if len(text) > MaxLine {
		return "", errTooLong
	}
	return text, nil
}

// skip throws the rest of a line away.
func (p *plainLines) skip() error {
	for {
		_, err := p.in.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case err == nil, errors.Is(err, io.EOF):
			return errTooLong
		default:
			return err
		}
	}
}

// Editor edits lines on a terminal: Chinese, arrow keys, and what was typed in this run with arrow up. Nothing of it
// is written to disk.
type Editor struct{ state *liner.State }

// NewEditor takes over the terminal that the process was started on. Close gives it back.
func NewEditor() *Editor {
	state := liner.NewLiner()
	state.SetCtrlCAborts(true)
	return &Editor{state: state}
}

// Line edits one line. Ctrl-C and Ctrl-D end the conversation.
func (e *Editor) Line(prompt string) (string, error) {
	line, err := e.state.Prompt(prompt)
	if errors.Is(err, liner.ErrPromptAborted) {
		return "", io.EOF
	}
	if err != nil {
		return "", err
	}
	if len(line) > MaxLine {
		return "", errTooLong
	}
	if strings.TrimSpace(line) != "" {
		e.state.AppendHistory(line)
	}
	return line, nil
}

// Close gives the terminal back as it was.
func (e *Editor) Close() error { return e.state.Close() }
