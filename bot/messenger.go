package bot

import "context"

// Handler answers one message. The replies are to be delivered in order; an error means that nothing was kept and the
// message may be sent again. Replies may come together with an error: kind words to show instead.
type Handler func(ctx context.Context, m Message) ([]Reply, error)

// A Messenger brings messages and carries the replies back.
type Messenger interface {
	// Run serves until ctx ends, then finishes what it has begun and returns nil.
	Run(ctx context.Context, answer Handler) error
}

// A Pusher is a Messenger that can speak first.
type Pusher interface {
	// Push delivers replies to a person who did not just write. An error means that it may be tried again.
	Push(ctx context.Context, to UserID, replies []Reply) error
}

// Keeper gives a messenger what the engine keeps of the conversation, so that a person who comes back sees where they
// were. Bot is one.
type Keeper interface {
	// Latest returns the number of turns so far and the replies to the latest one; 0 and nil for a stranger.
	Latest(ctx context.Context, user UserID) (turn int, replies []Reply, err error)
}
