package optim

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Hyper names a hyperparameter. The name is also that of the scalar variable, in scope "/optimizers", through which
// an optimizer reads it inside a graph: GoMLX keeps its learning rate there, and so a value can change from run to run
// without a new compilation.
type Hyper string

// The hyperparameters, with the symbols that the field uses for them.
const (
	LearningRate Hyper = "learning_rate" // η, per step; GoMLX's own name for it
	Momentum     Hyper = "momentum"      // β of the velocity, in [0, 1)
	Beta1        Hyper = "beta1"         // β₁, decay of the first moment, in [0, 1)
	Beta2        Hyper = "beta2"         // β₂, decay of the second moment, RMSProp's ρ, in [0, 1)
	Beta3        Hyper = "beta3"         // β₃, decay of Adan's second moment, in [0, 1)
	Epsilon      Hyper = "epsilon"       // ε, added to the root of the second moment and to Muon's norm
	WeightDecay  Hyper = "weight_decay"  // λ, in the form w ← w − η·λ·w, but inside the trust ratio of LARS and LAMB
	L2           Hyper = "l2"            // λ in the gradient: g ← g + λ·w, the penalty ½λ‖w‖²
	L1           Hyper = "l1"            // λ in the gradient: g ← g + λ·sign(w), the penalty λ‖w‖₁
	ClipNorm     Hyper = "clip_norm"     // c: gradients are scaled down to a joint norm of at most c

	InitialAccumulator Hyper = "initial_accumulator" // G₀, from which Adagrad's sum of squared gradients starts
	TrustCoefficient   Hyper = "trust_coefficient"   // τ, the share of ‖w‖ that a step of LARS has at η = 1
)

// Values are hyperparameters by name. What is absent takes its default (see Defaults).
type Values map[Hyper]float64

// With returns a copy of v with one value set.
func (v Values) With(name Hyper, value float64) Values {
	out := maps.Clone(v)
	if out == nil {
		out = Values{}
	}
	out[name] = value
	return out
}

// Merge returns a copy of v with the values of over in place of its own.
func (v Values) Merge(over Values) Values {
	out := maps.Clone(v)
	if out == nil {
		out = Values{}
	}
	maps.Copy(out, over)
	return out
}

// String lists the values in the order of their names, as "learning_rate=0.05 momentum=0.9".
func (v Values) String() string {
	parts := make([]string, 0, len(v))
	for _, name := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, fmt.Sprintf("%s=%g", name, v[name]))
	}
	return strings.Join(parts, " ")
}

// termDefaults are the hyperparameters of the terms that New takes, at the values that leave the gradients as they are.
var termDefaults = Values{
	L2:       0,
	L1:       0,
	ClipNorm: math.Inf(1), // no clipping
}

// known are the names of all hyperparameters.
func known() []Hyper {
	all := Values{}.Merge(termDefaults)
	for _, s := range rules() {
		all = all.Merge(s.Defaults)
	}
	return slices.Sorted(maps.Keys(all))
}

// Check returns an error that names the first value, in the order of names, that no optimizer can use: an unknown name,
// NaN or an infinity, a negative number, or a decay rate that is not below 1.
func (v Values) Check() error { return v.CheckFor("") }

// CheckFor is Check for an optimizer of the family, which may have decay rates of its own. Values that it does not read are no
// error: whether one matters is for whoever uses them to say.
func (v Values) CheckFor(family Family) error {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		x := v[name]
		if !slices.Contains(known(), name) {
			return fmt.Errorf("unknown hyperparameter %q: use one of %v", name, known())
		}
		if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 {
			return fmt.Errorf("%s = %g: give a finite number that is not negative", name, x)
		}
		if IsDecayRate(family, name) && x >= 1 {
			return fmt.Errorf("%s = %g: a decay rate must be below 1", name, x)
		}
		if name == ClipNorm && x == 0 {
			return fmt.Errorf("clip_norm = 0 would remove every gradient: give a positive norm, or an optimizer without clip_norm")
		}
	}
	return nil
}

// decayRates are those of every rule that reads them.
var decayRates = []Hyper{Momentum, Beta1, Beta2, Beta3}

// IsDecayRate reports whether the hyperparameter is one by which an average of the family forgets, so that it must lie in [0, 1).
// Of a family that is not known, none but the usual ones are.
func IsDecayRate(family Family, name Hyper) bool {
	if slices.Contains(decayRates, name) {
		return true
	}
	r := rules()[family]
	return r != nil && slices.Contains(r.DecayRates, name)
}
