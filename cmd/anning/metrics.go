package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"anning/bot"
	"anning/storage"
)

// metrics counts what happens. Labels are names of messengers, flows and kinds: never a user, never a text.
type metrics struct {
	registry    *prometheus.Registry
	turns       *prometheus.CounterVec
	durations   *prometheus.HistogramVec
	storeErrors *prometheus.CounterVec
	conflicts   prometheus.Counter
	reminders   *prometheus.CounterVec
	events      *prometheus.CounterVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		turns: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "anning_turns_total",
			Help: "Messages answered, by messenger, flow and result (answered, repeat, failed)."}, []string{"messenger", "flow", "result"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "anning_turn_duration_seconds",
			Help:    "Time from a message to its commit, by messenger and flow.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"messenger", "flow"}),
		storeErrors: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "anning_store_errors_total",
			Help: "Turns that failed because of the store, by kind (unavailable, conflict, key, damaged)."}, []string{"kind"}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{Name: "anning_turn_conflicts_total",
			Help: "Turns walked again because another replica committed first."}),
		reminders: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "anning_reminders_total",
			Help: "Reminders said, by messenger."}, []string{"messenger"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "anning_messenger_events_total",
			Help: "What a messenger met besides messages: refused posts, updates of no use, messages sent again."}, []string{"messenger", "what"}),
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{Name: "anning_build_info", Help: "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version(), "go": runtime.Version()}})
	info.Set(1)
	m.registry.MustRegister(m.turns, m.durations, m.storeErrors, m.conflicts, m.reminders, m.events, info,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, kind := range []string{"unavailable", "conflict", "key", "damaged"} {
		m.storeErrors.WithLabelValues(kind) // there from the start, at 0
	}
	return m
}

func (m *metrics) observe(t bot.Turn) {
	result := "answered"
	switch {
	case t.Err != nil:
		result = "failed"
	case t.Repeat:
		result = "repeat"
	}
	m.turns.WithLabelValues(t.Messenger, t.Flow, result).Inc()
	m.durations.WithLabelValues(t.Messenger, t.Flow).Observe(t.Duration.Seconds())
	m.conflicts.Add(float64(t.Conflicts))
	if t.Err == nil {
		return
	}
	for kind, err := range map[string]error{"unavailable": storage.ErrUnavailable, "conflict": storage.ErrConflict,
		"key": storage.ErrKey, "damaged": storage.ErrDamaged} {
		if errors.Is(t.Err, err) {
			m.storeErrors.WithLabelValues(kind).Inc()
		}
	}
}

func (m *metrics) reminded(messenger string) { m.reminders.WithLabelValues(messenger).Inc() }

func (m *metrics) happened(messenger, what string) { m.events.WithLabelValues(messenger, what).Inc() }

// operate serves health and metrics on an address of their own.
func (s *server) operate(ctx context.Context, all *errgroup.Group) error {
	if s.config.Metrics == "" {
		return nil
	}
	l, err := listen(ctx, s.config.Metrics, s.config.given["METRICS_ADDR"])
	if err != nil {
		return hint(fmt.Errorf("打开健康检查: %w", err), "用 METRICS_ADDR 换一个地址；off 不开。")
	}
	srv := &http.Server{Handler: s.operations(), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second}
	s.log.Info("health and metrics are served", "address", l.Addr().String())
	forget := s.config.noteMetrics(l.Addr().String())
	all.Go(func() error {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("health and metrics: %w", err)
		}
		return nil
	})
	all.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		forget()
		return srv.Shutdown(end)
	})
	return nil
}

// metricsFile holds the address that health and metrics are served at, for anning health beside a running Anning.
func (c *config) metricsFile() string { return filepath.Join(c.Data, "metrics.addr") }

// noteMetrics writes the address down and returns what removes it again. Where that cannot be done health asks at the
// usual address.
func (c *config) noteMetrics(addr string) (forget func()) {
	line := []byte(addr + "\n")
	if os.MkdirAll(c.Data, 0o700) != nil || os.WriteFile(c.metricsFile(), line, 0o600) != nil {
		return func() {}
	}
	return func() {
		if now, err := os.ReadFile(c.metricsFile()); err == nil && bytes.Equal(now, line) { // not another one's
			_ = os.Remove(c.metricsFile())
		}
	}
}

// metricsNow is where a running Anning with these settings serves health and metrics: where METRICS_ADDR says, or where
// it wrote down that it went.
func (c *config) metricsNow() string {
	if data, err := os.ReadFile(c.metricsFile()); err == nil && !c.given["METRICS_ADDR"] {
		return strings.TrimSpace(string(data))
	}
	return c.Metrics
}

// operations answers /healthz (the process lives), /readyz (the store can be reached) and /metrics.
func (s *server) operations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
		defer cancel()
		if err := s.store.Ping(ctx); err != nil {
			http.Error(w, "store", http.StatusServiceUnavailable) // the reason is in the log of the turns
			return
		}
		_, _ = io.WriteString(w, "ok\n")
	})
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	return mux
}
