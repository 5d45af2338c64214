package sweep

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"alphascale/lib/training"
)

// A run that is stopped goes on from its checkpoint when the sweep is run again, to the bits of one that was not stopped, and leaves no
// checkpoint behind.
func TestResumesWithinARun(t *testing.T) {
	checkpointEvery = 1
	t.Cleanup(func() { checkpointEvery = 100e9 })
	folder := t.TempDir()
	s := specOfChild(t, folder, 1)
	s.Axes = s.Axes[2:]
	whole := s
	whole.Folder = ""
	want := run(t, whole)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ctx = training.WithWatch(ctx, func(soFar *training.Run) {
		if len(soFar.Loss) == 5 {
			stop()
		}
	})
	if _, err := Run(ctx, s); !errors.Is(err, context.Canceled) {
		t.Fatalf("the sweep was to be stopped, and says %v", err)
	}
	left, err := os.ReadDir(filepath.Join(folder, checkpoints))
	if err != nil || len(left) != 1 {
		t.Fatalf("%d checkpoints are left, %v", len(left), err)
	}
	first := 0
	got, err := Run(training.WithWatch(t.Context(), func(soFar *training.Run) {
		if first == 0 {
			first = len(soFar.Loss)
		}
	}), s)
	if err != nil {
		t.Fatal(err)
	}
	sameRuns(t, got, want)
	if first < 5 {
		t.Errorf("the run was first seen at step %d", first)
	}
	if left, _ := os.ReadDir(filepath.Join(folder, checkpoints)); len(left) > 0 {
		t.Errorf("%d checkpoints are left at the end", len(left))
	}
}
