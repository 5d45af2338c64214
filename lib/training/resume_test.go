package training_test

import (
	"errors"
	"maps"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// resumable trains 28 steps of seven batches each round.
func resumable(t *testing.T, family optim.Family) training.Config {
	t.Helper()
	c := digitsConfig(t, family)
	c.Batch, c.Steps = 256, 28
	return c
}

// A run that is cut into three pieces anywhere goes on as if it had not been, whatever α, start and optimizer are.
func TestFinalGoesOn(t *testing.T) {
	for _, family := range []optim.Family{optim.SGD, optim.HeavyBall, optim.AdamW, optim.LARS} {
		h := optim.Defaults(family)
		p := compile(t, resumable(t, family))
		for _, start := range []training.Start{training.KeepFunction, training.KeepWeights, training.ScaleWeights} {
			for _, alpha := range []float64{1, 4, 0.3} {
				s := training.Settings{Alpha: alpha, Start: start, Seed: 3, Keep: true, Hyper: h.With(optim.LearningRate, h[optim.LearningRate]/4)}
				whole := run(t, p, s)
				done := 0
				for _, steps := range []int{9, 5, 14} {
					s.Steps = steps
					piece := run(t, p, s)
					if i := firstDifference(piece.Loss, whole.Loss[done:done+steps]); i >= 0 {
						t.Errorf("%s, start %d, α = %g: the piece from step %d differs at its step %d", family, start, alpha, done, i)
						break
					}
					s.Initial, done = piece.Final, done+steps
				}
			}
		}
	}
}

// Where α changes between two runs, the function is kept or the weights are, as the start says.
func TestGoingOnAtAnotherAlpha(t *testing.T) {
	p := compile(t, resumable(t, optim.SGD))
	first := run(t, p, training.Settings{Alpha: 4, Seed: 1, Steps: 10, Keep: true})
	next := func(s training.Settings) float64 {
		s.Initial, s.Steps = first.Final, 1
		return run(t, p, s).Loss[0]
	}
	want := next(training.Settings{Alpha: 4})
	if got := next(training.Settings{Alpha: 1}); got != want {
		t.Errorf("the function is kept from α = 4 to 1: loss %g, want %g", got, want)
	}
	if got := next(training.Settings{Alpha: 4, Start: training.KeepWeights}); got != want {
		t.Errorf("the weights are kept at α = 4: loss %g, want %g", got, want)
	}
	if got := next(training.Settings{Alpha: 1, Start: training.KeepWeights}); got == want {
		t.Errorf("the weights are kept from α = 4 to 1 and the loss is still %g", got)
	}
	// Without the record of α the scaled weights are u₀.
	silent := maps.Clone(first.Final)
	delete(silent, training.StatePath)
	first.Final = silent
	if got := next(training.Settings{Alpha: 4}); got == want {
		t.Error("weights that say nothing of α are taken for w")
	}
}

func TestFirstStep(t *testing.T) {
	p := compile(t, resumable(t, optim.SGD))
	still := training.Settings{Alpha: 1, Seed: 1, Hyper: optim.Values{optim.LearningRate: 0}}
	whole := run(t, p, still)
	still.FirstStep, still.Steps = 9, 10
	if i := firstDifference(run(t, p, still).Loss, whole.Loss[9:19]); i >= 0 {
		t.Errorf("a run with 9 steps before it sees other data at its step %d", i)
	}
	still.FirstStep = -1
	_, err := p.Run(still)
	wantError(t, err, "-1", "first step")
}

// A store that holds a run's end, as SetValues or a checkpoint leaves it, goes on like Initial does.
func TestStoreGoesOn(t *testing.T) {
	c := resumable(t, optim.Adam)
	p := compile(t, c)
	h := optim.Values{optim.LearningRate: 0.01}
	scaled, err := scaling.Compensate(optim.Adam, h, 4)
	if err != nil {
		t.Fatal(err)
	}
	s := training.Settings{Alpha: 4, Hyper: h, ScaledHyper: scaled, Seed: 1, Keep: true}
	whole := run(t, p, s)
	s.Steps = 11
	c.Store = model.NewStore()
	if err := scaling.SetValues(c.Store, run(t, p, s).Final); err != nil {
		t.Fatal(err)
	}
	s.Steps = 17
	if i := firstDifference(run(t, compile(t, c), s).Loss, whole.Loss[11:]); i >= 0 {
		t.Errorf("the run from the store differs at its step %d", i)
	}
}

// A rule of one's own, whose count of steps is in a checkpoint as that of any other.
var slotless, errSlotless = optim.Define(optim.Rule{
	Name: "slotless", Step: func(u *optim.Update) *graph.Node { return graph.Mul(u.Hyper(optim.LearningRate), u.Gradient) },
	Defaults: optim.Values{optim.LearningRate: 0.1}, Units: map[optim.Hyper]optim.Unit{optim.LearningRate: {Gradient: -1, Weight: 1}},
})

// A whole store as GoMLX leaves it can be handed on: what the training does not depend on is passed over, other names not.
func TestInitialIsAWholeCheckpoint(t *testing.T) {
	c := resumable(t, optim.SGD)
	p := compile(t, c)
	initial, err := p.Initial(1)
	if err = errors.Join(err, errSlotless); err != nil {
		t.Fatal(err)
	}
	want := run(t, p, training.Settings{Alpha: 1, Seed: 1}).Loss
	initial["/#rngState"] = tensors.FromFlatDataAndDimensions([]uint64{1, 2, 3}, 3)
	initial["/trainer/train_last_global_step"] = tensors.FromScalar(int64(-1))
	initial["/metrics/loss/mean"] = tensors.FromScalar(float32(1))
	initial["/adam/step"] = tensors.FromScalar(float32(7))
	initial[optim.StepPath(slotless)] = tensors.FromScalar(float32(7))
	s := training.Settings{Alpha: 1, Seed: 2, Initial: initial}
	if i := firstDifference(run(t, p, s).Loss, want); i >= 0 {
		t.Errorf("differs at step %d from the run with the seed", i)
	}
	initial["/layer_7/dense/weights"] = tensors.FromScalar(float32(1))
	_, err = p.Run(s)
	wantError(t, err, "/layer_7/dense/weights", "leave it out")
}
