package ownscale_test

import (
	"testing"

	"alphascale/lib/lawtest"
	"alphascale/lib/optim"
	"alphascale/lib/ownscale"
)

// TestUnitsOfTheRules trains with each rule at other α and loss scales, bit for bit.
func TestUnitsOfTheRules(t *testing.T) {
	lawtest.L1(t, ownscale.PaperAdamW, optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-2, ownscale.IndependentDecay: 0.002})
	lawtest.L1(t, ownscale.AdamAtan2, optim.Values{optim.LearningRate: 0.005})
	lawtest.L1(t, ownscale.MuonMoonlight, optim.Values{optim.LearningRate: 0.02, optim.Epsilon: 1e-2, optim.WeightDecay: 0.1})
}

// TestFactorsOfMuon holds the factors against their authors' formulas, at shapes where they differ.
func TestFactorsOfMuon(t *testing.T) {
	for _, test := range []struct {
		factor            optim.MuonFactor
		square, in4, out4 float64 // 64 × 64, 256 × 64 and 64 × 256
	}{
		{optim.MuonPlain(), 1, 1, 1},
		{optim.MuonJordan(), 1, 1, 2},
		{optim.MuonSpectral(), 1, 0.5, 2},
		{optim.MuonMoonlight(), 1.6, 3.2, 3.2},
	} {
		if a, b, c := test.factor.Of(64, 64), test.factor.Of(256, 64), test.factor.Of(64, 256); a != test.square || b != test.in4 || c != test.out4 {
			t.Errorf("%s: %g, %g, %g, want %g, %g, %g", test.factor.Name, a, b, c, test.square, test.in4, test.out4)
		}
	}
}
