package optim

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/ml/train"
	"github.com/gomlx/gomlx/ml/train/metric"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// plainName is what names of rules, hyperparameters and slots are made of: they become parts of paths and names of files.
var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// taken are scopes of the root in which GoMLX or a training keeps other things than what a rule remembers.
var taken = []string{optimizer.Scope, "training", metric.Scope, train.TrainerAbsoluteScope, train.AccumulatedGradientsScope}

// check returns an error that names the first thing of a rule that is missing or cannot be used.
func (r Rule) check() error {
	switch {
	case !plainName.MatchString(string(r.Name)):
		return fmt.Errorf("a rule of the name %q: give it one of lower-case letters, digits and \"_\", for files are named by it", r.Name)
	case slices.ContainsFunc(taken, func(scope string) bool { return strings.Trim(scope, "/") == string(r.Name) }):
		return fmt.Errorf("a rule of the name %q would keep its slots where other things are kept: give it another name", r.Name)
	case r.Step == nil:
		return fmt.Errorf("rule %s has no Step: set the function that returns the step of one variable", r.Name)
	}
	if _, rated := r.Defaults[LearningRate]; !rated {
		return fmt.Errorf("rule %s has no learning_rate, which α changes first: add it to Defaults, as 1 where the rule finds its own", r.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Defaults)) {
		if err := r.checkHyper(name); err != nil {
			return err
		}
	}
	for _, name := range slices.Concat(slices.Sorted(maps.Keys(r.Units)), r.DecayRates) {
		if _, read := r.Defaults[name]; !read {
			return fmt.Errorf("rule %s speaks of %s, which is not among its Defaults: add the value that it takes when none is given", r.Name, name)
		}
	}
	return r.checkSlots()
}

// checkHyper returns an error unless the name, the default and the unit of a hyperparameter can be used.
func (r Rule) checkHyper(name Hyper) error {
	x, unit := r.Defaults[name], r.Units[name]
	_, own := r.Units[name]
	_, common := commonUnits[name]
	_, term := termDefaults[name]
	decays := slices.Contains(decayRates, name) || slices.Contains(r.DecayRates, name)
	switch {
	case !plainName.MatchString(string(name)):
		return fmt.Errorf("rule %s reads %q: name hyperparameters by lower-case letters, digits and \"_\", for variables are named by them", r.Name, name)
	case term:
		return fmt.Errorf("rule %s reads %s, which New adds to the gradients of any rule: leave it out", r.Name, name)
	case math.IsNaN(x) || math.IsInf(x, 0) || x < 0:
		return fmt.Errorf("rule %s has the default %s = %g: give a finite number that is not negative", r.Name, name, x)
	case decays && x >= 1:
		return fmt.Errorf("rule %s has the default %s = %g: a decay rate must be below 1", r.Name, name, x)
	case decays && unit != Unit{}:
		return fmt.Errorf("rule %s states the unit %s of %s, a decay rate, which α must leave below 1: leave the unit out, or use another name",
			r.Name, unit, name)
	case !own && !common && !decays && name != TrustCoefficient:
		return fmt.Errorf("rule %s states no unit of %s, so that α cannot be compensated: add it to Units, as the zero Unit if it has none",
			r.Name, name)
	}
	return nil
}

// checkSlots returns an error for names of slots that could not be told apart in a model: "a_b" of a weight w and "b" of a weight
// w_a would be kept at one path.
func (r Rule) checkSlots() error {
	names := slices.Sorted(maps.Keys(r.Slots))
	for _, name := range names {
		if !plainName.MatchString(name) {
			return fmt.Errorf("rule %s keeps %q: name slots by lower-case letters, digits and \"_\", for variables are named by them", r.Name, name)
		}
		for _, other := range names {
			if strings.HasSuffix(name, "_"+other) {
				return fmt.Errorf("rule %s keeps %q and %q, so that two weights might share a variable: give them names of which none ends as the "+
					"other", r.Name, name, other)
			}
		}
	}
	return nil
}
