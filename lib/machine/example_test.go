package machine_test

import (
	"fmt"
	"slices"

	"alphascale/lib/machine"
)

// A backend registers once, and whatever is written down afterwards names it.
func ExampleUses() {
	machine.Uses("abacus")
	fmt.Println(slices.Contains(machine.Description(), "backend: abacus"))
	// Output: true
}
