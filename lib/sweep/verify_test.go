package sweep

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/optim"
	"alphascale/lib/scaling"
)

// With another exponent in the law the classes are other ones, and verification finds that out.
func TestVerifyRefutesAnAlteredExponent(t *testing.T) {
	// At an exponent of 2 − 1 the diagonals are those of α·η, and as well filled.
	wrong := func(f optim.Family, h optim.Values, alpha float64, c ...scaling.Condition) (optim.Values, error) {
		return altered(f, h, alpha, 1, c)
	}
	spec := func() Spec {
		return Spec{
			Setup: small(t, optim.SGD, nil), Verify: 2, Folder: t.TempDir(),
			Axes: []Axis{Alpha(PowersOfTwo(-1, 2)...), Hyper(optim.LearningRate, PowersOfTwo(-6, -3)...)},
		}
	}
	s := spec()
	s.compensate = wrong
	refuted := run(t, s)
	if !strings.Contains(refuted.Mismatch, "does not hold") {
		t.Fatalf("the mismatch is %q", refuted.Mismatch)
	}
	if refuted.Computed != 16 {
		t.Errorf("%d runs after the mismatch, want all 16", refuted.Computed)
	}
	for _, p := range refuted.Points {
		if p.Folded || p.Run == nil {
			t.Errorf("%s: folded %v, run %v", p.At, p.Folded, p.Run != nil)
		}
	}
	s = spec()
	s.NoFold = true
	sameRuns(t, refuted, run(t, s))

	good := run(t, spec())
	if good.Mismatch != "" || good.Computed != 12 || good.Distinct != 10 || good.Refuted() != 0 || refuted.Refuted() != 1 { // 10 classes and 2 verified
		t.Errorf("the true exponent: mismatch %q, %d runs, %d distinct", good.Mismatch, good.Computed, good.Distinct)
	}
}

// A tenth of an exponent folds nothing at powers of two; where classes are made by hand it is refuted too.
func TestVerifySeesATenthOfAnExponent(t *testing.T) {
	s := Spec{
		Setup: small(t, optim.SGD, nil), Verify: 1, compensate: alteredExponent,
		// α^1.9·η is the same for both pairs.
		Axes: []Axis{Alpha(1, 2), ScaledHyper(optim.LearningRate, 0.25*math.Pow(2, -1.9), 0.25)},
	}
	if r := run(t, s); r.Mismatch == "" {
		t.Error("an exponent of 1.9 passes")
	}
}

// Elsewhere than at powers of two, what remains is rounding.
func TestVerifyToToleranceElsewhere(t *testing.T) {
	s := Spec{
		Setup: small(t, optim.SGD, nil), Verify: 100, Tolerance: 1e-4,
		Axes: []Axis{Alpha(Geometric(0.1, 10, 5)...), Hyper(optim.LearningRate, Geometric(1e-3, 1, 7)...)},
	}
	r := run(t, s)
	if r.Mismatch != "" || r.Computed != 35 {
		t.Errorf("mismatch %q, %d runs", r.Mismatch, r.Computed)
	}
}
