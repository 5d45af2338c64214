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
	InFloat64 Condition = "InFloat64: the program runs in float64, because a compensated value lies outside the range of float32"
)

// ConditionError says which conditions a compensation hangs on that the caller has not stated to hold.
type ConditionError struct{ Missing []Condition }

// Error lists the conditions.
func (e *ConditionError) Error() string {
	text := make([]string, len(e.Missing))
	for i, c := range e.Missing {
		text[i] = string(c)
	}
	return fmt.Sprintf("the compensation is exact only under conditions; if they hold, say so by passing them, else it cannot "+
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
)

// needsFloat64 asks for InFloat64 if a value fits float32, in which programs run by default, before the change only.
func needsFloat64(before, after optim.Values) []Condition {
	fits := func(x float64) bool { return x == 0 || (x >= smallestFloat32 && x <= largestFloat32) }
	for name, x := range after {
		if fits(before[name]) && !fits(x) {
			return []Condition{InFloat64}
		}
	}
	return nil
}
