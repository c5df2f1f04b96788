package redisstore_test

import (
	"testing"

	"anning/storage/redisstore"
	"anning/storage/redistest"
	"anning/storage/storagetest"
)

func TestDriver(t *testing.T) {
	server := redistest.Start(t, nil)
	storagetest.Run(t, func(t testing.TB) storagetest.Place {
		server.Flush(t)
		return storagetest.Place{Driver: open(t, server.URL(), nil), Bytes: server.Bytes}
	})
}

func TestDriverOnCluster(t *testing.T) {
	nodes := redistest.StartCluster(t)
	storagetest.Run(t, func(t testing.TB) storagetest.Place {
		nodes.Flush(t)
		return storagetest.Place{Driver: open(t, nodes.URL(), nil), Bytes: nodes.Bytes}
	})
}

func TestDriverBehindSentinel(t *testing.T) {
	servers := redistest.StartSentinel(t)
	storagetest.Run(t, func(t testing.TB) storagetest.Place {
		servers.Master.Flush(t)
		return storagetest.Place{Driver: open(t, servers.URL(), nil), Bytes: servers.Master.Bytes}
	})
}

func open(t testing.TB, url string, opts *redisstore.Options) *redisstore.Driver {
	t.Helper()
	d, err := redisstore.Open(url, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d
}
