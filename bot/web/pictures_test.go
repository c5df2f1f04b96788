package web_test

import (
	"bytes"
	"flag"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Pictures of the page, for people who look at it and for the documentation:
//
//	go test ./bot/web -run TestPictures -pictures DIR
//	go test ./bot/web -run TestPictures -pictures DIR -of http://127.0.0.1:8080 -taps '收到了短信;› 他们给我妈打电话;看依据'
//
// -of takes pictures of a program that runs, after each of the taps; 「› 」 begins words to be typed.
var (
	pictures = flag.String("pictures", "", "folder for the pictures")
	of       = flag.String("of", "", "address of a page that is served already")
	taps     = flag.String("taps", "", "labels of buttons, or › and words to type, with ; between")
)

// looks are the four ways in which each picture is taken.
var looks = []struct {
	name, scheme  string
	width, height int64
}{
	{"phone-light", "light", 390, 844}, {"phone-dark", "dark", 390, 844},
	{"desk-light", "light", 1280, 800}, {"desk-dark", "dark", 1280, 800},
}

func TestPictures(t *testing.T) {
	steps := []string{"家人被找", "看依据", "去报案", "照着念的稿", "› told", "› live", "› menu", "现在有危险", "› 拿文件", "› 出错"}
	dir := *pictures
	if dir == "" { // without the flag only the taking itself is tried
		dir, steps = t.TempDir(), steps[:2]
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	address := *of
	if address == "" {
		address = serve(t, nil).server.URL
	} else if steps = nil; *taps != "" {
		steps = strings.Split(*taps, ";")
	}
	w := open(t)
	w.visit(address)
	w.holds(`document.querySelector('.turn[data-turn]')`)
	w.everyLook(dir, "00")
	for i, step := range steps {
		if words, typed := strings.CutPrefix(step, "› "); typed {
			w.write(words)
		} else {
			w.press(step)
		}
		w.holds(fmt.Sprintf(`document.querySelectorAll('.turn[data-turn], .turn.lost').length > %d`, i+1))
		w.everyLook(dir, fmt.Sprintf("%02d", i+1))
	}
	w.visit(address)
	w.sees("接着上次")
	w.everyLook(dir, "back")
}

// everyLook takes one picture in each look and checks that something is on it.
func (w *window) everyLook(dir, name string) {
	w.t.Helper()
	for _, look := range looks {
		w.media("prefers-color-scheme", look.scheme)
		w.size(look.width, look.height)
		w.holds(`document.getAnimations().every(a => a.playState === 'finished')`)
		value[bool](w, `((document.activeElement && document.activeElement.blur(), [...document.querySelectorAll('.turn')].pop() || document.body).scrollIntoView({block: 'start'}), true)`)
		w.picture(dir, name+"-"+look.name)
		raw, err := os.ReadFile(filepath.Join(dir, name+"-"+look.name+".png"))
		if err != nil {
			w.t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			w.t.Fatal(err)
		}
		if b := img.Bounds(); int64(b.Dx()) != look.width || int64(b.Dy()) != look.height {
			w.t.Errorf("%s %s is %v", name, look.name, b)
		}
		colours := map[any]bool{}
		for x := range img.Bounds().Dx() {
			colours[img.At(x, 30)] = true
		}
		if len(colours) < 4 {
			w.t.Errorf("%s %s is blank at its top", name, look.name)
		}
	}
	w.media("prefers-color-scheme", "light")
	w.size(390, 844)
}
