package frameworks

import (
	"fmt"
	"slices"
	"strings"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// rule is what this package knows of an optimizer, or of a clipping, of one framework. Its defaults are not here: the comparison
// reads them from the framework itself.
type rule struct {
	framework string
	name      string // as in the framework's words: "AdamW", "sgd", "clip_grad_norm_"
	// units are those of its hyperparameters that have one. The unit of ε belongs to the optimizer of a framework, not to the name:
	// added to the root it is that of a gradient, under the root that of a gradient's square. A name with a place, "eps[0]", is one
	// number of several.
	units map[string]optim.Unit
	// states are the units of what the optimizer keeps, where they are not those that its framework's names have elsewhere.
	states map[string]optim.Unit
	// under are units that hold only where a flag has a value.
	under []under
	// trials are the settings that the comparison runs: they alone are what can be advised.
	trials []Values
	// none says why no hyperparameters give the training without α; the units are then those that come nearest.
	none string
	// nearly says what can keep a compensation from being exact: a constant in the framework's code.
	nearly string
	// joint names hyperparameters by which all weights share a number, such as a joint norm. They can follow α only where it
	// multiplies every weight.
	joint []string
	// ofAll names hyperparameters that torch takes for all groups of an optimizer at once, so that it takes two optimizers.
	ofAll []string
	clip  bool // clips gradients and steps no weights: the comparison puts the framework's SGD behind it
	// rest is the optimizer for what this one does not take: Muon of torch takes matrices alone.
	rest string
}

type under struct {
	flag  string
	value any
	units map[string]optim.Unit
}

var (
	perGradient = optim.Unit{Gradient: -1, Weight: 1}
	ofWeight    = optim.Unit{Weight: 1}
	perWeight   = optim.Unit{Weight: -1}
	ofGradient  = optim.Unit{Gradient: 1}
	ofSquare    = optim.Unit{Gradient: 2}
	coupled     = optim.Unit{Gradient: 1, Weight: -1}
)

// in gives each rule its framework.
func in(framework string, rules []rule) []rule {
	for i := range rules {
		rules[i].framework = framework
	}
	return rules
}

var allRules = slices.Concat(in(Torch, torchRules), in(Keras, kerasRules), in(Optax, optaxRules))

// rulesOf lists the rules of a framework.
func rulesOf(framework string) []rule {
	var out []rule
	for _, r := range allRules {
		if r.framework == framework {
			out = append(out, r)
		}
	}
	return out
}

// find returns the rule of an optimizer, whose name may be written as in the framework's words.
func find(framework, optimizer string) (rule, error) {
	bare := optimizer[strings.LastIndex(optimizer, ".")+1:]
	var names []string
	for _, r := range rulesOf(framework) {
		if r.name == bare {
			return r, nil
		}
		names = append(names, r.name)
	}
	return rule{}, fmt.Errorf("%s has no optimizer %q that was compared: the nearest known are %s", framework, optimizer, nearest(bare, names))
}

// unit returns the unit of a hyperparameter, or of one number of several, at the given values.
func (r rule) unit(name string, at Values) optim.Unit {
	for _, u := range r.under {
		if unit, ok := u.units[name]; ok && at[u.flag] == u.value {
			return unit
		}
	}
	return r.units[name]
}

// exponent is the power of α by which a hyperparameter is multiplied under u = α·w.
func (r rule) exponent(name string, at Values) int {
	return power(r.unit(name, at))
}

// power is the exponent of α by which u = α·w multiplies a number of a unit.
func power(unit optim.Unit) int {
	p, err := scaling.ReparameteriseLaw().UnitExponent(unit)
	if err != nil {
		panic(err) // the law of u = α·w states both exponents
	}
	return int(p)
}

// state are the powers of α by which what the optimizer keeps is multiplied as α comes in mid-training.
func (s settled) state() map[string]int {
	out := map[string]int{}
	for _, units := range []map[string]optim.Unit{stateUnits[s.framework], s.states} {
		for name, unit := range units {
			out[name] = power(unit)
		}
	}
	return out
}

// stateUnits are the units of what optimizers keep, by the names that a framework gives it.
var stateUnits = map[string]map[string]optim.Unit{Torch: torchStates, Keras: kerasStates, Optax: optaxStates}

// spelling is how the framework calls it.
func (r rule) spelling() string {
	switch {
	case r.framework == Torch && r.clip:
		return "torch.nn.utils." + r.name
	case r.framework == Torch:
		return "torch.optim." + r.name
	case r.framework == Keras:
		return "keras.optimizers." + r.name
	case r.name == "muon":
		return "optax.contrib." + r.name
	}
	return "optax." + r.name
}
