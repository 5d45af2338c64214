package lora_test

import (
	"slices"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/lora"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	floats64 "gonum.org/v1/gonum/floats"
)

// own is a model in GoMLX's words, with a matrix that is used twice, a value that it states itself and what it says not to train.
func own(scope *model.Scope, _ any, inputs []*Node) []*Node {
	g, x := inputs[0].Graph(), inputs[0]
	shift := scope.VariableWithValue("shift", tensorOf(0.25)).SetTrainable(false)
	x = Add(layers.Dense(scope.In("in"), x, true, 24), ConvertDType(shift.NodeValue(g), x.DType()))
	square := scope.VariableWithShape("square_weights", shapes.Make(x.DType(), 24, 24))
	for range 2 {
		x = activation.Relu(Dot(x, square.NodeValue(g)).Product())
	}
	return []*Node{layers.Dense(scope.In("out"), x, true, 10)}
}

func tensorOf(x float32) any { return x }

// models that differ in what reads a matrix, by what is adapted in them.
func models() map[string]struct {
	model   train.ModelFn
	weights string
} {
	type one = struct {
		model   train.ModelFn
		weights string
	}
	return map[string]one{
		"perceptron":         {mlp.Model, "weights"},
		"weight norm":        {network.MLP{Hidden: []int{32, 32}, Outputs: 10, Norm: network.WeightNorm}.Model, "weights"},
		"batch norm":         {network.MLP{Hidden: []int{32, 32}, Outputs: 10, Norm: network.BatchNorm}.Model, "weights"},
		"residual":           {network.Residual{Width: 16, Blocks: 2, Outputs: 10}.Model, "weights"},
		"attention":          {network.Transformer{Outputs: 10}.Model, "/block_0/"},
		"convolution's last": {network.CNN{Channels: []int{4}, Outputs: 10}.Model, "/output/dense/weights"},
		"GoMLX's own":        {own, "/square_weights"},
	}
}

// TestAnyModel adapts models of all kinds. At the start the adapted one is the model; when trained, what was frozen is as it was to the
// last bit, A and B are not, the loss has fallen, and the merged weights are those of a model that gives the same outputs.
func TestAnyModel(t *testing.T) {
	data := half(t, 1).First(256)
	for name, test := range models() {
		t.Run(name, func(t *testing.T) {
			of := subject.Subject{Model: test.model, Data: data, DType: dtypes.Float32}
			selected := scaling.Except(scaling.Select(test.weights), scaling.Biases())
			a := testkit.Must[*lora.Adapter](t)(lora.New(of, lora.Config{Weights: selected, Rank: 3, Scale: lora.Hu(6)}))
			p := testkit.Must[*training.Program](t)(training.Compile(a.Training(training.Config{Subject: of, Optimizer: optim.New(optim.Adam), Batch: 64, Steps: 40})))
			defer p.Finalize()
			s := a.Settings(rate(0.01), nil, 7)
			s.Keep = true
			got := run(t, p, s)
			if got.Loss[39] > 0.9*got.Loss[0] {
				t.Errorf("the loss goes from %g to %g", got.Loss[0], got.Loss[39])
			}
			merged, _, err := a.Merge(got.Final)
			if err != nil {
				t.Fatal(err)
			}
			adaptedModel := of
			adaptedModel.Model = a.Model
			plain, adapted := probed(t, of), probed(t, adaptedModel)
			drawn, start := testkit.Must[values](t)(plain.Values()), testkit.Must[values](t)(p.Initial(7))
			if off := distance(outputs(t, adapted, start), outputs(t, plain, drawn)); off > 1e-5 {
				t.Errorf("outputs at the start are off by %g", off)
			}
			if off := distance(outputs(t, adapted, got.Final), outputs(t, plain, merged)); off > 1e-5 {
				t.Errorf("outputs of the merged model are off by %g", off)
			}
			if off := distance(outputs(t, adapted, got.Final), outputs(t, plain, drawn)); off < 1e-2 {
				t.Errorf("control: those of the frozen model are off by %g only", off)
			}
			learned(t, a, drawn, start, got.Final)
		})
	}
}

// learned holds what was drawn for the model alone, for the adapted model, and what a run has ended with against one another.
func learned(t *testing.T, a *lora.Adapter, alone, start, final values) {
	t.Helper()
	for path, value := range alone {
		if !slices.Equal(floats(t, value), floats(t, start[path])) {
			t.Errorf("%s of one seed is another one in the adapted model", path)
		}
		// Running averages of a batch normalisation go on.
		if value.Rank() == 2 && !slices.Equal(floats(t, value), floats(t, final[path])) {
			t.Errorf("%s was to be frozen and has changed", path)
		}
	}
	for _, weight := range a.Adapted() {
		for _, path := range []string{lora.PathA(weight), lora.PathB(weight)} {
			if slices.Equal(floats(t, final[path]), floats(t, start[path])) {
				t.Errorf("%s has not learned", path)
			}
		}
	}
}

func probed(t *testing.T, of subject.Subject) *probe.Probe {
	t.Helper()
	p := testkit.Must[*probe.Probe](t)(probe.New(probe.Config{Subject: of, Seed: 7, Evaluation: true}))
	t.Cleanup(p.Finalize)
	return p
}

func outputs(t *testing.T, p *probe.Probe, at values) []float64 {
	t.Helper()
	f, _, err := testkit.Must[*probe.Probe](t)(p.At(at)).Outputs()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func distance(a, b []float64) float64 { return floats64.Distance(a, b, 2) / floats64.Norm(b, 2) }

// TestTrainedBeside trains the last layer as it is, and nothing else of the model.
func TestTrainedBeside(t *testing.T) {
	a := testkit.Must[*lora.Adapter](t)(lora.New(subject.Of(mlp.Model, half(t, 1)), lora.Config{
		Weights: scaling.Select("/layer_*/dense/weights"), Rank: 2, Scale: lora.Fixed(1), Trained: scaling.Under("/output"),
	}))
	p := compiled(t, a, optim.SGD, 5, dtypes.Float32)
	s := a.Settings(rate(0.1), pretrained(t), 1)
	s.Keep = true
	final := run(t, p, s).Final
	for path, before := range pretrained(t) {
		if final[path] == nil || !before.DType().IsFloat() || path == training.StatePath || strings.HasPrefix(path, "/optimizers/") {
			continue
		}
		learns := path == "/output/dense/weights" || path == "/output/dense/biases"
		if same := slices.Equal(floats(t, before), floats(t, final[path])); same == learns {
			t.Errorf("%s is as it was: %v", path, same)
		}
	}
}

// TestStepByHand: two steps of gradient descent on one linear layer, as multiplied out on paper. With the gradient G of the loss by u, B
// becomes −η·s·Aᵀ·G, A stays, and then moves by −η·s·G·Bᵀ.
func TestStepByHand(t *testing.T) {
	data := dataset.Set{Name: "by hand", Shape: []int{2}, Inputs: []float64{1, 2, 3, -1}, Targets: []float64{1, 0}}
	of := subject.Subject{Model: network.MLP{Outputs: 1, NoBias: true}.Model, Data: data, DType: dtypes.Float64}
	const weight = "/output/dense/weights"
	a := testkit.Must[*lora.Adapter](t)(lora.New(of, lora.Config{Weights: scaling.Select(weight), Rank: 1, Scale: lora.Fixed(3)}))
	p := testkit.Must[*training.Program](t)(training.Compile(a.Training(training.Config{Subject: of, Optimizer: optim.New(optim.SGD), Batch: 2, Steps: 2})))
	defer p.Finalize()
	start := values{
		weight:             tensor(t, dtypes.Float64, []int{2, 1}, 0.5, -0.25),
		lora.PathA(weight): tensor(t, dtypes.Float64, []int{2, 1}, 1, 2),
	}
	s := a.Settings(rate(0.125), start, 1)
	s.Keep = true
	final := run(t, p, s).Final
	// Errors of the rows: 0 − 1 and 1.75 − 0. G = mean over rows of 2·error·x = (−1 + 5.25, −2 − 1.75) = (4.25, −3.75).
	// B = −0.125·3·(4.25 − 7.5) = 1.21875; u = W + 3·A·B = (4.15625, 7.0625), and so on for the second step.
	b := -0.125 * 3 * (4.25 - 7.5)
	u := []float64{0.5 + 3*b, -0.25 + 6*b}
	e := []float64{u[0] + 2*u[1] - 1, 3*u[0] - u[1]}
	g := []float64{e[0] + 3*e[1], 2*e[0] - e[1]}
	wantA := []float64{1 - 0.125*3*g[0]*b, 2 - 0.125*3*g[1]*b}
	wantB := b - 0.125*3*(g[0]+2*g[1])
	if got := floats(t, final[lora.PathA(weight)]); !floats64.EqualApprox(got, wantA, 1e-12) {
		t.Errorf("A = %v, want %v", got, wantA)
	}
	if got := floats(t, final[lora.PathB(weight)])[0]; !testkit.Near(got, wantB, 1e-12) {
		t.Errorf("B = %g, want %g", got, wantB)
	}
}
