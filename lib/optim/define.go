package optim

import (
	"fmt"
	"maps"
	"slices"
	"sync"

	. "github.com/gomlx/gomlx/core/graph"
)

// Rule is an update rule with the units of its numbers, from which everything else follows: compensation for α, folding of
// sweeps, going on at another α. The families of this package are rules; Define adds one of your own.
type Rule struct {
	// Name is of lower-case letters, digits and "_". Checkpoints and what a run keeps hold slots under it, so a rule that comes to
	// keep something else needs another name. A sweep tells two rules of one name apart by what they compute.
	Name Family
	// Step returns the step of one variable, which is subtracted from it. Everything it needs comes from the update.
	Step     func(u *Update) *Node
	Defaults Values // the hyperparameters that Step reads, at the values that they take when none is given
	// Units are those of the hyperparameters that depend on the rule, its own among them. What is left out has its usual one: ε
	// that of a gradient, decay rates none.
	Units map[Hyper]Unit
	Slots map[string]Unit // what Step keeps for each weight, by name, with the unit of each; all start at zero
	// DecayRates are hyperparameters of the rule's own that must lie in [0, 1), as β does.
	DecayRates []Hyper
	// PlainRate is the unit of η in a step whose trust ratio is replaced by 1; nil where the rule has no trust ratio.
	PlainRate *Unit
}

var (
	defining sync.RWMutex
	defined  = map[Family]*Rule{}
)

// rules are those of this package and those that were defined.
func rules() map[Family]*Rule {
	defining.RLock()
	defer defining.RUnlock()
	all := maps.Clone(defined)
	for _, r := range families {
		all[r.Name] = r
	}
	return all
}

// Known lists the families of this package, as Families does, and after them those that were defined, by name.
func Known() []Family {
	defining.RLock()
	defer defining.RUnlock()
	return append(Families(), slices.Sorted(maps.Keys(defined))...)
}

func specOf(family Family) (*Rule, error) {
	if r := rules()[family]; r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("unknown optimizer %q: use one of %v, or define it with optim.Define", family, Known())
}

// Define adds an update rule and returns the family under which it is then known everywhere; call it once, as the value of a
// variable of your package. A rule that lacks a name, a step, or a unit where one is needed is an error, and so is a second rule of
// one name. Whether the units are right is tested by lawtest.L1.
func Define(r Rule) (Family, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	defining.Lock()
	defer defining.Unlock()
	if _, twice := defined[r.Name]; twice || slices.Contains(Families(), r.Name) {
		return "", fmt.Errorf("there is an optimizer %q already: give the rule another name", r.Name)
	}
	defined[r.Name] = r.clone()
	return r.Name, nil
}

// clone shares nothing with the rule that a caller could change.
func (r Rule) clone() *Rule {
	r.Defaults, r.Units, r.Slots, r.DecayRates = maps.Clone(r.Defaults), maps.Clone(r.Units), maps.Clone(r.Slots), slices.Clone(r.DecayRates)
	if r.PlainRate != nil {
		rate := *r.PlainRate
		r.PlainRate = &rate
	}
	return &r
}
