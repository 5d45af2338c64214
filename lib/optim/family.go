package optim

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Unit is what a number is measured in: its powers of the gradient and of the weight. SGD's learning rate turns a
// gradient into a step, so its unit is weight/gradient; Adam's turns a ratio of gradients into a step, so its unit is
// weight. Whoever multiplies gradients and weights by constants converts every number of the optimizer by its unit and
// has the same training in other units. The zero Unit is that of a number without one, such as a decay rate or an angle.
type Unit struct{ Gradient, Weight int }

// Times is the unit of a product of a number in u and the given power of a number in v: weight/gradient is
// Unit{Weight: 1}.Times(Unit{Gradient: 1}, -1).
func (u Unit) Times(v Unit, power int) Unit {
	return Unit{u.Gradient + power*v.Gradient, u.Weight + power*v.Weight}
}

// String writes a unit as "gradient^2 weight^-1", the power 1 left out; "1" is the zero Unit.
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
	family   Family
	rule     rule
	defaults Values          // the hyperparameters that the rule reads
	units    map[Hyper]Unit  // of those whose unit depends on the rule
	slots    map[string]Unit // what the rule keeps for each weight

	// plainRate is the unit of η in a step whose trust ratio is replaced by 1; nil where the rule has no trust ratio.
	plainRate *Unit
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

// families are the update rules, in the order in which they are listed. The defaults are those of PyTorch's functions or,
// where PyTorch has no such optimizer, of the paper, except that no family decays weights unless told to; that η is 0.05 for
// SGD and 0.01 with momentum 0.9, where PyTorch has 0.001 and no momentum; and that Muon's η is its authors' 0.02, where
// PyTorch has 0.001.
var families = []spec{
	{
		family: SGD, rule: sgd,
		defaults: Values{LearningRate: 0.05},
		units:    map[Hyper]Unit{LearningRate: perGradient},
	},
	{
		family: HeavyBall, rule: heavyBall,
		defaults: Values{LearningRate: 0.01, Momentum: 0.9},
		units:    map[Hyper]Unit{LearningRate: perGradient},
		slots:    map[string]Unit{"velocity": ofGradient},
	},
	{
		family: Nesterov, rule: nesterov,
		defaults: Values{LearningRate: 0.01, Momentum: 0.9},
		units:    map[Hyper]Unit{LearningRate: perGradient},
		slots:    map[string]Unit{"velocity": ofGradient},
	},
	{
		family: SignSGD, rule: signSGD,
		defaults: Values{LearningRate: 0.001},
		units:    map[Hyper]Unit{LearningRate: ofWeight},
	},
	{
		family: Lion, rule: lion,
		defaults: Values{LearningRate: 1e-4, Beta1: 0.9, Beta2: 0.99, WeightDecay: 0},
		units:    map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		slots:    map[string]Unit{"first_moment": ofGradient},
	},
	{
		family: RMSProp, rule: rmsProp,
		defaults: Values{LearningRate: 0.01, Beta2: 0.99, Epsilon: 1e-8},
		units:    map[Hyper]Unit{LearningRate: ofWeight},
		slots:    map[string]Unit{"second_moment": ofSquare},
	},
	{
		family: Adam, rule: adam,
		defaults: Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8},
		units:    map[Hyper]Unit{LearningRate: ofWeight},
		slots:    momentSlots,
	},
	{
		family: AdamW, rule: adamW,
		defaults: Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0},
		units:    map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		slots:    momentSlots,
	},
	{
		family: Adagrad, rule: adagrad,
		defaults: Values{LearningRate: 0.01, Epsilon: 1e-10, InitialAccumulator: 0},
		units:    map[Hyper]Unit{LearningRate: ofWeight},
		slots:    map[string]Unit{"accumulator": ofSquare},
	},
	{
		family: Muon, rule: muon,
		defaults: Values{LearningRate: 0.02, Momentum: 0.95, Beta1: 0.9, Beta2: 0.95, Epsilon: 1e-7, WeightDecay: 0},
		units:    map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		slots:    map[string]Unit{"velocity": ofGradient, "first_moment": ofGradient, "second_moment": ofSquare},
	},
	{
		family: LARS, rule: lars,
		defaults:  Values{LearningRate: 1, Momentum: 0.9, TrustCoefficient: 0.001, WeightDecay: 0},
		units:     map[Hyper]Unit{WeightDecay: coupled},
		slots:     map[string]Unit{"velocity": ofWeight}, // it keeps steps, not gradients
		plainRate: &perGradient,
	},
	{
		family: LAMB, rule: lamb,
		defaults:  Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-6, WeightDecay: 0},
		units:     map[Hyper]Unit{WeightDecay: perWeight},
		slots:     momentSlots,
		plainRate: &ofWeight,
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

var specs = func() map[Family]spec {
	out := map[Family]spec{}
	for _, s := range families {
		out[s.family] = s
	}
	return out
}()

func specOf(family Family) (spec, error) {
	s, known := specs[family]
	if !known {
		return spec{}, fmt.Errorf("unknown optimizer %q: use one of %v", family, Families())
	}
	return s, nil
}

// Families lists the update rules that New knows.
func Families() []Family {
	var out []Family
	for _, s := range families {
		out = append(out, s.family)
	}
	return out
}

// Defaults returns the hyperparameters that a family reads at the values it takes when none is given; none for a family
// that is not known.
func Defaults(family Family) Values {
	return Values{}.Merge(specs[family].defaults)
}

// UnitOf returns the unit of a hyperparameter as the family uses it; decay rates and trust coefficients have none. A
// family that is not known, and a hyperparameter that the family does not read and no term of New adds, are errors.
func UnitOf(family Family, name Hyper) (Unit, error) {
	s, err := specOf(family)
	if err != nil {
		return Unit{}, err
	}
	if _, read := s.defaults[name]; !read {
		if _, term := termDefaults[name]; !term {
			return Unit{}, fmt.Errorf("%s does not read %s: leave it out, or use an optimizer that does; it reads %v",
				family, name, slices.Sorted(maps.Keys(s.defaults)))
		}
	}
	if unit, own := s.units[name]; own {
		return unit, nil
	}
	return commonUnits[name], nil
}

// PlainRateUnit returns the unit of the learning rate for a variable that is all zeros. It is that of UnitOf, except where
// a trust ratio, which makes up for gradients and weights in other units, is replaced by 1: in LARS and LAMB. A family
// that is not known is an error.
func PlainRateUnit(family Family) (Unit, error) {
	s, err := specOf(family)
	if err == nil && s.plainRate != nil {
		return *s.plainRate, nil
	}
	return s.units[LearningRate], err
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
