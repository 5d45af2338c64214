package law

import (
	"math"

	"gonum.org/v1/gonum/integrate/quad"
)

// Activation is a squashing activation function φ.
type Activation struct {
	name  string
	slope func(z float64) float64 // φ'
	peak  func(u float64) float64 // increasing, zero at the peak of u·φ'(u)
}

// The activation functions.
var (
	Tanh = &Activation{
		"tanh",
		func(z float64) float64 { c := math.Cosh(z); return 1 / (c * c) },
		func(u float64) float64 { return u*math.Tanh(u) - 0.5 },
	}
	Logistic = &Activation{ // 1/(1+e⁻ᶻ)
		"logistic",
		func(z float64) float64 { c := math.Cosh(z / 2); return 1 / (4 * c * c) },
		func(u float64) float64 { return u*math.Tanh(u/2) - 1 },
	}
)

// String is the function's name.
func (a *Activation) String() string { return a.name }

// Gradient returns ∂/∂w of φ(α·w·x), the gradient of one unit with respect to its weight: α·x·φ'(αwx).
func (a *Activation) Gradient(alpha, w, x float64) float64 { return alpha * x * a.slope(alpha*w*x) }

// Peak returns u = α|wx| at which |Gradient|, as a function of α, is largest: u·tanh u = 1/2 for tanh, 0.7717;
// u·tanh(u/2) = 1 for the logistic function, 1.5434. Below it a larger α gives larger gradients, above it smaller ones,
// which fall like e^(−2u) and e^(−u). The root is exact to 1e-12.
//
// Source: d/dα[α·φ'(αz)] = 0.
func (a *Activation) Peak() float64 { return root(a.peak, 0, 3) }

// root bisects an increasing function that is negative at low and positive at high.
func root(f func(float64) float64, low, high float64) float64 {
	const halvings = 100 // more than a float64 has bits
	for range halvings {
		middle := (low + high) / 2
		if f(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}

// ReLUChi returns χ = α²σ_w²/2, by which a wide random ReLU layer whose weights of variance σ_w²/fan-in are multiplied by
// α multiplies the squared norm of the backward signal. It is 1 at σ_w² = 2 and α = 1. He et al. 2015, "Delving deep into
// rectifiers", equation 14.
func ReLUChi(sigmaW2, alpha float64) float64 { return alpha * alpha * sigmaW2 / 2 }

// TanhChi returns χ = α²σ_w²·E[φ'(√q·z)²], the same for tanh, with z standard normal and q the variance of the
// pre-activations. Schoenholz et al. 2017, "Deep information propagation", the definition of χ₁.
func TanhChi(sigmaW2, q, alpha float64) float64 {
	return alpha * alpha * sigmaW2 * sechMean(q, 4)
}

// TanhVariance returns the variance q of the pre-activations on which a deep random tanh network settles, the fixed point
// of q = α²σ_w²·E[tanh(√q·z)²] + σ_b², with z standard normal. Poole et al. 2016, "Exponential expressivity in deep neural
// networks through transient chaos".
//
// Without a bias, and with α²σ_w² ≤ 1, it is 0: the signal dies out.
func TanhVariance(sigmaW2, sigmaB2, alpha float64) float64 {
	gain := alpha * alpha * sigmaW2
	if sigmaB2 == 0 && gain <= 1 {
		return 0
	}
	// The right side is concave in q and at most gain + σ_b², so the difference changes sign once.
	excess := func(q float64) float64 { return q - sigmaB2 - gain*(1-sechMean(q, 2)) }
	return root(excess, 0, gain+sigmaB2)
}

// sechMean returns E[sech(√q·z)^power] for a standard normal z, by Gauss–Legendre quadrature.
func sechMean(q, power float64) float64 {
	const (
		reach  = 10  // standard deviations; what lies beyond weighs 1e-23
		fade   = 20  // sech(20)² is 1e-17
		points = 400 // for 13 digits at either end
	)
	end := min(reach, fade/math.Sqrt(q))
	density := func(z float64) float64 {
		return math.Pow(math.Cosh(math.Sqrt(q)*z), -power) * math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	}
	return quad.Fixed(density, -end, end, points, quad.Legendre{}, 0)
}
