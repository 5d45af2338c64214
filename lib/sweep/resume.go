package sweep

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"alphascale/lib/internal/share"
	"alphascale/lib/training"
)

// checkpointEvery is the time between two checkpoints of a run. One that is interrupted keeps one more if it has gone on for a tenth
// of that. A variable for the sake of tests.
var checkpointEvery = 100 * time.Second

const lookEvery = 5 * time.Second // for how long it is believed which checkpoints there are, so that short runs need not ask

// checkpointNames are those of a folder.
type checkpointNames struct {
	mu    sync.Mutex
	asked time.Time
	names map[string]bool
}

func (s *store) checkpoint(run string) string { return filepath.Join(s.folder, checkpoints, run) }

// hasCheckpoint says whether a run left one.
func (s *store) hasCheckpoint(run string) bool {
	s.left.mu.Lock()
	defer s.left.mu.Unlock()
	if time.Since(s.left.asked) > lookEvery {
		names, _ := share.Disk{}.List(filepath.Join(s.folder, checkpoints)) // no folder, no checkpoint
		s.left.asked, s.left.names = time.Now(), map[string]bool{}
		for _, name := range names {
			s.left.names[name] = true
		}
	}
	return s.left.names[run]
}

// resume makes a run whose claim is held, from its checkpoint if it left one: a checkpoint is named by all that determines the run,
// processor and plugin included, so what goes on from it goes on bit for bit. It does not save the run.
func (r *runner) resume(ctx context.Context, j *job, device int) (*training.Run, error) {
	name, kept := r.store.checkpoint(j.digest), false
	c := training.Checkpoints{Every: checkpointEvery, Keep: func(state []byte) error {
		kept = true
		return r.store.keep(name, state)
	}}
	if r.store.hasCheckpoint(j.digest) {
		state, err := os.ReadFile(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		c.From, kept = state, true
	}
	run, err := j.program.compiled.RunOn(training.WithCheckpoints(ctx, c), device, j.settings)
	if err == nil && kept {
		os.Remove(name) // whoever makes the run again, for want of its file, makes it from the start
	}
	return run, err
}

// keep writes a checkpoint, in place of the one before.
func (s *store) keep(name string, state []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return s.unwritable(err)
	}
	unnamed := name + ".tmp"
	err := share.Disk{}.Write(unnamed, state)
	if err == nil {
		err = os.Rename(unnamed, name)
	}
	if err != nil {
		os.Remove(unnamed)
		return s.unwritable(err)
	}
	return nil
}
