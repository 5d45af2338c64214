package law

import (
	"fmt"
	"math"
)

// AdamExponent returns p of the effective learning rate αᵖη of one first step of Adam at a fixed ε, to first order in ln α: between 1,
// where ε is far below every gradient, and 2, where it is far above, since Adam then is SGD at η/ε. The gradients are those at α = 1, at
// the point of the step; their shapes do not matter. Of a single one it is 1 + ε/(|g|+ε), of many
// 1 + Σs²ε/(|g|+ε)/Σs² with s = |g|/(|g|+ε), for the Euclidean norm of the step. The power of a loss scale is p − 1.
//
// It is the derivative of ln ‖α·αg/(α|g|+ε)‖ with respect to ln α. Source: Kingma & Ba 2015, algorithm 1 at t = 1, where m̂ = g and √v̂ = |g|.
// An ε that is negative or not finite, a gradient that is not finite and gradients that are all zero are errors.
func AdamExponent(gradients []float64, epsilon float64) (float64, error) {
	if !(epsilon >= 0) || math.IsInf(epsilon, 1) {
		return 0, fmt.Errorf("ε = %g: Adam adds a finite number that is not negative", epsilon)
	}
	squares, slopes := 0., 0.
	for i, g := range gradients {
		g = math.Abs(g)
		if !(g <= math.MaxFloat64) {
			return 0, fmt.Errorf("gradient %d is %g: give finite ones", i, gradients[i])
		}
		if g == 0 {
			continue // it makes no step, whatever α is
		}
		s := g / (g + epsilon)
		squares, slopes = squares+s*s, slopes+s*s*epsilon/(g+epsilon)
	}
	if squares == 0 {
		return 0, fmt.Errorf("%d gradients, all zero or far below ε = %g: no step that α could lengthen", len(gradients), epsilon)
	}
	return 1 + slopes/squares, nil
}

// Memory returns the number of steps in which decay by a share in each step takes a weight to 1/e of what it was: −1/ln(1−share), which
// is 1/share for a small one. AdamW and SGD with λ in the gradient have the share ηλ, and the average over 1/(ηλ) steps that a decayed
// weight is has this length (Wang & Aitchison 2024, "How to set AdamW's weight decay as you scale model and dataset size"). A factor α on
// the weights is forgotten after ln α such times. A share outside (0, 1) is an error.
func Memory(share float64) (float64, error) {
	if !(share > 0 && share < 1) {
		return 0, fmt.Errorf("a decay by the share %g in each step: a memory has a length for shares between 0 and 1", share)
	}
	return -1 / math.Log1p(-share), nil
}

// DecayedSquare returns the mean square that a weight settles at under steps ±η of random sign and a decay by a share in each step,
// η²/(share·(2−share)): with the share ηλ of AdamW η/(λ(2−ηλ)). It is exact for steps that are independent of each other and of the
// weight: the stationary variance of w ← (1−share)w ± η. A share outside (0, 1) and an η that is not positive are errors.
func DecayedSquare(eta, share float64) (float64, error) {
	if _, err := Memory(share); err != nil {
		return 0, err
	}
	if !(eta > 0) || math.IsInf(eta, 1) {
		return 0, fmt.Errorf("η = %g: steps have a positive, finite length", eta)
	}
	return eta * eta / (share * (2 - share)), nil
}

// EquilibriumNorm returns the norm at which the weights of a scale-invariant function settle under SGD with λ in the gradient,
// (η/2λ)^¼·‖g̃‖^½, with g̃ the gradient at norm 1. It holds for gradients independent from step to step and ηλ ≪ 1, as EquilibriumAngle
// does. Source: van Laarhoven 2017, section 3; Wan et al. 2021, theorem 1. Numbers that are not positive and finite are errors.
func EquilibriumNorm(eta, lambda, gradient float64) (float64, error) {
	for _, x := range []float64{eta, lambda, gradient} {
		if !(x > 0) || math.IsInf(x, 1) {
			return 0, fmt.Errorf("η = %g, λ = %g, ‖g̃‖ = %g: all must be positive and finite", eta, lambda, gradient)
		}
	}
	return math.Pow(eta/(2*lambda), 0.25) * math.Sqrt(gradient), nil
}
