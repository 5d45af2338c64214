package training_test

import (
	"fmt"
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/dataset"
	"alphascale/lib/instrument"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/probe"
	"alphascale/lib/result"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/ml/model"
)

// L3, scale-invariant weights, in training: ‖w₊‖² = ‖w‖² + η²‖g‖² with gradient descent, and after w₀ → αw₀ the same
// directions with η' = α²η, λ' = λ/α² (SGD) or η' = αη, λ' = λ/α, ε' = ε/α (AdamW).

// normalised selects the weights before the normalisations of normalisedConfig.
const normalised = "/layer_*/dense/weights"

// normalisedConfig is a batch-normalised MLP without ε, in float64, on the first rows of the digits.
func normalisedConfig(t *testing.T, open func() (compute.Backend, error), o optim.Interface) training.Config {
	t.Helper()
	c := training.Config{
		Subject:   subject.Subject{Model: network.MLP{Hidden: []int{12, 12}, Outputs: 10, NoBias: true, Norm: network.BatchNorm, NormEpsilon: -1}.Model, DType: dtypes.Float64},
		Optimizer: o, Steps: 25, Batch: 48, Scaled: selected(t, normalised),
	}
	var err error
	if c.Backend, err = open(); err != nil {
		t.Fatal(err)
	}
	c.Data = dataset.Digits().First(192)
	return c
}

// recorded returns what an instrument saw of a variable.
func recorded(t *testing.T, r *training.Run, i instrument.Instrument, path string) []float64 {
	t.Helper()
	values, err := r.Recorded(i.Name, path)
	if err != nil {
		t.Fatal(err)
	}
	return values
}

func TestL3NormGrowth(t *testing.T) {
	const eta = 0.1
	for name, open := range map[string]func() (compute.Backend, error){"interpreted": backend.Interpreter, "compiled": backend.Open} {
		t.Run(name, func(t *testing.T) {
			o := optim.New(optim.SGD)
			c := normalisedConfig(t, open, o)
			c.Instruments = []instrument.Instrument{instrument.WeightNorm(), instrument.GradientNorm(), instrument.NormGrowth(), instrument.RadialCosine()}
			r := run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: optim.Values{optim.LearningRate: eta}, Seed: 1})
			for _, path := range []string{"/layer_0/dense/weights", "/layer_1/dense/weights"} {
				if off := worstGrowth(t, r, path, eta); off > 1e-13 {
					t.Errorf("%s: ‖w₊‖² differs from ‖w‖² + η²‖g‖² by %g of it", path, off)
				}
				for step, growth := range recorded(t, r, instrument.NormGrowth(), path) {
					cosine := recorded(t, r, instrument.RadialCosine(), path)[step]
					if math.Abs(growth-1) > 1e-11 || math.Abs(cosine) > 1e-14 {
						t.Errorf("%s, step %d: growth %v, want 1; cosine of w and ∇ℓ %v, want 0", path, step, growth, cosine)
					}
				}
			}
			// The output layer is not normalised.
			if off := worstGrowth(t, r, "/output/dense/weights", eta); off < 1e-4 {
				t.Errorf("the identity holds for the output layer, to %g", off)
			}
		})
	}
}

// worstGrowth is the largest |‖w₊‖² − ‖w‖² − η²‖g‖²|/‖w‖² over the steps, from the recorded norms.
func worstGrowth(t *testing.T, r *training.Run, path string, eta float64) float64 {
	t.Helper()
	weight, gradient := recorded(t, r, instrument.WeightNorm(), path), recorded(t, r, instrument.GradientNorm(), path)
	worst := 0.0
	for i := 1; i < len(weight); i++ {
		predicted := weight[i-1]*weight[i-1] + eta*eta*gradient[i-1]*gradient[i-1]
		worst = max(worst, math.Abs(weight[i]*weight[i]-predicted)/predicted)
	}
	return worst
}

// rescaled runs a configuration from w₀ → αw₀ in place for the normalised weights, with other hyperparameters for them.
func rescaled(t *testing.T, c training.Config, alpha float64, h, forScaled optim.Values) *training.Run {
	t.Helper()
	probe, err := probe.New(probe.Config{Subject: subject.Subject{Model: c.Model, Data: c.Data, DType: c.DType, Backend: c.Backend}, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	values, err := probe.Values()
	if err != nil {
		t.Fatal(err)
	}
	c.Store = model.NewStore()
	for path, value := range values {
		flat, err := backend.Floats(value)
		if err != nil {
			t.Fatal(err)
		}
		if path == "/layer_0/dense/weights" || path == "/layer_1/dense/weights" {
			for i := range flat {
				flat[i] *= alpha
			}
		}
		if value, err = backend.Tensor(flat, value.Shape()); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Store.CreateVariable(path, value); err != nil {
			t.Fatal(err)
		}
	}
	return run(t, compile(t, c), training.Settings{Alpha: 1, Hyper: h, ScaledHyper: forScaled})
}

func TestL3RescaleLaw(t *testing.T) {
	for _, test := range []struct {
		name    string
		family  optim.Family
		options []optim.Hyper
		hyper   optim.Values
		law     optim.Values // the exponents of α
		wrong   optim.Values
	}{
		{
			"SGD with L2", optim.SGD,
			[]optim.Hyper{optim.L2},
			optim.Values{optim.LearningRate: 0.1, optim.L2: 0.01},
			optim.Values{optim.LearningRate: 2, optim.L2: -2},
			optim.Values{optim.LearningRate: 1, optim.L2: -2},
		},
		{
			"AdamW", optim.AdamW, nil,
			optim.Values{optim.LearningRate: 0.01, optim.WeightDecay: 0.1, optim.Epsilon: 1e-8},
			optim.Values{optim.LearningRate: 1, optim.WeightDecay: -1, optim.Epsilon: -1},
			optim.Values{optim.LearningRate: 2, optim.WeightDecay: -1, optim.Epsilon: -1},
		},
	} {
		o := optim.New(test.family, test.options...)
		c := normalisedConfig(t, backend.Interpreter, o)
		base := rescaled(t, c, 1, test.hyper, nil)
		for _, alpha := range []float64{1. / 8, 4, 3.7} {
			t.Run(fmt.Sprintf("%s α=%g", test.name, alpha), func(t *testing.T) {
				got := rescaled(t, c, alpha, test.hyper, byPowers(test.hyper, test.law, alpha))
				if exact := alpha != 3.7; exact && firstDifference(base.Loss, got.Loss) >= 0 {
					t.Errorf("the losses differ from step %d on", firstDifference(base.Loss, got.Loss))
				}
				if off := result.RelativeDifference(base.Loss, got.Loss); off > 1e-9 {
					t.Errorf("the losses differ by %g", off)
				}
				wrong := rescaled(t, c, alpha, test.hyper, byPowers(test.hyper, test.wrong, alpha))
				if off := result.RelativeDifference(base.Loss, wrong.Loss); off < 1e-2 {
					t.Errorf("the wrong exponents were confirmed: the losses differ by %g", off)
				}
			})
		}
	}
}

// byPowers multiplies each value by α to its exponent.
func byPowers(values, exponents optim.Values, alpha float64) optim.Values {
	out := optim.Values{}
	for name, value := range values {
		out[name] = value * math.Pow(alpha, exponents[name])
	}
	return out
}
