package redistest

import (
	"context"
	"net"
	"strings"
	"testing"
)

// Nodes are servers that belong together.
type Nodes []*Server

// Bytes returns every key and value that the nodes hold.
func (n Nodes) Bytes(t testing.TB) []byte {
	t.Helper()
	var b []byte
	for _, s := range n {
		b = append(b, s.Bytes(t)...)
	}
	return b
}

// Flush empties the nodes.
func (n Nodes) Flush(t testing.TB) {
	t.Helper()
	for _, s := range n {
		s.Flush(t)
	}
}

func (n Nodes) addrs() string {
	var list []string
	for _, s := range n {
		list = append(list, s.Addr)
	}
	return strings.Join(list, ",")
}

// URL is the cluster's address for redisstore.Open.
func (n Nodes) URL() string { return "redis-cluster://" + n.addrs() }

// StartCluster starts a cluster of three masters that share the slots.
func StartCluster(t testing.TB) Nodes {
	t.Helper()
	var nodes Nodes
	var bus []string
	for range 3 {
		port := freePort(t)
		bus = append(bus, port)
		nodes = append(nodes, Start(t, &Options{Args: []string{"--cluster-enabled", "yes", "--cluster-port", port}}))
	}
	ctx := t.Context()
	for i, s := range nodes {
		rdb := s.Client()
		defer rdb.Close()
		first, last := 16384*i/3, 16384*(i+1)/3-1
		if err := rdb.Do(ctx, "CLUSTER", "ADDSLOTSRANGE", first, last).Err(); err != nil {
			t.Fatalf("redistest: share slots: %v", err)
		}
		host, port, err := net.SplitHostPort(nodes[0].Addr)
		if err != nil {
			t.Fatalf("redistest: %v", err)
		}
		if i > 0 {
			if err := rdb.Do(ctx, "CLUSTER", "MEET", host, port, bus[0]).Err(); err != nil {
				t.Fatalf("redistest: meet: %v", err)
			}
		}
	}
	for _, s := range nodes {
		rdb := s.Client()
		defer rdb.Close()
		info := func(ctx context.Context) (string, error) { return rdb.ClusterInfo(ctx).Result() }
		s.wait("cluster_slots_ok:16384", info)
		s.wait("cluster_known_nodes:3", info)
		s.wait("cluster_state:ok", info)
	}
	return nodes
}
