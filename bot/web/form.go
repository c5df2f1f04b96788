package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of one form besides Options.MaxUpload.
const (
	maxText   = 4000     // characters
	maxFiles  = 9        // in one message
	maxParts  = 32       // of a multipart form
	maxField  = 64 << 10 // bytes of one field that is no file
	maxChoice = 64       // bytes, as bot.Choice says
)

// What is wrong with a form, beside too many bytes (*http.MaxBytesError).
var (
	errForm     = errors.New("web: not a form of this page")
	errEmpty    = errors.New("web: nothing was sent")
	errTooLong  = errors.New("web: too many characters")
	errTooMany  = errors.New("web: too many files")
	errNoChoice = errors.New("web: not a choice")
)

// form is what a person sent.
type form struct {
	id     string // made by the page; a second post of it is the same message
	text   string
	choice string
	files  []upload
}

// upload is one file of a form, whole in memory: people's pictures never touch the disk in the clear.
type upload struct {
	name, mime string
	data       []byte
}

// readForm reads the body of a POST, urlencoded or multipart.
func readForm(contentType string, body io.Reader) (form, error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return form{}, errForm
	}
	var f form
	switch kind {
	case "application/x-www-form-urlencoded":
		err = f.readPairs(body)
	case "multipart/form-data":
		err = f.readParts(multipart.NewReader(body, params["boundary"]))
	default:
		return form{}, errForm
	}
	if err != nil {
		return form{}, err
	}
	return f, f.check()
}

// readPairs reads an urlencoded body.
func (f *form) readPairs(body io.Reader) error {
	raw, err := readUpTo(body, maxField)
	if err != nil {
		return err
	}
	pairs, err := url.ParseQuery(string(raw))
	if err != nil {
		return errForm
	}
	for name := range pairs {
		f.set(name, pairs.Get(name))
	}
	return nil
}

// readParts reads a multipart body.
func (f *form) readParts(parts *multipart.Reader) error {
	for range maxParts {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return formError(err)
		}
		if part.FormName() == "file" {
			err = f.addFile(part)
		} else {
			var raw []byte
			raw, err = readUpTo(part, maxField)
			f.set(part.FormName(), string(raw))
		}
		if err != nil {
			return err
		}
	}
	return errForm
}

// addFile reads one file. A file field that was left empty is passed over.
func (f *form) addFile(part *multipart.Part) error {
	data, err := io.ReadAll(part)
	if err != nil {
		return formError(err)
	}
	if len(data) == 0 {
		return nil
	}
	if len(f.files) == maxFiles {
		return errTooMany
	}
	kind := http.DetectContentType(data)
	if claimed, _, err := mime.ParseMediaType(part.Header.Get("Content-Type")); err == nil && kind == "application/octet-stream" {
		kind = claimed
	}
	f.files = append(f.files, upload{name: fileName(part.FileName()), mime: kind, data: data})
	return nil
}

// readUpTo reads at most limit bytes; more is an error.
func readUpTo(r io.Reader, limit int64) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, formError(err)
	}
	if int64(len(raw)) > limit {
		return nil, errTooLong
	}
	return raw, nil
}

// formError keeps what the caller tells apart, too many bytes, and calls the rest a bad form.
func formError(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return tooBig
	}
	return fmt.Errorf("%w: %w", errForm, err)
}

// set takes one field; fields that are not ours are passed over.
func (f *form) set(name, value string) {
	switch name {
	case "id":
		f.id = value
	case "text":
		f.text = clean(value)
	case "choice":
		f.choice = value
	}
}

// clean makes text valid UTF-8, with plain line ends and no control characters.
func clean(text string) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\r' {
			return '\n'
		}
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text))
}

// fileName makes the name of a file fit to be shown.
func fileName(name string) string {
	name = strings.ReplaceAll(strings.ReplaceAll(clean(name), "\n", " "), "\t", " ")
	if name == "" {
		return "文件"
	}
	if r := []rune(name); len(r) > 80 {
		name = string(r[:39]) + "…" + string(r[len(r)-40:])
	}
	return name
}

// check refuses what no page of ours sends.
func (f *form) check() error {
	if !goodID(f.id) {
		f.id = random()
	}
	if f.choice != "" {
		if len(f.choice) > maxChoice || !utf8.ValidString(f.choice) || clean(f.choice) != f.choice {
			return errNoChoice
		}
		f.text = ""
	}
	if utf8.RuneCountInString(f.text) > maxText {
		return errTooLong
	}
	if f.text == "" && f.choice == "" && len(f.files) == 0 {
		return errEmpty
	}
	return nil
}

// goodID reports whether id is one that a page makes.
func goodID(id string) bool {
	if len(id) < 8 || len(id) > 64 {
		return false
	}
	for _, c := range []byte(id) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || c == '-') {
			return false
		}
	}
	return true
}
