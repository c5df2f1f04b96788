package telegram

import (
	"context"
	"errors"
	"sync"
)

// A Row is a small value, of at most 200 KiB, that several processes share.
type Row interface {
	// Load returns the value and its revision; nil and 0 where there is none.
	Load(ctx context.Context) (data []byte, rev uint64, err error)
	// Save replaces the value if its revision is still rev; ErrChanged where it is not.
	Save(ctx context.Context, rev uint64, data []byte) error
}

// ErrChanged says that a Row was saved by somebody else meanwhile.
var ErrChanged = errors.New("telegram: somebody else saved first")

// memory is a Row of this process alone.
type memory struct {
	mu   sync.Mutex
	data []byte
	rev  uint64
}

func (r *memory) Load(context.Context) ([]byte, uint64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.data, r.rev, nil
}

func (r *memory) Save(_ context.Context, rev uint64, data []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rev != r.rev {
		return ErrChanged
	}
	r.data, r.rev = data, r.rev+1
	return nil
}
