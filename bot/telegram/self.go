package telegram

import (
	"context"
	"sync"
)

// selfName is our own name on Telegram, once we have learned it.
type selfName struct {
	mu   sync.Mutex
	name string
}

func (s *selfName) get() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.name
}

func (s *selfName) set(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.name = name
}

// context is what work goes on in.
func (in *inbox) context() context.Context {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.ctx
}
