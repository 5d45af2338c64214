package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"alphascale/lib/internal/share"
	"alphascale/lib/training"
)

const (
	extension = ".parquet"
	aside     = ".damaged"
	claims    = ".claims" // the folder of who makes which run, within that of the results

	marks       = ".marks"       // of runs that were made elsewhere, by names that are the same on every processor
	checkpoints = ".checkpoints" // of runs that were stopped
)

// store is a folder of runs, one file each. A file has its name only when all of it is on disk, and keeps it: of two that were
// written for one run, because the holder of its claim was taken for dead, the first stays.
type store struct {
	folder string
	holder *share.Holder
	left   *checkpointNames
}

// openStore creates the folder. Where it cannot, but it is there, it can still be read.
func openStore(folder string) (*store, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, fmt.Errorf("no folder %s for the results: %w; choose one that can be written to, or none to keep them in memory",
			folder, err)
	}
	return &store{folder, share.NewHolder(share.Disk{}, filepath.Join(folder, claims)), &checkpointNames{}}, nil
}

func (s *store) path(run, extension string) string { return filepath.Join(s.folder, run+extension) }

// names is the set of runs that have a file.
func (s *store) names() (map[string]bool, error) {
	entries, err := os.ReadDir(s.folder)
	if err != nil {
		return nil, fmt.Errorf("the results in %s cannot be listed: %w", s.folder, err)
	}
	out := map[string]bool{}
	for _, e := range entries {
		if name := e.Name(); filepath.Ext(name) == extension {
			out[name[:len(name)-len(extension)]] = true
		}
	}
	return out, nil
}

// damagedError says why a file is not the run that it is named after.
type damagedError struct {
	file string
	why  error
}

func (e *damagedError) Error() string {
	return fmt.Sprintf("%s is damaged or foreign: %v", e.file, e.why)
}

func (e *damagedError) Unwrap() error { return e.why }

// load returns a run, nil if it has no file, and a *damagedError if the file is not that run.
func (s *store) load(run string) (*training.Run, error) {
	_, r, err := s.read(run)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return r, err
}

// read returns what the file of the run holds; the error is always a *damagedError.
func (s *store) read(run string) (about, *training.Run, error) {
	file := s.path(run, extension)
	a, r, err := s.readFile(file)
	if err == nil && a.Run != run {
		err = fmt.Errorf("it holds run %s", a.Run)
	}
	if err != nil {
		return about{}, nil, &damagedError{file, err}
	}
	return a, r, nil
}

func (s *store) readFile(file string) (about, *training.Run, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return about{}, nil, err
	}
	return decode(data)
}

// claim returns nil without an error if another process, or another call in this one, is computing the run.
func (s *store) claim(run string) (*share.Claim, error) {
	c, err := s.holder.Claim(run)
	if err != nil {
		return nil, s.unwritable(err)
	}
	return c, nil
}

// setAside renames a damaged file, so that it can be looked at, and says so in one sentence. Only the holder of the claim
// may call it: another might have put a sound file in its place.
func (s *store) setAside(run string, damage *damagedError) (string, error) {
	to := s.path(run, extension+aside)
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		}
		to = s.path(run, fmt.Sprintf("%s%s%d", extension, aside, n))
	}
	if err := os.Rename(damage.file, to); err != nil {
		return "", s.unwritable(err)
	}
	return fmt.Sprintf("%v; it was renamed to %s and the run computed again", damage, filepath.Base(to)), nil
}

// save writes a run so that it is there in full or not at all, even if the machine stops.
func (s *store) save(held *share.Claim, a about, run *training.Run) error {
	data, err := encode(a, run)
	if err != nil {
		return err
	}
	unnamed := held.Unfinished()
	if err = (share.Disk{}).Write(unnamed, data); err == nil {
		_, err = share.First(share.Disk{}, unnamed, s.path(a.Run, extension))
	}
	if err == nil {
		err = syncFolder(s.folder) // the name is on disk when the folder is
	}
	if err != nil {
		os.Remove(unnamed)
		return s.unwritable(err)
	}
	return nil
}

func (s *store) unwritable(err error) error {
	return fmt.Errorf("results cannot be kept in %s: %w; make room or choose another folder (none keeps them in memory); "+
		"runs that are there already stay", s.folder, err)
}

func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
