//go:build race

package training_test

import (
	"syscall"
	"testing"
)

// TestMain ends without what the race detector does at an exit, which XLA's plugin does not survive. A race fails the test
// in which it was seen.
func TestMain(m *testing.M) { syscall.Exit(m.Run()) }
