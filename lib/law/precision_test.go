package law_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"alphascale/lib/law"

	"github.com/gomlx/compute/dtypes/bfloat16"
	"github.com/x448/float16"
)

// Against the conversions of other implementations: Go's own float32, x448's float16, GoMLX's bfloat16.
func TestRoundAgreesWithOtherImplementations(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	for _, test := range []struct {
		format law.Format
		other  func(float64) float64
		span   int
	}{
		{law.Float32(), func(x float64) float64 { return float64(float32(x)) }, 155},
		{law.Float16(), func(x float64) float64 { return float64(float16.Fromfloat32(float32(x)).Float32()) }, 28},
		{law.BFloat16(), func(x float64) float64 { return float64(bfloat16.FromFloat32(float32(x)).Float32()) }, 120},
	} {
		for range 20_000 {
			x := float64(float32(math.Ldexp(random.NormFloat64(), random.IntN(2*test.span)-test.span)))
			if got, want := test.format.Round(x), test.other(x); got != want {
				t.Fatalf("%s: %g rounds to %g, elsewhere to %g", test.format.Name, x, got, want)
			}
		}
		smallest := test.format.Smallest()
		if test.format.Round(smallest) != smallest || test.format.Round(smallest/4) != 0 {
			t.Errorf("%s: %g is not the smallest number", test.format.Name, smallest)
		}
		if flushed := test.format.Flushing(); flushed.Round(test.format.SmallestNormal*0.99) != 0 {
			t.Errorf("%s: a subnormal number survives flushing", flushed.Name)
		}
		if !math.IsInf(test.format.Round(test.format.Largest*2), 1) || test.format.Round(test.format.Largest) != test.format.Largest {
			t.Errorf("%s: %g is not the largest number", test.format.Name, test.format.Largest)
		}
	}
}

// Subnormal numbers are the multiples of the smallest one.
func TestRoundOfSubnormalNumbers(t *testing.T) {
	f := law.Float16()
	for i := range 1024 {
		exact := float64(i) * 0x1p-24
		for _, near := range []float64{exact, exact + 0x1p-24*0.49, exact - 0x1p-24*0.49} {
			if got := f.Round(near); got != exact {
				t.Errorf("%g rounds to %g, not %g", near, got, exact)
			}
		}
	}
}

// learns trains u = α·w towards 1 from 0.5 on ½(u−1)² with weight and gradient rounded to the format, and the optimizer's
// numbers and α to float32, and reports whether the distance was halved. It is the oracle: nothing of AlphaRange is in it.
func learns(f law.Format, eta, alpha float64, p int, compensated bool) bool {
	r, wide := f.Round, law.Float32()
	wide.Subnormals = f.Subnormals
	if compensated {
		eta = wide.Round(eta / math.Pow(alpha, float64(p)))
	}
	alpha = wide.Round(alpha)
	w := r(0.5 / alpha)
	for range 400 {
		u := r(alpha * w)
		g := r(alpha * r(u-1))
		if p == 1 {
			g = math.Copysign(math.Min(1, math.Abs(g)*math.Inf(1)), g) // the sign of g, NaN of zero
			if math.IsNaN(g) {
				g = 0
			}
		}
		w = r(w - wide.Round(eta*g))
	}
	u := r(alpha * w)
	return math.Abs(u-1) < 0.25
}

func TestAlphaRangeIsWhereLearningStops(t *testing.T) {
	for _, f := range []law.Format{law.Float16(), law.BFloat16(), law.Float32(), law.Float32().Flushing()} {
		for _, test := range []struct {
			p           int
			eta         float64
			compensated bool
		}{{2, 0.01, true}, {1, 0.004, true}, {2, 0.01, false}, {1, 0.004, false}} {
			m := law.Magnitudes{Weight: 0.5, Gradient: 0.5, LearningRate: test.eta, Exponent: test.p, Compensated: test.compensated}
			low, high, err := f.AlphaRange(m)
			if err != nil {
				t.Fatal(err)
			}
			check := func(alpha float64, want bool) {
				if got := learns(f, test.eta, alpha, test.p, test.compensated); got != want {
					t.Errorf("%s, p = %d, compensated %v: at α = %.3g (range %.3g, %s, to %.3g, %s) learns = %v",
						f.Name, test.p, test.compensated, alpha, low.Alpha, low.Reason, high.Alpha, high.Reason, got)
				}
			}
			if test.compensated {
				check(low.Alpha/2.01, false)
				check(low.Alpha*2.01, true)
				check(high.Alpha*2.01, false)
				check(high.Alpha/2.01, true)
			} else {
				check(low.Alpha/2.01, false) // above it, learning is slow or unstable, but no matter of precision
			}
		}
	}
}
