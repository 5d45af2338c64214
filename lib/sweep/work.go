package sweep

import (
	"context"
	"errors"
	"time"

	"alphascale/lib/internal/share"
)

// work takes jobs from the queue until the context ends. A job that another process is computing goes back to the end.
func (r *runner) work(ctx context.Context, device int, queue chan *job, outcomes chan<- outcome) {
	asked := map[*job]time.Time{}
	for {
		var j *job
		select {
		case <-ctx.Done():
			return
		case j = <-queue:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Until(asked[j].Add(again))):
		}
		o, busy := r.attempt(ctx, j, device)
		if o.err != nil && ctx.Err() != nil { // the run was stopped half-way
			return
		}
		if busy {
			asked[j] = time.Now()
			queue <- j
			continue
		}
		outcomes <- o
	}
}

// attempt makes one run, unless it is found to be made, or being made, by another. It is called by several goroutines at
// once and writes to nothing of the runner.
func (r *runner) attempt(ctx context.Context, j *job, device int) (o outcome, busy bool) {
	o.job = j
	if r.store == nil {
		o.run, o.err = j.program.compiled.RunOn(ctx, device, j.settings)
		return o, false
	}
	var held *share.Claim
	held, o.err = r.store.claim(j.digest)
	if o.err != nil {
		return o, false
	}
	if held == nil {
		return o, true
	}
	defer held.Release()
	// Now that nobody else can be writing it, look again.
	o.run, o.err = r.store.load(j.digest)
	var damage *damagedError
	if errors.As(o.err, &damage) {
		o.note, o.err = r.store.setAside(j.digest, damage)
	}
	if o.found = o.run != nil; o.found || o.err != nil {
		return o, false
	}
	if o.run, o.err = r.resume(ctx, j, device); o.err == nil {
		o.err = r.store.save(held, j.program.description(j), o.run)
	}
	return o, false
}
