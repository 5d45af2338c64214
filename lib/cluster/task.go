package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"alphascale/lib/internal/share"
	"alphascale/lib/sweep"
)

const (
	statusEvery = 5 * time.Second
	clockOff    = time.Minute // by so much may the clock of a node differ from that of the folder
)

// status is what a task says of itself, in a file of its own.
type status struct {
	Node                 string
	Making, Made, Failed int
	Ended                bool
	Error                string
	At                   time.Time
}

// errOther ends a task that would submit a job of its own.
var errOther = errors.New("the program comes to another sweep than was submitted: see to it that it reads the same settings and data on every node")

var exit = os.Exit // tests look at it

// task is this process, if it is one of a job's.
type task struct {
	*job
	index int

	mu     sync.Mutex // one status is written at a time
	counts func() (making, made, failed int)
}

// thisTask is what the environment says; nil if this process is none.
func thisTask() *task {
	folder := os.Getenv(jobVariable)
	if folder == "" {
		return nil
	}
	index, err := strconv.Atoi(os.Getenv(taskVariable))
	t := &task{job: &job{folder: folder}, index: index}
	if err != nil {
		t.fail(fmt.Errorf("%s is %q: the engine sets it to the task's index, from 0", taskVariable, os.Getenv(taskVariable)))
	}
	return t
}

// join makes the task's part of the sweep and ends the process, or returns where this process is no task, or one of another sweep.
// again asks the engine to start the task once more, since its time is over.
func join(ctx context.Context, w *sweep.Work, again func() error) error {
	t := thisTask()
	if t == nil {
		return nil
	}
	if err := t.check(); err != nil {
		t.fail(err)
	}
	if t.Sweep != w.Sweep {
		return nil // the program has more than one sweep
	}
	ctx, stop := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGUSR1, os.Interrupt)
	var overtime atomic.Bool
	go func() {
		for s := range signals {
			if s == syscall.SIGUSR1 {
				overtime.Store(true)
			}
			stop(fmt.Errorf("ended by the signal %q", s))
		}
	}()
	t.report(status{})
	go func() {
		for range time.Tick(statusEvery) {
			t.report(status{})
		}
	}()
	part := t.part(t.index)
	part.Failed, part.Counts = t.failed, func(of func() (int, int, int)) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.counts = of
	}
	begun := time.Now()
	err := w.Take(ctx, part)
	stopped := ctx.Err() != nil
	if err != nil && !stopped {
		t.fail(err)
	}
	t.report(status{Ended: true})
	if stopped && overtime.Load() && time.Since(begun) > 2*statusEvery {
		if err := again(); err != nil {
			t.fail(err)
		}
	}
	if stopped {
		fmt.Fprintf(os.Stderr, "%v; what was made is kept\n", context.Cause(ctx))
		exit(128 + int(syscall.SIGTERM)) // an engine that counts what ends well is not to count this
	}
	exit(0)
	return errors.New("the task has ended")
}

// check returns an error that says what of this node is not as it has to be.
func (t *task) check() error {
	var err error
	index := t.index
	if t.job, err = load(t.folder); err != nil {
		return fmt.Errorf("the job cannot be read: %w; choose a Folder that every node sees", err)
	}
	t.index = index
	if folder := os.Getenv(pluginVariable); folder != "" && filepath.Dir(folder) == filepath.Dir(filepath.Dir(t.folder)) {
		if found, _ := filepath.Glob(filepath.Join(folder, "*.so")); len(found) == 0 {
			return fmt.Errorf("XLA's plugin is not in %s: run the sweep again, which copies it there", folder)
		}
	}
	probe := filepath.Join(t.folder, "tasks", fmt.Sprint(t.index, ".clock"))
	before := time.Now()
	if err := os.WriteFile(probe, nil, 0o666); err != nil {
		return fmt.Errorf("%s cannot be written to: %w", t.folder, err)
	}
	info, err := os.Stat(probe)
	_ = os.Remove(probe)
	if err != nil {
		return err
	}
	return clock(before, info.ModTime(), t.Submitted)
}

// clock compares this node's clock with that of the folder's server, and with that of who submitted the job, which was before.
func clock(here, server, submitted time.Time) error {
	if off := here.Sub(server); off.Abs() > clockOff {
		return fmt.Errorf("its clock is %v off that of the shared folder: set it, as by NTP", off.Round(time.Second))
	}
	if off := submitted.Sub(here); off > clockOff {
		return fmt.Errorf("its clock is %v behind that of the machine which submitted the job: set both, as by NTP", off.Round(time.Second))
	}
	return nil
}

// fail says why the task cannot go on, with its node, where the cell looks for it and in the log.
func (t *task) fail(err error) {
	t.report(status{Ended: true, Error: err.Error()})
	fmt.Fprintf(os.Stderr, "node %s: %v\n", share.Node(), err)
	exit(1)
}

// report writes the task's status. It is for people, and one that cannot be written is left out.
func (t *task) report(s status) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.Node, s.At = share.Node(), time.Now()
	if t.counts != nil {
		s.Making, s.Made, s.Failed = t.counts()
	}
	if s.Ended {
		s.Making = 0
	}
	text, err := json.Marshal(s)
	if err != nil {
		return
	}
	name := filepath.Join(t.folder, "tasks", fmt.Sprint(t.index))
	if os.WriteFile(name+".tmp", text, 0o666) == nil {
		_ = os.Rename(name+".tmp", name)
	}
}

// failed keeps the error of a run, so that who watches can say it.
func (t *task) failed(run, at string, err error) error {
	text := fmt.Sprintf("%s, on node %s: %v", at, share.Node(), err)
	fmt.Fprintln(os.Stderr, text)
	return os.WriteFile(filepath.Join(t.folder, "failed", run), []byte(text), 0o666)
}
