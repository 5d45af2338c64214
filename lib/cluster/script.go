package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"alphascale/lib/sweep"
)

// Written is a job that was written down and not submitted.
type Written struct {
	File    string // to be read, and changed
	Command string // that submits it
}

// errWritten ends a sweep whose job was to be written only.
var errWritten = errors.New("written")

// writer writes a job down.
type writer interface {
	sweep.Engine
	write(j *job) (string, error)
	tasks() int
	command(file string) string
}

// Script writes the job of a sweep, whose spec.On is a Slurm or a Kubernetes, and does not submit it: the program, what it needs, and the file that
// sbatch or kubectl takes. The command keeps the number that Slurm gives the job, by which sweep.Run then finds it and watches. A sweep of
// which nothing is missing writes nothing.
func Script(ctx context.Context, spec sweep.Spec) (Written, error) {
	on, is := spec.On.(writer)
	if !is {
		return Written{}, fmt.Errorf("spec.On is %T: set a cluster.Slurm or a cluster.Kubernetes, with what is to be written", spec.On)
	}
	s := &scribe{writer: on}
	spec.On = s
	_, err := sweep.Run(ctx, spec)
	if errors.Is(err, errWritten) {
		err = nil
	}
	return s.written, err
}

// scribe is an engine that only writes.
type scribe struct {
	writer
	written Written
}

func (s *scribe) Make(_ context.Context, w *sweep.Work, runs []string) error {
	var err error
	if s.written, err = writeDown(s.writer, w, runs); err != nil {
		return err
	}
	return errWritten
}

func writeDown(on writer, w *sweep.Work, runs []string) (Written, error) {
	j, err := prepare(w, runs, on.tasks())
	if err != nil {
		return Written{}, err
	}
	file, err := on.write(j)
	if err != nil {
		os.RemoveAll(j.folder)
		return Written{}, err
	}
	return Written{file, on.command(file)}, nil
}

func (s Slurm) command(file string) string {
	return fmt.Sprintf("sbatch --parsable %s | tee %s", quoted(file), quoted(filepath.Join(filepath.Dir(file), "slurm-id")))
}
