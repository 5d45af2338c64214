package scaling

import (
	"fmt"
	"math"

	"alphascale/lib/optim"
)

// change is what an operation does to the two quantities that an optimizer sees: each is multiplied by α to the given
// power. An optimizer knows no other scale, so a change that leaves the function alone is a change of units, and every
// hyperparameter and every moment converts by its unit (optim.Unit).
type change struct{ gradient, weight int }

// The changes that leave the function alone.
var (
	unchanged = change{}
	// w = u/α and ∇_w = α·∇_u.
	reparameterised = change{gradient: 1, weight: -1}
	// For a scale-invariant w: w → α·w and ∇ → ∇/α, as if w were u/α⁻¹. So for the first of a rebalanced pair.
	rescaled   = change{gradient: -1, weight: 1}
	lossScaled = change{gradient: 1}
)

// power is the exponent of α by which a number of this unit is multiplied.
func (c change) power(unit optim.Unit) int { return c.gradient*unit.Gradient + c.weight*unit.Weight }

// plainStep reports whether the steps of a variable that is all zeros, which have no trust ratio, need another learning
// rate after the change than those of the others do.
func (c change) plainStep(family optim.Family) bool {
	rate, _ := optim.UnitOf(family, optim.LearningRate)
	plain, err := optim.PlainRateUnit(family)
	return err == nil && c.power(plain) != c.power(rate)
}

// convert returns the hyperparameters in the units after the change. What the family reads and h leaves out is converted
// from its default.
func (c change) convert(family optim.Family, h optim.Values, alpha float64) (optim.Values, error) {
	if err := CheckAlpha(alpha); err != nil {
		return nil, err
	}
	if _, err := optim.UnitOf(family, optim.LearningRate); err != nil {
		return nil, err
	}
	if err := h.CheckFor(family); err != nil {
		return nil, err
	}
	out := optim.Values{}
	for name, value := range optim.Defaults(family).Merge(h) {
		unit, err := optim.UnitOf(family, name)
		switch {
		case err != nil && value == 0:
			continue // switched off, so it has nothing to convert
		case err != nil:
			return nil, err
		}
		out[name] = value * math.Pow(alpha, float64(c.power(unit)))
		if value != 0 && (out[name] == 0 || math.IsInf(out[name], 0)) {
			return nil, fmt.Errorf("α = %g takes %s from %g to %g: no number can hold it; use an α nearer to 1",
				alpha, name, value, out[name])
		}
	}
	return out, nil
}

// moments returns the factor of each slot of the family.
func (c change) moments(family optim.Family, alpha float64) (map[string]float64, error) {
	if err := CheckAlpha(alpha); err != nil {
		return nil, err
	}
	if _, err := optim.UnitOf(family, optim.LearningRate); err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for slot, unit := range optim.Slots(family) {
		out[slot] = math.Pow(alpha, float64(c.power(unit)))
	}
	return out, nil
}
