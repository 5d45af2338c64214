package training

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Workers is how many runs go side by side: one per device, and no more than there are processors.
func (p *Program) Workers() int { return min(len(p.devices), runtime.GOMAXPROCS(0)) }

// RunAll executes one run for each of the settings, side by side on the backend's devices, and returns the runs in the
// same order. At the start and after each finished run it calls progress, if not nil, with how many are done; calls do not
// overlap.
//
// When the context ends, or a run cannot be made, no further run starts, those under way end as RunOn says, and the error
// comes back with the runs that were finished; the others are nil.
func (p *Program) RunAll(ctx context.Context, settings []Settings, progress func(done, total int)) ([]*Run, error) {
	for i, s := range settings {
		if s.Steps == 0 {
			s.Steps = p.config.Steps
		}
		if err := p.check(s); err != nil {
			return make([]*Run, len(settings)), fmt.Errorf("run %d: %w", i, err)
		}
	}
	if progress != nil && len(settings) > 0 {
		progress(0, len(settings))
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	runs := make([]*Run, len(settings))
	queue := make(chan int)
	var finished sync.Mutex
	var done int
	var workers sync.WaitGroup
	for device := range min(p.Workers(), len(settings)) {
		workers.Go(func() {
			for i := range queue {
				run, err := p.RunOn(ctx, device, settings[i])
				if err != nil {
					stop(fmt.Errorf("run %d: %w", i, err))
					return
				}
				runs[i] = run
				finished.Lock()
				done++
				if progress != nil {
					progress(done, len(settings))
				}
				finished.Unlock()
			}
		})
	}
	for i := 0; i < len(settings) && ctx.Err() == nil; i++ {
		select {
		case queue <- i:
		case <-ctx.Done():
		}
	}
	close(queue)
	workers.Wait()
	return runs, context.Cause(ctx)
}
