// Package lawtest tests that the laws hold for an update rule, one of your own too: [L1] trains with it and compares bit for bit.
package lawtest

import (
	"math"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
	"alphascale/lib/training"

	"github.com/gomlx/gomlx/core/tensors"
)

const (
	steps = 30
	half  = steps / 2
	// scaled is what multiplies the loss where that is tested.
	scaled = 8
)

// L1 fails the test unless u = α·w trains as u does without α, bit for bit at α = 2ᵏ, with what scaling.Compensate makes of h; also
// where α comes in midway, with the moments that scaling.Rescale makes. The same goes for a loss that is multiplied, from the start
// and midway (L10), for a run that is interrupted, and for the first step of a variable of zeros (Rule.PlainRate). It so refutes
// every single wrong unit of the family's hyperparameters and slots: α shows the power of the gradient less that of the weight, a
// multiplied loss that of the gradient.
//
// h are hyperparameters at which the family learns. Each has to matter, or its unit is not tested: a default of 0, and an ε far
// below all gradients, must be given another value. Whether each does is the control: it is multiplied by 4, a decay rate by ¼, and
// each slot by 4 midway, and the runs must then differ.
func L1(t testing.TB, family optim.Family, h optim.Values) {
	t.Helper()
	l := newLaw(t, family, h)
	if l == nil {
		return
	}
	defer l.program.Finalize()
	for _, alpha := range []float64{1. / 8, 4} {
		l.fromTheStart(alpha)
		l.fromZero(alpha)
	}
	l.multipliedLoss()
	l.fromTheMiddle()
	l.hypersMatter()
}

// law is what one call of L1 compares with.
type law struct {
	t       testing.TB
	family  optim.Family
	h       optim.Values
	program *training.Program
	start   map[string]*tensors.Tensor // where every run begins
	without *training.Run              // the run at α = 1
}

// same compares losses from a step on with those of the run without α.
func (l *law) same(what string, from int, losses []float64) {
	l.t.Helper()
	if step := differs(l.without.Loss[from:], losses); step >= 0 {
		l.t.Errorf("%s, %s: the loss of step %d differs from that without: a unit is wrong, or the rule keeps what it does not declare",
			l.family, what, from+step)
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

// compensated are settings at α; false where there are none, which fails the test.
func (l *law) compensated(alpha float64) (training.Settings, bool) {
	l.t.Helper()
	s, err := l.program.Compensated(training.Settings{Alpha: alpha, Hyper: l.h, Initial: l.start}, scaling.NoZeroVariable)
	if err != nil {
		l.t.Errorf("%s at α = %g: %v", l.family, alpha, err)
	}
	return s, err == nil
}

// multiplied are settings for the multiplied loss, from the values given; false where there are none, which fails the test.
func (l *law) multiplied(initial map[string]*tensors.Tensor) (training.Settings, bool) {
	l.t.Helper()
	h, err := scaling.CompensateLoss(l.family, l.h, scaled, scaling.NoZeroVariable)
	if err != nil {
		l.t.Errorf("%s with a multiplied loss: %v", l.family, err)
		return training.Settings{}, false
	}
	return training.Settings{Alpha: 1, Hyper: h, Initial: l.times(initial, scaled, lossScale)}, true
}

// fromTheStart tests the hyperparameters.
func (l *law) fromTheStart(alpha float64) {
	l.t.Helper()
	if s, ok := l.compensated(alpha); ok {
		if r := l.run(s); r != nil {
			l.same(at(alpha), 0, r.Loss)
		}
	}
}

// multipliedLoss tests the powers of the gradient alone.
func (l *law) multipliedLoss() {
	l.t.Helper()
	if s, ok := l.multiplied(l.start); ok {
		if r := l.run(s); r != nil {
			l.same("loss × 8", 0, divided(r.Loss))
		}
	}
}
