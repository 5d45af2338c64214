package training_test

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/law"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// narrow are the dtypes with fewer digits than float32. XLA's CPU has no float16.
var narrow = []struct {
	dtype  dtypes.DType
	format law.Format
	open   func() (compute.Backend, error)
}{
	{dtypes.BFloat16, law.BFloat16(), backend.Open},
	{dtypes.Float16, law.Float16(), backend.Interpreter},
}

// constantGradient is a training of one weight, w₀ = 1, whose gradient is 1 at every step.
func constantGradient(t *testing.T, dtype dtypes.DType, open func() (compute.Backend, error)) training.Config {
	t.Helper()
	c := training.Config{
		Subject: subject.Subject{Model: network.MLP{Outputs: 1, NoBias: true}.Model, Data: dataset.Set{Name: "one", Shape: []int{1}, Inputs: []float64{1}, Targets: []float64{0}}, Loss: func(_, outputs []*graph.Node) *graph.Node { return graph.ReduceAllSum(outputs[0]) }, DType: dtype, Store: model.NewStore()}, Steps: 64, Batch: 1,
		Optimizer: optim.New(optim.SGD),
	}
	begin(t, c.Store, "/output/dense/weights", 1, shapes.Make(dtype, 1, 1))
	var err error
	if c.Backend, err = open(); err != nil {
		t.Fatal(err)
	}
	return c
}

// A step below half the spacing of a narrow weight is rounded away, at every one of 64 steps; a master copy in float32 adds
// them up, and the model uses it rounded. With α = 4, compensated, it is the same.
func TestMasterWeightsKeepSmallSteps(t *testing.T) {
	for _, n := range narrow {
		c := constantGradient(t, n.dtype, n.open)
		eta := math.Ldexp(1, -n.format.FractionBits-3) // a quarter of the spacing below 1
		settings := func(alpha float64) training.Settings {
			return training.Settings{
				Alpha: alpha, Keep: true, Hyper: optim.Values{optim.LearningRate: eta}, ScaledHyper: optim.Values{optim.LearningRate: eta / alpha / alpha},
			}
		}
		final := func(r *training.Run) float64 {
			w, err := backend.Floats(r.Final["/output/dense/weights"])
			if err != nil {
				t.Fatal(err)
			}
			return w[0]
		}
		if got := final(run(t, compile(t, c), settings(1))); got != 1 {
			t.Errorf("%s without a master copy: w = %g, want 1", n.dtype, got)
		}
		c.Master = true
		p := compile(t, c)
		for _, alpha := range []float64{1, 4} {
			r := run(t, p, settings(alpha))
			if got, want := final(r), (1-64*eta)/alpha; got != want {
				t.Errorf("%s with a master copy, α = %g: w = %g, want %g", n.dtype, alpha, got, want)
			}
			for step, loss := range r.Loss {
				if want := n.format.Round(1 - float64(step)*eta); loss != want {
					t.Fatalf("%s, α = %g: the model uses %g at step %d, want %g", n.dtype, alpha, loss, step, want)
				}
			}
			s := settings(alpha) // and it goes on
			s.Steps = 32
			s.Initial = run(t, p, s).Final
			if got, want := final(run(t, p, s)), (1-64*eta)/alpha; got != want {
				t.Errorf("%s, α = %g, in two halves: w = %g, want %g", n.dtype, alpha, got, want)
			}
		}
	}
}

// Every optimizer learns in bfloat16, as in float32 within what its digits allow, with a master copy and without.
func TestEveryOptimizerLearnsInBFloat16(t *testing.T) {
	for _, family := range optim.Families() {
		last := func(dtype dtypes.DType, master bool) float64 {
			c := digitsConfig(t, family)
			c.Steps, c.DType, c.Master = 60, dtype, master
			r := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1})
			return r.Loss[59] / r.Loss[0]
		}
		// The seed means other weights in another dtype, so the runs are only alike.
		exact := last(dtypes.Float32, false)
		masters := []bool{false}
		if slices.Contains([]optim.Family{optim.SGD, optim.Adam, optim.Muon}, family) {
			masters = append(masters, true)
		}
		for _, master := range masters {
			if got := last(dtypes.BFloat16, master); !(got < 1.2*exact+0.1) {
				t.Errorf("%s in bfloat16, master copy %v: the loss falls to %.3g of the first, in float32 to %.3g", family, master, got, exact)
			}
		}
	}
}

// A finite gradient is clipped to a norm, and recorded with one, where its square leaves float32 and even where the norm's
// quotient by the limit does.
func TestNormsBeyondTheSquareRootOfTheRange(t *testing.T) {
	for _, x := range []float64{0x1p-100, 0x1p-70, 1, 0x1p80, 0x1p120} {
		c := constantGradient(t, dtypes.Float32, backend.Open)
		c.Data.Inputs = []float64{x}
		c.Steps, c.Instruments = 1, training.Norms()
		c.Optimizer = optim.New(optim.SGD, optim.ClipNorm)
		limit := min(x/4, 0x1p-20)
		r := run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: 0x1p-4, optim.ClipNorm: limit}})
		for name, want := range map[string]float64{"gradient_norm": x, "weight_norm": 1, "update_norm": limit * 0x1p-4} {
			got, err := r.Recorded(name, "/output/dense/weights")
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(got[0]/want-1) > 1e-6 {
				t.Errorf("gradient %g: %s is %g, want %g", x, name, got[0], want)
			}
		}
	}
}

// Where groups of weights have limits of their own, each in its own units, clipping by the joint norm is compensated too.
func TestClippingOfAPartIsCompensated(t *testing.T) {
	h := optim.Values{optim.LearningRate: 0.1, optim.ClipNorm: 0.5}
	c := digitsConfig(t, optim.SGD)
	c.Steps, c.Optimizer = 60, optim.New(optim.SGD, optim.ClipNorm)
	p := compile(t, c)
	want := run(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
	scaled, err := scaling.Compensate(optim.SGD, h, 4, scaling.ClippedTogether)
	if err != nil {
		t.Fatal(err)
	}
	s := training.Settings{Alpha: 4, Hyper: h, ScaledHyper: scaled, Seed: 1}
	if i := firstDifference(run(t, p, s).Loss, want.Loss); i >= 0 {
		t.Errorf("differs at step %d", i)
	}
	s.ScaledHyper = scaled.With(optim.ClipNorm, h[optim.ClipNorm])
	if firstDifference(run(t, p, s).Loss, want.Loss) < 0 {
		t.Error("the same with the limit uncompensated, so the test tells nothing")
	}
}
