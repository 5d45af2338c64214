package sweep

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"alphascale/lib/optim"
	"alphascale/lib/result"
	"alphascale/lib/training"
)

// Axis is one thing that a sweep varies, with the values that it takes.
type Axis struct {
	Name     string          // unique in a sweep: "alpha", "learning_rate", "width"
	Quantity result.Quantity // what a chart's axis is labelled with
	Values   []float64       // distinct; of a Choice, 0, 1, 2, …
	Labels   []string        // of a Choice, one per value; otherwise nil

	set func(s *training.Settings, value float64) // nil: the value is compiled in, by Spec.Build
}

// Alpha varies α, by which the scaled weights are multiplied.
func Alpha(values ...float64) Axis {
	return Axis{
		Name: "alpha", Quantity: result.Alpha(), Values: values,
		set: func(s *training.Settings, v float64) { s.Alpha = v },
	}
}

// Hyper varies a hyperparameter of all variables, those that α does not multiply included. Such an axis folds with α only
// if there are none of those.
func Hyper(name optim.Hyper, values ...float64) Axis {
	return Axis{
		Name: string(name), Quantity: quantityOf(name), Values: values,
		set: func(s *training.Settings, v float64) { s.Hyper = s.Hyper.With(name, v) },
	}
}

// ScaledHyper varies a hyperparameter of the variables that α multiplies, and of no other. Its name is "scaled_" and that
// of the hyperparameter.
func ScaledHyper(name optim.Hyper, values ...float64) Axis {
	q := quantityOf(name)
	q.Name += " of the scaled weights"
	return Axis{
		Name: "scaled_" + string(name), Quantity: q, Values: values,
		set: func(s *training.Settings, v float64) { s.ScaledHyper = s.ScaledHyper.With(name, v) },
	}
}

// GroupAlpha varies the α of one of training.Config.Groups. Runs that differ in it are not folded: each is made.
func GroupAlpha(group string, values ...float64) Axis {
	q := result.Alpha()
	q.Name += " of the group " + group
	return Axis{
		Name: "group_" + group + "_alpha", Quantity: q, Values: values,
		set: inGroup(group, func(g *training.GroupSettings, v float64) { g.Alpha = v }),
	}
}

// GroupHyper varies a hyperparameter of one of training.Config.Groups, and of no other variable.
func GroupHyper(group string, name optim.Hyper, values ...float64) Axis {
	q := quantityOf(name)
	q.Name += " of the group " + group
	return Axis{
		Name: "group_" + group + "_" + string(name), Quantity: q, Values: values,
		set: inGroup(group, func(g *training.GroupSettings, v float64) { g.Hyper = g.Hyper.With(name, v) }),
	}
}

// inGroup sets something of one group and leaves the settings that it was made from as they are.
func inGroup(group string, set func(g *training.GroupSettings, v float64)) func(s *training.Settings, v float64) {
	return func(s *training.Settings, v float64) {
		own := s.Groups[group]
		set(&own, v)
		groups := maps.Clone(s.Groups)
		if groups == nil {
			groups = map[string]training.GroupSettings{}
		}
		groups[group] = own
		s.Groups = groups
	}
}

// Seed varies the seed of the initial weights: 1 to n.
func Seed(n int) Axis {
	a := Axis{
		Name: "seed", Quantity: result.Quantity{Name: "seed"},
		set: func(s *training.Settings, v float64) { s.Seed = int64(v) },
	}
	for seed := range n {
		a.Values = append(a.Values, float64(seed+1))
	}
	return a
}

// Compiled varies something that is compiled in, such as a width or a depth: Spec.Build turns its values into programs.
func Compiled(name string, values ...float64) Axis {
	return Axis{Name: name, Quantity: result.Quantity{Name: name}, Values: values}
}

// Choice is Compiled for things with a name, such as optimizers.
func Choice(name string, labels ...string) Axis {
	a := Compiled(name)
	for i, label := range labels {
		a.Values, a.Labels = append(a.Values, float64(i)), append(a.Labels, label)
	}
	return a
}

// PowersOfTwo returns 2^from, 2^(from+1), …, 2^to; nothing if from exceeds to. At such values folding is exact in every bit.
func PowersOfTwo(from, to int) []float64 {
	var out []float64
	for k := from; k <= to; k++ {
		out = append(out, math.Ldexp(1, k))
	}
	return out
}

// Geometric returns n values from first to last, each the same multiple of the one before; nothing unless both ends are
// positive and finite and n is at least 2.
func Geometric(first, last float64, n int) []float64 {
	if !(first > 0 && last > 0) || math.IsInf(first, 1) || math.IsInf(last, 1) || n < 2 {
		return nil
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = first * math.Pow(last/first, float64(i)/float64(n-1))
	}
	out[n-1] = last
	return out
}

var symbols = map[optim.Hyper]string{
	optim.LearningRate: "η", optim.Momentum: "β", optim.Beta1: "β₁", optim.Beta2: "β₂", optim.Beta3: "β₃", optim.Epsilon: "ε",
	optim.WeightDecay: "λ", optim.L2: "λ", optim.L1: "λ", optim.ClipNorm: "c",
	optim.InitialAccumulator: "G₀", optim.TrustCoefficient: "τ",
}

func quantityOf(name optim.Hyper) result.Quantity {
	return result.Quantity{Name: strings.ReplaceAll(string(name), "_", " "), Symbol: symbols[name]}
}

// check returns an error that names what in the axis cannot be used.
func (a Axis) check() error {
	switch {
	case a.Name == "":
		return fmt.Errorf("an axis has no name: make axes by Alpha, Hyper, ScaledHyper, GroupAlpha, GroupHyper, Seed, Compiled or Choice")
	case len(a.Values) == 0:
		return fmt.Errorf("axis %s has no values: give at least one; a geometric range needs positive ends and two values or more",
			a.Name)
	case a.Labels != nil && len(a.Labels) != len(a.Values):
		return fmt.Errorf("axis %s has %d values and %d labels: give one label a value", a.Name, len(a.Values), len(a.Labels))
	}
	seen := map[float64]bool{}
	for _, v := range a.Values {
		if math.IsNaN(v) || math.IsInf(v, 0) || seen[v] {
			return fmt.Errorf("axis %s has the value %g twice or it is not finite: give distinct finite values", a.Name, v)
		}
		seen[v] = true
	}
	return nil
}

// At is a point of a sweep: one value of each axis.
type At struct {
	axes    []Axis
	index   []int
	unknown *[]string // names that were asked for and are no axes, for Build, which need not check
}

// Value returns the value of an axis, and NaN if there is no axis of that name. In Spec.Build such a name makes Run fail.
func (p At) Value(axis string) float64 {
	if i := p.find(axis); i >= 0 {
		return p.axes[i].Values[p.index[i]]
	}
	return math.NaN()
}

// Label returns the name of the value of a Choice, and for other axes the value in writing: "α = 2⁻³" has "2⁻³". It is empty
// if there is no axis of that name. In Spec.Build such a name makes Run fail.
func (p At) Label(axis string) string {
	i := p.find(axis)
	switch {
	case i < 0:
		return ""
	case p.axes[i].Labels != nil:
		return p.axes[i].Labels[p.index[i]]
	}
	return result.Power(p.axes[i].Values[p.index[i]])
}

// String lists all axes: "alpha = 2⁻³, learning_rate = 0.1".
func (p At) String() string {
	parts := make([]string, len(p.axes))
	for i, a := range p.axes {
		parts[i] = a.Name + " = " + p.Label(a.Name)
	}
	return strings.Join(parts, ", ")
}

func (p At) find(axis string) int {
	i := slices.IndexFunc(p.axes, func(a Axis) bool { return a.Name == axis })
	if i < 0 && p.unknown != nil {
		*p.unknown = append(*p.unknown, axis)
	}
	return i
}

// settings are those of the point: the base with every value set.
func (p At) settings(base training.Settings) training.Settings {
	if base.Alpha == 0 {
		base.Alpha = 1
	}
	for i, a := range p.axes {
		if a.set != nil {
			a.set(&base, a.Values[p.index[i]])
		}
	}
	return base
}

// points lists every combination of values, the last axis changing fastest.
func points(axes []Axis) []At {
	out := []At{{axes: axes, index: make([]int, len(axes))}}
	for i, a := range axes {
		var longer []At
		for _, p := range out {
			for v := range a.Values {
				index := slices.Clone(p.index)
				index[i] = v
				longer = append(longer, At{axes: axes, index: index})
			}
		}
		out = longer
	}
	return out
}
