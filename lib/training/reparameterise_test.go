package training_test

import (
	"fmt"
	"testing"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
	"alphascale/lib/training"
)

// Under u = α·w with α a power of two, the compensated run is the run without α, bit for bit (law L1); without the
// compensation, or with its exponent off by a tenth, it is not.
func TestCompensatedRunIsBitIdentical(t *testing.T) {
	for _, test := range []struct {
		family   optim.Family
		hyper    optim.Values
		exponent float64
	}{
		{optim.SGD, optim.Values{optim.LearningRate: 0.05}, 2},
		{optim.HeavyBall, optim.Values{optim.LearningRate: 0.01, optim.Momentum: 0.9}, 2},
		{optim.Nesterov, optim.Values{optim.LearningRate: 0.01, optim.Momentum: 0.9}, 2},
		{optim.SignSGD, optim.Values{optim.LearningRate: 0.001}, 1},
		{optim.Adam, optim.Values{optim.LearningRate: 0.002, optim.Epsilon: 1e-6}, 1},
	} {
		t.Run(string(test.family), func(t *testing.T) {
			p := compile(t, digitsConfig(t, test.family))
			reference := run(t, p, training.Settings{Alpha: 1, Hyper: test.hyper, Seed: 1})
			if reference.Diverged >= 0 || reference.Loss[499] > reference.Loss[0]/2 {
				t.Fatalf("the reference run does not learn: loss %g to %g", reference.Loss[0], reference.Loss[499])
			}
			again := run(t, p, training.Settings{Alpha: 1, Hyper: test.hyper, Seed: 1})
			if step := firstDifference(reference.Loss, again.Loss); step >= 0 {
				t.Errorf("the same run twice differs at step %d", step)
			}
			for _, alpha := range []float64{1. / 128, 1. / 8, 2, 4, 1024} {
				s := compensated(t, test.family, test.hyper, alpha)
				if step := firstDifference(reference.Loss, run(t, p, s).Loss); step >= 0 {
					t.Errorf("α = %g: the compensated run differs from step %d on", alpha, step)
				}
				for name, factor := range map[string]float64{
					"no compensation":             1,
					"exponent smaller by a tenth": power(alpha, -test.exponent+0.1),
				} {
					wrong := s
					wrong.ScaledHyper = s.ScaledHyper.With(optim.LearningRate, test.hyper[optim.LearningRate]*factor)
					wrong.Steps = 50
					if firstDifference(reference.Loss[:50], run(t, p, wrong).Loss) < 0 {
						t.Errorf("α = %g, %s: the run is identical, so the test tells nothing", alpha, name)
					}
				}
			}
		})
	}
}

// Only the weights are scaled, so the biases keep their own learning rate; scaling everything needs none.
func TestEveryChoiceOfVariablesIsCompensated(t *testing.T) {
	h := optim.Values{optim.LearningRate: 0.05}
	for _, selector := range []string{"weights", "biases", "everything", "/layer_1/", "/layer_*/dense/weights"} {
		t.Run(fmt.Sprintf("%q", selector), func(t *testing.T) {
			c := digitsConfig(t, optim.SGD)
			c.Scaled = selected(t, selector)
			c.Steps = 100
			p := compile(t, c)
			reference := run(t, p, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
			s := compensated(t, optim.SGD, h, 4)
			if step := firstDifference(reference.Loss, run(t, p, s).Loss); step >= 0 {
				t.Errorf("the compensated run differs from step %d on", step)
			}
			s.ScaledHyper = nil
			if firstDifference(reference.Loss, run(t, p, s).Loss) < 0 {
				t.Error("the run without compensation is identical, so the test tells nothing")
			}
		})
	}
}

// Starting at w₀ = u₀ changes the function: α then multiplies the logits' inputs from the first step on.
func TestKeepWeightsChangesTheFunction(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Steps = 1
	p := compile(t, c)
	s := training.Settings{Alpha: 2, Seed: 1}
	kept := run(t, p, s).Loss[0]
	s.Start = training.KeepWeights
	changed := run(t, p, s).Loss[0]
	s.Alpha = 1
	if unscaled := run(t, p, s).Loss[0]; kept != unscaled {
		t.Errorf("w₀ = u₀/α gives loss %g, and %g without α", kept, unscaled)
	}
	if changed == kept {
		t.Errorf("w₀ = u₀ gives the same loss %g as w₀ = u₀/α", changed)
	}
}

// Starting at w₀ = α·u₀ computes at first what a multiplier α on u₀ computes; after it nothing is multiplied, so that the
// gradient is 1/α of the multiplied weights' one.
func TestScaleWeightsMultipliesOnce(t *testing.T) {
	c := digitsConfig(t, optim.SGD)
	c.Steps = 2
	c.Instruments = []instrument.Instrument{instrument.GradientNorm()}
	p := compile(t, c)
	s := training.Settings{Alpha: 4, Seed: 1, Hyper: optim.Values{optim.LearningRate: 0.125}, Start: training.KeepWeights}
	multiplied := run(t, p, s)
	s.Start = training.ScaleWeights
	once := run(t, p, s)
	if once.Loss[0] != multiplied.Loss[0] || once.Loss[1] == multiplied.Loss[1] {
		t.Errorf("the losses are %v and %v with a multiplier: want the first the same and the second not", once.Loss, multiplied.Loss)
	}
	const path = "/layer_0/dense/weights"
	with, err := multiplied.Recorded("gradient_norm", path)
	if err != nil {
		t.Fatal(err)
	}
	without, err := once.Recorded("gradient_norm", path)
	if err != nil {
		t.Fatal(err)
	}
	if without[0] != with[0]/4 {
		t.Errorf("the gradient's norm is %g, want a quarter of %g", without[0], with[0])
	}
}
