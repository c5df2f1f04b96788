package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"anning/storage"
)

// The most that one transaction takes.
const (
	maxBatchJobs  = 256
	maxBatchBytes = 32 << 20
)

var errClosed = fmt.Errorf("%w: the file is closed", storage.ErrUnavailable)

// writer is the only one in the process that writes. It takes all the jobs that wait and does them in one transaction.
type writer struct {
	db   *sql.DB
	conn *sql.Conn
	stmt statements
	jobs chan *job

	patience time.Duration // wait for other processes

	mu   sync.RWMutex // held for reading while a job is handed over, so that close never cuts one off
	shut bool
	done chan struct{}
}

// job is one write. do must change nothing when it returns an error of ErrConflict; after any other error the whole
// transaction is rolled back.
type job struct {
	ctx     context.Context
	do      func(ctx context.Context, w *writer) error
	size    int  // bytes it writes, about
	erase   bool // it deletes: afterwards nothing of that may stay in the log
	taken   atomic.Bool
	outcome error
	ended   chan struct{}
}

func openWriter(path string, o Options) (*writer, error) {
	db, err := sql.Open("sqlite", dsn(path, o, "wal_autocheckpoint(1000)", "journal_size_limit(67108864)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	w := &writer{db: db, patience: o.BusyTimeout, jobs: make(chan *job, maxBatchJobs), done: make(chan struct{})}
	ctx := context.Background()
	if w.conn, err = db.Conn(ctx); err == nil {
		if err = migrate(ctx, w.conn); err == nil {
			err = w.stmt.prepare(ctx, w.conn)
		}
		if err == nil { // from here on patiently waits
			_, err = w.conn.ExecContext(ctx, "PRAGMA busy_timeout=0")
		}
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	go w.run()
	return w, nil
}

// submit hands over a job and waits until it is committed. A job whose context ends before its turn comes is not done;
// one that has begun is waited for, so that the caller always knows.
func (w *writer) submit(ctx context.Context, j *job) error {
	j.ctx, j.ended = ctx, make(chan struct{})
	if err := w.hand(ctx, j); err != nil {
		return err
	}
	select {
	case <-j.ended:
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return fmt.Errorf("%w: %w", storage.ErrUnavailable, ctx.Err())
		}
		<-j.ended
	}
	return j.outcome
}

func (w *writer) hand(ctx context.Context, j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.shut {
		return errClosed
	}
	select {
	case w.jobs <- j:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", storage.ErrUnavailable, ctx.Err())
	}
}

func (w *writer) close() error {
	w.mu.Lock()
	first := !w.shut
	if first {
		w.shut = true
		close(w.jobs)
	}
	w.mu.Unlock()
	<-w.done
	if !first {
		return nil
	}
	return errors.Join(w.stmt.close(), w.conn.Close(), w.db.Close())
}

func (w *writer) run() {
	defer close(w.done)
	for first := range w.jobs {
		batch := w.collect(first)
		w.commit(batch)
		for _, j := range batch {
			close(j.ended)
		}
	}
}

// collect takes the jobs that wait already; it never waits for more.
func (w *writer) collect(first *job) []*job {
	var batch []*job
	size := 0
	take := func(j *job) {
		if j.taken.CompareAndSwap(false, true) {
			batch, size = append(batch, j), size+j.size
		}
	}
	take(first)
	for len(batch) < maxBatchJobs && size < maxBatchBytes {
		select {
		case j, ok := <-w.jobs:
			if !ok {
				return batch
			}
			take(j)
		default:
			return batch
		}
	}
	return batch
}

// commit does a batch in one transaction. Where one of the jobs fails, each is done again alone, so that no turn falls
// with another.
func (w *writer) commit(batch []*job) {
	if len(batch) == 0 {
		return
	}
	err := w.transact(batch)
	if err != nil && len(batch) > 1 {
		for _, j := range batch {
			w.commit([]*job{j})
		}
		return
	}
	if err != nil {
		batch[0].outcome = err
	}
}

// transact does all jobs of a batch or none.
func (w *writer) transact(batch []*job) (err error) {
	ctx := context.Background() // a turn that has begun is not cut off
	if err := w.begin(ctx); err != nil {
		return unreachable("begin", err)
	}
	defer func() {
		if err != nil {
			_, back := w.conn.ExecContext(ctx, "ROLLBACK")
			_ = back // where COMMIT failed it may have been rolled back already
		}
	}()
	erased := false
	for _, j := range batch {
		j.outcome = j.do(ctx, w)
		if j.outcome != nil && !errors.Is(j.outcome, storage.ErrConflict) {
			return j.outcome
		}
		erased = erased || j.erase
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return unreachable("commit", err)
	}
	if erased {
		w.wipe(ctx, batch)
	}
	return nil
}

// begin takes the file's only write lock. SQLite itself would ask ever more rarely while another process writes, and a
// busy one would never let it in.
func (w *writer) begin(ctx context.Context) error {
	return w.patiently(func() (bool, error) {
		_, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		return isBusy(err), err
	})
}

// isBusy says whether another process was in the way (SQLITE_BUSY in the lower byte of the code).
func isBusy(err error) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && failed.Code()&0xff == sqlite3.SQLITE_BUSY
}

// patiently tries again and again while another process is in the way, until the patience ends.
func (w *writer) patiently(try func() (busy bool, err error)) error {
	end := time.Now().Add(w.patience)
	for {
		busy, err := try()
		if !busy || time.Now().After(end) {
			return err
		}
		time.Sleep(time.Millisecond)
	}
}

// wipe gives freed pages back and empties the log, so that the files hold nothing of what was deleted. Where a reader
// is in the way for too long, those who deleted are told, and may try again.
func (w *writer) wipe(ctx context.Context, batch []*job) {
	if err := w.truncate(ctx); err != nil {
		for _, j := range batch {
			if j.erase && j.outcome == nil {
				j.outcome = unreachable("deleted, but the log still holds it", err)
			}
		}
	}
}

func (w *writer) truncate(ctx context.Context) error {
	err := w.patiently(func() (bool, error) {
		_, err := w.conn.ExecContext(ctx, "PRAGMA incremental_vacuum")
		return isBusy(err), err
	})
	if err != nil {
		return err
	}
	return w.patiently(func() (bool, error) {
		var busy, frames, moved int
		err := w.conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
		if err == nil && busy != 0 {
			err = errors.New("another process is reading")
		}
		return busy != 0, err
	})
}
