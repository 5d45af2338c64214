package claim

import (
	"slices"
	"testing"

	"alphascale/lib/judge"
)

// checkSpoiled reports checks of a claim that hold whatever was measured, and controls that are refuted by no measurement.
func checkSpoiled(t *testing.T, entry Entry) {
	for _, found := range entry.Cases {
		checkApplied(t, found)
		for _, c := range found.Checks {
			if !c.Holds() {
				t.Errorf("%s: %s", found.Setting, c)
			}
			if err := judge.Vacuous(c); err != nil {
				t.Errorf("%s: %v", found.Setting, err)
			}
		}
		for _, c := range found.Controls {
			if !c.Refuted() {
				t.Errorf("%s: %s, and no measurement refutes it", found.Setting, c)
			}
			// A control is a check that would hold, had what was measured been predicted.
			met := c.Control("control", c.Measured())
			if !met.Holds() {
				t.Errorf("%s: %s", found.Setting, met)
			}
			if err := judge.Vacuous(met); err != nil {
				t.Errorf("%s: %v", found.Setting, err)
			}
		}
	}
}

// checkApplied reports a check that something is left alone, a difference or an exponent of zero, in a case whose controls do not show
// what is moved: such a check would hold had the operation not been carried out.
func checkApplied(t *testing.T, found Case) {
	for _, c := range found.Checks {
		if c.Predicted() != 0 {
			continue
		}
		if !slices.ContainsFunc(found.Controls, func(control judge.Check) bool { return control.Predicted() == 0 && control.Refuted() }) {
			t.Errorf("%s: %s, and no control shows what the operation moves", found.Setting, c)
		}
	}
}
