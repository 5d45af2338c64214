package probe_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/internal/testkit"
	"alphascale/lib/subject"

	"alphascale/lib/network"
	"alphascale/lib/probe"
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
			if want := o.loss(weights); !testkit.Near(loss, want, 1e-14) {
				t.Errorf("loss %v, want %v", loss, want)
			}
			want := fd.Gradient(nil, o.loss, weights, &fd.Settings{Formula: fd.Central})
			k := 0
			for _, part := range testkit.Must[[][]float64](t)(p.Gradients()) {
				for _, got := range part {
					if math.Abs(got-want[k]) > 1e-8 {
						t.Errorf("∂ℓ/∂w[%d] = %v, by finite differences %v", k, got, want[k])
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
		column := testkit.Must[[]float64](t)(p.HessianProduct(scaling.Everything(), direction))
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
	sharpness := testkit.Must[probe.Eigenvalue](t)(p.Sharpness(scaling.Everything()))
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
	got := testkit.Must[probe.Norms](t)(p.JacobianNorms())
	for k, end := range []int{12, 24, 27} { // 3·4, 4·3 and 3·1 weights
		start := []int{0, 12, 24}[k]
		if want := math.Sqrt(floats.Sum(squares[start:end])); !testkit.Near(got[k].Value, want, 1e-8) {
			t.Errorf("%s: ‖∂f/∂w‖ = %v, by finite differences %v", got[k].Path, got[k].Value, want)
		}
	}
}

// TestJacobianNorms compares the full Jacobian with the mean over random signs, which goes through one backward pass.
func TestJacobianNorms(t *testing.T) {
	p := probeAt(t, network.MLP{Hidden: []int{5}, Outputs: 3, Activation: "tanh"}.Model, dataset.Digits().First(4))
	full := testkit.Must[probe.Norms](t)(p.JacobianNorms())
	mean := map[string]float64{}
	const seeds = 2000
	for seed := range uint64(seeds) {
		for _, norm := range testkit.Must[probe.Norms](t)(p.OutputGradientNorms(seed)) {
			mean[norm.Path] += norm.Value * norm.Value / seeds
		}
	}
	for _, norm := range full {
		// The mean of a squared norm over signs has a relative standard deviation below √2.
		if got := math.Sqrt(mean[norm.Path]); !testkit.Near(got, norm.Value, 3*math.Sqrt2/math.Sqrt(seeds)) {
			t.Errorf("%s: the mean over signs is %v, the full Jacobian's norm %v", norm.Path, got, norm.Value)
		}
	}
	if _, err := full.Of("/nowhere"); err == nil {
		t.Error("a norm for a path that is not there")
	}
}

func TestProbeLeavesStoreAndTakesValues(t *testing.T) {
	store := model.NewStore()
	data := dataset.Digits().First(8)
	m := network.MLP{Hidden: []int{6}, Outputs: 10}.Model
	first := probeOn(t, backend.Interpreter, probe.Config{Subject: subject.Subject{Model: m, Data: data, Store: store}, Seed: 1})
	if n := store.NumVariables(); n != 0 {
		t.Errorf("the store that was passed in has %d variables afterwards", n)
	}
	values, err := first.Values()
	if err != nil {
		t.Fatal(err)
	}
	second := probeOn(t, backend.Interpreter, probe.Config{Subject: subject.Of(m, data), Values: values, Seed: 2})
	narrow := probeOn(t, backend.Interpreter, probe.Config{Subject: subject.Subject{Model: m, Data: data, DType: dtypes.Float32}, Values: values})
	_, want, err := first.Outputs()
	if err != nil {
		t.Fatal(err)
	}
	if _, got, err := second.Outputs(); err != nil || got != want {
		t.Errorf("loss %v with the same values, want %v (%v)", got, want, err)
	}
	if _, got, err := narrow.Outputs(); err != nil || !testkit.Near(got, want, 1e-5) || got == want {
		t.Errorf("loss %v in float32, want about %v (%v)", got, want, err)
	}
}

func TestProbeRefuses(t *testing.T) {
	data := dataset.Digits().First(8)
	good := network.MLP{Hidden: []int{6}, Outputs: 10}
	other, err := probeAt(t, network.MLP{Hidden: []int{7}, Outputs: 10}.Model, data).Values()
	if err != nil {
		t.Fatal(err)
	}
	constant := func(_ *model.Scope, _ any, inputs []*Node) []*Node { return inputs }
	for _, test := range []struct {
		name   string
		config probe.Config
		says   string
	}{
		{"no model", probe.Config{Subject: subject.Subject{Data: data}}, "Model"},
		{"no data", probe.Config{Subject: subject.Subject{Model: good.Model}}, "empty"},
		{"a model that panics", probe.Config{Subject: subject.Of(network.MLP{}.Model, data)}, "outputs"},
		{"a model without weights", probe.Config{Subject: subject.Of(constant, data)}, "trainable"},
		{"values of another shape", probe.Config{Subject: subject.Of(good.Model, data), Values: other}, "/layer_0/dense/weights"},
		{"a dtype without conversion", probe.Config{Subject: subject.Subject{Model: good.Model, Data: data, DType: dtypes.Int32}}, "float"},
	} {
		if _, err := probe.New(test.config); err == nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: error %v should name %q", test.name, err, test.says)
		}
	}
	p := probeAt(t, good.Model, data)
	for name, change := range map[string]probe.Change{
		"α = 0":      probe.Rescale(scaling.Weights(), 0),
		"α = 0 kept": probe.ReparameteriseInPlace(scaling.Weights(), 0),
		"α < 0":      probe.Reparameterise(scaling.Weights(), -1),
		"no match":   probe.Rescale(under("/nowhere"), 2),
		"nothing":    probe.Rescale(scaling.Nothing(), 2),
	} {
		if _, err := p.GradientNorms(change); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	if _, err := p.HessianProduct(scaling.Everything(), []float64{1}); err == nil {
		t.Error("a direction of the wrong length was accepted")
	}
	large := probeAt(t, good.Model, dataset.Digits().First(500))
	if _, err := large.JacobianNorms(); err == nil || !strings.Contains(err.Error(), "409 rows") {
		t.Errorf("5,000 output values: error %v should name the remedy", err)
	}
}

// The norm of one variable is its entry among those of all, also after a change; a variable that is not there lists those that are.
func TestNormsOfOneVariable(t *testing.T) {
	p := probeAt(t, deep(2, 4).Model, dataset.Digits().First(8))
	const path = "/layer_0/dense/weights"
	change := probe.Rescale(scaling.Weights(), 4)
	for name, test := range map[string]struct {
		one func(string, ...probe.Change) (float64, error)
		all func(...probe.Change) (probe.Norms, error)
	}{
		"weight":   {p.WeightNorm, p.WeightNorms},
		"gradient": {p.GradientNorm, p.GradientNorms},
		"output":   {p.OutputGradientNorm, func(c ...probe.Change) (probe.Norms, error) { return p.OutputGradientNorms(1, c...) }},
	} {
		got, err := test.one(path, change)
		want, wrong := testkit.Must[probe.Norms](t)(test.all(change)), testkit.Must[probe.Norms](t)(test.all())
		if w, _ := want.Of(path); err != nil || got != w {
			t.Errorf("%s norm %v, want %v (%v)", name, got, w, err)
		}
		if w, _ := wrong.Of(path); got == w {
			t.Errorf("%s norm: the change makes no difference, so the test does not see it", name)
		}
		if _, err := test.one("/nowhere"); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s norm: error %v does not list %s", name, err, path)
		}
	}
}
