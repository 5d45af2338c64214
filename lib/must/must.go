// Package must keeps notebook cells short: where there is nothing to do about an error, it prints the error's one sentence and
// ends the cell.
package must

import (
	"fmt"
	"os"
)

// Get returns the value, or prints the error and ends the cell.
func Get[T any](value T, err error) T {
	Do(err)
	return value
}

// Do prints the error, if there is one, and ends the cell.
func Do(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Show displays a figure that a chart of package plots returned under the name that plots.Name gave it, or prints the error
// and ends the cell.
func Show(figure interface{ Show() error }, err error) {
	Do(err)
	Do(figure.Show())
}
