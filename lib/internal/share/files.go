package share

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Files is what is asked of the file system that the processes share. Each method is one call to it but Write, which is four,
// and Read, three.
type Files interface {
	Link(from, to string) error // an error that is fs.ErrExist where there is a file to
	Rename(from, to string) error
	Remove(name string) error
	Touch(name string) error
	Stat(name string) (fs.FileInfo, error)
	List(folder string) ([]string, error)
	MkdirAll(folder string) error
	Write(name string, data []byte) error // the content is on disk when it returns
	Read(name string) ([]byte, error)
	Mark(name string, data []byte) error // an error that is fs.ErrExist where there is a file; otherwise three calls
}

// Disk is the file system of this machine, with what is mounted there.
type Disk struct{}

func (Disk) Link(from, to string) error            { return os.Link(from, to) }
func (Disk) Rename(from, to string) error          { return os.Rename(from, to) }
func (Disk) Remove(name string) error              { return os.Remove(name) }
func (Disk) Stat(name string) (fs.FileInfo, error) { return os.Lstat(name) }
func (Disk) MkdirAll(folder string) error          { return os.MkdirAll(folder, 0o777) }
func (Disk) Read(name string) ([]byte, error)      { return os.ReadFile(name) }

func (Disk) Touch(name string) error {
	now := time.Now()
	return os.Chtimes(name, now, now)
}

func (Disk) List(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, err
}

func (Disk) Write(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

func (Disk) Mark(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// unlinkable says whether an error means that the file system has no hard links.
func unlinkable(err error) bool {
	for _, no := range []error{syscall.EPERM, syscall.ENOTSUP, syscall.EOPNOTSUPP, syscall.ENOSYS, syscall.EXDEV, syscall.EMLINK} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// First gives a file the name to unless there is one of that name; first says whether it had. Where there are no hard links
// the last keeps the name.
func First(files Files, from, to string) (first bool, err error) {
	switch err = files.Link(from, to); {
	case err == nil:
		return true, files.Remove(from)
	case errors.Is(err, fs.ErrExist):
		return false, files.Remove(from)
	case unlinkable(err):
		return true, files.Rename(from, to)
	}
	return false, err
}

// inFolderOf makes the folder of a file, and tries again, where an attempt failed because there is none.
func inFolderOf(files Files, name string, attempt func() error) error {
	err := attempt()
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := files.MkdirAll(filepath.Dir(name)); err != nil {
		return err
	}
	return attempt()
}
