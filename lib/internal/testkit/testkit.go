// Package testkit is what the tests of several packages set up alike: values without their errors, and
// comparison to a tolerance.
package testkit

import (
	"math"
	"testing"
)

// Must returns the value of a call that cannot fail in a test.
func Must[T any](t testing.TB) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// Near reports whether two numbers agree to a tolerance relative to the larger.
func Near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*max(math.Abs(a), math.Abs(b))
}
