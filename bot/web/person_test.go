package web_test

import (
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"anning/bot"
	"anning/bot/web"
)

// visit serves the conversation and opens its page in a new window.
func visit(t *testing.T, o *web.Options) (*page, *window) {
	t.Helper()
	if o == nil {
		o = &web.Options{}
	}
	away := neutral(t)
	o.Leave = away
	p := serve(t, o)
	w := open(t)
	w.visit(p.server.URL)
	return p, w
}

// neutral serves the page that the quick exit leads to.
func neutral(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<title>weather</title>sunny "+r.Referer())
	})}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String() + "/"
}

func TestWholeConversation(t *testing.T) {
	_, w := visit(t, nil)
	w.sees("我是安宁")
	if title := value[string](w, `document.title`); title != "安宁" {
		t.Errorf("title %q", title)
	}
	w.press("家人被找")
	w.sees("联系你家人")
	if n := value[int](w, `document.querySelectorAll('.turn:first-child button:enabled').length`); n != 0 {
		t.Errorf("%d old choices can still be pressed", n)
	}
	if n := value[int](w, `document.querySelectorAll('.turn:first-child button').length`); n != len(menu) {
		t.Errorf("%d old choices are left, want %d", n, len(menu))
	}
	if got := value[string](w, `document.querySelector('.turn:nth-child(2) .mine').innerText`); got != "家人被找" {
		t.Errorf("the chosen button stays as %q", got)
	}
	w.press("看依据")
	w.sees("第五十条")
	w.press("去报案")
	w.sees("消费者投诉热线")
	w.press("照着念的稿")
	w.sees("亲友的录音")
	w.write("menu")
	w.sees("现在是哪一种？")
	w.press("现在有危险")
	w.holds(`document.querySelector('.turn:last-child [role=alert]')`)
	if href := value[string](w, `document.querySelector('.turn:last-child a.choice').getAttribute('href')`); href != "tel:110" {
		t.Errorf("the call button leads to %q", href)
	}
	if h := value[float64](w, `Math.min(...[...document.querySelectorAll('.turn:last-child .choice')].map(b => b.getBoundingClientRect().height))`); h < 60 {
		t.Errorf("a choice in danger is %v px high, want 60", h)
	}
	w.press("拨打 110") // dials, and is an answer too
	w.sees("好，别开门")
	if got := value[string](w, `document.querySelector('.turn:last-child .mine').innerText`); got != "拨打 110" {
		t.Errorf("the call stays as %q", got)
	}
	if !value[bool](w, `[...document.querySelectorAll('a.choice')].every(a => a.href.startsWith('tel:') && !a.dataset.value)`) {
		t.Error("an old call button has to dial and nothing more")
	}
	w.write("拿文件")
	w.sees("我的记录 2026-11-21.txt")
}

func TestSizes(t *testing.T) {
	_, w := visit(t, nil)
	w.sees("我是安宁")
	for selector, least := range map[string]float64{".choice": 48, "#leave": 44, ".tool": 48, "textarea": 48, "footer a": 44} {
		if h := value[float64](w, `Math.min(...[...document.querySelectorAll('`+selector+`')].map(b => b.getBoundingClientRect().height))`); h < least {
			t.Errorf("%s is %v px high, want %v", selector, h, least)
		}
	}
	sizes := map[string][2]int64{"phone": {390, 844}, "at 200 %": {195, 422}, "small": {320, 568}, "desk": {1280, 800}, "desk at 200 %": {640, 400}}
	for name, s := range sizes {
		w.size(s[0], s[1])
		for _, script := range []string{
			`document.documentElement.scrollWidth <= innerWidth`, // nothing runs off the side
			`(() => { const r = document.querySelector('footer').getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight + 1 })()`,
			`(() => { const r = document.querySelector('#leave').getBoundingClientRect(); return r.top >= 0 && r.right <= innerWidth })()`,
			`[...document.querySelectorAll('main *')].every(e => e.getBoundingClientRect().width <= 640)`,
			`!!document.getElementById('text')`,
		} {
			if !value[bool](w, script) {
				t.Errorf("%s: not so: %s", name, script)
			}
		}
	}
	// Text alone twice as large, as people set it in their browser.
	w.size(390, 844)
	value[bool](w, `(document.documentElement.style.fontSize = '200%', true)`)
	if !value[bool](w, `document.documentElement.scrollWidth <= innerWidth`) {
		t.Error("with text at 200 % something runs off the side")
	}
}

func TestComposing(t *testing.T) {
	p, w := visit(t, nil)
	w.sees("我是安宁")
	before := len(p.messages())
	value[bool](w, `(() => { text.focus(); text.value = 'dajia';
		text.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}));
		return text.value === 'dajia' })()`)
	value[bool](w, `(() => { text.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, bubbles: true, cancelable: true})); return true })()`)
	w.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(8))) // Shift
	if got := value[string](w, `text.value`); got != "dajia\n" || len(p.messages()) != before {
		t.Errorf("while composing and with Shift the text is %q, %d messages were sent", got, len(p.messages())-before)
	}
	w.enter()
	w.sees("没看懂")
	if got := p.messages()[before].Text; got != "dajia" {
		t.Errorf("sent %q", got)
	}
}

func TestFocus(t *testing.T) {
	_, w := visit(t, nil)
	w.sees("我是安宁")
	w.press("家人被找") // by pointer: the focus stays where it is
	w.sees("联系你家人")
	if value[bool](w, `!!document.activeElement.closest('.turn:last-child')`) {
		t.Error("the focus was moved although no key was used")
	}
	w.write("menu")
	w.holds(`document.activeElement.textContent === '现在有危险'`)
	w.do(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Tab))
	w.enter()
	w.sees("把短信截图发来")
	w.holds(`document.activeElement.id === 'text'`) // nothing to choose
	if value[string](w, `(document.querySelector('a[href], button, input, textarea') || {}).id`) != "leave" {
		t.Error("「离开」 is not first in tab order")
	}
}

func TestLeave(t *testing.T) {
	leave := map[string]func(*window){
		"pressed":   func(w *window) { w.press("离开") },
		"Esc twice": func(w *window) { w.do(chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent(kb.Escape)) },
	}
	for name, how := range leave {
		t.Run(name, func(t *testing.T) {
			p, w := visit(t, nil)
			w.sees("我是安宁")
			w.write("family")
			w.sees("联系你家人")
			how(w)
			w.holds(`document.title === 'weather'`)
			if text := w.text(); text != "sunny" {
				t.Errorf("the neutral page got %q: a referrer", text)
			}
			entries, err := chromedp.Run(w.ctx, chromedp.NavigationEntries())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries.Entries {
				if strings.HasPrefix(e.URL, p.server.URL) {
					t.Errorf("history still holds %s", e.URL)
				}
			}
			w.visit(p.server.URL)
			w.sees("接着上次")
			if strings.Contains(w.text(), "家人") {
				t.Error("the page shows the talk before 「接着上次」")
			}
			w.press("接着上次")
			w.sees("联系你家人")
			w.press("只问我在哪")
			w.sees("没看懂")
		})
	}
}

func TestBackButton(t *testing.T) {
	p, w := visit(t, nil)
	w.sees("我是安宁")
	w.write("family")
	w.sees("联系你家人")
	w.visit(neutral(t)) // as a link in another app does: our page stays in the history
	w.do(chromedp.NavigateBack())
	w.sees("接着上次")
	if strings.Contains(w.text(), "家人") {
		t.Error("the back button shows the talk")
	}
	if n := len(p.messages()); n != 2 {
		t.Errorf("%d messages, want 2: nothing is sent by coming back", n)
	}
}

func TestTwoTabs(t *testing.T) {
	p, w := visit(t, nil)
	w.sees("我是安宁")
	other := w.tab()
	other.visit(p.server.URL)
	other.press("接着上次")
	other.sees("我是安宁")
	w.press("家人被找")
	other.sees("联系你家人")
	other.sees("家人被找")
	other.press("看依据")
	w.sees("第五十条")
	for _, one := range []*window{w, other} {
		if n := value[int](one, `document.querySelectorAll('.turn').length`); n != 3 {
			t.Errorf("a tab shows %d turns, want 3", n)
		}
		if n := value[int](one, `document.querySelectorAll('button.choice:enabled').length`); n != 2 {
			t.Errorf("a tab has %d live choices, want 2", n)
		}
	}
	if err := p.messenger.Push(t.Context(), p.messages()[0].From, []bot.Reply{{Text: "安宁：有一件事到时间了。"}}); err != nil {
		t.Fatal(err)
	}
	w.sees("有一件事到时间了")
	other.sees("有一件事到时间了")
}

func TestWithoutScripts(t *testing.T) {
	p := serve(t, &web.Options{Leave: neutral(t)})
	w := open(t)
	w.scripts(false)
	w.visit(p.server.URL)
	w.press("开始")
	w.sees("我是安宁")
	w.press("家人被找")
	w.sees("联系你家人")
	w.do(chromedp.SendKeys(chromedp.ID("text"), "出错"))
	w.press("发出")
	w.sees("出错了，不怪你")
	if got := value[string](w, `document.getElementById('text').value`); got != "出错" {
		t.Errorf("after an error the box holds %q", got)
	}
	before := w.text()
	w.press("再发一次")
	w.holds(`document.readyState === 'complete' && document.body.innerText !== ` + quote(before)) // another number
	w.sees("出错了，不怪你")
	w.do(chromedp.Clear(chromedp.ID("text")), chromedp.SendKeys(chromedp.ID("text"), "law"))
	w.press("发出")
	w.sees("第五十条")
	w.do(chromedp.SetUploadFiles(chromedp.CSS("#pick input"), []string{shot(t)}))
	w.press("发出")
	w.sees("读对了吗")
	w.visit(p.server.URL)
	w.press("接着上次")
	w.sees("读对了吗")
	w.press("离开")
	w.holds(`document.title === 'weather'`)
}

// Browsers leave Sec-Fetch-Site out on plain http; forms have to work there too.
func TestPlainHTTP(t *testing.T) {
	p := serve(t, nil)
	_, port, _ := strings.Cut(strings.TrimPrefix(p.server.URL, "http://"), ":")
	w := open(t)
	w.scripts(false)
	w.visit("http://plain.example:" + port)
	w.press("开始")
	w.sees("我是安宁")
	w.scripts(true)
	w.visit("http://plain.example:" + port)
	w.press("接着上次")
	w.press("家人被找")
	w.sees("联系你家人")
}

func TestNoErrorsInConsole(t *testing.T) {
	startChromium(t)
	p := serve(t, nil)
	w := open(t)
	w.do()
	var mu sync.Mutex
	var said []string
	ctx := w.ctx
	go func() {
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			mu.Lock()
			said = append(said, m.String())
			mu.Unlock()
		}
	}()
	w.visit(p.server.URL)
	w.sees("我是安宁")
	w.press("家人被找")
	w.sees("联系你家人")
	if !value[bool](w, `performance.getEntriesByType('resource').every(e => e.name.startsWith(location.origin))`) {
		t.Error("the page asked somebody else for something")
	}
	mu.Lock()
	defer mu.Unlock()
	if len(said) > 0 {
		t.Errorf("console: %q", said)
	}
}
