package web_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// chromium is the one browser of all tests here; each test gets a window without cookies of others.
var chromium struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if chromium.stop != nil {
		chromium.stop()
	}
	os.Exit(code)
}

// browserPath finds a Chromium, in $CHROMIUM or where systems put it.
func browserPath(t *testing.T) string {
	t.Helper()
	for _, path := range []string{os.Getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(path); path != "" && err == nil {
			return path
		}
	}
	t.Fatal("no Chromium found. Hint: install chromium, or name one in CHROMIUM")
	return ""
}

func startChromium(t *testing.T) context.Context {
	t.Helper()
	path := browserPath(t)
	chromium.once.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path),
			chromedp.Flag("host-resolver-rules", "MAP plain.example 127.0.0.1"), chromedp.Flag("lang", "zh-CN"))
		if os.Geteuid() == 0 {
			options = append(options, chromedp.NoSandbox)
		}
		ctx, stop1 := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, stop2 := chromedp.NewContext(ctx)
		chromium.ctx, chromium.stop = ctx, func() { chromedp.Cancel(ctx); stop2(); stop1() }
		chromium.err = chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	})
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	return chromium.ctx
}

// window is one browser window.
type window struct {
	t   *testing.T
	ctx context.Context
}

// open opens a window of its own, 390 × 844 as a phone shows it.
func open(t *testing.T) *window {
	return openIn(t, startChromium(t), chromedp.WithNewBrowserContext())
}

// tab opens another tab that shares cookies with w.
func (w *window) tab() *window { return openIn(w.t, w.ctx) }

func openIn(t *testing.T, parent context.Context, options ...chromedp.ContextOption) *window {
	t.Helper()
	ctx, cancel := chromedp.NewContext(parent, options...)
	t.Cleanup(cancel)
	w := &window{t: t, ctx: ctx}
	w.do(chromedp.EmulateViewport(390, 844))
	return w
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, chromedp.Func(func(context.Context, *chromedp.Target) error { return nil })); err != nil {
		w.t.Fatal(err) // starts the tab; it must not have a deadline
	}
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.t.Helper()
		w.t.Fatalf("%v\nthe page shows: %s", err, w.text())
	}
}

func (w *window) visit(url string) { w.t.Helper(); w.do(chromedp.Navigate(url)) }

// text returns what the page shows.
func (w *window) text() string {
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body ? document.body.innerText : ''`))
	if err != nil {
		return err.Error()
	}
	return text
}

// sees waits until the page shows want.
func (w *window) sees(want string) {
	w.t.Helper()
	w.holds(`document.body && document.body.innerText.includes(` + quote(want) + `)`)
}

// holds waits until a JavaScript expression is true, over page loads and also where the page's own scripts are off.
func (w *window) holds(expression string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`!!(`+expression+`)`))
		if ok {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			w.t.Fatalf("%s never held (%v)\nthe page shows: %s", expression, err, w.text())
		}
	}
}

// value evaluates a JavaScript expression.
func value[T any](w *window, expression string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}

// press clicks the live button that reads label.
func (w *window) press(label string) {
	w.t.Helper()
	button := `[...document.querySelectorAll('button:enabled, a.choice, a#leave')].filter(b => b.textContent.trim() === ` + quote(label) + `).pop()`
	w.holds(button)
	// A real click in the middle of the button, as a finger does.
	at := value[[]float64](w, `(() => { const b = `+button+`; b.scrollIntoView({block: 'center'}); const r = b.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2] })()`)
	w.do(chromedp.MouseClickXY(at[0], at[1]))
}

// write types into the box and sends it with Enter.
func (w *window) write(words string) {
	w.t.Helper()
	w.do(chromedp.SendKeys(chromedp.ID("text"), words))
	w.enter()
}

// enter presses the Enter key. Unlike chromedp's own keys, the letter comes only if the page lets the key pass.
func (w *window) enter() {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		key := input.DispatchKeyEventParams{Type: input.DispatchKeyEventTypeKeyDown, Key: "Enter", Code: "Enter", Text: "\r", WindowsVirtualKeyCode: 13}
		if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, key); err != nil {
			return err
		}
		key.Type, key.Text = input.DispatchKeyEventTypeKeyUp, ""
		_, err := chromedp.Call(ctx, input.DispatchKeyEvent, key)
		return err
	}))
}

func (w *window) size(width, height int64) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, height))
}

// media sets a media feature: ("prefers-color-scheme", "dark").
func (w *window) media(name, value string) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: name, Value: value}}})
		return err
	}))
}

func (w *window) scripts(on bool) {
	w.t.Helper()
	w.do(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// picture writes what the window shows to dir/name.png.
func (w *window) picture(dir, name string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		w.t.Fatal(err)
	}
}
