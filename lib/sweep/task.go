package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"alphascale/lib/internal/share"
	"alphascale/lib/training"
)

// Take makes runs of the work until all are there, or the rest is in the hands of others who are alive, or the context ends; what was
// made by then is kept, and of a long run a checkpoint. Runs that the sweep does not have, and a folder that cannot be written to, are errors.
func (w *Work) Take(ctx context.Context, part Part) error {
	for _, name := range part.Runs {
		if w.by[name] == nil {
			return fmt.Errorf("run %s is none of this sweep: the program comes to other runs here than where it was submitted; "+
				"see to it that it reads the same data and settings", name)
		}
	}
	if len(part.Runs) == 0 {
		return nil
	}
	r := w.runner
	holder := share.NewHolder(share.Disk{}, r.store.holder.Folder())
	defer holder.Close()
	ranges := share.Ranges{Folder: part.Folder, Runs: len(part.Runs), Tasks: part.Tasks}
	first := w.by[part.Runs[ranges.First(part.Index)]].program
	var compiling sync.Mutex
	if err := r.compile(&compiling, first); err != nil {
		return err
	}
	workers := min(runtime.GOMAXPROCS(0), first.compiled.Workers())
	t := share.NewTask(share.Disk{}, holder, ranges, part.Index, part.Runs, workers)
	t.Mark = r.store.mark
	t.Failed = func(run string, err error) error { return part.Failed(run, w.by[run].at.String(), err) }
	t.Make = func(ctx context.Context, worker int, name string) (share.Result, error) {
		j := w.by[name]
		if err := r.compile(&compiling, j.program); err != nil {
			return share.Result{}, err
		}
		data, err := r.encoded(ctx, j, worker)
		return share.Result{Data: data, File: r.store.path(j.digest, extension), Mark: r.store.mark(name)}, err
	}
	if part.Counts != nil {
		part.Counts(t.Counts)
	}
	if err := t.Run(ctx); err != nil {
		var file *fs.PathError
		var link *os.LinkError
		if ctx.Err() == nil && (errors.As(err, &file) || errors.As(err, &link)) {
			return r.store.unwritable(err)
		}
		return err
	}
	return syncFolder(w.Folder)
}

// encoded makes a run and returns its file.
func (r *runner) encoded(ctx context.Context, j *job, device int) ([]byte, error) {
	j.program.workers.Add(1)
	defer j.program.workers.Done()
	run, err := r.resume(ctx, j, device)
	if err != nil {
		return nil, err
	}
	return encode(j.program.description(j), run)
}

// compile compiles a program that is not compiled yet.
func (r *runner) compile(one *sync.Mutex, p *program) error {
	one.Lock()
	defer one.Unlock()
	if p.compiled != nil {
		return nil
	}
	var err error
	p.compiled, err = training.Compile(p.setup.Config)
	return err
}

// Prepare makes the folders in which tasks divide the runs of a part.
func (p Part) Prepare() error {
	err := share.Ranges{Folder: p.Folder, Runs: len(p.Runs), Tasks: p.Tasks}.Prepare(share.Disk{})
	if err != nil {
		return fmt.Errorf("no folder %s for the tasks: %w; choose one that can be written to", filepath.Dir(p.Folder), err)
	}
	return nil
}
