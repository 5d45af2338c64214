package optim

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"sync"

	. "github.com/gomlx/gomlx/core/graph"
)

// Rule is an update rule with the units of its numbers, from which everything else follows: compensation for α, folding of
// sweeps, going on at another α. The families of this package are rules; Define adds one of your own.
type Rule struct {
	Name Family // of lower-case letters, digits and "_"; results and checkpoints are kept under it
	// Step returns the step of one variable, which is subtracted from it. Everything it needs comes from the update.
	Step     func(u *Update) *Node
	Defaults Values // the hyperparameters that Step reads, at the values that they take when none is given
	// Units are those of the hyperparameters that depend on the rule. What is left out has its usual one: ε that of a gradient,
	// decay rates none.
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

func specOf(family Family) (*Rule, error) {
	all := rules()
	if r := all[family]; r != nil {
		return r, nil
	}
	return nil, fmt.Errorf("unknown optimizer %q: use one of %v, or define it with optim.Define", family, slices.Sorted(maps.Keys(all)))
}

var ruleName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// Define adds an update rule and returns the family under which it is then known everywhere. A rule that lacks a name, a step,
// or a unit where one is needed is an error, and so is a second rule of one name: what is kept of runs is kept by name. Whether
// the units are right is tested by lawtest.L1.
func Define(r Rule) (Family, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	defining.Lock()
	defer defining.Unlock()
	if _, twice := defined[r.Name]; twice || slices.Contains(Families(), r.Name) {
		return "", fmt.Errorf("there is an optimizer %q already: give the rule another name", r.Name)
	}
	r.Defaults, r.Units, r.Slots = maps.Clone(r.Defaults), maps.Clone(r.Units), maps.Clone(r.Slots)
	defined[r.Name] = &r
	return r.Name, nil
}

// check returns an error that names the first thing that is missing or cannot be used.
func (r Rule) check() error {
	if !ruleName.MatchString(string(r.Name)) {
		return fmt.Errorf("a rule of the name %q: give it one of lower-case letters, digits and \"_\", for files are named by it", r.Name)
	}
	if r.Step == nil {
		return fmt.Errorf("rule %s has no Step: set the function that returns the step of one variable", r.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Defaults)) {
		_, own := r.Units[name]
		_, common := commonUnits[name]
		_, term := termDefaults[name]
		switch x := r.Defaults[name]; {
		case term:
			return fmt.Errorf("rule %s reads %s, which New adds to the gradients of any rule: leave it out", r.Name, name)
		case math.IsNaN(x) || math.IsInf(x, 0) || x < 0:
			return fmt.Errorf("rule %s has the default %s = %g: give a finite number that is not negative", r.Name, name, x)
		case !own && !common && !IsDecayRate(name) && !slices.Contains(r.DecayRates, name) && name != TrustCoefficient:
			return fmt.Errorf("rule %s states no unit of %s, so that α cannot be compensated: add it to Units, as the zero Unit if it has none",
				r.Name, name)
		}
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(r.Units)), r.DecayRates) {
		if _, read := r.Defaults[name]; !read {
			return fmt.Errorf("rule %s speaks of %s, which is not among its Defaults: add the value that it takes when none is given", r.Name, name)
		}
	}
	return nil
}
