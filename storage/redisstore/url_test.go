package redisstore_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"anning/storage/redisstore"
)

func TestParseURL(t *testing.T) {
	type addr = redisstore.Address
	for _, test := range []struct {
		url  string
		want addr
		text string // String; the URL itself where empty
	}{
		{"redis://localhost", addr{Hosts: []string{"localhost:6379"}, Mode: redisstore.Single}, "redis://localhost:6379"},
		{"redis://10.0.0.1:7000/3", addr{Hosts: []string{"10.0.0.1:7000"}, Mode: redisstore.Single, DB: 3}, ""},
		{"redis://h/?db=4", addr{Hosts: []string{"h:6379"}, Mode: redisstore.Single, DB: 4}, "redis://h:6379/4"},
		{"rediss://anning:p%40ss%3A@h:1", addr{Hosts: []string{"h:1"}, Mode: redisstore.Single, TLS: true, User: "anning", Password: "p@ss:"}, "rediss://h:1"},
		{"redis://:p@ss:w@h:1", addr{Hosts: []string{"h:1"}, Mode: redisstore.Single, Password: "p@ss:w"}, "redis://h:1"},
		{"redis://[::1]:7000", addr{Hosts: []string{"[::1]:7000"}, Mode: redisstore.Single}, ""},
		{"redis://[::1]", addr{Hosts: []string{"[::1]:6379"}, Mode: redisstore.Single}, "redis://[::1]:6379"},
		{"redis://a:1,b:2", addr{Hosts: []string{"a:1", "b:2"}, Mode: redisstore.Cluster}, "redis-cluster://a:1,b:2"},
		{"redis-cluster://a:1", addr{Hosts: []string{"a:1"}, Mode: redisstore.Cluster}, ""},
		{"rediss-cluster://u:p@a,b", addr{Hosts: []string{"a:6379", "b:6379"}, Mode: redisstore.Cluster, TLS: true, User: "u", Password: "p"}, "rediss-cluster://a:6379,b:6379"},
		{"redis-sentinel://a,b:2/mymaster?db=1&sentinel_user=s&sentinel_password=t%26",
			addr{Hosts: []string{"a:26379", "b:2"}, Mode: redisstore.Sentinel, Master: "mymaster", DB: 1, SentinelUser: "s", SentinelPassword: "t&"},
			"redis-sentinel://a:26379,b:2/mymaster?db=1"},
		{"redis-sentinel://:pw@a:1/m", addr{Hosts: []string{"a:1"}, Mode: redisstore.Sentinel, Master: "m", Password: "pw"}, "redis-sentinel://a:1/m"},
	} {
		got, err := redisstore.ParseURL(test.url)
		if err != nil {
			t.Errorf("%s: %v", test.url, err)
			continue
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.url, diff)
		}
		want := test.text
		if want == "" {
			want = test.url
		}
		if got.String() != want {
			t.Errorf("%s: String is %s, want %s", test.url, got, want)
		}
	}
}

func TestParseURLRefuses(t *testing.T) {
	for url, want := range map[string]string{
		"":                               "does not begin with redis://",
		"localhost:6379":                 "does not begin with redis://",
		"http://h":                       "scheme",
		"redis-ring://h":                 "scheme",
		"redis-://h":                     "scheme",
		"redis://":                       "server 1 has no good host name",
		"redis://a,,b":                   "server 2 has no good host name",
		"redis://a:b:c":                  "server 1 has no good host name",
		"redis://h:x":                    "server 1 has no good port",
		"redis://h:0":                    "server 1 has no good port",
		"redis://h:70000":                "server 1 has no good port",
		"redis://h/x":                    "the database is not a number",
		"redis://h/-1":                   "the database is not a number",
		"redis://a,b/1":                  "a cluster has no database but 0",
		"redis-cluster://a?db=2":         "a cluster has no database but 0",
		"redis-sentinel://a":             "the name of the master is missing",
		"redis://h?pool=3":               `no setting "pool"`,
		"redis://h?sentinel_password=3":  `no setting "sentinel_password"`,
		"redis://h?%zz":                  "key=value",
		"redis://secret%zz:x@h":          "user name is not percent-encoded",
		"redis://x:secret%zz@h":          "password is not percent-encoded",
		"redis://x:secret@h:secret":      "port",
		"redis-sentinel://x:secret@h/%z": "master",
	} {
		_, err := redisstore.ParseURL(url)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want an error with %q", url, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error repeats the password: %v", url, err)
		}
		if _, err := redisstore.Open(url, nil); err == nil {
			t.Errorf("Open took %q", url)
		}
	}
}

// FuzzParseURL: what is taken can be written down and taken again, and never shows the password.
func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{"redis://h", "rediss://u:p@[::1]:7/2", "redis-sentinel://a,b:2/m?db=1", "redis-cluster://a:1,b:2", "redis://@h?db=", "redis://%", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, url string) {
		a, err := redisstore.ParseURL(url)
		if err != nil {
			return
		}
		again, err := redisstore.ParseURL(a.String())
		if err != nil {
			t.Fatalf("%q was taken, %q is not: %v", url, a, err)
		}
		a.User, a.Password, a.SentinelUser, a.SentinelPassword = "", "", "", ""
		if diff := cmp.Diff(a, again); diff != "" {
			t.Errorf("%q and %q differ:\n%s", url, a, diff)
		}
	})
}
