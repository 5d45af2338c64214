package probe_test

import (
	"math"
	"testing"

	"alphascale/lib/internal/testkit"
	"alphascale/lib/probe"
	"alphascale/lib/subject"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
)

// backends are those on which laws are tested: the backend.Interpreter throughout, the project's own where it says so.
var backends = map[string]func() (compute.Backend, error){"interpreted": backend.Interpreter, "compiled": backend.Open}

// probeAt opens a float64 probe of a model at the weights that seed 1 draws, on the backend.Interpreter.
func probeAt(t testing.TB, model train.ModelFn, data dataset.Set) *probe.Probe {
	t.Helper()
	return probeOn(t, backend.Interpreter, probe.Config{Subject: subject.Of(model, data), Seed: 1})
}

func probeOn(t testing.TB, open func() (compute.Backend, error), config probe.Config) *probe.Probe {
	t.Helper()
	var err error
	if config.Backend, err = open(); err != nil {
		t.Fatal(err)
	}
	p, err := probe.New(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Finalize)
	return p
}

// under selects the variables of a scope.
func under(scope string) scaling.Selector { return scaling.Under(scope) }

// oracle is a bias-free MLP with a mean squared error, written in plain Go: an independent second computation.
type oracle struct {
	inputs, targets []float64
	widths          []int // of input, hidden layers and the one output
	activation      func(z float64) float64
}

// loss takes the weight matrices, [in, out], one after the other.
func (o oracle) loss(weights []float64) float64 {
	sum := 0.0
	for row, target := range o.targets {
		sum += math.Pow(o.output(row, weights)-target, 2)
	}
	return sum / float64(len(o.targets))
}

// output is f on one row.
func (o oracle) output(row int, weights []float64) float64 {
	x := o.inputs[row*o.widths[0] : (row+1)*o.widths[0]]
	for layer, out := range o.widths[1:] {
		y := make([]float64, out)
		for j := range y {
			for i := range x {
				y[j] += x[i] * weights[i*out+j]
			}
			if layer < len(o.widths)-2 {
				y[j] = o.activation(y[j])
			}
		}
		weights, x = weights[len(x)*out:], y
	}
	return x[0]
}

func relu(z float64) float64 { return max(z, 0) }

// tiny returns an oracle, a probe of the same network, and their weights.
func tiny(t testing.TB, name string, activation func(float64) float64) (oracle, *probe.Probe, []float64) {
	t.Helper()
	data := dataset.Set{
		Name: "tiny", Shape: []int{3},
		Inputs:  []float64{0.5, -1.2, 0.3, 1.1, 0.4, -0.7, -0.9, 0.8, 1.3, 0.2, 0.6, -0.4, -0.3, -0.8, 0.9},
		Targets: []float64{0.7, -0.2, 1.1, 0.3, -0.5},
	}
	p := probeAt(t, network.MLP{Hidden: []int{4, 3}, Outputs: 1, Activation: name, NoBias: true}.Model, data)
	values := testkit.Must[map[string]*tensors.Tensor](t)(p.Values())
	var weights []float64
	for _, path := range []string{"/layer_0/dense/weights", "/layer_1/dense/weights", "/output/dense/weights"} {
		weights = append(weights, testkit.Must[[]float64](t)(backend.Floats(values[path]))...)
	}
	return oracle{data.Inputs, data.Targets, []int{3, 4, 3, 1}, activation}, p, weights
}

// weightsOf reads the weights at a path.
func weightsOf(p *probe.Probe, path string) ([]float64, error) {
	values, err := p.Values()
	if err != nil {
		return nil, err
	}
	return backend.Floats(values[path])
}
