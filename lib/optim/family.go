package optim

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Unit is what a number is measured in: so many powers of the gradient and of the weight. SGD's learning rate turns a
// gradient into a step, so its unit is weight/gradient; Adam's turns a ratio of gradients into a step, so its unit is
// weight. Whoever multiplies gradients and weights by constants converts every number of the optimizer by its unit and
// has the same training in other units.
type Unit struct{ Gradient, Weight int }

// String writes a unit as "gradient² weight⁻¹", and "1" where there is none.
func (u Unit) String() string {
	text := ""
	for _, part := range []struct {
		name  string
		power int
	}{{"gradient", u.Gradient}, {"weight", u.Weight}} {
		switch {
		case part.power == 0:
			continue
		case text != "":
			text += " "
		}
		text += part.name
		if part.power != 1 {
			text += fmt.Sprintf("^%d", part.power)
		}
	}
	if text == "" {
		return "1"
	}
	return text
}

// spec is all that distinguishes one family from another.
type spec struct {
	rule     rule
	defaults Values          // the hyperparameters that the rule reads
	units    map[Hyper]Unit  // of those whose unit depends on the rule
	slots    map[string]Unit // what the rule keeps for each weight
}

var (
	perGradient = Unit{Gradient: -1, Weight: 1}
	ofWeight    = Unit{Weight: 1}
	perWeight   = Unit{Weight: -1}
	ofGradient  = Unit{Gradient: 1}
	ofSquare    = Unit{Gradient: 2}
	coupled     = Unit{Gradient: 1, Weight: -1}

	momentSlots = map[string]Unit{"first_moment": ofGradient, "second_moment": ofSquare}
)

// specs are the families. The defaults are those of PyTorch's functions or, where PyTorch has no such optimizer, of the paper, except
// that no family decays weights unless told to; that η is 0.05 for SGD and 0.01 with momentum 0.9, where PyTorch has 0.001 and
// no momentum; and that Muon's η is its authors' 0.02, where PyTorch has 0.001.
var specs = map[Family]spec{
	SGD: {
		sgd,
		Values{LearningRate: 0.05},
		map[Hyper]Unit{LearningRate: perGradient},
		nil,
	},
	HeavyBall: {
		heavyBall,
		Values{LearningRate: 0.01, Momentum: 0.9},
		map[Hyper]Unit{LearningRate: perGradient},
		map[string]Unit{"velocity": ofGradient},
	},
	Nesterov: {
		nesterov,
		Values{LearningRate: 0.01, Momentum: 0.9},
		map[Hyper]Unit{LearningRate: perGradient},
		map[string]Unit{"velocity": ofGradient},
	},
	SignSGD: {
		signSGD,
		Values{LearningRate: 0.001},
		map[Hyper]Unit{LearningRate: ofWeight},
		nil,
	},
	Lion: {
		lion,
		Values{LearningRate: 1e-4, Beta1: 0.9, Beta2: 0.99, WeightDecay: 0},
		map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		map[string]Unit{"first_moment": ofGradient},
	},
	RMSProp: {
		rmsProp,
		Values{LearningRate: 0.01, Beta2: 0.99, Epsilon: 1e-8},
		map[Hyper]Unit{LearningRate: ofWeight},
		map[string]Unit{"second_moment": ofSquare},
	},
	Adam: {
		adam,
		Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8},
		map[Hyper]Unit{LearningRate: ofWeight},
		momentSlots,
	},
	AdamW: {
		adamW,
		Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0},
		map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		momentSlots,
	},
	Adagrad: {
		adagrad,
		Values{LearningRate: 0.01, Epsilon: 1e-10, InitialAccumulator: 0},
		map[Hyper]Unit{LearningRate: ofWeight},
		map[string]Unit{"accumulator": ofSquare},
	},
	Muon: {
		muon,
		Values{LearningRate: 0.02, Momentum: 0.95, Beta1: 0.9, Beta2: 0.95, Epsilon: 1e-7, WeightDecay: 0},
		map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		map[string]Unit{"velocity": ofGradient, "first_moment": ofGradient, "second_moment": ofSquare},
	},
	LARS: {
		lars,
		Values{LearningRate: 1, Momentum: 0.9, TrustCoefficient: 0.001, WeightDecay: 0},
		map[Hyper]Unit{WeightDecay: coupled},
		map[string]Unit{"velocity": ofWeight}, // it keeps steps, not gradients
	},
	LAMB: {
		lamb,
		Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-6, WeightDecay: 0},
		map[Hyper]Unit{WeightDecay: perWeight},
		momentSlots,
	},
}

// commonUnits are those of hyperparameters that mean the same to every family.
var commonUnits = map[Hyper]Unit{
	Epsilon:            ofGradient,
	InitialAccumulator: ofSquare,
	L2:                 coupled,
	L1:                 ofGradient,
	ClipNorm:           ofGradient,
}

func specOf(family Family) (spec, error) {
	s, known := specs[family]
	if !known {
		return spec{}, fmt.Errorf("unknown optimizer %q: use one of %v", family, Families())
	}
	return s, nil
}

// Defaults returns the hyperparameters that a family reads at the values it takes when none is given; none for a family
// that is not known.
func Defaults(family Family) Values {
	return Values{}.Merge(specs[family].defaults)
}

// UnitOf returns the unit of a hyperparameter as the family uses it; decay rates and trust coefficients have none. A
// family that is not known, and a hyperparameter that the family does not read and no Option adds, are errors.
func UnitOf(family Family, name Hyper) (Unit, error) {
	s, err := specOf(family)
	if err != nil {
		return Unit{}, err
	}
	if _, read := s.defaults[name]; !read {
		if _, option := optionDefaults[name]; !option {
			return Unit{}, fmt.Errorf("%s does not read %s: leave it out, or use an optimizer that does; it reads %v",
				family, name, slices.Sorted(maps.Keys(s.defaults)))
		}
	}
	if unit, own := s.units[name]; own {
		return unit, nil
	}
	return commonUnits[name], nil
}

// Slots returns what the family keeps for each weight, by name, with the unit of each. All start at zero.
func Slots(family Family) map[string]Unit { return maps.Clone(specs[family].slots) }

// SlotPath is the path of the variable that keeps a slot of the weight with the given path.
func SlotPath(family Family, weight, slot string) string {
	return path.Join("/", string(family), weight) + "_" + slot
}

// StepPath is the path of the scalar that counts the family's steps, on which its bias correction depends.
func StepPath(family Family) string { return path.Join("/", string(family), "step") }

// gomlxAdam is where GoMLX's Adam keeps its moments and its count of steps.
const gomlxAdam = "/" + optimizer.AdamDefaultScope

// SlotPaths lists every path at which an optimizer, of this package or GoMLX's Adam, would keep something for the weight
// with the given path, with the unit of what it keeps.
func SlotPaths(weight string) map[string]Unit {
	out := map[string]Unit{
		gomlxAdam + weight + "_1st_moment": ofGradient,
		gomlxAdam + weight + "_2nd_moment": ofSquare,
	}
	for family, s := range specs {
		for slot, unit := range s.slots {
			out[SlotPath(family, weight, slot)] = unit
		}
	}
	return out
}
