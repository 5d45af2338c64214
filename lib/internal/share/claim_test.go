package share

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// elsewhere is a process of another machine, of which only the file can be seen.
func elsewhere(name string) process {
	return process{Host: "boot of " + name, Node: name, PID: 1, Started: "1"}
}

func claim(t *testing.T, h *Holder, run string) *Claim {
	t.Helper()
	c, err := h.Claim(run)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// One of many gets a claim, and the next one when it is given back.
func TestOneHolds(t *testing.T) {
	folder := t.TempDir()
	var holding, most, got atomic.Int64
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			h := newHolder(Disk{}, folder, elsewhere(fmt.Sprint("n", i)), Beat, Patience)
			defer h.Close()
			for range 200 {
				c, err := h.Claim("run")
				if err != nil {
					t.Error(err)
				}
				if c == nil {
					continue
				}
				if n := holding.Add(1); n > most.Load() {
					most.Store(n)
				}
				got.Add(1)
				time.Sleep(10 * time.Microsecond)
				holding.Add(-1)
				c.Release()
			}
		})
	}
	all.Wait()
	if most.Load() != 1 || got.Load() < 16 {
		t.Errorf("%d held the claim at once, which was given %d times", most.Load(), got.Load())
	}
	if left, err := filepath.Glob(filepath.Join(folder, "*", "*")); err != nil || len(left) > 0 {
		t.Errorf("%v are left, %v", left, err)
	}
}

// A claim of another machine's process is left to it as long as it beats, however long that is, and taken over by one alone after
// the holder's patience: without the beat of the first, which is the control, the second has it in time.
func TestTakenOverWhenTheBeatStops(t *testing.T) {
	for _, beats := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			folder := t.TempDir()
			first := newHolder(Disk{}, folder, elsewhere("n1"), Beat, Patience)
			defer first.Close()
			held := claim(t, first, "run")
			if !beats { // as if it had been killed
				close(first.stop)
				first.closed = true
			}
			others := []*Holder{newHolder(Disk{}, folder, elsewhere("n2"), Beat, Patience), newHolder(Disk{}, folder, elsewhere("n3"), Beat, Patience)}
			var taken []*Claim
			for range 40 { // of ten seconds
				for _, h := range others {
					if c := claim(t, h, "run"); c != nil {
						taken = append(taken, c)
					}
				}
				time.Sleep(Beat)
			}
			if beats && len(taken) != 0 || !beats && len(taken) != 1 {
				t.Errorf("beats %v: %d took the claim over", beats, len(taken))
			}
			if !beats {
				taken[0].Release()
				if again := claim(t, others[1], "run"); again == nil || again.generation != 0 {
					t.Errorf("after the release the claim is %v", again)
				}
			}
			held.Release()
			for _, h := range others {
				h.Close()
			}
		})
	}
}

// A process of this machine is seen to have ended at once, also while it is a zombie.
func TestKilledProcess(t *testing.T) {
	folder := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SHARE_TEST_FOLDER="+folder)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	h := NewHolder(Disk{}, folder)
	defer h.Close()
	if c := claim(t, h, "run"); c != nil {
		t.Fatal("the claim of a process that lives was taken over")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var c *Claim
	for deadline := time.Now().Add(5 * time.Second); c == nil && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		c = claim(t, h, "run")
	}
	if c == nil || c.generation != 1 {
		t.Errorf("the claim after the kill is %v", c)
	}
	_ = cmd.Wait()
}

// TestMain is also the process that claims a run and is killed.
func TestMain(m *testing.M) {
	folder := os.Getenv("SHARE_TEST_FOLDER")
	if folder == "" {
		os.Exit(m.Run())
	}
	if c, err := NewHolder(Disk{}, folder).Claim("run"); err != nil || c == nil {
		os.Exit(1)
	}
	fmt.Print("!")
	time.Sleep(time.Minute)
}

// The first result keeps its name, and where hard links are not to be had claims are files of their own.
func TestWithoutLinks(t *testing.T) {
	folder := t.TempDir()
	one, two := newHolder(linkless{}, folder, elsewhere("n1"), Beat, Patience), newHolder(linkless{}, folder, elsewhere("n2"), Beat, Patience)
	defer one.Close()
	defer two.Close()
	c := claim(t, one, "run")
	if c == nil || claim(t, two, "run") != nil {
		t.Fatal("not one of two has the claim")
	}
	before, err := os.Stat(one.claimed("run", 0))
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(5 * time.Millisecond)
	one.touch()
	if after, err := os.Stat(one.claimed("run", 0)); err != nil || !after.ModTime().After(before.ModTime()) {
		t.Errorf("the claim is not touched: %v", err)
	}
	c.Release()
	if claim(t, two, "run") == nil {
		t.Error("the claim was not given back")
	}
}

func TestTheFirstStays(t *testing.T) {
	folder := t.TempDir()
	to := filepath.Join(folder, "result")
	for i, text := range []string{"a", "b"} {
		from := filepath.Join(folder, text)
		if err := (Disk{}).Write(from, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if first, err := First(Disk{}, from, to); err != nil || first != (i == 0) {
			t.Errorf("%s is first: %v, %v", text, first, err)
		}
	}
	if text, err := os.ReadFile(to); err != nil || string(text) != "a" {
		t.Errorf("the result is %q, %v", text, err)
	}
	if names, err := (Disk{}).List(folder); err != nil || strings.Join(names, " ") != "result" {
		t.Errorf("left are %v, %v", names, err)
	}
}

// linkless is a file system without hard links.
type linkless struct{ Disk }

func (linkless) Link(from, to string) error {
	return &os.LinkError{Op: "link", Old: from, New: to, Err: syscall.EPERM}
}
