package training_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// What is absent takes its default, which is the family's or that of store.SetParam and never what another optimizer, of another
// dtype even, has left in the store.
func TestDefaultsAreNotWhatIsLeftInAStore(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Steps = 5
	want := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1})
	c.Store = model.NewStore()
	for _, name := range []optim.Hyper{optim.LearningRate, optim.Momentum} {
		half, err := backend.Tensor([]float64{0.75}, shapes.Make(dtypes.Float16))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Store.CreateVariable(optim.HyperPath(name), half); err != nil {
			t.Fatal(err)
		}
	}
	if i := firstDifference(run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1}).Loss, want.Loss); i >= 0 {
		t.Errorf("a learning rate left in the store is taken for the default: differs at step %d", i)
	}
	c.Store = model.NewStore()
	c.Store.SetParam("learning_rate", 0.3)
	stated := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1})
	given := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1, Hyper: optim.Values{optim.LearningRate: 0.3}})
	if firstDifference(stated.Loss, given.Loss) >= 0 || firstDifference(stated.Loss, want.Loss) < 0 {
		t.Error("the store's parameter learning_rate is ignored")
	}
}

// The library's optimizers stand in GoMLX's own trainer as its own do, parameters of the store included.
func TestOptimizersInGoMLXTrainer(t *testing.T) {
	data := dataset.Set{Name: "line", Shape: []int{1}, Inputs: []float64{1, 3}, Targets: []float64{7, 13}}
	be, err := backend.Open()
	if err != nil {
		t.Fatal(err)
	}
	step := func(o optimizer.Interface, params map[string]any) float64 {
		store := model.NewStore()
		store.SetParams(params)
		begin(t, store, "/output/dense/weights", 0.5, shapes.Make(dtypes.Float64, 1, 1))
		inputs, err := data.InputTensor(dtypes.Float64) // which the trainer frees
		if err != nil {
			t.Fatal(err)
		}
		labels, err := data.LabelTensor(dtypes.Float64)
		if err != nil {
			t.Fatal(err)
		}
		trainer := train.NewTrainer(be, store, network.MLP{Outputs: 1, NoBias: true}.Model, loss.MeanSquaredError, o, nil, nil)
		if _, err := trainer.TrainStep(train.Batch{Inputs: []*tensors.Tensor{inputs}, Labels: []*tensors.Tensor{labels}}); err != nil {
			t.Fatal(err)
		}
		w, err := backend.Floats(store.GetVariable("/output/dense/weights").MustValue())
		if err != nil {
			t.Fatal(err)
		}
		return w[0]
	}
	// ∂/∂w of the mean of (w − 7)² and (3w − 13)² is (w − 7) + 3·(3w − 13) = −41 at w = ½.
	plain := optim.New(optim.SGD)
	for name, test := range map[string]struct {
		o      optimizer.Interface
		params map[string]any
		want   float64
	}{
		"default":             {plain, nil, 0.5 + 0.05*41},
		"learning rate":       {plain, map[string]any{"learning_rate": 0.01}, 0.5 + 0.01*41},
		"clipped step":        {plain, map[string]any{"clip_step_by_value": 0.25}, 0.75},
		"clip norm":           {optim.New(optim.SGD, optim.ClipNorm), map[string]any{"clip_norm": 2.0}, 0.5 + 0.05*2},
		"penalty":             {optim.New(optim.SGD, optim.L2), map[string]any{"l2": 4.0}, 0.5 + 0.05*(41-2)},
		"Adam, learning rate": {optim.New(optim.Adam), map[string]any{"learning_rate": 0.01}, 0.51},
	} {
		if got := step(test.o, test.params); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%s: w = %g after a step, want %g", name, got, test.want)
		}
	}
}

// What a dtype cannot hold is an error that names the value before and after.
func TestWhatADTypeCannotHoldIsAnError(t *testing.T) {
	c := digitsConfig(t, optim.Adam)
	c.Steps = 1
	p := compile(t, c)
	for _, test := range []struct {
		s     training.Settings
		words []string
	}{
		{training.Settings{Alpha: 1, Hyper: optim.Values{optim.Beta2: 1 - 1e-10}}, []string{"beta2 = 0.9999999999", "becomes 1", "Float32"}},
		{training.Settings{Alpha: 1, Hyper: optim.Values{optim.Epsilon: 1e-60}}, []string{"epsilon = 1e-60", "becomes 0"}},
		{training.Settings{Alpha: 1, ScaledHyper: optim.Values{optim.LearningRate: 1e39}}, []string{"learning_rate = 1e+39", "+Inf"}},
		{training.Settings{Alpha: 1e-50}, []string{"α = 1e-50", "becomes 0"}},
		{training.Settings{Alpha: 1e50}, []string{"α = 1e+50", "+Inf"}},
	} {
		_, err := p.Run(test.s)
		wantError(t, err, test.words...)
	}
	if _, err := p.Run(training.Settings{Alpha: 1, Hyper: optim.Values{optim.Epsilon: 0}}); err != nil {
		t.Errorf("ε = 0: %v", err)
	}
}

// GoMLX's own Adam keeps ε as a constant, so no hyperparameter can compensate for α, and that is said.
func TestGoMLXAdamCannotBeCompensated(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Steps = 2
	c.Optimizer = optimizer.Adam().Done().(optim.Interface)
	p := compile(t, c)
	run(t, p, training.Settings{Alpha: 4, Seed: 1})
	_, err := p.Run(training.Settings{Alpha: 4, ScaledHyper: optim.Values{optim.LearningRate: 0.001 / 4}})
	wantError(t, err, "α = 4", "optim.New(optim.Adam)")
	full, err := scaling.Compensate(optim.Adam, nil, 4)
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(training.Settings{Alpha: 4, ScaledHyper: full})
	wantError(t, err, "GoMLX's own", "optim.New(optim.Adam)")
	c.Optimizer = optimizer.StochasticGradientDescent().WithDecay(false)
	run(t, compile(t, c), training.Settings{Alpha: 4, ScaledHyper: optim.Values{optim.LearningRate: 0.1 / 16}})
}

func TestOutputsMustMeanTheLabels(t *testing.T) {
	for outputs, refused := range map[int]bool{1: true, 3: true, 9: true, 10: false, 12: false} {
		c := digitsConfig(t, optim.SGD)
		c.Model = network.MLP{Outputs: outputs}.Model
		_, err := training.Compile(c)
		if !refused {
			if err != nil {
				t.Errorf("%d outputs: %v", outputs, err)
			}
			continue
		}
		wantError(t, err, "10 classes", "give it 10 outputs")
		if c.Loss, err = scaling.ScaleLoss(loss.SparseCategoricalCrossEntropyLogits, 8); err != nil {
			t.Fatal(err)
		}
		_, err = training.Compile(c)
		wantError(t, err, "10 classes")
	}
	c := digitsConfig(t, optim.SGD)
	c.Data = dataset.Set{Name: "halves", Shape: []int{1}, Inputs: []float64{-1, 1}, Labels: []int{0, 1}, Classes: 2}
	c.Model = network.MLP{Outputs: 1}.Model
	_, err := training.Compile(c)
	wantError(t, err, "1 outputs for the 2 classes")
	c.Loss = func(labels, outputs []*graph.Node) *graph.Node {
		return loss.BinaryCrossentropyLogits([]*graph.Node{graph.ConvertDType(labels[0], outputs[0].DType())}, outputs)
	}
	run(t, compile(t, c), training.Settings{Alpha: 1, Steps: 2})
	c.Loss = nil
	c.Data.Labels, c.Data.Classes, c.Data.Targets = nil, 0, []float64{0, 1}
	c.Model = network.MLP{Outputs: 2}.Model
	_, err = training.Compile(c)
	wantError(t, err, "one target per row", "[batch, 1]")
	c.Data.Targets = []float64{0, 1, 2, 3}
	_, err = training.Compile(c)
	wantError(t, err, "4 labels or targets", "one per row")
	c = digitsConfig(t, optim.SGD)
	flat := c.Model
	c.Model = func(scope *model.Scope, spec any, in []*graph.Node) []*graph.Node {
		return []*graph.Node{graph.InsertAxes(flat(scope, spec, in)[0], 1)}
	}
	_, err = training.Compile(c)
	wantError(t, err, "one label per row", "[batch, classes]")
	c.Model = func(*model.Scope, any, []*graph.Node) []*graph.Node { return nil }
	_, err = training.Compile(c)
	wantError(t, err, "no output")
}
