package sweep

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"alphascale/lib/optim"
)

const (
	childFolder = "SWEEP_TEST_FOLDER"
	childSeeds  = "SWEEP_TEST_SEEDS"
)

var exit = os.Exit

// TestMain lets the test binary be the other process of a test: with a folder in its environment it sweeps and is done.
func TestMain(m *testing.M) {
	folder := os.Getenv(childFolder)
	if folder == "" {
		exit(m.Run())
	}
	var seeds int
	fmt.Sscan(os.Getenv(childSeeds), &seeds)
	spec, err := childSpec(folder, seeds)
	if err == nil {
		var r *Result
		if r, err = Run(context.Background(), spec); r != nil {
			fmt.Println("computed", r.Computed, "found", r.Found)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		exit(1)
	}
	exit(0)
}

// childSpec is 10 distinct runs for each seed.
func childSpec(folder string, seeds int) (Spec, error) {
	setup, err := smallSetup(optim.SGD, nil)
	return Spec{
		Setup: setup, Folder: folder, Progress: quiet,
		Axes: []Axis{Alpha(PowersOfTwo(-1, 2)...), Hyper(optim.LearningRate, PowersOfTwo(-6, -3)...), Seed(seeds)},
	}, err
}

func specOfChild(t *testing.T, folder string, seeds int) Spec {
	t.Helper()
	s, err := childSpec(folder, seeds)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// child is the sweep of childSpec in a process of its own, not yet started.
func child(t *testing.T, folder string, seeds int) (*exec.Cmd, *strings.Builder) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childFolder+"="+folder, fmt.Sprint(childSeeds, "=", seeds))
	out := &strings.Builder{}
	cmd.Stdout, cmd.Stderr = out, out
	return cmd, out
}
