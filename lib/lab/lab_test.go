package lab_test

import (
	"testing"

	"alphascale/lib/lab"
)

// TestChosenEffort is quick unless the environment says otherwise.
func TestChosenEffort(t *testing.T) {
	for value, want := range map[string]lab.Effort{"": lab.Quick, "quick": lab.Quick, "full": lab.Full} {
		t.Setenv(lab.EffortVariable, value)
		if got := lab.ChosenEffort(); got != want {
			t.Errorf("%q asks for %v, want %v", value, got, want)
		}
	}
}
