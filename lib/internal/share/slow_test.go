package share

import (
	"io/fs"
	"path"
	"sync"
	"sync/atomic"
	"time"
)

// slow is a file system in memory of which every call takes its time.
type slow struct {
	delay time.Duration
	calls atomic.Int64

	mu      sync.Mutex
	files   map[string]*inode
	folders map[string]map[string]bool
}

type inode struct {
	data    []byte
	touched time.Time
}

func (s *slow) wait(calls int) {
	s.calls.Add(int64(calls))
	time.Sleep(time.Duration(calls) * s.delay)
}

func fails(err error, name string) error { return &fs.PathError{Op: "simulated", Path: name, Err: err} }

func (s *slow) enter(name string, i *inode) error {
	if s.folders[path.Dir(name)] == nil {
		return fails(fs.ErrNotExist, name)
	}
	s.files[name], s.folders[path.Dir(name)][path.Base(name)] = i, true
	return nil
}

func (s *slow) leave(name string) {
	delete(s.files, name)
	delete(s.folders[path.Dir(name)], path.Base(name))
}

func (s *slow) Link(from, to string) error {
	s.wait(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.files[from] == nil:
		return fails(fs.ErrNotExist, from)
	case s.files[to] != nil:
		return fails(fs.ErrExist, to)
	}
	return s.enter(to, s.files[from])
}

func (s *slow) Rename(from, to string) error {
	s.wait(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.files[from]
	if i == nil {
		return fails(fs.ErrNotExist, from)
	}
	err := s.enter(to, i)
	if err == nil {
		s.leave(from)
	}
	return err
}

func (s *slow) Remove(name string) error {
	s.wait(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files[name] == nil {
		return fails(fs.ErrNotExist, name)
	}
	s.leave(name)
	return nil
}

func (s *slow) Touch(name string) error {
	s.wait(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files[name] == nil {
		return fails(fs.ErrNotExist, name)
	}
	s.files[name].touched = time.Now()
	return nil
}

func (s *slow) Stat(name string) (fs.FileInfo, error) {
	s.wait(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.files[name]; i != nil {
		return entry{touched: i.touched}, nil
	}
	return nil, fails(fs.ErrNotExist, name)
}

type entry struct {
	fs.FileInfo
	touched time.Time
}

func (e entry) ModTime() time.Time { return e.touched }

// List takes one call for each 300 names, about as many as NFS gives at once.
func (s *slow) List(folder string) ([]string, error) {
	s.mu.Lock()
	var names []string
	for name := range s.folders[folder] {
		names = append(names, name)
	}
	s.mu.Unlock()
	s.wait(1 + len(names)/300)
	return names, nil
}

func (s *slow) MkdirAll(folder string) error {
	s.wait(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folders[folder] == nil {
		s.folders[folder] = map[string]bool{}
	}
	return nil
}

func (s *slow) Write(name string, data []byte) error {
	s.wait(4)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.enter(name, &inode{data, time.Now()})
}

func (s *slow) Mark(name string, data []byte) error {
	s.wait(3)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.files[name] != nil {
		return fails(fs.ErrExist, name)
	}
	return s.enter(name, &inode{data, time.Now()})
}

func (s *slow) Read(name string) ([]byte, error) {
	s.wait(3)
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.files[name]; i != nil {
		return i.data, nil
	}
	return nil, fails(fs.ErrNotExist, name)
}
