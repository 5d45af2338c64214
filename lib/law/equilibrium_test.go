package law_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"alphascale/lib/law"
)

// walk trains a scale-invariant weight on gradients that are pure noise, perpendicular to w and of size 1/‖w‖, with weight
// decay, and returns the mean angle of the last half of the steps.
func walk(m law.Method, eta, lambda, beta, scale float64, steps int) float64 {
	const d = 1000
	random := rand.New(rand.NewPCG(7, 11))
	w, velocity, second, next := make([]float64, d), make([]float64, d), 0.0, make([]float64, d)
	for i := range w {
		w[i] = scale * random.NormFloat64() / math.Sqrt(d)
	}
	sum, count := 0.0, 0
	for step := range steps {
		noise, along, square := make([]float64, d), 0.0, 0.0
		for i := range noise {
			noise[i] = random.NormFloat64()
			along, square = along+noise[i]*w[i], square+w[i]*w[i]
		}
		size := 1 / math.Sqrt(square)
		mean := 0.0
		for i := range noise {
			noise[i] = size * (noise[i] - along/square*w[i])
			mean += noise[i] * noise[i] / d
		}
		second = 0.999*second + 0.001*mean
		root := math.Sqrt(second / (1 - math.Pow(0.999, float64(step+1))))
		for i := range w {
			switch m {
			case law.HeavyBall:
				velocity[i] = beta*velocity[i] + noise[i] + lambda*w[i]
				next[i] = w[i] - eta*velocity[i]
			case law.SignDescent:
				next[i] = w[i] - eta*(math.Copysign(1, noise[i])+lambda*w[i])
			case law.Adam:
				velocity[i] = beta*velocity[i] + (1-beta)*noise[i]
				next[i] = w[i] - eta*(velocity[i]/root+lambda*w[i])
			}
		}
		if step >= steps/2 {
			sum += angle(w, next)
			count++
		}
		w, next = next, w
	}
	return sum / float64(count)
}

func angle(a, b []float64) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab, aa, bb = ab+a[i]*b[i], aa+a[i]*a[i], bb+b[i]*b[i]
	}
	return math.Acos(min(1, ab/math.Sqrt(aa*bb)))
}

func TestEquilibriumAngleUnderItsAssumptions(t *testing.T) {
	for _, test := range []struct {
		m                 law.Method
		eta, lambda, beta float64
	}{
		{law.HeavyBall, 0.05, 0.04, 0},
		{law.HeavyBall, 0.05, 0.04, 0.9},
		{law.Adam, 0.01, 0.2, 0.9},
		{law.SignDescent, 0.01, 0.2, 0},
	} {
		want, err := law.EquilibriumAngle(test.m, test.eta, test.lambda, test.beta)
		if err != nil {
			t.Fatal(err)
		}
		// Starts ten times apart end at the same angle, which holds no α.
		for _, scale := range []float64{10, 100} {
			got := walk(test.m, test.eta, test.lambda, test.beta, scale, 8000)
			if math.Abs(got/want-1) > 0.01 {
				t.Errorf("%+v from ‖w‖ = %g: angle %.5f, predicted %.5f", test, scale, got, want)
			}
			if wrong := want * math.Sqrt(1+test.beta); test.beta > 0 && math.Abs(got/wrong-1) < 0.1 {
				t.Errorf("%+v: the angle without the momentum's share passes too", test)
			}
		}
	}
}
