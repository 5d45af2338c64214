package sweep

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"sync"
	"time"

	"alphascale/lib/training"
)

const (
	grace = 800 * time.Millisecond // how long an interrupt waits for the runs that are under way to notice
	again = 20 * time.Millisecond  // after which a run that another process is computing is asked for again
)

// runner makes the runs of one plan.
type runner struct {
	spec  Spec
	plan  *plan
	store *store // nil: results stay in memory

	computed, found int
	mismatch        string
	notes           []string
	done, total     int // as progress counts
}

// Run makes the runs that the sweep lacks and returns all of them.
//
// When the context ends, or the process is interrupted (SIGINT), no further run starts, those under way are given up, and
// Run returns within a second with what was finished and an error that says so. Running the sweep again continues. A folder
// that cannot be written to, or that is full, ends it likewise.
//
// To see runs grow while they run, give a context of training.WithWatch. A run that diverges is a result. A spec that cannot
// be used, and a program that cannot be compiled, are errors.
func Run(ctx context.Context, spec Spec) (*Result, error) {
	spec, err := spec.resolve()
	if err != nil {
		return nil, err
	}
	r := &runner{spec: spec}
	if r.plan, err = spec.plan(); err != nil {
		return nil, err
	}
	if spec.Folder != "" {
		if r.store, err = openStore(spec.Folder); err != nil {
			return nil, err
		}
		if err := r.join(ctx); err != nil {
			return nil, err
		}
		if err := r.find(); err != nil {
			return nil, err
		}
	}
	defer r.finalize()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	if err = r.compute(ctx, r.missing()); err == nil {
		err = r.compute(ctx, r.outside())
	}
	if err == nil && spec.Verify > 0 {
		err = r.verify(ctx)
	}
	out, assembling := r.assemble()
	if assembling != nil {
		return nil, assembling
	}
	return out, err
}

// find loads the runs that the folder has.
func (r *runner) find() error {
	names, err := r.store.names()
	if err != nil {
		return err
	}
	queue := make(chan *job)
	var readers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		readers.Go(func() {
			for j := range queue {
				run, err := r.store.load(j.digest)
				j.run, j.damaged = run, err != nil // what is damaged is seen to under the claim
			}
		})
	}
	for _, j := range r.plan.jobs {
		if names[j.digest] {
			queue <- j
		}
	}
	close(queue)
	readers.Wait()
	if r.spec.On != nil {
		if err := r.fetch(r.plan.jobs); err != nil {
			return err
		}
	}
	for _, j := range r.plan.jobs {
		if j.run != nil {
			r.found++
		}
	}
	return nil
}

// missing lists the jobs to run so that every class has a run.
func (r *runner) missing() []*job {
	var out []*job
	for _, c := range r.plan.classes {
		for _, j := range c.jobs {
			if j.damaged || (j == c.lead() && j.run == nil) {
				out = append(out, j)
			}
		}
	}
	return out
}

// compute runs the jobs, one program after the other.
func (r *runner) compute(ctx context.Context, jobs []*job) error {
	r.total += len(jobs)
	if r.spec.On != nil {
		return r.elsewhere(ctx, jobs)
	}
	var programs []*program
	by := map[*program][]*job{}
	for _, j := range jobs {
		if by[j.program] == nil {
			programs = append(programs, j.program)
		}
		by[j.program] = append(by[j.program], j)
	}
	for _, p := range programs {
		if err := r.computeOn(ctx, p, by[p]); err != nil {
			return err
		}
	}
	return nil
}

// outcome is what became of one job.
type outcome struct {
	job   *job
	run   *training.Run // may be there with an error: it was computed and could not be kept
	found bool          // another process computed it
	note  string
	err   error
}

// computeOn runs jobs of one program side by side, one worker per device.
func (r *runner) computeOn(ctx context.Context, p *program, jobs []*job) error {
	if ctx.Err() != nil {
		return r.stopped(ctx)
	}
	if p.compiled == nil {
		var err error
		if p.compiled, err = training.Compile(p.setup.Config); err != nil {
			return fmt.Errorf("%s: %w", jobs[0].at, err)
		}
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	// Both channels hold everything, so that nobody ever waits on a reader that has gone.
	queue, outcomes := make(chan *job, len(jobs)), make(chan outcome, len(jobs))
	for _, j := range jobs {
		queue <- j
	}
	for device := range min(p.compiled.Workers(), len(jobs)) {
		p.workers.Go(func() { r.work(working, device, queue, outcomes) })
	}
	for range jobs {
		select {
		case o := <-outcomes:
			if err := r.take(o); err != nil {
				stop()
				r.settle(p, outcomes)
				return err
			}
		case <-ctx.Done():
			r.settle(p, outcomes)
			return r.stopped(ctx)
		}
	}
	return nil
}

// settle gives the runs that are under way a moment to end, and takes what has come out.
func (r *runner) settle(p *program, outcomes chan outcome) {
	idle := make(chan struct{})
	go func() {
		p.workers.Wait()
		close(idle)
	}()
	select {
	case <-idle:
	case <-time.After(grace):
	}
	for {
		select {
		case o := <-outcomes:
			_ = r.take(o) // the sweep ends with the first error, which is known
		default:
			return
		}
	}
}

// take enters one outcome into the books.
func (r *runner) take(o outcome) error {
	if o.note != "" {
		r.notes = append(r.notes, o.note)
	}
	if o.run != nil {
		o.job.run, o.job.damaged = o.run, false
		if o.found {
			r.found++
		} else {
			r.computed++
		}
		r.done++
		r.spec.Progress(r.done, r.total)
	}
	if o.err != nil {
		return fmt.Errorf("%s: %w", o.job.at, o.err)
	}
	return nil
}

func (r *runner) stopped(ctx context.Context) error {
	return fmt.Errorf("the sweep was stopped after %d of %d runs: %w; run it again to go on", r.done, r.total, context.Cause(ctx))
}
