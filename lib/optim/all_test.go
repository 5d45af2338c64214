package optim

import (
	"testing"

	"alphascale/internal/declared"
)

// Each family that is declared is listed once, where every other test finds it, and is a rule that Define would take.
func TestFamiliesAreAll(t *testing.T) {
	names, err := declared.Constants(".", "Family")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) != len(Families()) {
		t.Errorf("%d families are declared, %v, and families has %d: %v", len(names), names, len(Families()), Families())
	}
	seen := map[Family]bool{}
	for _, r := range families {
		if err := r.check(); err != nil || seen[r.Name] {
			t.Errorf("%s: listed before is %v, and %v", r.Name, seen[r.Name], err)
		}
		seen[r.Name] = true
	}
}
