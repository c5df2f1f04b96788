package wechat_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"anning/bot"
	"anning/bot/wechat"
)

// BenchmarkPost is what a post costs besides its turn: signature, XML, encryption, pages, the talk's lane.
func BenchmarkPost(b *testing.B) {
	for _, sealed := range []bool{false, true} {
		b.Run(map[bool]string{false: "plain", true: "encrypted"}[sealed], func(b *testing.B) {
			account := wechat.Account{AppID: appID, Token: token}
			key, err := wechat.NewSealer(aesKey, appID)
			if err != nil {
				b.Fatal(err)
			}
			if sealed {
				account.AESKey = aesKey
			}
			m, err := wechat.New(account, &keeps{}, &wechat.Options{Messages: bot.Rate{Burst: 1 << 30, Every: time.Nanosecond}})
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for b.Loop() {
				n++
				q, body := signedQuery(time.Now()), textPost(fmt.Sprint("o", n%500), fmt.Sprint(n), "他们天天给我同事打电话")
				if sealed {
					e := key.Seal([]byte(body))
					q.Set("msg_signature", sign(token, q.Get("timestamp"), q.Get("nonce"), e))
					body = "<xml><Encrypt>" + e + "</Encrypt></xml>"
				}
				w := httptest.NewRecorder()
				m.Serve(w, httptest.NewRequest(http.MethodPost, "/wechat?"+q.Encode(), strings.NewReader(body)), echo)
				if w.Code != http.StatusOK || w.Body.Len() < 100 {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}
