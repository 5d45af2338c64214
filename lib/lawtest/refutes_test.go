package lawtest_test

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
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

func (o *outcome) says(text string) bool {
	return slices.ContainsFunc(o.errors, func(e string) bool { return strings.Contains(e, text) })
}

var tried atomic.Int32

// try returns what L1 says of a rule, under a name that no other has.
func try(t *testing.T, r optim.Rule, h optim.Values) *outcome {
	t.Helper()
	r.Name = optim.Family(fmt.Sprintf("tried_%d", tried.Add(1)))
	family, err := optim.Define(r)
	if err != nil {
		t.Fatal(err)
	}
	o := &outcome{TB: t}
	lawtest.L1(o, family, h)
	return o
}

// off are the ways in which a unit is wrong by one power; by both at once, α alone does not show it.
var off = []optim.Unit{{Gradient: 1}, {Weight: 1}, {Gradient: 1, Weight: 1}}

// Every single wrong unit of a hyperparameter is refuted, and of a slot. The control is TestL1OfOtherRules, where all are right.
func TestL1RefutesWrongUnits(t *testing.T) {
	for name, unit := range adaBelief("").Units {
		t.Run(string(name), func(t *testing.T) {
			t.Parallel()
			for _, by := range off {
				r := adaBelief("")
				r.Units[name] = unit.Times(by, 1)
				if o := try(t, r, believing()); !o.says("a unit is wrong") {
					t.Errorf("in units of %s it passes: %q", r.Units[name], o.errors)
				}
			}
		})
	}
	for name, unit := range adaBelief("").Slots {
		t.Run("slot "+name, func(t *testing.T) {
			t.Parallel()
			for _, by := range off {
				r := adaBelief("")
				r.Slots[name] = unit.Times(by, 1)
				if o := try(t, r, believing()); !o.says("from the middle on") {
					t.Errorf("in units of %s it passes: %q", r.Slots[name], o.errors)
				}
			}
		})
	}
}

// A trust ratio whose replacement has another unit than is stated, or of which nothing is said.
func TestL1RefutesAWrongPlainRate(t *testing.T) {
	right := *trusting("").PlainRate
	r := trusting("")
	r.PlainRate = nil
	if o := try(t, r, nil); !o.says("state as PlainRate") {
		t.Errorf("without PlainRate it passes: %q", o.errors)
	}
	for _, by := range off {
		wrong := right.Times(by, 1)
		r.PlainRate = &wrong
		if o := try(t, r, nil); !o.says("state as PlainRate") {
			t.Errorf("with the unit %s it passes: %q", wrong, o.errors)
		}
	}
}

// What makes no difference is said, for its unit would pass untested.
func TestL1AsksForWhatMatters(t *testing.T) {
	for says, change := range map[string]func(r *optim.Rule, h optim.Values){
		"weight_decay is 0":      func(r *optim.Rule, h optim.Values) { delete(h, optim.WeightDecay) },
		"epsilon = 1e-30 times":  func(_ *optim.Rule, h optim.Values) { h[optim.Epsilon] = 1e-30 },
		"unread = 1 times 4":     func(r *optim.Rule, _ optim.Values) { r.Defaults["unread"], r.Units["unread"] = 1, optim.Unit{} },
		"unread = 0.9 times 0.2": func(r *optim.Rule, _ optim.Values) { r.Defaults["unread"], r.DecayRates = 0.9, []optim.Hyper{"unread"} },
		"in its slot empty":      func(r *optim.Rule, _ optim.Values) { r.Slots["empty"] = gradient },
		"slot written times 4": func(r *optim.Rule, _ optim.Values) {
			step := r.Step
			r.Slots["written"] = gradient
			r.Step = func(u *optim.Update) *Node { u.Keep("written", u.Gradient); return step(u) }
		},
		"diverges at step": func(r *optim.Rule, _ optim.Values) {
			r.Step = func(u *optim.Update) *Node { return Sqrt(Neg(OnesLike(u.Weight))) }
		},
	} {
		r, h := adaBelief(""), believing()
		change(&r, h)
		if o := try(t, r, h); !o.says(says) {
			t.Errorf("%q should say %q", o.errors, says)
		}
	}
	o := &outcome{TB: t}
	lawtest.L1(o, "nowhere", nil)
	if !o.says("nowhere") {
		t.Errorf("%v for an unknown optimizer", o.errors)
	}
}
