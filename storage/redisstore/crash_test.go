package redisstore_test

import (
	"testing"

	"anning/storage"
	"anning/storage/redisstore"
	"anning/storage/redistest"
	"anning/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m, openPlace) }

func openPlace(url string) (storage.Driver, error) { return redisstore.Open(url, nil) }

// TestKillClient kills the process in the middle of its commits (kill -9).
func TestKillClient(t *testing.T) {
	server := redistest.Start(t, &redistest.Options{AppendOnly: true})
	storagetest.Crash(t, storagetest.Crashing{Place: server.URL(), Children: 2, Open: openPlace})
}

// TestKillServer kills a server that has appendfsync always (kill -9), and starts it again.
func TestKillServer(t *testing.T) {
	server := redistest.Start(t, &redistest.Options{AppendOnly: true})
	storagetest.Crash(t, storagetest.Crashing{Place: server.URL(), Children: 1, Open: openPlace, Server: func(kill bool) {
		if kill {
			server.Kill()
		} else {
			server.Restart()
		}
	}})
}

func BenchmarkTurns(b *testing.B) {
	for _, always := range []bool{true, false} {
		name := map[bool]string{true: "appendfsync=always", false: "memory"}[always]
		b.Run(name, func(b *testing.B) {
			storagetest.BenchmarkTurns(b, func(t testing.TB) storage.Driver {
				return open(t, redistest.Start(t, &redistest.Options{AppendOnly: always}).URL(), nil)
			})
		})
	}
}
