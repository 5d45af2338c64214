package training_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// slowProgram takes some seconds per run, so that there is something to see and to stop.
func slowProgram(t *testing.T) *training.Program {
	data := dataset.Digits()
	return compile(t, training.Config{
		Subject:     subject.Of(network.MLP{Hidden: []int{128, 128}, Outputs: 10}.Model, data),
		Optimizer:   optim.New(optim.HeavyBall),
		Steps:       20_000,
		Instruments: training.Norms(),
	})
}

// TestWatch sees a run grow, and what is seen changes nothing of it: not a bit, momentum and batches included.
func TestWatch(t *testing.T) {
	p := slowProgram(t)
	s := training.Settings{Alpha: 2, Hyper: optim.Values{optim.LearningRate: 0.001, optim.Momentum: 0.9}, Steps: 12_000}
	alone, err := p.Run(s)
	if err != nil {
		t.Fatal(err)
	}
	var lengths []int
	ctx := training.WithWatch(t.Context(), func(soFar *training.Run) {
		n := len(soFar.Loss)
		norms, err := soFar.Recorded("gradient_norm", "/layer_0/dense/weights")
		if err != nil || len(norms) != n || !slices.Equal(soFar.Loss, alone.Loss[:n]) {
			t.Errorf("after %d steps the watch does not see the run as it is: %v", n, err)
		}
		lengths = append(lengths, n)
	})
	watched, err := p.RunAll(ctx, []training.Settings{s}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(lengths) == 0 || !slices.IsSorted(lengths) {
		t.Errorf("a run of %d steps was seen after %v steps", s.Steps, lengths)
	}
	if !slices.Equal(watched[0].Loss, alone.Loss) {
		t.Error("a run that is watched has other losses than one that is not")
	}
	for i, r := range watched[0].Records() {
		if !slices.Equal(r.Values, alone.Records()[i].Values) {
			t.Errorf("%s of %s differs under watch", r.Instrument, r.Path)
		}
	}
}

// TestStopMidway ends runs of several seconds by their context: the error is its cause, and no run is left running.
func TestStopMidway(t *testing.T) {
	p := slowProgram(t)
	s := training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.001}}
	why := errors.New("enough")
	ctx, stop := context.WithCancelCause(t.Context())
	var seen atomic.Int64
	watching := training.WithWatch(ctx, func(soFar *training.Run) {
		seen.Store(int64(len(soFar.Loss)))
		stop(why)
	})
	runs, err := p.RunAll(watching, []training.Settings{s, s}, nil)
	if !errors.Is(err, why) {
		t.Errorf("stopped with the error %v, want %v", err, why)
	}
	if slices.ContainsFunc(runs, func(r *training.Run) bool { return r != nil }) || seen.Load() >= 20_000 {
		t.Errorf("a run that was stopped after %d steps came back", seen.Load())
	}
	if _, err := p.RunOn(ctx, 0, s); !errors.Is(err, why) {
		t.Errorf("a run under an ended context returned %v", err)
	}
}

// TestManySeeds draws more seeds than are kept, side by side, and then the first again.
func TestManySeeds(t *testing.T) {
	const seeds = 4
	defer training.KeepBytes(1)() // two seeds
	data := dataset.Digits()
	p := compile(t, training.Config{
		Subject: subject.Of(network.MLP{Hidden: []int{8}, Outputs: 10}.Model, data), Optimizer: optim.New(optim.SGD), Steps: 3,
	})
	var settings []training.Settings
	for seed := range int64(seeds) {
		settings = append(settings, training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.1}, Seed: seed})
	}
	settings = append(settings, settings...)
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	runs, err := p.RunAll(ctx, settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	first := map[float64]bool{}
	for i := range seeds {
		if !slices.Equal(runs[i].Loss, runs[seeds+i].Loss) {
			t.Errorf("seed %d drew other weights the second time", i)
		}
		first[runs[i].Loss[0]] = true
	}
	if len(first) != seeds {
		t.Errorf("%d seeds gave %d different first losses", seeds, len(first))
	}
}
