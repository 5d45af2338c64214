package measure_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/measure"
	"alphascale/lib/network"
	"alphascale/lib/scaling"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

func TestGradientsAgainstFiniteDifferences(t *testing.T) {
	for _, test := range []struct {
		activation string
		function   func(float64) float64
	}{{"relu", relu}, {"tanh", math.Tanh}} {
		t.Run(test.activation, func(t *testing.T) {
			o, p, weights := tiny(t, test.activation, test.function)
			_, loss, err := p.Outputs()
			if err != nil {
				t.Fatal(err)
			}
			if want := o.loss(weights); !near(loss, want, 1e-14) {
				t.Errorf("loss %v, want %v", loss, want)
			}
			want := fd.Gradient(nil, o.loss, weights, &fd.Settings{Formula: fd.Central})
			k := 0
			for _, part := range must[[][]float64](t)(p.Gradients()) {
				for _, got := range part {
					if math.Abs(got-want[k]) > 1e-8 {
						t.Errorf("∂L/∂w[%d] = %v, by finite differences %v", k, got, want[k])
					}
					k++
				}
			}
			if k != len(weights) {
				t.Errorf("%d derivatives for %d weights", k, len(weights))
			}
		})
	}
}

func TestHessianAgainstFiniteDifferences(t *testing.T) {
	o, p, weights := tiny(t, "tanh", math.Tanh)
	var want mat.SymDense
	fd.Hessian(&want, o.loss, weights, &fd.Settings{Formula: fd.Central, Step: 1e-4})
	direction := make([]float64, len(weights))
	for i := range direction {
		direction[i] = 1
		column := must[[]float64](t)(p.HessianProduct(scaling.Everything(), direction))
		direction[i] = 0
		for j, got := range column {
			if math.Abs(got-want.At(i, j)) > 1e-5 {
				t.Errorf("H[%d,%d] = %v, by finite differences %v", i, j, got, want.At(i, j))
			}
		}
	}

	var eigen mat.EigenSym
	if !eigen.Factorize(&want, false) {
		t.Fatal("no eigenvalues")
	}
	values := eigen.Values(nil)
	sharpness := must[measure.Eigenvalue](t)(p.Sharpness(scaling.Everything()))
	if largest := values[len(values)-1]; math.Abs(sharpness.Value-largest) > 1e-5 || !sharpness.Converged {
		t.Errorf("sharpness %+v, by finite differences %v", sharpness, largest)
	}
}

func TestJacobianAgainstFiniteDifferences(t *testing.T) {
	o, p, weights := tiny(t, "tanh", math.Tanh)
	squares := make([]float64, len(weights))
	for row := range o.targets {
		output := func(w []float64) float64 { return o.output(row, w) }
		for i, d := range fd.Gradient(nil, output, weights, &fd.Settings{Formula: fd.Central}) {
			squares[i] += d * d
		}
	}
	got := must[measure.Norms](t)(p.JacobianNorms())
	for k, end := range []int{12, 24, 27} { // 3·4, 4·3 and 3·1 weights
		start := []int{0, 12, 24}[k]
		if want := math.Sqrt(floats.Sum(squares[start:end])); !near(got[k].Value, want, 1e-8) {
			t.Errorf("%s: ‖∂f/∂w‖ = %v, by finite differences %v", got[k].Path, got[k].Value, want)
		}
	}
}

// TestJacobianNorms compares the full Jacobian with the mean over random signs, which goes through one backward pass.
func TestJacobianNorms(t *testing.T) {
	p := probe(t, network.MLP{Hidden: []int{5}, Outputs: 3, Activation: "tanh"}.Model, digits(t, 4))
	full := must[measure.Norms](t)(p.JacobianNorms())
	mean := map[string]float64{}
	const seeds = 2000
	for seed := range uint64(seeds) {
		for _, norm := range must[measure.Norms](t)(p.OutputGradientNorms(seed)) {
			mean[norm.Path] += norm.Value * norm.Value / seeds
		}
	}
	for _, norm := range full {
		// The mean of a squared norm over signs has a relative standard deviation below √2.
		if got := math.Sqrt(mean[norm.Path]); !near(got, norm.Value, 3*math.Sqrt2/math.Sqrt(seeds)) {
			t.Errorf("%s: the mean over signs is %v, the full Jacobian's norm %v", norm.Path, got, norm.Value)
		}
	}
	if _, err := full.Of("/nowhere"); err == nil {
		t.Error("a norm for a path that is not there")
	}
}

func TestProbeLeavesStoreAndTakesValues(t *testing.T) {
	store := model.NewStore()
	data := digits(t, 8)
	m := network.MLP{Hidden: []int{6}, Outputs: 10}.Model
	first := probeOn(t, interpreter, measure.Config{Model: m, Data: data, Store: store, Seed: 1})
	if n := store.NumVariables(); n != 0 {
		t.Errorf("the store that was passed in has %d variables afterwards", n)
	}
	values, err := first.Values()
	if err != nil {
		t.Fatal(err)
	}
	second := probeOn(t, interpreter, measure.Config{Model: m, Data: data, Values: values, Seed: 2})
	narrow := probeOn(t, interpreter, measure.Config{Model: m, Data: data, Values: values, DType: dtypes.Float32})
	_, want, err := first.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	if _, got, err := second.Outputs(); err != nil || got != want {
		t.Errorf("loss %v with the same values, want %v (%v)", got, want, err)
	}
	if _, got, err := narrow.Outputs(); err != nil || !near(got, want, 1e-5) || got == want {
		t.Errorf("loss %v in float32, want about %v (%v)", got, want, err)
	}
}

func TestProbeRefuses(t *testing.T) {
	data := digits(t, 8)
	good := network.MLP{Hidden: []int{6}, Outputs: 10}
	other, err := probe(t, network.MLP{Hidden: []int{7}, Outputs: 10}.Model, data).Values()
	if err != nil {
		t.Fatal(err)
	}
	constant := func(_ *model.Scope, _ any, inputs []*Node) []*Node { return inputs }
	for _, test := range []struct {
		name   string
		config measure.Config
		says   string
	}{
		{"no model", measure.Config{Data: data}, "Model"},
		{"no data", measure.Config{Model: good.Model}, "empty"},
		{"a model that panics", measure.Config{Model: network.MLP{}.Model, Data: data}, "outputs"},
		{"a model without weights", measure.Config{Model: constant, Data: data}, "trainable"},
		{"values of another shape", measure.Config{Model: good.Model, Data: data, Values: other}, "/layer_0/dense/weights"},
		{"a dtype without conversion", measure.Config{Model: good.Model, Data: data, DType: dtypes.Int32}, "float"},
	} {
		if _, err := measure.NewProbe(test.config); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v should name %q", test.name, err, test.says)
		}
	}
	p := probe(t, good.Model, data)
	for name, change := range map[string]measure.Change{
		"α = 0":      measure.Rescale(scaling.Weights(), 0),
		"α = 0 kept": measure.ReparameteriseInPlace(scaling.Weights(), 0),
		"α < 0":      measure.Reparameterise(scaling.Weights(), -1),
		"no match":   measure.Rescale(under("/nowhere"), 2),
		"nothing":    measure.Rescale(scaling.Nothing(), 2),
	} {
		if _, err := p.GradientNorms(change); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := p.HessianProduct(scaling.Everything(), []float64{1}); err == nil {
		t.Error("a direction of the wrong length was accepted")
	}
	large := probe(t, good.Model, digits(t, 500))
	if _, err := large.JacobianNorms(); err == nil || !strings.Contains(err.Error(), "409 rows") {
		t.Errorf("5,000 output values: error %v should name the remedy", err)
	}
}
