package lawtest_test

import (
	"errors"
	"fmt"
	"testing"

	"alphascale/lib/lawtest"
	"alphascale/lib/optim"

	. "github.com/gomlx/gomlx/core/graph"
)

// The units of a gradient and of a weight.
var gradient, weight = optim.Unit{Gradient: 1}, optim.Unit{Weight: 1}

// per is the unit of a quotient.
func per(a, b optim.Unit) optim.Unit { return a.Times(b, -1) }

// adaBelief is AdaBelief (Zhuang et al. 2020, algorithm 2), with a decay of the weights and a hyperparameter of its own that has
// the unit of a gradient.
func adaBelief(name optim.Family) optim.Rule {
	return optim.Rule{
		Name: name,
		Step: func(u *optim.Update) *Node {
			m := u.Average("mean", optim.Beta1, u.Gradient)
			s := u.Average("spread", optim.Beta2, Square(Sub(u.Gradient, m)))
			root := Sqrt(Div(s, u.Debias(optim.Beta2)))
			bounded := Add(root, Mul(u.Hyper("sharpness"), OnesLike(root)))
			return u.Decayed(Div(Div(m, u.Debias(optim.Beta1)), Add(bounded, u.Hyper(optim.Epsilon))))
		},
		Defaults: optim.Values{
			optim.LearningRate: 0.001, optim.Beta1: 0.9, optim.Beta2: 0.99, optim.Epsilon: 1e-8, optim.WeightDecay: 0, "sharpness": 0,
		},
		Units: map[optim.Hyper]optim.Unit{
			optim.LearningRate: weight, optim.WeightDecay: per(optim.Unit{}, weight), "sharpness": gradient, optim.Epsilon: gradient,
		},
		Slots: map[string]optim.Unit{"mean": gradient, "spread": gradient.Times(gradient, 1)},
	}
}

// believing are hyperparameters of AdaBelief that all matter.
func believing() optim.Values {
	return optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-2, optim.WeightDecay: 0.1, "sharpness": 0.5}
}

// trusting is SGD with the trust ratio ‖w‖/‖g‖, which is replaced by 1 where either is zero.
func trusting(name optim.Family) optim.Rule {
	plain := per(weight, gradient)
	return optim.Rule{
		Name: name,
		Step: func(u *optim.Update) *Node {
			w, g := u.Norm(u.Weight), u.Norm(u.Gradient)
			defined := LogicalAnd(GreaterThan(w, ZerosLike(w)), GreaterThan(g, ZerosLike(g)))
			return Mul(Mul(u.Hyper(optim.LearningRate), Where(defined, Div(w, g), OnesLike(w))), u.Gradient)
		},
		Defaults: optim.Values{optim.LearningRate: 0.01}, Units: map[optim.Hyper]optim.Unit{optim.LearningRate: {}}, PlainRate: &plain,
	}
}

var (
	belief, errBelief = optim.Define(adaBelief("adabelief"))
	trust, errTrust   = optim.Define(trusting("trusting"))
)

func TestL1OfOtherRules(t *testing.T) {
	if err := errors.Join(errBelief, errTrust); err != nil {
		t.Fatal(err)
	}
	lawtest.L1(t, belief, believing())
	lawtest.L1(t, trust, nil)
}

// All of this library's, at hyperparameters that matter.
func TestL1OfTheLibrarysRules(t *testing.T) {
	mattering := optim.Values{optim.Epsilon: 1e-2, optim.WeightDecay: 0.1, optim.InitialAccumulator: 0.01}
	rates := map[optim.Family]float64{optim.SGD: 0.1, optim.HeavyBall: 0.02, optim.Nesterov: 0.02, optim.LARS: 1, optim.LAMB: 0.01}
	for _, family := range optim.Families() {
		t.Run(string(family), func(t *testing.T) {
			t.Parallel()
			h := optim.Values{optim.LearningRate: 0.005}
			if eta, own := rates[family]; own {
				h[optim.LearningRate] = eta
			}
			for name := range optim.Defaults(family) {
				if value, matters := mattering[name]; matters {
					h[name] = value
				}
			}
			lawtest.L1(t, family, h)
		})
	}
}

// A package of one's own tests its rule in one line.
func ExampleL1() {
	test := func(t *testing.T) {
		lawtest.L1(t, optim.Adan, optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-2, optim.WeightDecay: 0.1})
	}
	_ = test // in a file of tests: func TestMyRule(t *testing.T) { … }
	fmt.Println("u = α·w, bit for bit")
	// Output:
	// u = α·w, bit for bit
}
