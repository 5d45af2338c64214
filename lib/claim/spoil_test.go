package claim

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// turns reports where a check would hold for another measurement: one that its interval does not know of, NaN, and one that
// is moved with its interval, an exponent by a tenth and any other number by half of what it is, or by one half near zero.
func turns(t *testing.T, c Check) {
	t.Helper()
	half := max(math.Abs(c.measured), 1) / 2
	for _, off := range []float64{0.1 * (1 + math.Abs(c.measured)), half, 1e3, math.Inf(1), math.NaN()} {
		for _, off := range []float64{off, -off} {
			spoiled := c
			spoiled.measured += off
			if spoiled.Decided() || spoiled.Holds() {
				t.Errorf("with %g in place of the measured number: %s", spoiled.measured, spoiled)
			}
		}
	}
	if c.tolerance == exponentTolerance {
		half = 0.1
	}
	for _, off := range []float64{half, -half} {
		moved := c
		moved.measured, moved.low, moved.high = c.measured+off, c.low+off, c.high+off
		if moved.Holds() {
			t.Errorf("with the measurement moved by %g: %s", off, moved)
		}
	}
}

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
		turns(t, c)
		if control := c.Control("control", c.predicted+1.5); !control.Decided() || control.Holds() {
			t.Errorf("%s", control)
		}
	}
}

// checkSpoiled reports checks of a claim that hold whatever was measured, and controls that are refuted by no measurement.
func checkSpoiled(t *testing.T, entry Entry) {
	for _, found := range entry.Cases {
		for _, c := range found.Checks {
			if !c.Holds() {
				t.Errorf("%s: %s", found.Setting, c)
			}
			turns(t, c)
		}
		for _, c := range found.Controls {
			if !c.Decided() || c.Holds() {
				t.Errorf("%s: %s, and no measurement refutes it", found.Setting, c)
			}
			c.predicted = c.measured // a control is a check that would hold, had that been predicted
			if !c.Holds() {
				t.Errorf("%s: %s", found.Setting, c)
			}
			turns(t, c)
		}
		if spoiled := spoil(found); Judge(spoiled.Checks, found.Controls) == True {
			t.Errorf("%s is judged true with every measurement spoiled", found.Setting)
		}
	}
}

// spoil returns the case with every number measured a tenth larger, and by a tenth.
func spoil(c Case) Case {
	c.Checks = slices.Clone(c.Checks)
	for i := range c.Checks {
		c.Checks[i].measured += 0.1 * (1 + math.Abs(c.Checks[i].measured))
	}
	return c
}
