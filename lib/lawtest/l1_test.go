package lawtest_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/lawtest"
	"alphascale/lib/optim"

	. "github.com/gomlx/gomlx/core/graph"
)

// outcome takes the errors of a test that is expected to fail.
type outcome struct {
	testing.TB
	errors []string
}

func (o *outcome) Helper() {}

func (o *outcome) Errorf(format string, args ...any) {
	o.errors = append(o.errors, fmt.Sprintf(format, args...))
}

// mattering are hyperparameters at which each with a unit matters.
var mattering = optim.Values{optim.LearningRate: 0.005, optim.Epsilon: 1e-2, optim.WeightDecay: 0.1, "sharpness": 0.5}

func of(defaults optim.Values) optim.Values {
	h := optim.Values{}
	for name := range defaults {
		if value, own := mattering[name]; own {
			h[name] = value
		}
	}
	return h
}

// The rule of this test: AdaBelief (Zhuang et al. 2020, algorithm 2), with a decay of the weights and a hyperparameter of its own
// that has the unit of a gradient.
func adaBelief(name optim.Family) optim.Rule {
	gradient, weight := optim.Unit{Gradient: 1}, optim.Unit{Weight: 1}
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
			optim.LearningRate: weight, optim.WeightDecay: optim.Unit{}.Times(weight, -1), "sharpness": gradient,
		},
		Slots: map[string]optim.Unit{"mean": gradient, "spread": gradient.Times(gradient, 1)},
	}
}

func TestL1OfAnotherRule(t *testing.T) {
	family, err := optim.Define(adaBelief("adabelief"))
	if err != nil {
		t.Fatal(err)
	}
	lawtest.L1(t, family, of(optim.Defaults(family)))
}

func TestL1OfThisPackagesRules(t *testing.T) {
	for _, family := range []optim.Family{optim.HeavyBall, optim.Adan} {
		lawtest.L1(t, family, of(optim.Defaults(family)))
	}
}

// Every single unit that is wrong by one power is refuted.
func TestL1RefutesWrongUnits(t *testing.T) {
	right, n := adaBelief("right"), 0
	try := func(what string, wrong func(r *optim.Rule)) {
		n++
		r := adaBelief(optim.Family(fmt.Sprintf("wrong_%d", n)))
		wrong(&r)
		family, err := optim.Define(r)
		if err != nil {
			t.Fatal(err)
		}
		o := &outcome{TB: t}
		lawtest.L1(o, family, of(optim.Defaults(family)))
		if len(o.errors) == 0 {
			t.Errorf("%s passes", what)
		}
	}
	units := maps.Clone(right.Units)
	units[optim.Epsilon] = optim.Unit{Gradient: 1}
	for name, unit := range units {
		for _, by := range []optim.Unit{{Gradient: 1}, {Weight: 1}} {
			try(fmt.Sprintf("%s in units of %s", name, unit.Times(by, 1)), func(r *optim.Rule) { r.Units[name] = unit.Times(by, 1) })
		}
	}
	for name, unit := range right.Slots {
		for _, by := range []optim.Unit{{Gradient: 1}, {Weight: 1}} {
			try(fmt.Sprintf("slot %s in units of %s", name, unit.Times(by, 1)), func(r *optim.Rule) { r.Slots[name] = unit.Times(by, 1) })
		}
	}
}

// What does not matter is said, for its unit would pass untested.
func TestL1AsksForValuesThatMatter(t *testing.T) {
	for says, h := range map[string]optim.Values{
		"weight_decay is 0": {optim.LearningRate: 0.005, optim.Epsilon: 1e-2},
		"epsilon left at":   {optim.LearningRate: 0.005, optim.Epsilon: 1e-30, optim.WeightDecay: 0.1},
	} {
		o := &outcome{TB: t}
		lawtest.L1(o, optim.AdamW, h)
		if !slices.ContainsFunc(o.errors, func(e string) bool { return strings.Contains(e, says) }) {
			t.Errorf("%v should say %q", o.errors, says)
		}
	}
	o := &outcome{TB: t}
	lawtest.L1(o, "nowhere", nil)
	if len(o.errors) == 0 || !strings.Contains(o.errors[0], "nowhere") {
		t.Errorf("%v for an unknown optimizer", o.errors)
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
