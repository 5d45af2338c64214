package instrument_test

import (
	"fmt"

	"alphascale/lib/instrument"
	"alphascale/lib/optim"
)

// What an instrument records follows α by its unit, which under SGD and under Adam is another where the learning rate enters.
func ExampleUnit_For() {
	step := instrument.PreconditionedNorm() // ‖Δw‖/η
	for _, family := range []optim.Family{optim.SGD, optim.Adam} {
		unit, err := step.Unit.For(family)
		fmt.Println(family, unit, err)
	}
	// Output:
	// sgd gradient <nil>
	// adam 1 <nil>
}
