package scaling

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"alphascale/lib/optim"
)

// Condition is something that must hold of a network or a run for a compensation to be exact, and that no
// hyperparameter can bring about. Whoever asks for the compensation states that it holds.
type Condition string

// The conditions.
const (
	// A joint norm of α·g₁ and g₂ is no multiple of that of g₁ and g₂.
	ClippedTogether Condition = "ClippedTogether: all gradients that are clipped together belong to variables multiplied by the same α"
	// The trust ratio of such a variable is replaced by 1, and its step then follows another exponent.
	NoZeroVariable Condition = "NoZeroVariable: no variable multiplied by α is all zeros, as biases are at the start"
	// √(σ² + ε) is not proportional to w: for α ≪ 1 a normalised weight is not scale-invariant.
	NoNormEpsilon Condition = "NoNormEpsilon: the ε inside the normalisation is 0, or far below the variance that it is added to"
	// They are in units of the old weights, and an evaluation uses them.
	FreshStatistics Condition = "FreshStatistics: the running statistics of a batch normalisation are averaged anew before an evaluation"
	// A batch normalisation removes such a bias; layer and RMS normalisation do not.
	BiasScaled Condition = "BiasScaled: a bias that is added before a layer or RMS normalisation is absent or multiplied by α too"
	// In float32 such a value becomes infinite, zero or imprecise.
	InFloat64 Condition = "InFloat64: the program runs in float64, because with this α a hyperparameter, a weight, a gradient or its square leaves " +
		"the range of float32"
)

// ConditionError says which conditions a compensation hangs on that the caller has not stated to hold.
type ConditionError struct{ Missing []Condition }

// Error lists the conditions.
func (e *ConditionError) Error() string {
	text := make([]string, len(e.Missing))
	for i, c := range e.Missing {
		text[i] = string(c)
	}
	return fmt.Sprintf("the compensation is exact only under conditions; if they hold, say so by passing them, otherwise it cannot "+
		"be had: scaling.%s", strings.Join(text, "; scaling."))
}

// require returns a *ConditionError for what is needed and not stated.
func require(needed, stated []Condition) error {
	missing := slices.DeleteFunc(slices.Clone(needed), func(c Condition) bool { return slices.Contains(stated, c) })
	if len(missing) == 0 {
		return nil
	}
	return &ConditionError{missing}
}

const (
	smallestFloat32 = 0x1p-126 // the smallest that keeps all its digits
	largestFloat32  = math.MaxFloat32

	// farthest is how far α may take weights and gradients: those of a training lie well within the 2⁻⁶⁶ to 2⁶⁶ that remain.
	farthest = 0x1p60
	// smallestSquare is that of a gradient of 2⁻²⁶, below which Adam's ε = 1e-8 drowns it, as it enters the average: × (1 − β₂).
	smallestSquare = 0x1p-62
)

func fitsFloat32(x float64) bool { return x >= smallestFloat32 && x <= largestFloat32 }

// needsFloat64 asks for InFloat64 if a value fits float32, in which programs run by default, before the change only.
func needsFloat64(before, after optim.Values) []Condition {
	for name, x := range after {
		if before[name] != 0 && fitsFloat32(before[name]) && !fitsFloat32(x) {
			return []Condition{InFloat64}
		}
	}
	return nil
}

// conditions asks for InFloat64 where the change takes numbers out of the range of float32.
func (c change) conditions(family optim.Family, before, after optim.Values, alpha float64) []Condition {
	if !c.keepsFloat32(family, alpha) {
		return []Condition{InFloat64}
	}
	return needsFloat64(optim.Defaults(family).Merge(before), after)
}

// keepsFloat32 reports whether, after the change by α, the numbers that the family works with stay within the range of float32:
// the weight, its gradient, their quotient, and where it keeps them, squared gradients.
func (c change) keepsFloat32(family optim.Family, alpha float64) bool {
	gradient, weight := math.Pow(alpha, float64(c.gradient)), math.Pow(alpha, float64(c.weight))
	for _, factor := range []float64{gradient, weight} {
		if factor > farthest || factor < 1/farthest {
			return false
		}
	}
	// LARS multiplies its step by τ‖w‖/‖g‖.
	if _, layerwise := optim.Defaults(family)[optim.TrustCoefficient]; layerwise && math.Abs(math.Log2(weight/gradient)) > 100 {
		return false
	}
	for _, unit := range optim.Slots(family) {
		if unit.Gradient == 2 && gradient*gradient*smallestSquare < smallestFloat32 {
			return false
		}
	}
	return true
}
