package share

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"
)

// Result is what a run came to: the content of a file that has two names.
type Result struct {
	Data []byte
	File string // its own name
	Mark string // one by which it is found for what it is the result of: of two results the first keeps it
}

// Task is one of those among which runs are divided.
type Task struct {
	Files   Files
	Holder  *Holder
	Ranges  Ranges
	Index   int      // from 0
	Runs    []string // by place
	Workers int      // runs that it makes at once
	Mark    func(run string) string
	// Make makes a run. Its error ends the task where the context has ended, and otherwise is a result too, which goes to Failed.
	Make   func(ctx context.Context, worker int, run string) (Result, error)
	Failed func(run string, err error) error

	mu                   sync.Mutex
	moved                *sync.Cond // something below has changed
	ready                chan work
	idle                 int // workers that wait for a run
	ahead                int // runs that are claimed, or being claimed, and that nobody makes yet
	open                 int // runs of pieces that it holds, of which it is not known what becomes of them
	making, made, failed int
	runTime, callTime    mean // of a run, and of claiming one

	most     int // mostAhead; tests change it
	way      *walker
	stop     context.CancelCauseFunc
	writers  chan struct{} // bounds those at work
	claiming sync.WaitGroup
	settling sync.WaitGroup
}

// work is a run that the task holds.
type work struct {
	run   string
	claim *Claim
	of    *piece
}

// piece counts what becomes of the runs of a piece.
type piece struct {
	*taken
	asked  int  // runs whose claim is not answered
	left   int  // runs that are not settled
	busy   bool // some are in the hands of others, or were given up
	useful bool // some were made, or found
}

// mean is a moving one.
type mean struct{ value float64 }

func (m *mean) add(d time.Duration) {
	if m.value == 0 {
		m.value = float64(d)
	}
	m.value += (float64(d) - m.value) / 8
}

const (
	mostAhead   = 64  // claims before their time, of runs that take less than a call to the file system
	worthWhile  = 100 // a run that takes so many times as long as its claim is claimed when it begins, so that others can have it
	mostWriters = 64
	firstPause  = 20 * time.Millisecond
	lastPause   = 5 * time.Second
	watch       = 16 // of so many tasks one stays until it is known that those who hold what is left are alive
)

// Counts are the runs that the task makes now, those it has made, and those it could not make.
func (t *Task) Counts() (making, made, failed int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.making, t.made, t.failed
}

// NewTask returns a task without its functions.
func NewTask(files Files, holder *Holder, ranges Ranges, index int, runs []string, workers int) *Task {
	return &Task{Files: files, Holder: holder, Ranges: ranges, Index: index, Runs: runs, Workers: workers, most: mostAhead}
}

// Run makes runs until every run has a result, or until those who hold what is left were seen to be alive, or the context ends. What
// was made by then is kept.
func (t *Task) Run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	t.stop, t.moved, t.writers = stop, sync.NewCond(&t.mu), make(chan struct{}, mostWriters)
	t.ready = make(chan work, mostAhead+t.Workers)
	t.way = &walker{Ranges: t.Ranges, files: t.Files, holder: t.Holder, own: t.Index % t.Ranges.Tasks, rng: rand.New(rand.NewPCG(uint64(t.Index), 1))}
	wake := context.AfterFunc(ctx, func() { t.change(func() {}) })
	defer wake()
	var workers sync.WaitGroup
	for worker := range t.Workers {
		workers.Go(func() { t.work(ctx, worker) })
	}
	if err := t.feed(ctx); err != nil {
		stop(err)
	}
	t.await(ctx, func() bool { return t.open == 0 })
	t.claiming.Wait()
	close(t.ready)
	workers.Wait()
	for left := range t.ready {
		t.giveBack(left)
	}
	t.settling.Wait()
	return context.Cause(ctx)
}

func (t *Task) change(by func()) {
	t.mu.Lock()
	by()
	t.mu.Unlock()
	t.moved.Broadcast()
}

// await waits for a condition, or for the end of the context.
func (t *Task) await(ctx context.Context, condition func() bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ctx.Err() == nil && !condition() {
		t.moved.Wait()
	}
}

// feed takes pieces and claims their runs, until there is nothing that this task could do.
func (t *Task) feed(ctx context.Context) error {
	pause, patient := firstPause, false
	for ctx.Err() == nil {
		next, over, err := t.way.take(patient)
		if err != nil || over {
			return err
		}
		fruitful := false
		if next != nil {
			fruitful = t.claimAll(ctx, next, patient)
		}
		if fruitful {
			pause = firstPause
			continue
		}
		t.rest(ctx, pause)
		if t.settled() && (!t.watches() || patient && !t.way.unsure) {
			return nil
		}
		pause, patient = min(2*pause, lastPause), t.watches()
	}
	return nil
}

// rest waits for a while, or until this task is done with all that it holds.
func (t *Task) rest(ctx context.Context, pause time.Duration) {
	if t.settled() {
		if !t.watches() {
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
		}
		return
	}
	expired := false
	timer := time.AfterFunc(max(pause, time.Second), func() { t.change(func() { expired = true }) })
	defer timer.Stop()
	t.await(ctx, func() bool { return expired || t.open == 0 })
}

// watches says whether the task stays to take over what others leave.
func (t *Task) watches() bool { return t.Ranges.Tasks <= watch || t.Index%watch == 0 }

// settled says whether the task holds nothing.
func (t *Task) settled() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.open == 0
}

// claimAll claims the runs of a piece, as many ahead as is wanted, and says whether that was of use. Of a piece of its own range
// it does not wait for the answer.
func (t *Task) claimAll(ctx context.Context, next *taken, patient bool) (fruitful bool) {
	from, to := t.Ranges.span(next.index, next.piece)
	p := &piece{taken: next, left: to - from, asked: to - from}
	t.change(func() { t.open += to - from })
	for i := from; i < to; i++ {
		t.await(ctx, func() bool { return t.ahead < t.wanted() })
		t.change(func() { t.ahead++ })
		if ctx.Err() != nil {
			t.change(func() { t.ahead-- })
			t.settle(p, false)
			continue
		}
		t.claiming.Go(func() { t.claim(ctx, p, t.Runs[i], patient) })
	}
	if next.index == t.way.own && !patient {
		return true
	}
	t.await(ctx, func() bool { return p.asked == 0 })
	t.mu.Lock()
	defer t.mu.Unlock()
	return p.useful
}

// wanted is how many runs may be claimed ahead: one for each worker that waits and, where runs are short, as many as begin
// while a claim takes its time. It is called under the lock.
func (t *Task) wanted() int {
	if t.runTime.value == 0 {
		return t.idle + min(t.most, 2)
	}
	if t.runTime.value > worthWhile*t.callTime.value {
		return t.idle
	}
	return t.idle + min(t.most, 2+int(4*float64(t.Workers)*t.callTime.value/t.runTime.value))
}
