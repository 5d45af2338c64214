package scaling_test

import (
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// A law multiplies a number by what its unit says, named or not; where the function changes, units say nothing. By hand:
// under a reparameterisation ⟨w,w⟩ goes with α⁻², a curvature along the gradient ⟨g,Hg⟩ with α⁴ and ⟨w,g⟩ with α⁰.
func TestUnitExponents(t *testing.T) {
	for _, test := range []struct {
		law  scaling.Law
		unit optim.Unit
		want float64
	}{
		{scaling.ReparameteriseLaw(), optim.Unit{Weight: 2}, -2},
		{scaling.ReparameteriseLaw(), optim.Unit{Gradient: 3, Weight: -1}, 4},
		{scaling.ReparameteriseLaw(), optim.Unit{Gradient: 1, Weight: 1}, 0},
		{scaling.ScaleInvariantLaw(), optim.Unit{Weight: 2}, 2},
		{scaling.RebalanceLaw(), optim.Unit{Gradient: 2}, -2},
		{scaling.LossLaw(), optim.Unit{Gradient: 2, Weight: 3}, 2},
		{scaling.LearningRateLaw(), optim.Unit{Gradient: 2, Weight: 3}, 0},
	} {
		if got, err := test.law.UnitExponent(test.unit); err != nil || got != test.want {
			t.Errorf("%s, %s: exponent %g (%v), not %g", test.law.ID, test.unit, got, err, test.want)
		}
	}
	for _, law := range []scaling.Law{scaling.LayerLaw(), scaling.OutputLaw(), scaling.PenaltyLaw()} {
		if q, err := law.UnitExponent(optim.Unit{Gradient: 1}); err == nil || !strings.Contains(err.Error(), "gradient") {
			t.Errorf("%s: exponent %g, error %v", law.Setting, q, err)
		}
	}
	if unit, err := scaling.Hessian.Unit(); err != nil || unit != (optim.Unit{Gradient: 1, Weight: -1}) {
		t.Errorf("the unit of a Hessian is %s (%v)", unit, err)
	}
	if _, err := scaling.Observable("hessian").Unit(); err == nil || !strings.Contains(err.Error(), `"Hessian"`) {
		t.Errorf("error %v", err)
	}
}

// A rebalanced pair is no change of the function: its first layer trains as if η were η/α², by hand.
func TestEffectiveExponentsOfARebalancedPair(t *testing.T) {
	for name, want := range map[optim.Hyper]float64{optim.LearningRate: -2, optim.L1: 1, optim.L2: 2} {
		if got, err := scaling.RebalanceLaw().EffectiveExponent(optim.SGD, name); err != nil || got != want {
			t.Errorf("%s: exponent %g (%v), not %g", name, got, err, want)
		}
	}
}
