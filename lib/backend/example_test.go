package backend_test

import (
	"fmt"

	"alphascale/lib/backend"

	"github.com/gomlx/compute/dtypes"
)

// What builds a graph may panic; the caller gets an error that says what was being done.
func ExampleTry() {
	err := backend.Try("building the model", func() { panic("3 columns for 4 weights") })
	fmt.Println(err)
	// Output: building the model: 3 columns for 4 weights
}

// Hold says which number a format has in the place of another, and refuses where it has none.
func ExampleHold() {
	x, _ := backend.Hold("η", 0.1, dtypes.Float16)
	fmt.Println(x)
	_, err := backend.Hold("ε", 1e-8, dtypes.Float16)
	fmt.Println(err)
	// Output:
	// 0.0999755859375
	// ε = 1e-08 becomes 0 in Float16: use a value nearer to 1 or a wider dtype
}
