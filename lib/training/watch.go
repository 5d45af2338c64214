package training

import (
	"context"
	"errors"
	"sync"
)

// watchKey is that of the watch in a context.
type watchKey struct{}

// watch calls a function for one run at a time.
type watch struct {
	mu   sync.Mutex
	call func(soFar *Run)
}

// WithWatch returns a context in which every run is watched while it runs, be it one of RunAll, of a sweep or of a claim: see
// gets what the run has recorded so far, without Final, about five times a second, or after every step where steps take longer
// or the backend runs them one by one, as Go's does. Calls do not overlap; runs that go side by side take turns, and
// Run.Settings says which it is. A run shorter than a fifth of a second may be over before it is seen. Watching changes no
// result.
func WithWatch(ctx context.Context, see func(soFar *Run)) context.Context {
	return context.WithValue(ctx, watchKey{}, &watch{call: see})
}

// between is what happens between two pieces of a run: nil if nobody looks. It sets failed to the error with which the
// run ends there.
func (p *Program) between(ctx context.Context, s Settings, failed *error) func(passedOut) bool {
	seen, _ := ctx.Value(watchKey{}).(*watch)
	kept := keeperOf(ctx)
	if ctx.Done() == nil && seen == nil && kept == nil {
		return nil
	}
	s.Keep = false
	return func(soFar passedOut) bool {
		*failed = context.Cause(ctx)
		if err := kept.look(soFar, *failed != nil); err != nil {
			*failed = errors.Join(*failed, err)
		}
		if *failed != nil {
			return false
		}
		if seen == nil {
			return true
		}
		run, err := p.read(s, soFar)
		if err != nil {
			*failed = err
			return false
		}
		seen.mu.Lock()
		defer seen.mu.Unlock()
		seen.call(run)
		return true
	}
}
