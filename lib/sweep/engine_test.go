package sweep

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inside is an engine whose tasks are goroutines of the same process.
type inside struct {
	t     *testing.T
	tasks int
	spoil func(folder string)
}

func (inside) Join(context.Context, *Work) error { return nil }

func (e inside) Make(ctx context.Context, w *Work, runs []string) error {
	part := Part{Runs: runs, Folder: e.t.TempDir(), Tasks: e.tasks, Failed: func(run, at string, err error) error { return err }}
	if err := part.Prepare(); err != nil {
		return err
	}
	for part.Index = range e.tasks { // one after the other: the first makes all
		if err := w.Take(ctx, part); err != nil {
			return err
		}
	}
	if done, err := w.Done(runs); err != nil || done != len(runs) {
		return fmt.Errorf("%d of %d are done: %w", done, len(runs), err)
	}
	if e.spoil != nil {
		e.spoil(w.Folder)
	}
	return nil
}

// A sweep that is made elsewhere comes to what it comes to here, folded and verified alike.
func TestMadeElsewhere(t *testing.T) {
	here := specOfChild(t, t.TempDir(), 2)
	here.Verify = 3
	want := run(t, here)
	there := here
	there.Folder, there.On = t.TempDir(), inside{t: t, tasks: 1}
	got := run(t, there)
	sameRuns(t, got, want)
	if got.Computed != 0 || got.Found != want.Computed || got.Mismatch != "" {
		t.Errorf("%d computed, %d found, want %d; %s", got.Computed, got.Found, want.Computed, got.Mismatch)
	}
	there.On = nil // and what was made is found without the engine
	if again := run(t, there); again.Computed != 0 {
		t.Errorf("%d runs were made again", again.Computed)
	}
	there.On, there.Folder = inside{t: t, tasks: 1}, ""
	if _, err := Run(t.Context(), there); err == nil || !strings.Contains(err.Error(), "has no Folder") {
		t.Errorf("without a folder: %v", err)
	}
}

// What another processor made is marked, and does not verify a fold; a file that is damaged is set aside.
func TestMadeOnAnotherProcessor(t *testing.T) {
	s := specOfChild(t, t.TempDir(), 1)
	p, err := mustResolve(t, s).plan()
	if err != nil {
		t.Fatal(err)
	}
	j := p.jobs[0]
	name, err := j.name()
	if err != nil {
		t.Fatal(err)
	}
	foreign := &program{setup: j.program.setup, about: j.program.about, base: j.program.base, portable: j.program.portable}
	foreign.base.Backend = "a backend on another processor"
	other := *j
	other.program = foreign
	if other.digest, err = foreign.identify(j.settings).digest(); err != nil {
		t.Fatal(err)
	}
	if again, err := other.name(); err != nil || again != name {
		t.Errorf("the name is %s on another processor, and %s here", again, name)
	}
	made := run(t, Spec{Setup: s.Setup, Axes: s.Axes, Progress: quiet}).Points[0].Run
	data, err := encode(foreign.description(&other), made)
	if err != nil {
		t.Fatal(err)
	}
	mark := filepath.Join(s.Folder, marks, name[:2], name)
	if err := os.MkdirAll(filepath.Dir(mark), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mark, data, 0o666); err != nil {
		t.Fatal(err)
	}
	s.On = inside{t: t, tasks: 1}
	r := run(t, s)
	if r.Points[0].Elsewhere != foreign.base.Backend {
		t.Errorf("the run is marked %q", r.Points[0].Elsewhere)
	}
	for _, point := range r.Points[1:] {
		if !point.Folded && point.Elsewhere != "" {
			t.Errorf("%s was made here, and is marked %q", point.At, point.Elsewhere)
		}
	}
	s.Folder = t.TempDir()
	s.On = inside{t: t, tasks: 1, spoil: func(folder string) {
		if err := os.WriteFile(filepath.Join(folder, marks, name[:2], name), data[:100], 0o666); err != nil {
			t.Error(err)
		}
	}}
	if _, err := Run(t.Context(), s); err == nil || !strings.Contains(err.Error(), "are not in") {
		t.Errorf("a damaged result: %v", err)
	}
}
