package training_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// One compilation serves every α, every hyperparameter, every number of steps and every seed. A graph cannot be compiled
// without calling the model's function, and that is called twice: to find the variables, and for the program.
func TestOneCompilationServesASweep(t *testing.T) {
	c := digitsConfig(t, optim.HeavyBall)
	c.Steps = 20
	inner, built := c.Model, 0
	c.Model = func(scope *model.Scope, spec any, inputs []*graph.Node) []*graph.Node {
		built++
		return inner(scope, spec, inputs)
	}
	p := compile(t, c)
	for i, alpha := range []float64{0.5, 1, 3, 8} {
		h := optim.Values{optim.LearningRate: 0.01 * alpha, optim.Momentum: 0.1 * alpha}
		run(t, p, training.Settings{Alpha: alpha, Hyper: h, Steps: 5 + i, Seed: int64(i)})
	}
	if built != 2 {
		t.Errorf("the model was built %d times, want 2", built)
	}
}

// A least-squares problem of two weights, whose every number can be computed by hand.
func TestRecordsAgreeWithPlainArithmetic(t *testing.T) {
	data := dataset.Set{Name: "by hand", Shape: []int{2}, Inputs: []float64{1, 2, -1, 0.5, 3, 1}, Targets: []float64{1, -2, 0.5}}
	store := model.NewStore()
	w := []float64{0.3, -0.7}
	if _, err := store.CreateVariable("/output/dense/weights", tensors.FromFlatDataAndDimensions(w, 2, 1)); err != nil {
		t.Fatal(err)
	}
	p := compile(t, training.Config{
		Subject:   subject.Subject{Model: network.MLP{Outputs: 1, NoBias: true}.Model, Data: data, DType: dtypes.Float64, Store: store},
		Optimizer: optim.New(optim.SGD), Instruments: training.Norms(), Steps: 4,
	})
	const eta, alpha = 0.1, 2.0
	r := run(t, p, training.Settings{Alpha: alpha, Hyper: optim.Values{optim.LearningRate: eta}, Start: training.KeepWeights, Keep: true})
	for step := range 4 {
		loss, gradient := 0.0, []float64{0, 0}
		for row, target := range data.Targets {
			x := data.Inputs[2*row : 2*row+2]
			residual := alpha*(w[0]*x[0]+w[1]*x[1]) - target
			loss += residual * residual / 3
			for i := range gradient {
				gradient[i] += 2 * alpha * residual * x[i] / 3
			}
		}
		norm := math.Hypot(gradient[0], gradient[1])
		for name, want := range map[string]float64{
			"loss": loss, "gradient_norm": norm, "weight_norm": math.Hypot(w[0], w[1]), "update_norm": eta * norm,
		} {
			got := r.Loss
			if name != "loss" {
				var err error
				if got, err = r.Recorded(name, "/output/dense/weights"); err != nil {
					t.Fatal(err)
				}
			}
			if math.Abs(got[step]-want) > 1e-12*want {
				t.Errorf("step %d: %s is %g, want %g", step, name, got[step], want)
			}
		}
		w[0], w[1] = w[0]-eta*gradient[0], w[1]-eta*gradient[1]
	}
	final := tensors.MustCopyFlatData[float64](r.Final["/output/dense/weights"])
	for i := range w {
		if math.Abs(final[i]-w[i]) > 1e-12 {
			t.Errorf("final w[%d] = %g, want %g", i, final[i], w[i])
		}
	}
}

// A run that diverges is a result: it ends at the step whose loss is not finite.
func TestDivergenceIsAResult(t *testing.T) {
	data := dataset.Set{Name: "steep", Shape: []int{1}, Inputs: []float64{1}, Targets: []float64{1}}
	p := compile(t, training.Config{
		Subject: subject.Of(network.MLP{Outputs: 1, NoBias: true}.Model, data), Optimizer: optim.New(optim.SGD), Steps: 300,
	})
	// The loss (w − 1)² has curvature 2: gradient descent is stable below η = 1 and explodes above (law L5).
	for eta, diverges := range map[float64]bool{0.99: false, 2: true} {
		r := run(t, p, training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: eta}, Seed: 1})
		if (r.Diverged >= 0) != diverges {
			t.Errorf("η = %g: diverged at step %d, want divergence %v", eta, r.Diverged, diverges)
		}
		if diverges && (len(r.Loss) != r.Diverged+1 || !math.IsInf(r.Loss[r.Diverged], 1)) {
			t.Errorf("η = %g: %d losses, the last %g, for a run that diverged at %d", eta, len(r.Loss), r.Loss[len(r.Loss)-1], r.Diverged)
		}
	}
}

// The pool returns what single runs return, in the order asked for, and stops when told to.
func TestRunAll(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Steps = 10
	p := compile(t, c)
	var settings []training.Settings
	for seed := range 9 {
		settings = append(settings, training.Settings{Alpha: 1 + float64(seed), Seed: int64(seed % 3)})
	}
	calls := 0
	runs, err := p.RunAll(t.Context(), settings, func(done, total int) {
		if calls++; done != calls-1 || total != 9 {
			t.Errorf("progress %d of %d at call %d", done, total, calls)
		}
	})
	if err != nil || calls != 10 {
		t.Fatalf("%d progress calls and the error %v", calls, err)
	}
	for i, r := range runs {
		if step := firstDifference(r.Loss, run(t, p, settings[i]).Loss); step >= 0 {
			t.Errorf("run %d differs from the same run alone at step %d", i, step)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	runs, err = p.RunAll(ctx, settings, func(done, _ int) {
		if done > 0 {
			stop()
		}
	})
	finished := 0
	for _, r := range runs {
		if r != nil {
			finished++
		}
	}
	if !errors.Is(err, context.Canceled) || finished == 0 || finished == 9 {
		t.Errorf("stopped after the first run: %d runs and the error %v", finished, err)
	}
}

// A run that goes on from another's end is the run that was not interrupted, bit for bit.
func TestGoingOnFromAnotherRun(t *testing.T) {
	c := digitsConfig(t, optim.Adam)
	c.Batch, c.Steps = 599, 12 // three batches, so that a multiple of three steps ends where the data begin
	p := compile(t, c)
	s := training.Settings{Alpha: 1, Seed: 1, Keep: true}
	whole := run(t, p, s)
	s.Steps = 6
	half := run(t, p, s)
	s.Initial = half.Final
	rest := run(t, p, s)
	if step := firstDifference(whole.Loss[6:], rest.Loss); step >= 0 {
		t.Errorf("the second half differs at step %d", step)
	}
	s.Initial = map[string]*tensors.Tensor{"/output/dense/wieghts": half.Final["/output/dense/weights"]}
	_, err := p.Run(s)
	wantError(t, err, "/output/dense/wieghts")
	s.Initial = map[string]*tensors.Tensor{"/output/dense/weights": half.Final["/output/dense/biases"]}
	_, err = p.Run(s)
	wantError(t, err, "/output/dense/weights", "shaped")
}

// TestStoreStaysUndrawn holds that runs leave nothing in a store: a second program of it draws by seed as the first does.
func TestStoreStaysUndrawn(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Store, c.Steps = model.NewStore(), 3
	first := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1})
	second := compile(t, c)
	if i := firstDifference(first.Loss, run(t, second, training.Settings{Alpha: 1, Seed: 1}).Loss); i >= 0 {
		t.Errorf("two programs of one store and seed differ at step %d", i)
	}
	if other := run(t, second, training.Settings{Alpha: 1, Seed: 2}); other.Loss[0] == first.Loss[0] {
		t.Errorf("both seeds begin at loss %g", other.Loss[0])
	}
}
