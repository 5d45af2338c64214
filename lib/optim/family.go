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
var families = []*Rule{
	{
		Name: SGD, Step: sgd,
		Defaults: Values{LearningRate: 0.05},
		Units:    map[Hyper]Unit{LearningRate: perGradient},
	},
	{
		Name: HeavyBall, Step: heavyBall,
		Defaults: Values{LearningRate: 0.01, Momentum: 0.9},
		Units:    map[Hyper]Unit{LearningRate: perGradient},
		Slots:    map[string]Unit{"velocity": ofGradient},
	},
	{
		Name: Nesterov, Step: nesterov,
		Defaults: Values{LearningRate: 0.01, Momentum: 0.9},
		Units:    map[Hyper]Unit{LearningRate: perGradient},
		Slots:    map[string]Unit{"velocity": ofGradient},
	},
	{
		Name: SignSGD, Step: signSGD,
		Defaults: Values{LearningRate: 0.001},
		Units:    map[Hyper]Unit{LearningRate: ofWeight},
	},
	{
		Name: Lion, Step: lion,
		Defaults: Values{LearningRate: 1e-4, Beta1: 0.9, Beta2: 0.99, WeightDecay: 0},
		Units:    map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		Slots:    map[string]Unit{"first_moment": ofGradient},
	},
	{
		Name: RMSProp, Step: rmsProp,
		Defaults: Values{LearningRate: 0.01, Beta2: 0.99, Epsilon: 1e-8},
		Units:    map[Hyper]Unit{LearningRate: ofWeight},
		Slots:    map[string]Unit{"second_moment": ofSquare},
	},
	{
		Name: Adam, Step: adam,
		Defaults: Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8},
		Units:    map[Hyper]Unit{LearningRate: ofWeight},
		Slots:    momentSlots,
	},
	{
		Name: AdamW, Step: adamW,
		Defaults: Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-8, WeightDecay: 0},
		Units:    map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		Slots:    momentSlots,
	},
	{
		Name: Adagrad, Step: adagrad,
		Defaults: Values{LearningRate: 0.01, Epsilon: 1e-10, InitialAccumulator: 0},
		Units:    map[Hyper]Unit{LearningRate: ofWeight},
		Slots:    map[string]Unit{"accumulator": ofSquare},
	},
	{
		Name: Muon, Step: muon,
		Defaults: Values{LearningRate: 0.02, Momentum: 0.95, Beta1: 0.9, Beta2: 0.95, Epsilon: 1e-7, WeightDecay: 0},
		Units:    map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		Slots:    map[string]Unit{"velocity": ofGradient, "first_moment": ofGradient, "second_moment": ofSquare},
	},
	{
		Name: Adan, Step: adan,
		Defaults: Values{LearningRate: 0.001, Beta1: 0.98, Beta2: 0.92, Beta3: 0.99, Epsilon: 1e-8, WeightDecay: 0},
		Units:    map[Hyper]Unit{LearningRate: ofWeight, WeightDecay: perWeight},
		Slots: map[string]Unit{
			"first_moment": ofGradient, "difference": ofGradient, "previous_gradient": ofGradient, "second_moment": ofSquare,
		},
	},
	{
		Name: LARS, Step: lars,
		Defaults:  Values{LearningRate: 1, Momentum: 0.9, TrustCoefficient: 0.001, WeightDecay: 0},
		Units:     map[Hyper]Unit{LearningRate: {}, WeightDecay: coupled},
		Slots:     map[string]Unit{"velocity": ofWeight}, // it keeps steps, not gradients
		PlainRate: &perGradient,
	},
	{
		Name: LAMB, Step: lamb,
		Defaults:  Values{LearningRate: 0.001, Beta1: 0.9, Beta2: 0.999, Epsilon: 1e-6, WeightDecay: 0},
		Units:     map[Hyper]Unit{LearningRate: {}, WeightDecay: perWeight},
		Slots:     momentSlots,
		PlainRate: &ofWeight,
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

// Families lists the update rules of this package. Those that others define are not among them.
func Families() []Family {
	var out []Family
	for _, s := range families {
		out = append(out, s.Name)
	}
	return out
}

// Defaults returns the hyperparameters that a family reads at the values it takes when none is given; none for a family
// that is not known.
func Defaults(family Family) Values {
	known, err := specOf(family)
	if err != nil {
		return Values{}
	}
	return Values{}.Merge(known.Defaults)
}

// UnitOf returns the unit of a hyperparameter as the family uses it; decay rates and trust coefficients have none. A
// family that is not known, and a hyperparameter that the family does not read and no term of New adds, are errors.
func UnitOf(family Family, name Hyper) (Unit, error) {
	s, err := specOf(family)
	if err != nil {
		return Unit{}, err
	}
	if _, read := s.Defaults[name]; !read {
		if _, term := termDefaults[name]; !term {
			return Unit{}, fmt.Errorf("%s does not read %s: leave it out, or use an optimizer that does; it reads %v",
				family, name, slices.Sorted(maps.Keys(s.Defaults)))
		}
	}
	if unit, own := s.Units[name]; own {
		return unit, nil
	}
	return commonUnits[name], nil
}

// PlainRateUnit returns the unit of the learning rate for a variable that is all zeros. It is that of UnitOf, except where
// a trust ratio, which makes up for gradients and weights in other units, is replaced by 1: in LARS and LAMB. A family
// that is not known is an error.
func PlainRateUnit(family Family) (Unit, error) {
	s, err := specOf(family)
	if err != nil {
		return Unit{}, err
	}
	if s.PlainRate != nil {
		return *s.PlainRate, nil
	}
	return s.Units[LearningRate], nil
}

// Slots returns what the family keeps for each weight, by name, with the unit of each. All start at zero.
func Slots(family Family) map[string]Unit {
	known, err := specOf(family)
	if err != nil {
		return nil
	}
	return maps.Clone(known.Slots)
}

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
	for family, s := range rules() {
		for slot, unit := range s.Slots {
			out[SlotPath(family, weight, slot)] = unit
		}
	}
	return out
}
