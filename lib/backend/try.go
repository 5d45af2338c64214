package backend

import (
	"fmt"

	"github.com/gomlx/gomlx/support/exceptions"
)

// Try runs what builds, compiles or executes a graph, where GoMLX fails by a panic, and returns the panic as an error
// that opens with what: "building the model".
func Try(what string, do func()) error {
	switch e := exceptions.Try(do).(type) {
	case nil:
		return nil
	case error:
		return fmt.Errorf("%s: %w", what, e)
	default:
		return fmt.Errorf("%s: %v", what, e)
	}
}
