package docker_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// setUp is a run of docker/lab/setup.sh.
type setUp struct {
	cmd  *exec.Cmd
	mu   sync.Mutex
	text bytes.Buffer
	done chan error
}

// Write implements io.Writer.
func (s *setUp) Write(data []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(data)
}

func (s *setUp) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func (c *checkout) start(t *testing.T) *setUp {
	t.Helper()
	s := &setUp{cmd: c.command("bash", "docker/lab/setup.sh"), done: make(chan error, 1)}
	s.cmd.Stdout, s.cmd.Stderr = s, s
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { s.done <- s.cmd.Wait() }()
	t.Cleanup(func() { syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL) })
	return s
}

// until waits for words in the output.
func (s *setUp) until(t *testing.T, words string) {
	t.Helper()
	for !strings.Contains(s.output(), words) {
		select {
		case err := <-s.done:
			t.Fatalf("it ended before %q: %v\n%s", words, err, s.output())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// interrupt is Ctrl+C, which the terminal sends to all that the set-up started, too.
func (s *setUp) interrupt(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(-s.cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
}

func (s *setUp) ends(t *testing.T, status int, words ...string) {
	t.Helper()
	<-s.done
	if got := s.cmd.ProcessState.ExitCode(); got != status {
		t.Fatalf("it ended with %d, not %d:\n%s", got, status, s.output())
	}
	for _, w := range words {
		if !strings.Contains(s.output(), w) {
			t.Errorf("it does not say %q:\n%s", w, s.output())
		}
	}
}

// noticesEdits changes one file of docker/lab after the other, and wants the set-up to have something to do each time. It gets
// no further than to say so, since the lock is taken.
func (c *checkout) noticesEdits(t *testing.T) {
	t.Helper()
	lock, err := os.Open(c.path(".lab/lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	files := []string{filepath.Join(c.path("docker/lab"), "new.sh")} // one that is not there yet
	err = filepath.WalkDir(c.path("docker/lab"), func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		before, err := os.ReadFile(file)
		c.write(t, file, string(before)+"\n")
		s := c.start(t)
		s.until(t, "Another set-up is at work")
		syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
		<-s.done
		if err != nil {
			os.Remove(file)
		} else {
			c.write(t, file, string(before))
		}
	}
}
