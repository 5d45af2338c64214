package sweep

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"alphascale/lib/internal/share"
)

// Engine has the runs of a sweep made elsewhere, by tasks that are this same program: it comes to the same sweep in each. They
// share the sweep's folder, and nothing else.
type Engine interface {
	// Join is asked first. In a task of the sweep it makes runs and ends the process; in any other it returns nil at once.
	Join(ctx context.Context, work *Work) error
	// Make has runs made, which are named as Work names them, and returns when they are there, or with an error that says what
	// keeps them.
	Make(ctx context.Context, work *Work, runs []string) error
}

// Work is a sweep as an engine sees it. Its runs have names that are the same on every processor.
type Work struct {
	Sweep  string // a digest of all runs
	Folder string // of the results

	runner *runner
	by     map[string]*job
}

// Part is what one task is given.
type Part struct {
	Runs   []string // those to make, which are the same for all tasks
	Folder string   // where the tasks divide them
	Tasks  int
	Index  int // from 0
	// Failed is told of a run that cannot be made, by its point. An error of its own ends the task.
	Failed func(run, at string, err error) error
	// Counts is called with what tells how many runs are being made, were made and failed.
	Counts func(of func() (making, made, failed int))
}

// name is the digest of a run's identity without the processor.
func (j *job) name() (string, error) {
	id := j.program.identify(j.settings)
	id.Backend = j.program.portable
	return id.digest()
}

// whole is the whole sweep.
func (r *runner) whole() (*Work, error) {
	folder, err := filepath.Abs(r.spec.Folder)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", r.spec.Folder, err)
	}
	w, sum := &Work{Folder: folder, runner: r, by: map[string]*job{}}, sha256.New()
	for _, j := range r.plan.jobs {
		name, err := j.name()
		if err != nil {
			return nil, err
		}
		w.by[name] = j
		sum.Write([]byte(name))
	}
	w.Sweep = hex.EncodeToString(sum.Sum(nil)[:8])
	return w, nil
}

// join lets the engine see whether this process is one of its tasks.
func (r *runner) join(ctx context.Context) error {
	if r.spec.On == nil {
		return nil
	}
	w, err := r.whole()
	if err != nil {
		return err
	}
	return r.spec.On.Join(ctx, w)
}

// elsewhere has the engine make jobs.
func (r *runner) elsewhere(ctx context.Context, jobs []*job) error {
	if len(jobs) == 0 {
		return nil
	}
	w, err := r.whole()
	if err != nil {
		return err
	}
	var names []string
	for _, j := range jobs {
		name, err := j.name()
		if err != nil {
			return err
		}
		names = append(names, name)
	}
	made := r.spec.On.Make(ctx, w, names)
	if err := r.fetch(jobs); err != nil {
		return err
	}
	lacking := 0
	for _, j := range jobs {
		if j.run == nil {
			lacking++
		} else {
			r.done++
			r.found++
		}
	}
	r.spec.Progress(r.done, r.total)
	if made == nil && lacking > 0 {
		made = fmt.Errorf("%d of %d runs are not in %s after all was made: see to it that this machine and the others have the same folder",
			lacking, len(jobs), r.spec.Folder)
	}
	return made
}

// fetch loads runs that were made on whatever processor, and says of each on which if it was another.
func (r *runner) fetch(jobs []*job) error {
	names, err := r.store.names()
	if err != nil {
		return err
	}
	marks, err := r.store.marks()
	if err != nil {
		return err
	}
	for _, j := range jobs {
		name, err := j.name()
		if err != nil {
			return err
		}
		if j.run != nil || !marks[name] {
			continue
		}
		a, run, err := r.store.readFile(r.store.mark(name))
		id := a.Identity
		id.Backend = j.program.portable
		if digest, failed := id.digest(); err == nil && (failed != nil || digest != name) {
			err = errors.New("it holds another run")
		}
		if err != nil {
			note, err := r.store.setMarkAside(name, err)
			if err != nil {
				return err
			}
			r.notes = append(r.notes, note)
			continue
		}
		if !names[a.Run] { // a task was killed between a result's two names
			_ = os.Link(r.store.mark(name), r.store.path(a.Run, extension))
		}
		j.run, j.damaged = run, false
		if a.Identity.Backend != j.program.base.Backend {
			j.machine = a.Identity.Backend
		}
	}
	return nil
}

// mark is the name by which a run is found that was made on whatever processor.
func (s *store) mark(name string) string { return filepath.Join(s.folder, marks, name[:2], name) }

// marks is the set of those that are there.
func (s *store) marks() (map[string]bool, error) {
	out := map[string]bool{}
	files := share.Disk{}
	shards, err := files.List(filepath.Join(s.folder, marks))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the results in %s cannot be listed: %w", s.folder, err)
	}
	for _, shard := range shards {
		names, err := files.List(filepath.Join(s.folder, marks, shard))
		if err != nil {
			return nil, fmt.Errorf("the results in %s cannot be listed: %w", s.folder, err)
		}
		for _, name := range names {
			out[name] = true
		}
	}
	return out, nil
}

// setMarkAside takes the name from a file that is not the run.
func (s *store) setMarkAside(name string, why error) (string, error) {
	mark := s.mark(name)
	if err := os.Rename(mark, mark+aside); err != nil {
		return "", s.unwritable(err)
	}
	return fmt.Sprintf("%s is damaged or foreign: %v; it was renamed to %s", mark, why, filepath.Base(mark+aside)), nil
}

// Done counts those of the runs that are there.
func (w *Work) Done(runs []string) (int, error) {
	there, err := w.runner.store.marks()
	if err != nil {
		return 0, err
	}
	done := 0
	for _, name := range runs {
		if there[name] {
			done++
		}
	}
	return done, nil
}
