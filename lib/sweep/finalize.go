package sweep

import (
	"sync"
	"time"
)

// finalize frees the programs as soon as nobody uses them, and gives up the claims of runs that no longer run.
func (r *runner) finalize() {
	seen := map[*program]bool{}
	var busy sync.WaitGroup
	for _, j := range r.plan.jobs {
		if p := j.program; p.compiled != nil && !seen[p] {
			seen[p] = true
			busy.Go(func() {
				p.workers.Wait()
				p.compiled.Finalize()
			})
		}
	}
	if r.store == nil {
		return
	}
	closed := make(chan struct{})
	go func() {
		busy.Wait()
		r.store.holder.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(grace / 8): // a step takes longer
	}
}
