package redistest

import (
	"context"
	"fmt"
	"net"
	"testing"
)

// MasterName is what the sentinels call the master.
const MasterName = "mymaster"

// Watched is a master with a replica, and sentinels that put the replica in its place when it dies.
type Watched struct {
	Master, Replica *Server
	Sentinels       Nodes
}

// URL is the address for redisstore.Open.
func (w *Watched) URL() string { return "redis-sentinel://" + w.Sentinels.addrs() + "/" + MasterName }

// StartSentinel starts a master, a replica and three sentinels, and waits until they know each other.
func StartSentinel(t testing.TB) *Watched {
	t.Helper()
	w := &Watched{Master: Start(t, &Options{AppendOnly: true})}
	host, port, err := net.SplitHostPort(w.Master.Addr)
	if err != nil {
		t.Fatalf("redistest: %v", err)
	}
	w.Replica = Start(t, &Options{AppendOnly: true, Args: []string{"--replicaof", host + " " + port}})
	rdb := w.Replica.Client()
	defer rdb.Close()
	w.Replica.wait("master_link_status:up", func(ctx context.Context) (string, error) {
		return rdb.Info(ctx, "replication").Result()
	})
	for range 3 {
		w.Sentinels = append(w.Sentinels, startSentinel(t, host, port))
	}
	for _, s := range w.Sentinels {
		rdb := s.Client()
		defer rdb.Close()
		s.wait("slaves=1,sentinels=3", func(ctx context.Context) (string, error) {
			return rdb.Info(ctx, "sentinel").Result()
		})
	}
	return w
}

// AwaitReplica waits until the replica has everything that the master acknowledged so far.
func (w *Watched) AwaitReplica() {
	w.Master.t.Helper()
	rdb := w.Master.Client()
	defer rdb.Close()
	w.Master.wait("1", func(ctx context.Context) (string, error) {
		n, err := rdb.Wait(ctx, 1, startTimeout).Result()
		return fmt.Sprint(n), err
	})
}

func startSentinel(t testing.TB, host, port string) *Server {
	t.Helper()
	own := freePort(t)
	s := &Server{t: t, Addr: net.JoinHostPort("127.0.0.1", own)}
	s.args = []string{configFile(t, "port "+own, "bind 127.0.0.1", "daemonize no",
		fmt.Sprintf("sentinel monitor %s %s %s 2", MasterName, host, port),
		fmt.Sprintf("sentinel down-after-milliseconds %s 500", MasterName),
		fmt.Sprintf("sentinel failover-timeout %s 3000", MasterName)), "--sentinel"}
	t.Cleanup(s.Kill)
	s.Restart()
	return s
}
