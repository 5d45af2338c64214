// Package law holds the closed forms of what a factor α does: thresholds, peaks, angles and folds, as numbers in float64.
//
// Thresholds are [StabilityLimit] and [Format.AlphaRange], peaks [Activation.Peak], angles [EquilibriumAngle], folds [RidgeFold] and
// [LassoFold].
//
// It is apart from package scaling so that a notebook that only evaluates formulas does not link the training backend:
// nothing here imports GoMLX.
package law

import (
	"fmt"
	"math"
)

// Method is a recursion on a quadratic loss, or for a weight that only turns, that has a closed form. It is no optim.Family, which
// says how a training updates: Adam's preconditioner stays as it is here, sign descent decays its weights, and a family that is
// defined elsewhere has no closed form. (Nor could it be one: package optim links the training backend.)
type Method string

// The methods, as package optim writes them.
const (
	GradientDescent Method = "gradient descent"
	HeavyBall       Method = "heavy ball"   // m ← βm + g; w ← w − ηm
	Nesterov        Method = "Nesterov"     // m ← βm + g; w ← w − η(g + βm)
	SignDescent     Method = "sign descent" // w ← w − η·sign(g)
	Adam            Method = "Adam"         // m ← βm + (1−β)g; w ← w − ηP⁻¹m with a preconditioner P that stays as it is
)

// StabilityLimit returns the learning rate below which the method converges on a quadratic loss in u = α·w, and above
// which it diverges: 2/(α²h), (2+2β)/(α²h), (2+2β)/((1+2β)α²h), and for Adam (2+2β)/((1−β)αh).
//
// h is the largest eigenvalue of the Hessian with respect to u; for Adam that of P⁻¹H, with P the preconditioner at α = 1. A
// preconditioner measured at α is α·P, so that one α of the two remains. beta is the decay of the momentum, in [0, 1), and
// not used by gradient descent. Values outside these ranges, and an unknown method, are errors.
//
// Source: the roots of the characteristic polynomial of each recursion leave the unit circle at −1; Cohen et al. 2021,
// "Gradient descent on neural networks typically occurs at the edge of stability"; for Adam Cohen et al. 2022, "Adaptive
// gradient methods at the edge of stability".
func StabilityLimit(m Method, h, beta, alpha float64) (float64, error) {
	if !(h > 0) || !(alpha > 0) || math.IsInf(h, 1) || math.IsInf(alpha, 1) {
		return 0, fmt.Errorf("curvature h = %g at α = %g: both must be positive and finite", h, alpha)
	}
	if m == GradientDescent {
		return 2 / (alpha * alpha * h), nil
	}
	if !(beta >= 0 && beta < 1) {
		return 0, fmt.Errorf("β = %g: the decay of the momentum must lie in [0, 1)", beta)
	}
	switch m {
	case HeavyBall:
		return (2 + 2*beta) / (alpha * alpha * h), nil
	case Nesterov:
		return (2 + 2*beta) / ((1 + 2*beta) * alpha * alpha * h), nil
	case Adam:
		return (2 + 2*beta) / ((1 - beta) * alpha * h), nil
	}
	return 0, fmt.Errorf("no stability limit is known for %q: use %q, %q, %q or %q",
		m, GradientDescent, HeavyBall, Nesterov, Adam)
}

// Contraction returns 1 − α²ηh, by which gradient descent on w, with u = α·w, multiplies the distance from the minimum
// along an eigenvector of eigenvalue h in each step.
func Contraction(eta, h, alpha float64) float64 { return 1 - alpha*alpha*eta*h }

// EquilibriumAngle returns the angle in radians by which a scale-invariant weight turns in each step once weight decay
// and gradients balance. With gradient descent and λ in the gradient it is √(2ηλ), with heavy ball √(2ηλ/(1+β)), with sign
// descent and decoupled decay √(2ηλ), with AdamW and β₁ = β √(2ηλ(1−β)/(1+β)). It contains no α: multiplying the weights
// is forgotten in about 1/(ηλ) steps.
//
// It is approximate: gradients independent from step to step and isotropic, ηλ ≪ 1. Source: Wan et al. 2021, "Spherical
// motion dynamics"; Kosson et al. 2024, "Rotational equilibrium". A method without the law, a β outside [0, 1) and an ηλ
// that is not positive are errors. beta is not used by gradient and sign descent.
func EquilibriumAngle(m Method, eta, lambda, beta float64) (float64, error) {
	if !(eta*lambda > 0) || !(beta >= 0 && beta < 1) {
		return 0, fmt.Errorf("η = %g, λ = %g, β = %g: ηλ must be positive and β in [0, 1)", eta, lambda, beta)
	}
	switch m {
	case GradientDescent, SignDescent:
		return math.Sqrt(2 * eta * lambda), nil
	case HeavyBall:
		return math.Sqrt(2 * eta * lambda / (1 + beta)), nil
	case Adam:
		return math.Sqrt(2 * eta * lambda * (1 - beta) / (1 + beta)), nil
	}
	return 0, fmt.Errorf("no equilibrium angle is known for %q: use %q, %q, %q or %q",
		m, GradientDescent, HeavyBall, SignDescent, Adam)
}
