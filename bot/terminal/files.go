package terminal

import (
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"anning/bot"
)

// cutFile takes "[photo a.png] words" or "[file a.pdf] words" apart.
func cutFile(line string) (path, caption string, ok bool) {
	rest, ok := strings.CutPrefix(line, "[photo ")
	if !ok {
		if rest, ok = strings.CutPrefix(line, "[file "); !ok {
			return "", "", false
		}
	}
	path, caption, ok = strings.Cut(rest, "]")
	path = strings.TrimSpace(path)
	return path, strings.TrimSpace(caption), ok && path != ""
}

// openFile makes the File that a path names. It is read when a step wants it.
func openFile(path string) (bot.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return bot.File{}, err
	}
	if !info.Mode().IsRegular() {
		return bot.File{}, fmt.Errorf("%s is no file", path)
	}
	kind, err := mimeOf(path)
	if err != nil {
		return bot.File{}, err
	}
	return bot.File{Name: filepath.Base(path), MIME: kind, Size: info.Size(),
		Open: func(context.Context) (io.ReadCloser, error) { return os.Open(path) }}, nil
}

// mimeOf looks at a file's name and, where that says nothing, at its first bytes.
func mimeOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	if kind := mime.TypeByExtension(filepath.Ext(path)); kind != "" {
		return kind, nil
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		return "", err
	}
	return http.DetectContentType(head[:n]), nil
}
