package training_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/sweep"
	"alphascale/lib/training"
)

const (
	leakChild   = "ALPHASCALE_LEAK_TEST"
	leakAllowed = 0.05 // growth of the resident memory
)

// TestNothingLeaks repeats what a long session repeats and compares memory and goroutines early on and at the end. Each
// case has a process of its own, where no memory that another test has freed hides a leak. A run that is kept by mistake
// weighs 80 kB here, which in 900 runs is a third of the process.
func TestNothingLeaks(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("resident memory is read from /proc, which is Linux's")
	}
	for _, c := range []struct {
		name     string
		from, to int // numbers of repetitions after which memory is compared
		loop     func(t *testing.T, to int, at func(done int))
	}{
		{"runs", 100, 1000, manyRuns},
		{"runs that go on from one another", 100, 1000, runsFromRuns},
		{"sweep", 100, 1000, manyPoints},
		{"compilations", 10, 30, manyCompilations},
	} {
		t.Run(c.name, func(t *testing.T) {
			if os.Getenv(leakChild) == "" {
				alone(t)
				return
			}
			var memory, goroutines int
			c.loop(t, c.to, func(done int) {
				switch done {
				case c.from:
					memory, goroutines = resident(t), runtime.NumGoroutine()
				case c.to:
					now := resident(t)
					t.Logf("%.1f MB of memory after %d, %.1f after %d", float64(memory)/1e6, c.from, float64(now)/1e6, c.to)
					if float64(now) > (1+leakAllowed)*float64(memory) {
						t.Errorf("the memory has grown by more than %g %%", 100*leakAllowed)
					}
					if now := runtime.NumGoroutine(); now != goroutines {
						t.Errorf("%d goroutines after %d, %d after %d", goroutines, c.from, now, c.to)
					}
				}
			})
		})
	}
}

// alone runs the test that calls it in a process of its own, with one arena for C's memory: of the many that glibc else
// gives to XLA's threads, each keeps free memory of its own, and so much comes and goes by chance.
func alone(t *testing.T) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), leakChild+"=1", "MALLOC_ARENA_MAX=1")
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())) {
		t.Error(err)
	}
}

// resident is the memory of the process after a collection of all garbage. What C frees, it frees by finalizers, which
// run some time after.
func resident(t *testing.T) int {
	t.Helper()
	for range 3 {
		debug.FreeOSMemory()
		time.Sleep(10 * time.Millisecond)
	}
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var size, pages int
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		t.Fatalf("/proc/self/statm holds %q: %v", text, err)
	}
	return pages * os.Getpagesize()
}

// leakConfig has 80 kB of state and next to no work.
func leakConfig(t *testing.T) training.Config {
	c := digitsConfig(t, optim.SGD)
	c.Model = network.MLP{Hidden: []int{270}, Outputs: 10}.Model
	c.Instruments = training.Norms()
	c.Batch, c.Steps = 8, 2
	return c
}

func manyRuns(t *testing.T, to int, at func(done int)) {
	defer training.KeepBytes(1)() // two seeds at a time
	p := compile(t, leakConfig(t))
	for i := range to {
		run(t, p, training.Settings{Alpha: 1, Seed: int64(i)})
		at(i + 1)
	}
}

func runsFromRuns(t *testing.T, to int, at func(done int)) {
	p := compile(t, leakConfig(t))
	s := training.Settings{Alpha: 1, Keep: true}
	for i := range to {
		s.Initial = run(t, p, s).Final
		at(i + 1)
	}
}

func manyPoints(t *testing.T, to int, at func(done int)) {
	c := leakConfig(t)
	c.Optimizer = nil
	many := func(n int, progress func(done, total int)) {
		r, err := sweep.Run(t.Context(), sweep.Spec{
			Setup:    sweep.Setup{Config: c, Family: optim.SGD},
			Axes:     []sweep.Axis{sweep.ScaledHyper(optim.LearningRate, sweep.Geometric(1e-4, 1e-2, n)...)},
			Folder:   t.TempDir(),
			Progress: progress,
		})
		if err != nil || r.Computed != n {
			t.Fatalf("%d runs, and the error %v", r.Computed, err)
		}
	}
	many(2, func(int, int) {}) // Go's own goroutine for signals starts with the first sweep
	before := runtime.NumGoroutine()
	many(to, func(done, _ int) { at(done) })
	for deadline := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines before the sweep, %d after", before, runtime.NumGoroutine())
		}
	}
}

func manyCompilations(t *testing.T, to int, at func(done int)) {
	for i := range to {
		c := digitsConfig(t, optim.SGD)
		c.Model, c.Batch, c.Steps = network.MLP{Outputs: 10}.Model, 8, 2
		p, err := training.Compile(c)
		if err != nil {
			t.Fatal(err)
		}
		run(t, p, training.Settings{Alpha: 1})
		p.Finalize()
		at(i + 1)
	}
}
