package probe_test

import (
	"math"
	"testing"

	"alphascale/lib/internal/testkit"
	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/train"
	"gonum.org/v1/gonum/floats"
)

// L3, scale-invariant weights, L(c·w) = L(w): ⟨w,∇ℓ⟩ = 0, ∇ℓ(cw) = ∇ℓ(w)/c, H(cw) = H(w)/c².

// invariant lists networks whose weights at path are scale-invariant: no ε, and no bias that layer or RMS normalisation
// would let through.
var invariant = []struct {
	name  string
	model train.ModelFn
	path  string
}{
	{
		"batch norm", network.MLP{Hidden: []int{12, 12}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model,
		"/layer_0/dense/weights",
	},
	{
		"batch norm, second layer", network.MLP{Hidden: []int{12, 12}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model,
		"/layer_1/dense/weights",
	},
	{
		"layer norm", network.MLP{Hidden: []int{12}, Outputs: 10, NoBias: true, Norm: network.LayerNorm, NormEpsilon: -1}.Model,
		"/layer_0/dense/weights",
	},
	{"RMS norm, tanh", network.MLP{
		Hidden: []int{12}, Outputs: 10, NoBias: true, Norm: network.RMSNorm, NormEpsilon: -1,
		Activation: "tanh",
	}.Model, "/layer_0/dense/weights"},
	{"weight norm", network.MLP{Hidden: []int{12}, Outputs: 10, Norm: network.WeightNorm}.Model, "/layer_0/dense/weights"},
	{
		"convolution, batch norm", network.CNN{Channels: []int{4, 6}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model,
		"/layer_1/dense/weights",
	},
	{
		"convolution, weight norm", network.CNN{Channels: []int{4}, Outputs: 10, Norm: network.WeightNorm}.Model,
		"/layer_0/dense/weights",
	},
	{"residual, layer norm", network.Residual{
		Width: 12, Blocks: 1, Outputs: 10, NoBias: true, Norm: network.LayerNorm,
		NormEpsilon: -1,
	}.Model, "/block_0/inner/dense/weights"},
}

func TestL3Invariance(t *testing.T) {
	for _, test := range invariant {
		t.Run(test.name, func(t *testing.T) { checkInvariance(t, backend.Interpreter, test.model, test.path) })
	}
	t.Run("compiled", func(t *testing.T) { checkInvariance(t, backend.Open, invariant[0].model, invariant[0].path) })
}

func checkInvariance(t *testing.T, open func() (compute.Backend, error), model train.ModelFn, path string) {
	t.Helper()
	p := probeOn(t, open, probe.Config{Subject: subject.Of(model, dataset.Digits().First(32)), Seed: 1})
	selected := scaling.Select(path)
	got := testkit.Must[probe.Invariance](t)(p.ScaleInvariance(selected))
	if math.Abs(got.Radial) > 1e-14 || got.Deviation > 1e-13 {
		t.Errorf("not invariant to rounding: %+v", got)
	}
	checkExponents(t, p, selected, path)

	// The output layer is not normalised: the same measurement must say so.
	output := testkit.Must[probe.Invariance](t)(p.ScaleInvariance(under("/output")))
	if math.Abs(output.Radial) < 1e-3 || output.Deviation < 1e-2 {
		t.Errorf("the output layer came out invariant: %+v", output)
	}
}

// checkExponents compares gradients and Hessian-vector products at c·w with those at w: bit for bit where c is a power of
// two.
func checkExponents(t *testing.T, p *probe.Probe, selected scaling.Selector, path string) {
	t.Helper()
	before := testkit.Must[probe.Norms](t)(p.GradientNorms())
	direction := make([]float64, size(t, p, path))
	for i := range direction {
		direction[i] = math.Sin(float64(i + 1))
	}
	product := testkit.Must[[]float64](t)(p.HessianProduct(selected, direction))
	length := floats.Norm(product, 2)
	for _, test := range []struct{ c, tolerance float64 }{{1. / 32, 0}, {4, 0}, {0.3, 1e-12}, {3.7, 1e-12}} {
		after := testkit.Must[probe.Norms](t)(p.GradientNorms(probe.Rescale(selected, test.c)))
		for i, norm := range before {
			factor := 1.0
			if norm.Path == path {
				factor = 1 / test.c
			}
			if !testkit.Near(after[i].Value, factor*norm.Value, test.tolerance) {
				t.Errorf("w × %g: ‖∇‖ of %s went from %v to %v, want × %g", test.c, norm.Path, norm.Value, after[i].Value, factor)
			}
		}
		scaled := testkit.Must[[]float64](t)(p.HessianProduct(selected, direction, probe.Rescale(selected, test.c)))
		floats.Scale(test.c*test.c, scaled)
		if distance := floats.Distance(scaled, product, 2); !(distance <= test.tolerance*length) {
			t.Errorf("w × %g: c²·H·d is off by %g of %g", test.c, distance, length)
		}
		floats.Scale(1/test.c, scaled)
		if floats.Distance(scaled, product, 2) < 0.1*length {
			t.Errorf("w × %g: exponent −1 was confirmed for the Hessian", test.c)
		}
	}
}

// size is the number of weights at a path.
func size(t *testing.T, p *probe.Probe, path string) int {
	t.Helper()
	values, err := p.Values()
	if err != nil {
		t.Fatal(err)
	}
	return values[path].Shape().Size()
}

func TestL3Sharpness(t *testing.T) {
	p := probeAt(t, invariant[0].model, dataset.Digits().First(32))
	selected := scaling.Select(invariant[0].path)
	base := testkit.Must[probe.Eigenvalue](t)(p.Sharpness(selected))
	for _, c := range []float64{0.3, 3.7} {
		got := testkit.Must[probe.Eigenvalue](t)(p.Sharpness(selected, probe.Rescale(selected, c)))
		if !got.Converged || !testkit.Near(got.Value, base.Value/(c*c), 1e-9) {
			t.Errorf("w × %g: sharpness %v, want %v/c²", c, got.Value, base.Value)
		}
		if testkit.Near(got.Value, base.Value/c, 1e-3) {
			t.Errorf("w × %g: exponent −1 was confirmed for the sharpness", c)
		}
	}
}

// TestL3Breaks shows two more things that break the invariance: running statistics that do not follow the weights, in
// evaluation, and a bias before layer normalisation that is not scaled with them.
func TestL3Breaks(t *testing.T) {
	config := probe.Config{Subject: subject.Of(invariant[0].model, dataset.Digits().First(32)), Evaluation: true, Seed: 1}
	selected := scaling.Select("/layer_0/dense/weights")
	got := testkit.Must[probe.Invariance](t)(probeOn(t, backend.Interpreter, config).ScaleInvariance(selected))
	if got.Deviation < 1e-2 || math.Abs(got.Radial) < 1e-3 {
		t.Errorf("invariant in evaluation: %+v", got)
	}

	biased := network.MLP{Hidden: []int{12}, Outputs: 10, Norm: network.LayerNorm, NormEpsilon: -1}
	config = probe.Config{Subject: subject.Of(biased.Model, dataset.Digits().First(32)), Seed: 1}
	values, err := probeOn(t, backend.Interpreter, config).Values()
	if err != nil {
		t.Fatal(err)
	}
	biases := []float64{1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1}
	if values["/layer_0/dense/biases"], err = backend.Tensor(biases, values["/layer_0/dense/biases"].Shape()); err != nil {
		t.Fatal(err)
	}
	config.Values = values
	p := probeOn(t, backend.Interpreter, config)
	got = testkit.Must[probe.Invariance](t)(p.ScaleInvariance(selected))
	if got.Deviation < 1e-2 || math.Abs(got.Radial) < 1e-3 {
		t.Errorf("invariant with a bias before the normalisation: %+v", got)
	}
	if got = testkit.Must[probe.Invariance](t)(p.ScaleInvariance(under("/layer_0/dense"))); got.Deviation > 1e-13 {
		t.Errorf("not invariant when weights and bias are scaled together: %+v", got)
	}
}

// TestL3Epsilon quantifies what GoMLX's ε = 1e-3 breaks, against a closed form. For one unit with batch normalisation,
// pre-activations of variance v and weights c·w, the normalised value is s·ẑ, s = √(c²v/(c²v+ε)), ẑ being the value
// without ε. So d ln s/d ln c = ε/(c²v+ε), and with f = a·s·ẑ + b, ⟨w,∂f/∂w⟩ is that share of f − b.
func TestL3Epsilon(t *testing.T) {
	const epsilon = 1e-3
	rows := [][2]float64{{1, 0}, {0.2, 1.3}, {-0.7, 0.4}, {0.1, -1.1}, {0.5, 0.9}}
	data := dataset.Set{Name: "unit", Shape: []int{2}, Targets: make([]float64, len(rows))}
	for _, row := range rows {
		data.Inputs = append(data.Inputs, row[:]...)
	}
	unit := network.MLP{Hidden: []int{1}, Outputs: 1, NoBias: true, Activation: "none", Norm: network.BatchNorm}
	p := probeAt(t, unit.Model, data)
	selected := scaling.Select("/layer_0/dense/weights")
	w := testkit.Must[[]float64](t)(weightsOf(p, "/layer_0/dense/weights"))

	var mean, variance float64
	for _, row := range rows {
		mean += (row[0]*w[0] + row[1]*w[1]) / float64(len(rows))
	}
	for _, row := range rows {
		z := row[0]*w[0] + row[1]*w[1] - mean
		variance += z * z / float64(len(rows))
	}
	for _, c := range []float64{0.01, 0.1, 1, 10} {
		want := epsilon / (c*c*variance + epsilon)
		got := testkit.Must[probe.Homogeneity](t)(p.Homogeneity(selected, probe.Rescale(selected, c)))
		if math.Abs(got.Degree-want) > 1e-12 {
			t.Errorf("w × %g: degree %v, want %v; 0 without ε", c, got.Degree, want)
		}
		t.Logf("ε = 1e-3, w × %g: the outputs follow w with degree %.3g, 0 without ε", c, got.Degree)
	}
}
