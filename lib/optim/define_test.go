package optim_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"alphascale/lib/dataset"
	"alphascale/lib/network"
	"alphascale/lib/optim"
	"alphascale/lib/subject"
	"alphascale/lib/training"

	. "github.com/gomlx/gomlx/core/graph"
)

// A rule of one's own: SGD with a step that is bounded in each entry. The bound has the unit of a weight, which is all that
// compensation needs to know.
func ExampleDefine() {
	const bound optim.Hyper = "bound"
	weight := optim.Unit{Weight: 1}
	family, err := optim.Define(optim.Rule{
		Name: "bounded_sgd",
		Step: func(u *optim.Update) *Node {
			step, most := Mul(u.Hyper(optim.LearningRate), u.Gradient), u.Hyper(bound)
			return Max(Min(step, most), Neg(most))
		},
		Defaults: optim.Values{optim.LearningRate: 0.05, bound: 0.01},
		Units:    map[optim.Hyper]optim.Unit{optim.LearningRate: weight.Times(optim.Unit{Gradient: 1}, -1), bound: weight},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	unit, err := optim.UnitOf(family, bound)
	fmt.Println(family, "keeps a bound in units of", unit, err)
	// Output:
	// bounded_sgd keeps a bound in units of weight <nil>
}

func TestDefineRefuses(t *testing.T) {
	good := func() optim.Rule {
		return optim.Rule{
			Name: "never_defined", Step: func(u *optim.Update) *Node { return u.Gradient },
			Defaults: optim.Values{optim.LearningRate: 0.1}, Units: map[optim.Hyper]optim.Unit{optim.LearningRate: {Weight: 1}},
		}
	}
	for says, wrong := range map[string]func(r *optim.Rule){
		"lower-case letters":      func(r *optim.Rule) { r.Name = "" },
		"\"My Rule\"":             func(r *optim.Rule) { r.Name = "My Rule" },
		"already":                 func(r *optim.Rule) { r.Name = optim.Adam },
		"no Step":                 func(r *optim.Rule) { r.Step = nil },
		"no unit of learning":     func(r *optim.Rule) { r.Units = nil },
		"no unit of own":          func(r *optim.Rule) { r.Defaults["own"] = 1 },
		"not among its Defaults":  func(r *optim.Rule) { r.Units["other"] = optim.Unit{} },
		"speaks of decay":         func(r *optim.Rule) { r.DecayRates = []optim.Hyper{"decay"} },
		"learning_rate = NaN":     func(r *optim.Rule) { r.Defaults[optim.LearningRate] = math.NaN() },
		"l2, which New adds":      func(r *optim.Rule) { r.Defaults[optim.L2] = 0 },
		"\"never_defined\" alrea": func(r *optim.Rule) { _, _ = optim.Define(good()) },
	} {
		r := good()
		wrong(&r)
		if _, err := optim.Define(r); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v should say %q", err, says)
		}
	}
}

// What a step reads or keeps without having declared it fails when a graph is built, and says what to add.
func TestUndeclaredNumbersFail(t *testing.T) {
	for says, step := range map[string]func(u *optim.Update) *Node{
		"add it to Defaults": func(u *optim.Update) *Node { return Mul(u.Hyper(optim.Momentum), u.Gradient) },
		"add it to Slots":    func(u *optim.Update) *Node { return u.Keep("velocity", u.Gradient) },
	} {
		family, err := optim.Define(optim.Rule{
			Name: optim.Family("undeclared_" + strings.ToLower(strings.Fields(says)[3])), Step: step,
			Defaults: optim.Values{optim.LearningRate: 0.1}, Units: map[optim.Hyper]optim.Unit{optim.LearningRate: {Weight: 1}},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, failed := training.Compile(training.Config{
			Subject: subject.Of(network.MLP{Outputs: 10}.Model, dataset.Digits().First(10)), Optimizer: optim.New(family),
		})
		if failed == nil || !strings.Contains(failed.Error(), says) {
			t.Errorf("error %v should say %q", failed, says)
		}
	}
}
