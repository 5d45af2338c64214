package measure_test

import (
	"math"
	"sync"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/measure"
	"alphascale/lib/network"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/train"
)

// digits returns the first rows of the digits.
func digits(t testing.TB, rows int) dataset.Set {
	t.Helper()
	all, err := dataset.Digits()
	if err != nil {
		t.Fatal(err)
	}
	some, err := all.Slice(0, rows)
	if err != nil {
		t.Fatal(err)
	}
	return some
}

// interpreter is the pure-Go backend, which does not compile and so starts at once.
var interpreter = sync.OnceValues(func() (compute.Backend, error) { return compute.NewWithConfig("go") })

// backends are those on which laws are tested: the interpreter throughout, the project's own where it says so.
var backends = map[string]func() (compute.Backend, error){"interpreted": interpreter, "compiled": backend.Open}

// probe opens a float64 probe of a model at the weights that seed 1 draws, on the interpreter.
func probe(t testing.TB, model train.ModelFn, data dataset.Set) *measure.Probe {
	t.Helper()
	return probeOn(t, interpreter, measure.Config{Model: model, Data: data, Seed: 1})
}

func probeOn(t testing.TB, open func() (compute.Backend, error), config measure.Config) *measure.Probe {
	t.Helper()
	var err error
	if config.Backend, err = open(); err != nil {
		t.Fatal(err)
	}
	p, err := measure.NewProbe(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Finalize)
	return p
}

// must returns the value of a call that cannot fail in a test.
func must[T any](t testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// under selects the variables of a scope.
func under(scope string) scaling.Selector { return scaling.Under(scope) }

// near reports whether two numbers agree to a tolerance relative to the larger.
func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}

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
func tiny(t testing.TB, name string, activation func(float64) float64) (oracle, *measure.Probe, []float64) {
	t.Helper()
	data := dataset.Set{
		Name: "tiny", Shape: []int{3},
		Inputs:  []float64{0.5, -1.2, 0.3, 1.1, 0.4, -0.7, -0.9, 0.8, 1.3, 0.2, 0.6, -0.4, -0.3, -0.8, 0.9},
		Targets: []float64{0.7, -0.2, 1.1, 0.3, -0.5},
	}
	p := probe(t, network.MLP{Hidden: []int{4, 3}, Outputs: 1, Activation: name, NoBias: true}.Model, data)
	values := must[map[string]*tensors.Tensor](t)(p.Values())
	var weights []float64
	for _, path := range []string{"/layer_0/dense/weights", "/layer_1/dense/weights", "/output/dense/weights"} {
		weights = append(weights, must[[]float64](t)(backend.Floats(values[path]))...)
	}
	return oracle{data.Inputs, data.Targets, []int{3, 4, 3, 1}, activation}, p, weights
}

// weightsOf reads the weights at a path.
func weightsOf(p *measure.Probe, path string) ([]float64, error) {
	values, err := p.Values()
	if err != nil {
		return nil, err
	}
	return backend.Floats(values[path])
}
