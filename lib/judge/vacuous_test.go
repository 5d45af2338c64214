package judge

import (
	"math/rand/v2"
	"testing"
)

// TestSpoiledMeasurement makes checks that hold and spoils what they measured.
func TestSpoiledMeasurement(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	same := []float64{1, 2, 3}
	checks := []Check{
		Identical("identical", same, same), Exact("zero", 0, 0, 0), Exact("zero, nearly", 0, 1e-10, 1e-9),
		Between("a search", 61.3, 61, 60.98, 61.02, 1), Exponent("exponent 0", fitted(t, 0, 0), 0),
	}
	for range 100 {
		x, width, tolerance := 8*random.NormFloat64(), widestInterval*random.Float64(), 0.1*random.Float64()
		checks = append(checks,
			Exact("exact", x+tolerance*(2*random.Float64()-1), x, tolerance),
			Between("between", x+width*(2*random.Float64()-1), x, x-width, x+width, tolerance),
			Exponent("exponent", fitted(t, x, 2e-3*random.Float64()), x))
	}
	for _, c := range checks {
		if !c.Holds() {
			t.Errorf("%s, before it is spoiled", c)
		}
		if err := Vacuous(c); err != nil {
			t.Error(err)
		}
		if control := c.Control("control", c.predicted+1.5); !control.Decided() || control.Holds() {
			t.Errorf("%s", control)
		}
	}
}

// TestVacuous finds the checks that would hold whatever was measured.
func TestVacuous(t *testing.T) {
	for _, c := range []Check{
		Exact("any distance", 0, 3, 1e3),
		Exact("half of it", 1, 1, 0.5),
		Between("a tolerance for an interval", 1, 1, 0.99, 1.01, 2),
	} {
		if Vacuous(c) == nil {
			t.Errorf("%s: taken for a check that can fail", c)
		}
	}
}
