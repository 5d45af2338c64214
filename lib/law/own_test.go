package law_test

import (
	"math"
	"testing"

	"alphascale/lib/law"
)

// TestAdamExponentIsTheSlopeOfTheStep holds p against the update rule itself: the slope of ln ‖α·αg/(α|g|+ε)‖ in ln α.
func TestAdamExponentIsTheSlopeOfTheStep(t *testing.T) {
	gradients := []float64{1e-4, -3e-3, 0.2, 0, 5e-3}
	length := func(alpha, epsilon float64) float64 {
		square := 0.
		for _, g := range gradients {
			step := alpha * alpha * g / (alpha*math.Abs(g) + epsilon)
			square += step * step
		}
		return math.Sqrt(square)
	}
	for _, epsilon := range []float64{0, 1e-8, 1e-3, 1, 1e6} {
		const h = 1e-4
		slope := math.Log(length(math.Exp(h), epsilon)/length(math.Exp(-h), epsilon)) / (2 * h)
		got, err := law.AdamExponent(gradients, epsilon)
		if err != nil || math.Abs(got-slope) > 1e-7 {
			t.Errorf("ε = %g: p = %.8f, %v, and the slope is %.8f", epsilon, got, err, slope)
		}
	}
	// Of one gradient, ε as large: 1½. The ends are Adam's p and SGD's.
	if got, err := law.AdamExponent([]float64{-1e-3}, 1e-3); err != nil || got != 1.5 {
		t.Errorf("ε = |g|: p = %g, %v, want 1.5", got, err)
	}
}

// TestDecayOfASingleWeight follows one weight, and the variance of one under steps of random sign.
func TestDecayOfASingleWeight(t *testing.T) {
	for _, share := range []float64{1e-3, 0.05, 0.5} {
		steps, err := law.Memory(share)
		if left := math.Pow(1-share, steps); err != nil || math.Abs(left-1/math.E) > 1e-12 {
			t.Errorf("a share of %g: %g is left after %g steps, %v, want 1/e", share, left, steps, err)
		}
		variance := 0.
		for range 100_000 {
			variance = (1-share)*(1-share)*variance + 0.01
		}
		got, err := law.DecayedSquare(0.1, share)
		if err != nil || math.Abs(got/variance-1) > 1e-9 {
			t.Errorf("a share of %g: %g, %v, and the recursion settles at %g", share, got, err, variance)
		}
	}
}

// TestEquilibriumNorm follows the norm of a scale-invariant weight whose gradient is perpendicular to it and 3/‖w‖ long.
func TestEquilibriumNorm(t *testing.T) {
	const eta, lambda = 0.01, 0.02
	for _, start := range []float64{0.5, 20} {
		square := start * start
		for range 200_000 {
			square = (1-eta*lambda)*(1-eta*lambda)*square + eta*eta*9/square
		}
		got, err := law.EquilibriumNorm(eta, lambda, 3)
		if err != nil || math.Abs(got/math.Sqrt(square)-1) > 1e-4 {
			t.Errorf("from %g: %g, %v, and the recursion settles at %g", start, got, err, math.Sqrt(square))
		}
	}
}
