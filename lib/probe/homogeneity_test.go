package probe_test

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/network"
	"alphascale/lib/probe"
	"alphascale/lib/scaling"

	"github.com/gomlx/gomlx/ml/train"
)

// TestHomogeneity measures degrees that the architecture implies, and refuses one where there is none.
func TestHomogeneity(t *testing.T) {
	const none = -1
	for _, test := range []struct {
		name     string
		model    train.ModelFn
		selected scaling.Selector
		degree   float64
	}{
		{"all of a ReLU network of depth 3", deep(3, 9).Model, scaling.Everything(), 3},
		{"one layer of it", deep(3, 9).Model, under("/layer_1"), 1},
		{"its weight matrices", deep(3, 9).Model, scaling.Weights(), 3},
		{"the zero selector", deep(3, 9).Model, scaling.Selector{}, 3},
		{"a CNN", network.CNN{Channels: []int{3, 4}, Outputs: 10, NoBias: true}.Model, scaling.Everything(), 3},
		{
			"before batch norm", network.MLP{Hidden: []int{9}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model,
			under("/layer_0/dense"), 0,
		},
		{
			"the gain of weight norm", network.MLP{Hidden: []int{9}, Outputs: 10, NoBias: true, Norm: network.WeightNorm}.Model,
			scaling.Select("/layer_0/dense/gain"), 1,
		},
		{"tanh", network.MLP{Hidden: []int{9}, Outputs: 10, NoBias: true, Activation: "tanh"}.Model, under("/layer_0"), none},
		{"a residual network", network.Residual{Width: 9, Blocks: 2, Outputs: 10, NoBias: true}.Model, scaling.Everything(), none},
		{"the query of attention", network.Transformer{Width: 8, Outputs: 10, NoBias: true}.Model, under("/block_0/attention/query"), none},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := probeAt(t, test.model, dataset.Digits().First(8))
			got := testkit.Must[probe.Homogeneity](t)(p.Homogeneity(test.selected))
			if test.degree == none {
				if got.Misfit < 1e-2 || got.Deviation < 1e-2 {
					t.Errorf("homogeneous of degree %v: %+v", got.Degree, got)
				}
				return
			}
			if math.Abs(got.Degree-test.degree) > 1e-12 || got.Error > 1e-12 || got.Misfit > 1e-12 || got.Deviation > 1e-12 {
				t.Errorf("%+v, want degree %g", got, test.degree)
			}
			if math.Abs(got.Fit.Exponent-test.degree) > 1e-12 {
				t.Errorf("fitted exponent %v, want %g", got.Fit, test.degree)
			}
		})
	}
}

// TestBiasesBreakHomogeneity starts from biases that are not zero, which initialisation makes them.
func TestBiasesBreakHomogeneity(t *testing.T) {
	model := network.MLP{Hidden: []int{9}, Outputs: 10}.Model
	values, err := probeAt(t, model, dataset.Digits().First(8)).Values()
	if err != nil {
		t.Fatal(err)
	}
	path := "/layer_0/dense/biases"
	ones := slices.Repeat([]float64{1}, 9)
	if values[path], err = backend.Tensor(ones, values[path].Shape()); err != nil {
		t.Fatal(err)
	}
	p := probeOn(t, backend.Interpreter, probe.Config{Subject: subject.Of(model, dataset.Digits().First(8)), Values: values})
	weights := testkit.Must[probe.Homogeneity](t)(p.Homogeneity(scaling.Weights()))
	if weights.Misfit < 1e-2 {
		t.Errorf("weights alone are homogeneous of degree %v", weights.Degree)
	}
	layer := testkit.Must[probe.Homogeneity](t)(p.Homogeneity(under("/layer_0")))
	if math.Abs(layer.Degree-1) > 1e-12 || layer.Misfit > 1e-12 {
		t.Errorf("a whole layer, bias included: %+v, want degree 1", layer)
	}
}

func TestHomogeneityRefuses(t *testing.T) {
	p := probeAt(t, deep(2, 4).Model, dataset.Digits().First(4))
	if _, err := p.Homogeneity(under("/nowhere")); err == nil {
		t.Error("a selector without a match was accepted")
	}
	if _, err := p.Homogeneity(scaling.Everything(), probe.Rescale(scaling.Weights(), 1e-200)); err == nil {
		t.Error("outputs that underflow have a degree")
	}
	if _, err := p.ScaleInvariance(scaling.Everything(), probe.Rescale(scaling.Weights(), 1e-200)); err == nil {
		t.Error("a gradient that underflows has a direction")
	}
}
