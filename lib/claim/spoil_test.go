package claim

import (
	"testing"

	"alphascale/lib/judge"
)

// checkSpoiled reports checks of a claim that hold whatever was measured, and controls that are refuted by no measurement.
func checkSpoiled(t *testing.T, entry Entry) {
	for _, found := range entry.Cases {
		for _, c := range found.Checks {
			if !c.Holds() {
				t.Errorf("%s: %s", found.Setting, c)
			}
			if err := judge.Vacuous(c); err != nil {
				t.Errorf("%s: %v", found.Setting, err)
			}
		}
		for _, c := range found.Controls {
			if !c.Decided() || c.Holds() {
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
