package wechat_test

import (
	"testing"

	"anning/bot/messengertest"
	"anning/bot/wechat"
)

func TestConformance(t *testing.T) {
	for name, opts := range map[string]struct {
		sealed bool
		opts   *wechat.Options
	}{
		"plain":           {false, nil},
		"plain, no links": {false, &wechat.Options{NoLinks: true}},
		"encrypted":       {true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			messengertest.Run(t, func(t *testing.T) messengertest.Subject {
				s := newSite(t, opts.sealed)
				return messengertest.Subject{
					Messenger: s.messenger(&keeps{}, opts.opts),
					Person: func(_ *testing.T, name string) messengertest.Person {
						return &person{site: s, name: "o" + name}
					},
					Many: true,
				}
			})
		})
	}
}
