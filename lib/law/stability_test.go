package law_test

import (
	"fmt"
	"math"
	"testing"

	"alphascale/lib/law"
)

// diverges runs the method on ½h·u² with u = α·w and reports whether |w| grew. It is the oracle: the update rule itself.
func diverges(m law.Method, eta, h, beta, alpha float64) bool {
	// Frozen preconditioner of the u-problem is 1; measured at α it is α.
	w, velocity := 1.0, 0.0
	for range 20_000 {
		g := alpha * h * (alpha * w)
		switch m {
		case law.GradientDescent:
			w -= eta * g
		case law.HeavyBall:
			velocity = beta*velocity + g
			w -= eta * velocity
		case law.Nesterov:
			velocity = beta*velocity + g
			w -= eta * (g + beta*velocity)
		case law.Adam:
			velocity = beta*velocity + (1-beta)*g
			w -= eta * velocity / alpha
		}
		if math.Abs(w) > 1e6 {
			return true
		}
		if math.Abs(w) < 1e-9 && math.Abs(velocity) < 1e-9 {
			return false
		}
	}
	return math.Abs(w) > 1
}

func TestStabilityLimitIsWhereTheMethodBeginsToDiverge(t *testing.T) {
	const tolerance = 1e-3
	for _, m := range []law.Method{law.GradientDescent, law.HeavyBall, law.Nesterov, law.Adam} {
		for _, alpha := range []float64{1, 0.3, 3.7} {
			for _, beta := range []float64{0, 0.5, 0.9} {
				const h = 2.5
				want, err := law.StabilityLimit(m, h, beta, alpha)
				if err != nil {
					t.Fatal(err)
				}
				low, high := 0.0, 100*want
				for high-low > tolerance/10*want {
					if middle := (low + high) / 2; diverges(m, middle, h, beta, alpha) {
						high = middle
					} else {
						low = middle
					}
				}
				if math.Abs(high/want-1) > tolerance {
					t.Errorf("%s, β = %g, α = %g: diverges above η = %g, predicted %g", m, beta, alpha, high, want)
				}
				// The control: with the exponent of α off by 0.1 the bisection refutes it.
				if wrong := want * math.Pow(alpha, 0.1); alpha != 1 && math.Abs(high/wrong-1) < tolerance {
					t.Errorf("%s, α = %g: a wrong exponent passes", m, alpha)
				}
			}
		}
	}
}

func TestStabilityLimitRejectsWhatHasNone(t *testing.T) {
	for _, test := range []struct {
		m              law.Method
		h, beta, alpha float64
	}{
		{law.HeavyBall, 1, 1, 1},
		{law.HeavyBall, 1, -0.1, 1},
		{law.GradientDescent, 0, 0, 1},
		{law.GradientDescent, 1, 0, 0},
		{law.GradientDescent, math.NaN(), 0, 1},
		{law.SignDescent, 1, 0, 1},
	} {
		if limit, err := law.StabilityLimit(test.m, test.h, test.beta, test.alpha); err == nil {
			t.Errorf("%+v: limit %g and no error", test, limit)
		}
	}
}

func TestContractionIsThatOfAStep(t *testing.T) {
	const eta, h, alpha, w = 0.03, 4.0, 1.7, 2.0
	next := w - eta*alpha*h*(alpha*w)
	if got := law.Contraction(eta, h, alpha); math.Abs(got-next/w) > 1e-15 {
		t.Errorf("contraction %g, a step gives %g", got, next/w)
	}
}

// Multiplying the weights by 2 lowers the highest stable learning rate to a quarter.
func ExampleStabilityLimit() {
	for _, alpha := range []float64{0.5, 1, 2} {
		eta, err := law.StabilityLimit(law.HeavyBall, 10, 0.9, alpha)
		fmt.Println(alpha, eta, err)
	}
	// Output:
	// 0.5 1.52 <nil>
	// 1 0.38 <nil>
	// 2 0.095 <nil>
}
