package web_test

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"anning/bot/web"
)

// shot writes a picture that a person could send.
func shot(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "截图.png")
	if err := os.WriteFile(path, append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 3000)...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPicture(t *testing.T) {
	p, w := visit(t, &web.Options{MaxUpload: 2048})
	w.sees("我是安宁")
	w.do(chromedp.SetUploadFiles(chromedp.CSS("#pick input"), []string{shot(t)}))
	w.sees("截图.png")
	w.press("发出")
	w.sees("这个文件太大，没收下。")
	if len(p.messages()) != 1 {
		t.Error("a picture that is too large was sent all the same")
	}
	w.press("拿掉")
	w.holds(`!document.getElementById('picked').textContent`)

	p, w = visit(t, nil)
	w.sees("我是安宁")
	w.do(chromedp.SetUploadFiles(chromedp.CSS("#pick input"), []string{shot(t)}))
	w.press("发出")
	w.sees("号码和时间都在")
	if got := value[string](w, `document.querySelector('.turn:last-child .mine').innerText`); !strings.Contains(got, "截图.png") {
		t.Errorf("the person's own bubble reads %q", got)
	}
	if strings.Contains(w.text(), "在读图") {
		t.Error("the result did not take the place of 「在读图」")
	}
}

func TestErrorKeepsWords(t *testing.T) {
	_, w := visit(t, nil)
	w.sees("我是安宁")
	w.write("出错")
	w.sees("出错了，不怪你")
	w.sees("没发出 · 再发一次")
	if got := value[string](w, `text.value`); got != "出错" {
		t.Errorf("after an error the box holds %q", got)
	}
	if n := value[int](w, `document.querySelectorAll('.turn:first-child button:enabled').length`); n != len(menu) {
		t.Errorf("%d choices are live after an error, want %d", n, len(menu))
	}
	w.press("家人被找")
	w.sees("联系你家人")
}

// gate is a connection that can be cut, between a browser and a server.
type gate struct {
	listener net.Listener
	to       string

	mu    sync.Mutex
	shut  bool
	conns []net.Conn
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{listener: listener, to: strings.TrimPrefix(to, "http://")}
	t.Cleanup(func() { listener.Close(); g.cut(true) })
	go func() {
		for {
			in, err := listener.Accept()
			if err != nil {
				return
			}
			go g.join(in)
		}
	}()
	return g
}

func (g *gate) join(in net.Conn) {
	out, err := net.Dial("tcp", g.to)
	if err != nil {
		in.Close()
		return
	}
	g.mu.Lock()
	g.conns = append(g.conns, in, out)
	shut := g.shut
	g.mu.Unlock()
	if shut {
		in.Close()
		out.Close()
		return
	}
	go func() { io.Copy(out, in); out.Close() }()
	io.Copy(in, out)
	in.Close()
}

// cut ends all connections and lets none begin, or lets them begin again.
func (g *gate) cut(shut bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = shut
	if shut {
		for _, c := range g.conns {
			c.Close()
		}
		g.conns = nil
	}
}

func TestOffline(t *testing.T) {
	p := serve(t, nil)
	g := newGate(t, p.server.URL)
	w := open(t)
	w.visit("http://" + g.listener.Addr().String())
	w.sees("我是安宁")
	g.cut(true)
	w.write("family")
	w.sees("没发出 · 再发一次")
	w.sees("110 报警")
	w.sees("写的不会丢")
	g.cut(false)
	w.press("再发一次")
	w.sees("联系你家人")
	if n := value[int](w, `document.querySelectorAll('.turn').length`); n != 2 {
		t.Errorf("%d turns, want 2", n)
	}
	// What another page says meanwhile comes down the stream once it is there again.
	w.holds(`!document.getElementById('net').textContent`)
	g.cut(true)
	w.sees("写的不会丢")
	other := w.tab()
	other.visit(p.server.URL) // another port, the same cookie
	other.press("接着上次")
	other.press("看依据")
	other.sees("第五十条")
	g.cut(false)
	w.sees("第五十条")
}
