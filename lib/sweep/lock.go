package sweep

import (
	"fmt"
	"os"

	"github.com/gofrs/flock"
)

// lock is held by the one process, and the one goroutine in it, that computes a run. The system gives it back when its
// holder dies.
type lock struct{ file *flock.Flock }

// tryLock returns nil without an error if another holds the lock.
func tryLock(path string) (*lock, error) {
	for {
		file := flock.New(path)
		got, err := file.TryLock()
		if err != nil {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		if !got {
			return nil, file.Close()
		}
		// Whoever is done with a run removes the file before giving the lock back: what was locked here may by now be a
		// file without a name, which keeps nobody out.
		held, err := file.Stat()
		if err != nil {
			return nil, fmt.Errorf("locking %s: %w", path, err)
		}
		if named, err := os.Stat(path); err == nil && os.SameFile(held, named) {
			return &lock{file}, nil
		}
		file.Close()
	}
}

func (l *lock) release() {
	os.Remove(l.file.Path()) // if it stays, it does no harm
	l.file.Close()
}
