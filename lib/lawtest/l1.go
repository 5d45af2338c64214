// Package lawtest tests that the laws hold for an update rule, one of your own too: [L1] trains with it and compares bit for bit.
package lawtest

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/subject"
	"alphascale/lib/training"
)

const (
	steps = 30
	half  = steps / 2
)

// L1 fails the test unless u = α·w trains as u does without α, bit for bit at α = 2ᵏ, with what scaling.Compensate makes of h; also
// where α comes in midway, with the moments that scaling.Rescale makes, and for a loss that is multiplied. It so tests the
// units of every hyperparameter and of every slot of the family.
//
// h are hyperparameters at which the family learns. Those with a unit have to matter, or their unit is not tested: a default
// of 0, and an ε far below all gradients, must be given another value. Whether each does is the control: it is left as it
// is, and the runs must then differ.
func L1(t testing.TB, family optim.Family, h optim.Values) {
	t.Helper()
	l := newLaw(t, family, h)
	if l == nil {
		return
	}
	defer l.program.Finalize()
	for _, alpha := range []float64{1. / 8, 4} {
		l.fromTheStart(alpha)
		l.midway(alpha)
	}
	l.controls()
	l.scaledLoss()
}

// law is what one call of L1 compares with.
type law struct {
	t       testing.TB
	family  optim.Family
	h       optim.Values
	program *training.Program
	without *training.Run // the run at α = 1
}

func config(family optim.Family) training.Config {
	net := network.MLP{Hidden: []int{12, 12}, Outputs: 10}
	return training.Config{
		Subject: subject.Of(net.Model, dataset.Digits().First(256)), Optimizer: optim.New(family), Batch: 64, Steps: steps,
		Instruments: training.Norms(), Scaled: scaling.Weights(),
	}
}

func newLaw(t testing.TB, family optim.Family, h optim.Values) *law {
	t.Helper()
	p, err := training.Compile(config(family))
	if err != nil {
		t.Errorf("%s: %v", family, err)
		return nil
	}
	l := &law{t: t, family: family, h: h, program: p}
	if l.without = l.run(training.Settings{Alpha: 1, Hyper: h, Seed: 1}); l.without == nil {
		p.Finalize()
		return nil
	}
	return l
}

// run trains; nil where that fails, which fails the test.
func (l *law) run(s training.Settings) *training.Run {
	l.t.Helper()
	r, err := l.program.Run(s)
	if err != nil {
		l.t.Errorf("%s: %v", l.family, err)
		return nil
	}
	return r
}

func (l *law) compensated(alpha float64) (training.Settings, bool) {
	l.t.Helper()
	s, err := l.program.Compensated(training.Settings{Alpha: alpha, Hyper: l.h, Seed: 1}, scaling.NoZeroVariable)
	if err != nil {
		l.t.Errorf("%s at α = %g: %v", l.family, alpha, err)
	}
	return s, err == nil
}

// same compares losses from a step on.
func (l *law) same(what string, alpha float64, from int, losses []float64) {
	l.t.Helper()
	if step := differs(l.without.Loss[from:], losses); step >= 0 {
		l.t.Errorf("%s, α = %g, %s: the loss of step %d differs from that without α: a unit is wrong, or the rule keeps what it does not "+
			"declare", l.family, alpha, what, from+step)
	}
}

// differs returns the first step at which two records differ in a bit, or −1.
func differs(a, b []float64) int {
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			return i
		}
	}
	return -1
}

// fromTheStart tests the hyperparameters.
func (l *law) fromTheStart(alpha float64) {
	l.t.Helper()
	if s, ok := l.compensated(alpha); ok {
		if r := l.run(s); r != nil {
			l.same("compensated", alpha, 0, r.Loss)
		}
	}
}

// midway tests the slots: α comes in after half of the steps.
func (l *law) midway(alpha float64) {
	l.t.Helper()
	first := l.run(training.Settings{Alpha: 1, Hyper: l.h, Seed: 1, Steps: half, Keep: true})
	s, ok := l.compensated(alpha)
	if first == nil || !ok {
		return
	}
	initial, err := scaling.Rescale(first.Final, first.Watched(), 1/alpha, scaling.RescaleMoments)
	if err != nil {
		l.t.Errorf("%s: %v", l.family, err)
		return
	}
	s.Start, s.Initial, s.Steps = training.KeepWeights, initial, steps-half
	if r := l.run(s); r != nil {
		l.same("from the middle on", alpha, half, r.Loss)
	}
}

// controls leaves each compensated hyperparameter as it was.
func (l *law) controls() {
	l.t.Helper()
	const alpha = 4
	s, ok := l.compensated(alpha)
	if !ok {
		return
	}
	plain := optim.Defaults(l.family).Merge(l.h)
	for name, value := range s.Scaled {
		unit, err := optim.UnitOf(l.family, name)
		if err != nil || unit == (optim.Unit{}) {
			continue
		}
		if value == plain[name] {
			if plain[name] == 0 {
				l.t.Errorf("%s: %s is 0, which has every unit: give another value, so that its unit is tested", l.family, name)
			}
			continue // its unit keeps its value
		}
		c := s
		c.Scaled = s.Scaled.With(name, plain[name])
		if r := l.run(c); r != nil && differs(l.without.Loss, r.Loss) < 0 {
			l.t.Errorf("%s: %s left at %g makes no difference, so its unit is not tested: give a value that matters", l.family, name, plain[name])
		}
	}
}

// scaledLoss tests the powers of the gradient alone.
func (l *law) scaledLoss() {
	l.t.Helper()
	const s = 8
	c := config(l.family)
	var err error
	if c.Loss, err = scaling.ScaleLoss(c.Data.Loss(), s); err == nil {
		var h optim.Values
		if h, err = scaling.CompensateLoss(l.family, l.h, s, scaling.NoZeroVariable); err == nil {
			var runs []*training.Run
			runs, err = training.Train(l.t.Context(), c, nil, training.Settings{Alpha: 1, Hyper: h, Seed: 1})
			if err == nil {
				l.same("loss × 8", 1, 0, divided(runs[0].Loss, s))
			}
		}
	}
	if err != nil {
		l.t.Errorf("%s with a multiplied loss: %v", l.family, err)
	}
}

func divided(losses []float64, s float64) []float64 {
	out := slices.Clone(losses)
	for i := range out {
		out[i] /= s
	}
	return out
}
