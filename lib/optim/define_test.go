package optim_test

import (
	"fmt"
	"math"
	"slices"
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

// plain is a rule that nothing is wrong with.
func plain() optim.Rule {
	return optim.Rule{
		Name: "plain", Step: func(u *optim.Update) *Node { return Mul(u.Hyper(optim.LearningRate), Sign(u.Gradient)) },
		Defaults: optim.Values{optim.LearningRate: 0.1}, Units: map[optim.Hyper]optim.Unit{optim.LearningRate: {Weight: 1}},
		Slots: map[string]optim.Unit{},
	}
}

func define(t *testing.T, r optim.Rule) optim.Family {
	t.Helper()
	family, err := optim.Define(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { optim.Undefine(family) })
	return family
}

func TestDefineRefuses(t *testing.T) {
	for says, wrong := range map[string]func(r *optim.Rule){
		"lower-case letters":          func(r *optim.Rule) { r.Name = "" },
		"\"My Rule\"":                 func(r *optim.Rule) { r.Name = "My Rule" },
		"\"adam\" already":            func(r *optim.Rule) { r.Name = optim.Adam },
		"where other things":          func(r *optim.Rule) { r.Name = "optimizers" },
		"no Step":                     func(r *optim.Rule) { r.Step = nil },
		"no learning_rate":            func(r *optim.Rule) { r.Defaults = optim.Values{optim.Beta1: 0.9}; r.Units = nil },
		"no unit of learning":         func(r *optim.Rule) { r.Units = nil },
		"no unit of own":              func(r *optim.Rule) { r.Defaults["own"] = 1 },
		"reads \"a/b\"":               func(r *optim.Rule) { r.Defaults["a/b"], r.Units["a/b"] = 1, optim.Unit{} },
		"other, which is not among":   func(r *optim.Rule) { r.Units["other"] = optim.Unit{} },
		"decay, which is not among":   func(r *optim.Rule) { r.DecayRates = []optim.Hyper{"decay"} },
		"beta1 = 1":                   func(r *optim.Rule) { r.Defaults[optim.Beta1] = 1 },
		"weight of beta1":             func(r *optim.Rule) { r.Defaults[optim.Beta1], r.Units[optim.Beta1] = 0.9, optim.Unit{Weight: 1} },
		"learning_rate = NaN":         func(r *optim.Rule) { r.Defaults[optim.LearningRate] = math.NaN() },
		"l2, which New adds":          func(r *optim.Rule) { r.Defaults[optim.L2] = 0 },
		"keeps \"\"":                  func(r *optim.Rule) { r.Slots[""] = optim.Unit{} },
		"\"a_mean\" and \"mean\", so": func(r *optim.Rule) { r.Slots["mean"], r.Slots["a_mean"] = optim.Unit{}, optim.Unit{} },
	} {
		r := plain()
		wrong(&r)
		if _, err := optim.Define(r); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v should say %q", err, says)
		}
	}
	define(t, plain())
	if _, err := optim.Define(plain()); err == nil || !strings.Contains(err.Error(), "\"plain\" already") {
		t.Errorf("a second rule of one name: %v", err)
	}
}

// describe builds a program with the optimizer, as a sweep does before it looks for files.
func describe(o optim.Interface) (training.Description, error) {
	data := dataset.Digits().First(10)
	return training.Describe(training.Config{Subject: subject.Of(network.MLP{Outputs: 10}.Model, data), Optimizer: o})
}

// What a step reads, keeps or returns against its declaration fails when a graph is built, and says what to do.
func TestStepsAgainstTheirDeclarationFail(t *testing.T) {
	scalar := func(u *optim.Update) *Node { return u.Hyper(optim.LearningRate) }
	for says, step := range map[string]func(u *optim.Update) *Node{
		"add it to Defaults":      func(u *optim.Update) *Node { return Mul(u.Hyper(optim.Momentum), u.Gradient) },
		"add it to Slots":         func(u *optim.Update) *Node { return u.Keep("velocity", u.Gradient) },
		"Slots":                   func(u *optim.Update) *Node { return u.Slot("velocity") },
		"keeps \"kept\" of shape": func(u *optim.Update) *Node { u.Keep("kept", scalar(u)); return u.Gradient },
		"returns a step of":       scalar,
		"returns nothing":         func(*optim.Update) *Node { return nil },
	} {
		r := plain()
		r.Step, r.Slots = step, map[string]optim.Unit{"kept": {}}
		family := define(t, r)
		if _, err := describe(optim.New(family)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v should say %q", err, says)
		}
		optim.Undefine(family)
	}
	r := plain()
	r.Name = "output" // a scope of the model
	if _, err := describe(optim.New(define(t, r))); err == nil || !strings.Contains(err.Error(), "/output/") {
		t.Errorf("a model that lies where slots are kept: %v", err)
	}
}

// Files of a sweep are named by what a program computes: a rule that is changed under its name does not find those of the old.
func TestRulesOfOneNameHaveTwoDigests(t *testing.T) {
	digest := func(factor float64) string {
		r := plain()
		r.Step = func(u *optim.Update) *Node { return MulScalar(Mul(u.Hyper(optim.LearningRate), u.Gradient), factor) }
		family := define(t, r)
		defer optim.Undefine(family)
		d, err := describe(optim.New(family))
		if err != nil {
			t.Fatal(err)
		}
		return d.Digest
	}
	if half := digest(0.5); half != digest(0.5) || half == digest(0.25) {
		t.Errorf("the digest %s is not that of what the rule computes", half)
	}
}

// A hyperparameter of a rule's own means something there alone: elsewhere it is not read, and its range is that of each rule.
func TestOwnHyperparameters(t *testing.T) {
	rate, length := plain(), plain()
	rate.Defaults["own"], rate.DecayRates = 0.5, []optim.Hyper{"own"}
	length.Name, length.Defaults["own"], length.Units["own"] = "length", 2, optim.Unit{Weight: 1}
	first, second := define(t, rate), define(t, length)
	own := optim.Values{"own": 3}
	if err := own.CheckFor(first); err == nil || !strings.Contains(err.Error(), "below 1") {
		t.Errorf("a decay rate of 3: %v", err)
	}
	if err := own.CheckFor(second); err != nil {
		t.Errorf("a length of 3: %v", err)
	}
	if err := (optim.Values{"owm": 3}).CheckFor(second); err == nil || !strings.Contains(err.Error(), "own") {
		t.Errorf("a name that no rule reads: %v", err)
	}
	if _, err := optim.UnitOf(optim.Adam, "own"); err == nil || !strings.Contains(err.Error(), "adam does not read own") {
		t.Errorf("of Adam: %v", err)
	}
	if all := optim.Known(); !slices.Contains(all, first) || !slices.Contains(all, second) || all[0] != optim.SGD {
		t.Errorf("known are %v", all)
	}
}
