// Package must keeps notebook cells short: where there is nothing to do about an error, it prints the error's one sentence, with the
// line of the cell that met it, and ends the cell.
package must

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Get returns the value, or prints the error and ends the cell.
func Get[T any](value T, err error) T {
	Do(err)
	return value
}

// Do prints the error, if there is one, and ends the cell.
func Do(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%v%s\n", err, place())
		os.Exit(1)
	}
}

// place is the file and line that called this package, in the form in which the kernel finds a cell's lines; empty where they are not
// known.
func place() string {
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		if !strings.Contains(frame.Function, "/must.") {
			if frame.File == "" {
				return ""
			}
			return fmt.Sprintf("\n\t%s:%d", frame.File, frame.Line)
		}
		if !more {
			return ""
		}
	}
}

// Show displays a figure that a chart of package plots returned under the name that plots.Name gave it, or prints the error
// and ends the cell.
func Show(figure interface{ Show() error }, err error) {
	Do(err)
	Do(figure.Show())
}
