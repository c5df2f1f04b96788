package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"anning/bot"
)

// maxDownload is how large a file may be that Telegram lets a bot fetch, in bytes.
const maxDownload = 20 << 20

// paper is a file in a message, whatever kind Telegram makes of it.
type paper struct {
	id, name, mime string
	size           int
}

// paper finds the file of a message.
func (m *message) paper() (p paper, ok bool) {
	switch {
	case len(m.Photo) > 0: // the same picture in several sizes
		best := m.Photo[0]
		for _, s := range m.Photo {
			if s.Width*s.Height > best.Width*best.Height {
				best = s
			}
		}
		p = paper{best.FileID, "", "image/jpeg", best.FileSize}
		p.name = m.named("照片", ".jpg")
	case m.Document != nil:
		p = paper{m.Document.FileID, m.Document.FileName, m.Document.MimeType, m.Document.FileSize}
		p.name = or(p.name, m.named("文件", ""))
	case m.Voice != nil:
		p = paper{m.Voice.FileID, m.named("语音", ".ogg"), or(m.Voice.MimeType, "audio/ogg"), m.Voice.FileSize}
	case m.Audio != nil:
		p = paper{m.Audio.FileID, or(m.Audio.FileName, m.named("录音", ".mp3")), or(m.Audio.MimeType, "audio/mpeg"), m.Audio.FileSize}
	case m.Video != nil:
		p = paper{m.Video.FileID, or(m.Video.FileName, m.named("视频", ".mp4")), or(m.Video.MimeType, "video/mp4"), m.Video.FileSize}
	case m.VideoNote != nil:
		p = paper{m.VideoNote.FileID, m.named("视频", ".mp4"), "video/mp4", m.VideoNote.FileSize}
	}
	p.mime = or(p.mime, "application/octet-stream")
	return p, p.id != ""
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// named makes a name for what has none: 照片_20261121_101500.jpg, by the time in China.
func (m *message) named(what, end string) string {
	at := time.Unix(int64(m.Date), 0).In(time.FixedZone("CST", 8*60*60))
	return what + at.Format("_20060102_150405") + "_" + fmt.Sprint(m.MessageID) + end
}

// file is the file of a message; it is fetched when it is opened.
func (m *Messenger) file(said *message) (bot.File, bool) {
	p, ok := said.paper()
	if !ok {
		return bot.File{}, false
	}
	return bot.File{Name: path.Base(p.name), MIME: p.mime, Size: int64(p.size),
		Open: func(ctx context.Context) (io.ReadCloser, error) { return m.open(ctx, p) }}, true
}

var errTooBig = errors.New("telegram: the file is larger than Telegram hands out")

// open fetches a file. Telegram is asked where it lies each time, since its answer holds for an hour.
func (m *Messenger) open(ctx context.Context, p paper) (io.ReadCloser, error) {
	if p.size > maxDownload {
		return nil, errTooBig
	}
	var err error
	for try := 1; try <= 3; try++ {
		var r io.ReadCloser
		if r, err = m.openOnce(ctx, p); err == nil {
			return r, nil
		}
		if refused(err) || gone(err) || !sleep(ctx, max(faultOf(err).retry, backoff(try))) {
			break
		}
	}
	m.options.Log.Warn("telegram: a file could not be fetched", "err", err)
	return nil, err
}

func (m *Messenger) openOnce(ctx context.Context, p paper) (io.ReadCloser, error) {
	result, err := m.api.call(ctx, "getFile", tgbotapi.Params{"file_id": p.id})
	if err != nil {
		return nil, err
	}
	var f tgbotapi.File
	if err := json.Unmarshal(result, &f); err != nil || f.FilePath == "" {
		return nil, errors.New("telegram: getFile: the answer names no file")
	}
	if f.FileSize > maxDownload {
		return nil, errTooBig
	}
	r, err := m.api.download(ctx, f.FilePath)
	if err != nil {
		return nil, err
	}
	return &bounded{r, maxDownload}, nil
}

// bounded fails where a file is larger than it may be, so that no part is taken for the whole.
type bounded struct {
	io.ReadCloser
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n, errTooBig
	}
	return n, err
}
