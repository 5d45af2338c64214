package training_test

import (
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/norm"
	"github.com/gomlx/gomlx/ml/layers/regularizer"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/loss"
)

// linear is a training of y = w·x + b, without b where it is not given, from given values.
func linear(t *testing.T, dtype dtypes.DType, o optim.Interface, data dataset.Set, w float64, b ...float64) training.Config {
	t.Helper()
	c := training.Config{
		Subject: subject.Subject{Model: network.MLP{Outputs: 1, NoBias: len(b) == 0}.Model, Data: data, DType: dtype, Store: model.NewStore()}, Optimizer: o, Steps: 3,
	}
	begin(t, c.Store, "/output/dense/weights", w, shapes.Make(dtype, 1, 1))
	for _, x := range b {
		begin(t, c.Store, "/output/dense/biases", x, shapes.Make(dtype, 1))
	}
	if dtype == dtypes.Float16 { // XLA's CPU has none
		var err error
		if c.Backend, err = backend.Interpreter(); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func one(x, y float64) dataset.Set {
	return dataset.Set{Name: "one", Shape: []int{1}, Inputs: []float64{x}, Targets: []float64{y}}
}

func finalWeight(t *testing.T, r *training.Run, path string) float64 {
	t.Helper()
	w, err := backend.Floats(r.Final[path])
	if err != nil {
		t.Fatal(err)
	}
	return w[0]
}

// Rows (1, 7) and (3, 13), w₀ = ½, b₀ = ¼, η = 0.1 and c = 1: by hand the first gradient is (−40, −17.5), of norm 43.66, and steps
// of length 0.1 along it give these losses, whichever variables α = 1 "multiplies".
func TestClippingLooksAtAllGradients(t *testing.T) {
	want := []float64{82.8125, 78.50469999593872, 74.31342281192512}
	data := dataset.Set{Name: "line", Shape: []int{1}, Inputs: []float64{1, 3}, Targets: []float64{7, 13}}
	for _, selector := range []scaling.Selector{scaling.Everything(), scaling.Nothing(), scaling.Weights(), scaling.Biases()} {
		c := linear(t, dtypes.Float64, optim.New(optim.SGD, optim.ClipNorm), data, 0.5, 0.25)
		c.Scaled = selector
		r := run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0.1, optim.ClipNorm: 1}})
		for i := range want {
			if math.Abs(r.Loss[i]-want[i]) > 1e-9 {
				t.Errorf("α = 1 of %s: losses %v, want %v", selector, r.Loss, want)
				break
			}
		}
	}
}

// In float16 a finite gradient of 480, whose square is not, is clipped to 1 and no further, one of 2⁻¹³, whose square is zero,
// has a norm, and η = 0 moves nothing.
func TestSizesOfFloat16(t *testing.T) {
	const path = "/output/dense/weights"
	clipping := optim.New(optim.SGD, optim.ClipNorm)
	c := linear(t, dtypes.Float16, clipping, one(20, -7), 0.25)
	c.Steps = 1
	r := run(t, compile(t, c), training.Settings{Alpha: 1, Keep: true, Hyper: optim.Values{optim.LearningRate: 0x1p-7, optim.ClipNorm: 1}})
	if w := finalWeight(t, r, path); w != 0.25-0x1p-7 {
		t.Errorf("a gradient of 480 clipped to 1 takes w from ¼ to %g", w)
	}
	c = linear(t, dtypes.Float16, optim.New(optim.SGD), one(0x1p-7, 1.5*0x1p-7), 0.5)
	c.Instruments = []instrument.Instrument{instrument.GradientNorm(), instrument.UpdateNorm(), instrument.RadialCosine()}
	p := compile(t, c)
	r = run(t, p, training.Settings{Alpha: 1, Keep: true, Hyper: optim.Values{optim.LearningRate: 256}})
	for name, want := range map[string]float64{"gradient_norm": 0x1p-13, "update_norm": 0x1p-5, "radial_cosine": -1} {
		got, err := r.Recorded(name, path)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got[0]/want-1) > 1e-3 {
			t.Errorf("%s is recorded as %g, want %g", name, got[0], want)
		}
	}
	still := run(t, p, training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0}})
	if still.Loss[2] != still.Loss[0] {
		t.Errorf("η = 0: losses %v", still.Loss)
	}
}

// The penalty of L2 is for weights: without a gradient a gain of rank 2 stays, and α does not multiply it.
func TestGainsOfHigherRankAreNoWeights(t *testing.T) {
	m := func(s *model.Scope, _ any, in []*Node) []*Node {
		x := norm.LayerNorm(s.In("norm"), Reshape(in[0], 1, 2, 2), 1, 2).Done()
		return []*Node{MulScalar(layers.Dense(s.In("head"), Reshape(x, 1, 4), true, 1), 0)}
	}
	c := training.Config{
		Subject: subject.Subject{Model: m, Data: dataset.Set{Name: "x", Shape: []int{4}, Inputs: []float64{1, 2, 3, 4}, Targets: []float64{0}}, DType: dtypes.Float64}, Steps: 1, Optimizer: optim.New(optim.SGD, optim.L2),
	}
	p := compile(t, c)
	for path, scaled := range p.Variables() {
		if scaled != (path == "/head/dense/weights") {
			t.Errorf("α multiplies %s: %v", path, scaled)
		}
	}
	r := run(t, p, training.Settings{Alpha: 1, Keep: true, Hyper: optim.Values{optim.LearningRate: 0.1, optim.L2: 0.5}})
	if g := finalWeight(t, r, "/norm/layer_normalization/gain"); g != 1 {
		t.Errorf("the penalty takes a gain from 1 to %g", g)
	}
}

// (w − 2)² + ½w² has its minimum at 4/3, and a loss scale that CompensateLoss undoes leaves it there, however the model adds
// the second term. Scaling the first term alone would lead to 16/8.5.
func TestLossScaleReachesWhatTheModelAdds(t *testing.T) {
	for name, added := range map[string]func(scope *model.Scope, w *Node){
		"regularizer": nil,
		"penalty":     func(_ *model.Scope, w *Node) { train.AddRegularizationLoss(MulScalar(ReduceAllSum(Square(w)), 0.5)) },
		"main loss":   func(_ *model.Scope, w *Node) { train.AddMainLoss(MulScalar(ReduceAllSum(Square(w)), 0.5)) },
	} {
		m := func(s *model.Scope, _ any, in []*Node) []*Node {
			if added == nil {
				s.SetParam(regularizer.ParamL2, 0.5)
			}
			out := layers.Dense(s.In("out"), in[0], false, 1)
			if added != nil {
				added(s, s.Store().GetVariable("/out/dense/weights").NodeValue(in[0].Graph()))
			}
			return []*Node{out}
		}
		scaled, err := scaling.ScaleLoss(loss.MeanSquaredError, 8)
		if err != nil {
			t.Fatal(err)
		}
		h, err := scaling.CompensateLoss(optim.SGD, optim.Values{optim.LearningRate: 0.0625}, 8)
		if err != nil {
			t.Fatal(err)
		}
		c := training.Config{Subject: subject.Subject{Model: m, Data: one(1, 2), Loss: scaled, DType: dtypes.Float64}, Steps: 200, Optimizer: optim.New(optim.SGD)}
		r := run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: h, Keep: true})
		if w := finalWeight(t, r, "/out/dense/weights"); math.Abs(w-4./3) > 1e-9 {
			t.Errorf("%s: w = %.6f, want 1.333333", name, w)
		}
	}
}
