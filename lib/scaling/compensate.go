// Package scaling says what multiplying weights by a scalar α does to training, does it to any GoMLX model, and says how
// to undo it.
//
// The six operations that the phrase can mean differ: a reparameterisation u = α·w, a rescaling once in place, a scaled
// layer output, a rebalanced pair of layers, a scaled loss, a scaled learning rate. [Laws] lists what each does,
// [Compensate] undoes a reparameterisation, and a [Selector] says which variables α multiplies.
package scaling

import (
	"math"

	"alphascale/lib/optim"
)

// LearningRateExponent returns p: under u = α·w, training w with learning rate η moves u exactly as training u directly
// with αᵖ·η. It is 2 for optimizers that are linear in the gradient (one α from the gradient ∇_w = α·∇_u, one from
// u = α·w), 1 for those that see only its direction or its ratio to past gradients, and 0 for those whose step is in
// proportion to the weight.
//
// Source: the chain rule; the abc-symmetry of Yang & Hu 2021, "Tensor Programs IV", with Adam's form in Yang et al. 2022.
func LearningRateExponent(family optim.Family) (p int, err error) {
	unit, err := optim.UnitOf(family, optim.LearningRate)
	return -reparameterised.power(unit), err
}

// EffectiveLearningRate returns αᵖ·η, the learning rate at which the effective weights u = α·w are in fact trained.
func EffectiveLearningRate(family optim.Family, eta, alpha float64) (float64, error) {
	p, err := LearningRateExponent(family)
	if err != nil {
		return 0, err
	}
	if err := CheckAlpha(alpha); err != nil {
		return 0, err
	}
	return math.Pow(alpha, float64(p)) * eta, nil
}

// Compensate returns the hyperparameters for the variables that a reparameterisation u = α·w multiplies, such that u
// trains exactly as it would without α at the values given: bit for bit when α is a power of two, an input of one program,
// and nothing over- or underflows; to rounding otherwise. The start must keep the function, w₀ = u₀/α; in mid-training the optimizer's moments
// must be multiplied as CompensateMoments says, which Rescale with RescaleMoments does.
//
// What the family reads and h leaves out is compensated from its default. Where exactness hangs on more than
// hyperparameters, the caller states that it holds: a *ConditionError says what is missing. An unknown optimizer, a value
// that no optimizer can use, a hyperparameter that the optimizer does not read and an α that is not positive are errors.
func Compensate(family optim.Family, h optim.Values, alpha float64, holding ...Condition) (optim.Values, error) {
	out, err := reparameterised.convert(family, h, alpha)
	if err != nil {
		return nil, err
	}
	needed := reparameterised.conditions(family, h, out, alpha)
	if c, clipped := h[optim.ClipNorm]; clipped && !math.IsInf(c, 1) {
		needed = append(needed, ClippedTogether)
	}
	if reparameterised.plainStep(family) {
		needed = append(needed, NoZeroVariable)
	}
	if err := require(needed, holding); err != nil {
		return nil, err
	}
	return out, nil
}

// CompensateMoments returns the factor by which each slot of the optimizer (see optim.Slots) must be multiplied when the
// reparameterisation u = α·w is introduced in mid-training, so that u goes on as it would have. An unknown optimizer and
// an α that is not positive are errors.
func CompensateMoments(family optim.Family, alpha float64) (map[string]float64, error) {
	return reparameterised.moments(family, alpha)
}

// CompensateRescale returns the hyperparameters with which scale-invariant weights, L(c·w) = L(w), take steps of the same
// direction and the same angle after w ← α·w as they would have taken without: for SGD η' = α²·η and λ' = λ/α², for Adam
// η' = α·η, ε' = ε/α and decoupled λ' = λ/α. It is Compensate at 1/α, because L(w) = L(w/α) is the forward pass of that
// reparameterisation. Source: van Laarhoven 2017, "L2 regularization versus batch and weight normalization".
//
// No hyperparameter can mend what makes a network less than scale-invariant: the caller must state NoNormEpsilon,
// FreshStatistics and BiasScaled, besides what Compensate asks for. Errors are those of Compensate.
func CompensateRescale(family optim.Family, h optim.Values, alpha float64, holding ...Condition) (optim.Values, error) {
	if err := CheckAlpha(alpha); err != nil {
		return nil, err
	}
	if err := require([]Condition{NoNormEpsilon, FreshStatistics, BiasScaled}, holding); err != nil {
		return nil, err
	}
	return Compensate(family, h, 1/alpha, holding...)
}

// CompensateLoss returns the hyperparameters for a loss that is multiplied by s, such that training goes on exactly as
// with the loss itself: SGD η' = η/s; Adam ε' = s·ε and nothing else; penalties in the gradient λ' = s·λ; clip c' = s·c.
// Source: the chain rule; Micikevicius et al. 2018, "Mixed precision training", divides the gradients by the scale instead.
//
// The errors are those of Compensate, s in place of α; a clipped norm needs no condition, since s is common to all.
func CompensateLoss(family optim.Family, h optim.Values, s float64, holding ...Condition) (optim.Values, error) {
	out, err := lossScaled.convert(family, h, s)
	if err != nil {
		return nil, err
	}
	needed := lossScaled.conditions(family, h, out, s)
	if lossScaled.plainStep(family) {
		needed = append(needed, NoZeroVariable)
	}
	if err := require(needed, holding); err != nil {
		return nil, err
	}
	return out, nil
}

// ScaleLearningRate returns h with η ← s·η, from the family's default where h has none. An unknown family and an s that
// is not positive are errors.
func ScaleLearningRate(family optim.Family, h optim.Values, s float64) (optim.Values, error) {
	if _, err := optim.UnitOf(family, optim.LearningRate); err != nil {
		return nil, err
	}
	if err := CheckAlpha(s); err != nil {
		return nil, err
	}
	eta := optim.Defaults(family).Merge(h)[optim.LearningRate]
	return h.With(optim.LearningRate, s*eta), nil
}
