package training_test

import (
	"errors"
	"math"
	"testing"

	"alphascale/lib/backend"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

// At the smallest and the largest α = 2ᵏ that Compensate accepts for float32 the run is still that of α = 1, bit for bit, for
// every optimizer. The control is what it refuses: Adam at α = 2⁻⁶⁰, whose squared gradients underflow.
func TestWhatCompensateAcceptsIsExact(t *testing.T) {
	for _, family := range optim.Families() {
		t.Run(string(family), func(t *testing.T) {
			t.Parallel()
			c := digitsConfig(t, family)
			c.Steps, c.Scaled = 40, scaling.Weights()
			p := compile(t, c)
			reference := run(t, p, training.Settings{Alpha: 1, Seed: 1})
			same := func(k int, holding ...scaling.Condition) (same, accepted bool) {
				alpha := math.Ldexp(1, k)
				h, err := scaling.Compensate(family, nil, alpha, append(holding, scaling.NoZeroVariable)...)
				if err != nil {
					return false, false
				}
				return firstDifference(run(t, p, training.Settings{Alpha: alpha, ScaledHyper: h, Seed: 1}).Loss, reference.Loss) < 0, true
			}
			for _, sign := range []int{-1, 1} {
				k := 0
				for {
					if _, err := scaling.Compensate(family, nil, math.Ldexp(1, k+sign), scaling.NoZeroVariable); err != nil {
						break
					}
					k += sign
				}
				if (k < 0) != (sign < 0) || k*sign < 30 {
					t.Errorf("α is accepted only to 2^%d", k)
				}
				if ok, _ := same(k); !ok {
					t.Errorf("α = 2^%d is accepted, and the run differs", k)
				}
			}
			if family == optim.Adam {
				if ok, accepted := same(-60, scaling.InFloat64); ok || !accepted {
					t.Error("α = 2⁻⁶⁰ makes no difference, so the test tells nothing")
				}
			}
		})
	}
}

// Bit for bit is promised between runs of one program, in which α is an input. A program that has no α at all is another one,
// which a compiler may contract otherwise: with it a run agrees to rounding, so long as rounding has not been magnified.
func TestProgramWithoutAlphaAgreesToRounding(t *testing.T) {
	for _, family := range []optim.Family{optim.SGD, optim.Nesterov, optim.Adam, optim.LARS} {
		c := digitsConfig(t, family)
		c.Steps = 30
		with := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1})
		c.Scaled = scaling.Nothing()
		without := run(t, compile(t, c), training.Settings{Alpha: 1, Seed: 1})
		for step, loss := range without.Loss {
			if math.Abs(with.Loss[step]/loss-1) > 1e-4 {
				t.Errorf("%s: at step %d the loss is %g with α = 1 and %g without any", family, step, with.Loss[step], loss)
				break
			}
		}
	}
}

// A layer whose weights start at zero: either the compensated run is still that of α = 1, or Compensate asks whether there is
// such a layer. The control is that it asks for the optimizers whose step from zero has no scale.
func TestWeightsOfZeroAreExactOrAskedFor(t *testing.T) {
	const output = "/output/dense/weights"
	interpreter, err := backend.Interpreter() // which compiles nothing
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, family := range optim.Families() {
		c := digitsConfig(t, family)
		c.Steps, c.Scaled, c.Backend = 5, selected(t, output), interpreter
		p := compile(t, c)
		initial, err := p.Initial(1)
		if err != nil {
			t.Fatal(err)
		}
		initial[output] = tensors.FromShape(initial[output].Shape())
		h, err := scaling.Compensate(family, nil, 4)
		if missing := (*scaling.ConditionError)(nil); errors.As(err, &missing) {
			asked++
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		want := run(t, p, training.Settings{Alpha: 1, Initial: initial})
		got := run(t, p, training.Settings{Alpha: 4, ScaledHyper: h, Initial: initial})
		if step := firstDifference(got.Loss, want.Loss); step >= 0 {
			t.Errorf("%s: with weights of zero the compensated run differs from step %d on: Compensate should ask for NoZeroVariable",
				family, step)
		}
	}
	if asked == 0 || asked == len(optim.Families()) {
		t.Errorf("Compensate asks for %d optimizers, so the test tells nothing", asked)
	}
}
