package law_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"alphascale/lib/law"

	"gonum.org/v1/gonum/diff/fd"
)

var activations = map[*law.Activation]func(float64) float64{
	law.Tanh:     math.Tanh,
	law.Logistic: func(z float64) float64 { return 1 / (1 + math.Exp(-z)) },
}

func TestGradientOfAUnitIsTheDerivativeWithRespectToTheWeight(t *testing.T) {
	for unit, activation := range activations {
		for _, alpha := range []float64{0.1, 1, 3.7} {
			for _, w := range []float64{-0.8, 0.3, 2} {
				const x = 1.3
				got := unit.Gradient(alpha, w, x)
				want := fd.Derivative(func(w float64) float64 { return activation(alpha * w * x) }, w,
					&fd.Settings{Formula: fd.Central})
				if math.Abs(got-want) > 1e-8 {
					t.Errorf("%s at α = %g, w = %g: gradient %g, by differences %g", unit, alpha, w, got, want)
				}
			}
		}
	}
}

// The peak is found a second time by maximising the gradient itself, with a derivative-free search.
func TestPeakMaximisesTheGradient(t *testing.T) {
	for unit, printed := range map[*law.Activation]float64{law.Tanh: 0.7717, law.Logistic: 1.5434} {
		peak := unit.Peak()
		found := maximiser(func(u float64) float64 { return unit.Gradient(u, 1, 1) }, 0, 3)
		if math.Abs(found-peak) > 1e-6 {
			t.Errorf("%s: peak at %.9f, the search finds %.9f", unit, peak, found)
		}
		// Near its maximum a function is too flat for more digits; the sign of its slope is not.
		slope := func(u float64) float64 {
			return fd.Derivative(func(a float64) float64 { return unit.Gradient(a, 1, 1) }, u,
				&fd.Settings{Formula: fd.Central, Step: 1e-3})
		}
		if slope(peak-1e-4) < 0 || slope(peak+1e-4) > 0 {
			t.Errorf("%s: the gradient does not turn at %.9f", unit, peak)
		}
		if math.Abs(peak-printed) > 1e-4 {
			t.Errorf("%s: peak at %.6f, not %.4f", unit, peak, printed)
		}
	}
}

// maximiser finds the maximum of a unimodal function by golden sections.
func maximiser(f func(float64) float64, low, high float64) float64 {
	golden := (math.Sqrt(5) - 1) / 2
	for high-low > 1e-9 {
		a, b := high-golden*(high-low), low+golden*(high-low)
		if f(a) < f(b) {
			low = a
		} else {
			high = b
		}
	}
	return (low + high) / 2
}

// The root itself, by Newton's method on the other form of its equation.
func TestPeakToNineDigits(t *testing.T) {
	for unit, equation := range map[*law.Activation]func(u float64) float64{
		law.Tanh:     func(u float64) float64 { return 2*u*math.Sinh(u) - math.Cosh(u) },
		law.Logistic: func(u float64) float64 { return u*math.Sinh(u/2) - math.Cosh(u/2) },
	} {
		u := 1.0
		for range 50 {
			u -= equation(u) / fd.Derivative(equation, u, &fd.Settings{Formula: fd.Central})
		}
		if peak := unit.Peak(); math.Abs(peak-u) > 1e-9 {
			t.Errorf("%s: peak at %.12f, Newton's method gives %.12f", unit, peak, u)
		}
	}
}

// chiByMonteCarlo multiplies a random backward signal through random layers: the mean ratio of squared norms after and before.
func chiByMonteCarlo(sigmaW2, q, alpha float64, slope func(float64) float64) float64 {
	const width = 100
	random := rand.New(rand.NewPCG(3, 5))
	const layers = 1500
	ratio := 0.0
	for range layers {
		incoming, before := make([]float64, width), 0.0
		for i := range incoming {
			incoming[i] = random.NormFloat64()
			before += incoming[i] * incoming[i]
		}
		after := 0.0
		for range width { // δ_j = φ'(z_j)·Σ_i W_ij δ_i
			sum := 0.0
			for i := range width {
				sum += random.NormFloat64() * incoming[i]
			}
			delta := slope(math.Sqrt(q)*random.NormFloat64()) * alpha * math.Sqrt(sigmaW2/width) * sum
			after += delta * delta
		}
		ratio += after / before / layers
	}
	return ratio
}

func TestChiAgainstMonteCarlo(t *testing.T) {
	relu := func(z float64) float64 {
		if z > 0 {
			return 1
		}
		return 0
	}
	tanh := func(z float64) float64 { c := math.Cosh(z); return 1 / (c * c) }
	for _, test := range []struct {
		name      string
		got, want float64
	}{
		{"He ReLU", law.ReLUChi(2, 1), chiByMonteCarlo(2, 1, 1, relu)},
		{"He ReLU, α = 1.5", law.ReLUChi(2, 1.5), chiByMonteCarlo(2, 1, 1.5, relu)},
		{"tanh, q = 0.5", law.TanhChi(1.5, 0.5, 1), chiByMonteCarlo(1.5, 0.5, 1, tanh)},
		{"tanh, q = 3, α = 2", law.TanhChi(1, 3, 2), chiByMonteCarlo(1, 3, 2, tanh)},
	} {
		if math.Abs(test.got/test.want-1) > 0.03 {
			t.Errorf("%s: χ = %.4f, Monte Carlo %.4f", test.name, test.got, test.want)
		}
	}
	if law.ReLUChi(2, 1) != 1 {
		t.Errorf("χ = %g at He's initialisation, not 1", law.ReLUChi(2, 1))
	}
	if wrong := law.ReLUChi(2, 1.5) * math.Pow(1.5, 0.1); math.Abs(wrong/chiByMonteCarlo(2, 1, 1.5, relu)-1) < 0.03 {
		t.Error("an exponent of 2.1 passes too")
	}
}

// Forward through wide layers until the variance settles, and the limits that are known in closed form.
func TestTanhVarianceIsTheFixedPoint(t *testing.T) {
	const sigmaW2, sigmaB2, alpha, samples = 1.5, 0.1, 1.2, 200_000
	q := 1.0
	random := rand.New(rand.NewPCG(1, 2))
	normal := make([]float64, samples)
	for i := range normal {
		normal[i] = random.NormFloat64()
	}
	for range 50 {
		sum := 0.0
		for _, z := range normal {
			x := math.Tanh(math.Sqrt(q) * z)
			sum += x * x / samples
		}
		q = alpha*alpha*sigmaW2*sum + sigmaB2
	}
	if got := law.TanhVariance(sigmaW2, sigmaB2, alpha); math.Abs(got/q-1) > 0.01 {
		t.Errorf("variance %.4f, by sampling %.4f", got, q)
	}
	if got := law.TanhVariance(1, 0, 1); got != 0 {
		t.Errorf("variance %g at the critical point without bias, not 0", got)
	}
	// A strongly saturated unit is a sign: its variance is gain + σ_b², its χ the density at zero, 4/3·gain/√(2πq).
	gain := 1e6
	if got := law.TanhVariance(gain, 0, 1); math.Abs(got/gain-1) > 0.01 {
		t.Errorf("saturated variance %g, not %g", got, gain)
	}
	if got, want := law.TanhChi(1, gain, 1), 4/3./math.Sqrt(2*math.Pi*gain); math.Abs(got/want-1) > 1e-5 {
		t.Errorf("saturated χ = %g, not %g", got, want)
	}
}

// The gradient of a saturating unit grows with α, then vanishes.
func ExampleActivation_Gradient() {
	for _, alpha := range []float64{0.1, 0.7717, 10} {
		fmt.Printf("α = %-6g %.2g\n", alpha, law.Tanh.Gradient(alpha, 1, 1))
	}
	// Output:
	// α = 0.1    0.099
	// α = 0.7717 0.45
	// α = 10     8.2e-08
}
