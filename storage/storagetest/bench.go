package storagetest

import (
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"anning/storage"
)

// BenchmarkTurns measures durable turns (Load and Commit of a session of 1 KB, an answer of 200 bytes and a reminder) with
// one and with fifty people at once.
func BenchmarkTurns(b *testing.B, open func(testing.TB) storage.Driver) {
	for _, people := range []int{1, 50} {
		b.Run(fmt.Sprintf("people=%d", people), func(b *testing.B) {
			s, err := crashStore(open(b))
			if err != nil {
				b.Fatal(err)
			}
			session, answer := make([]byte, 1000), make([]byte, 200)
			rand.Read(session)
			at := time.Now().Add(time.Hour)
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for p := range people {
				user := fmt.Sprintf("telegram:%d", p)
				wg.Go(func() {
					for left.Add(-1) >= 0 {
						st, err := s.Load(b.Context(), user)
						if err == nil {
							_, err = s.Commit(b.Context(), storage.Turn{User: user, Rev: st.Rev, Session: session, Answer: answer,
								Remind: []storage.Reminder{{ID: "follow_up", At: at, Data: []byte("follow_up")}}})
						}
						if err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "turns/s")
		})
	}
}
