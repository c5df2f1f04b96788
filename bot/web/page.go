package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"path"
	"strconv"

	"anning/bot"
)

// staticPath is where the style, the script and the icon lie, under names made of their bytes.
const staticPath = "/static/"

//go:embed page
var pageFiles embed.FS

// site is the page with a handler that answers.
type site struct {
	*Messenger
	answer bot.Handler
	pages  *template.Template
	assets map[string]asset  // by name with hash
	names  map[string]string // from the name in the source to the address
}

// must is for embedded files, which are there or the program was not built.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

type asset struct {
	kind string
	data []byte
}

// pageView is one page as the template draws it.
type pageView struct {
	Start  bool      // somebody new: the page asks for the hello
	Back   bool      // somebody who comes back
	Turn   *turnView // shown in answer to a POST
	ID     string    // of the message to be written
	Text   string    // what was typed and not taken
	Sorry  [][]piece // instead of a conversation
	Leave  string
	Max    int64  // bytes of an upload
	TooBig string // what to say about more; {} stands for the size
}

// Handler serves the page; answer answers what people write. It is what Run serves, for those who mount it themselves.
func (m *Messenger) Handler(answer bot.Handler) http.Handler {
	s := &site{Messenger: m, answer: answer, assets: map[string]asset{}, names: map[string]string{}}
	for _, name := range []string{"page.css", "page.js", "icon.svg"} {
		s.names[name] = must(s.loadAsset(name))
	}
	address := func(name string) string { return s.names[name] }
	s.pages = template.Must(template.New("").Funcs(template.FuncMap{"asset": address}).ParseFS(pageFiles, "page/*.html"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("POST /say", s.say)
	mux.HandleFunc("POST /latest", s.latest)
	mux.HandleFunc("GET /stream", s.stream)
	mux.HandleFunc("GET /file/{key}", s.file)
	mux.HandleFunc("GET "+staticPath+"{name}", s.static)
	mux.HandleFunc("GET /favicon.ico", s.icon)
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "User-agent: *\nDisallow: /\n")
	})
	toHome := func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusSeeOther) }
	mux.HandleFunc("GET /say", toHome) // a page of an answer that is loaded anew
	mux.HandleFunc("GET /latest", toHome)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { s.sorry(w, http.StatusNotFound, noPage) })
	return s.guard(mux)
}

// loadAsset reads an embedded file and returns its address, which changes with its bytes: it may be kept for ever.
func (s *site) loadAsset(name string) (string, error) {
	data, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	kind := map[string]string{".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}[path.Ext(name)]
	full := hex.EncodeToString(sum[:6]) + path.Ext(name)
	s.assets[full] = asset{kind: kind + "; charset=utf-8", data: data}
	return staticPath + full, nil
}

// static serves the style, the script and the icon.
func (s *site) static(w http.ResponseWriter, r *http.Request) {
	a, ok := s.assets[r.PathValue("name")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(a.data)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Write(a.data)
}

func (s *site) icon(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, s.names["icon.svg"], http.StatusSeeOther)
}

// home serves GET /: never a word of the conversation, only the way into it.
func (s *site) home(w http.ResponseWriter, r *http.Request) {
	v := pageView{Start: true}
	if user := s.user(r); user != "" {
		number, _, err := s.keeper.Latest(r.Context(), user)
		if err != nil {
			s.options.Log.Error("web: look for a conversation", "err", err)
		}
		v.Start = number == 0 && err == nil
		v.Back = !v.Start
	}
	s.show(w, r, http.StatusOK, v)
}

// latest serves POST /latest, 「接着上次」: the latest turn.
func (s *site) latest(w http.ResponseWriter, r *http.Request) {
	user := s.user(r)
	if user == "" {
		s.show(w, r, http.StatusOK, pageView{Start: true})
		return
	}
	if wait := s.messages.Take(string(user)); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(wait)))
		s.refuse(w, r, http.StatusTooManyRequests, tooFast(wait), form{})
		return
	}
	s.keep(w, r)
	t := s.talks.hold(user)
	defer s.talks.letGo(t)
	turn, err := s.talks.latest(r.Context(), t)
	switch {
	case err != nil:
		code := errorCode()
		s.options.Log.Error("web: continue", "turn", code, "err", err)
		s.refuse(w, r, http.StatusInternalServerError, fmt.Sprintf(noLatest, code), form{})
	case turn == nil:
		s.show(w, r, http.StatusOK, pageView{Start: true})
	default:
		s.show(w, r, http.StatusOK, pageView{Turn: new(s.turnView(user, turn))})
	}
}

// sorry shows a page with nothing but a few words.
func (s *site) sorry(w http.ResponseWriter, status int, words string) {
	s.draw(w, status, "page", pageView{Sorry: lines(words)})
}

// show answers a script with the turn alone, and everybody else with a page.
func (s *site) show(w http.ResponseWriter, r *http.Request, status int, v pageView) {
	if r.Header.Get("X-Part") == "turn" {
		if v.Turn == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		s.draw(w, status, "turn", *v.Turn)
		return
	}
	s.draw(w, status, "page", v)
}

// draw writes a page or a part of one.
func (s *site) draw(w http.ResponseWriter, status int, name string, v any) {
	if p, ok := v.(pageView); ok {
		if p.ID == "" {
			p.ID = random()
		}
		p.Leave, p.Max = s.options.Leave, s.options.MaxUpload
		p.TooBig = fmt.Sprintf(tooMuch, size(p.Max), "，它有 {}")
		v = p
	}
	var out bytes.Buffer
	if err := s.pages.ExecuteTemplate(&out, name, v); err != nil {
		s.options.Log.Error("web: draw", "err", err)
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}
