package optim

import (
	"slices"
	"testing"

	"alphascale/internal/declared"
)

// Each family that is declared has a rule and is listed, where every other test finds it; and every hyperparameter is read
// by a family or has a unit that is the same for all.
func TestFamiliesAreAll(t *testing.T) {
	names, err := declared.Constants(".", "Family")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(Families()) {
		t.Errorf("%d families are declared, %v, and Families lists %d: %v", len(names), names, len(Families()), Families())
	}
	for _, family := range Families() {
		if s := rules()[family]; s.Step == nil || len(s.Defaults) == 0 {
			t.Errorf("Families lists %q, for which specs has no rule or no defaults", family)
		}
	}
	for _, r := range families {
		family := r.Name
		if !slices.Contains(Families(), family) {
			t.Errorf("specs has a rule for %q, which Families does not list", family)
		}
	}
}
