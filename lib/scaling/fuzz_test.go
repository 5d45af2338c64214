package scaling_test

import (
	"maps"
	"math"
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// oneLine fails if an error is not a sentence.
func oneLine(t *testing.T, err error) {
	t.Helper()
	if strings.ContainsAny(err.Error(), "\r\n") {
		t.Errorf("an error of several lines: %q", err)
	}
}

// FuzzSelect expects of every text that it is refused or read as a selector that prints as a text that selects the same.
func FuzzSelect(f *testing.F) {
	for _, text := range []string{"weights", "nothing", "/layer_0/", "/layer_0/dense/=", "/layer_*/dense/weights", "/layer_[0", "/", "//="} {
		f.Add(text)
	}
	all := variables()
	f.Fuzz(func(t *testing.T, text string) {
		selector := scaling.Select(text)
		again := scaling.Select(selector.String())
		for _, v := range all {
			if selector.Match(v) != again.Match(v) {
				t.Errorf("%q prints as %q, but only one of the two selects %s", text, selector, v.Path())
			}
		}
		if selector.Err() == nil != (again.Err() == nil) {
			t.Errorf("%q is refused with %v, and what it prints as with %v", text, selector.Err(), again.Err())
		}
		if _, err := selector.Pick(all); err != nil {
			oneLine(t, err)
		}
	})
}

// FuzzCompensate expects that hyperparameters are refused, or compensated by ones that an optimizer can use; and that
// compensating for 2ᵏ and then for 2⁻ᵏ changes no bit.
func FuzzCompensate(f *testing.F) {
	f.Add("sgd", "weight_decay", 0.05, 1e-4, int8(3), 2.0)
	f.Add("adam", "epsilon", 1e-3, 1e-8, int8(-7), 0.3)
	f.Add("heavy_ball", "momentum", 0.1, 0.9, int8(1), 1e300)
	f.Add("lars", "trust_coefficient", 0.1, math.Inf(1), int8(0), -1.0)
	f.Add("adamw", "learning_rate", math.NaN(), 0.1, int8(2), 0.0)
	holding := []scaling.Condition{scaling.ClippedTogether, scaling.NoZeroVariable, scaling.InFloat64}
	f.Fuzz(func(t *testing.T, family, name string, eta, value float64, k int8, alpha float64) {
		h := optim.Values{optim.LearningRate: eta, optim.Hyper(name): value}
		if c, err := scaling.Compensate(optim.Family(family), h, alpha, holding...); err != nil {
			oneLine(t, err)
		} else if err := c.Check(); err != nil {
			t.Errorf("%s at α = %g is compensated by values that cannot be used: %v", h, alpha, err)
		}
		power := func(h optim.Values, k int) (optim.Values, error) {
			return scaling.Compensate(optim.Family(family), h, math.Ldexp(1, k), holding...)
		}
		here, err := power(h, 0)
		if err != nil {
			return
		}
		there, err := power(h, int(k))
		if err != nil {
			oneLine(t, err)
			return
		}
		for _, x := range there {
			if x != 0 && x < 0x1p-1022 {
				return // a subnormal number has lost digits
			}
		}
		if back, err := power(there, -int(k)); err != nil || !maps.Equal(back, here) {
			t.Errorf("%s is %s at 2^%d, and back again %s (%v)", here, there, k, back, err)
		}
	})
}
