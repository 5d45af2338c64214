package judge

import (
	"fmt"
	"math"
)

// Vacuous returns nil if a check that holds could have failed. Its error names another measurement with which the check
// would hold as well: one outside its interval, NaN, or one that is moved with its interval, an exponent by a tenth and any
// other number by half of what it is, or by one half near zero. It is for tests of checks.
func Vacuous(c Check) error {
	half := max(math.Abs(c.measured), 1) / 2
	for _, off := range []float64{0.1 * (1 + math.Abs(c.measured)), half, 1e3, math.Inf(1), math.NaN()} {
		for _, off := range []float64{off, -off} {
			spoiled := c
			spoiled.measured += off
			if spoiled.Decided() || spoiled.Holds() {
				return fmt.Errorf("with %g in place of the measured number: %s", spoiled.measured, spoiled)
			}
		}
	}
	if c.tolerance == ExponentTolerance {
		half = 0.1
	}
	for _, off := range []float64{half, -half} {
		moved := c
		moved.measured, moved.low, moved.high = c.measured+off, c.low+off, c.high+off
		if moved.Holds() {
			return fmt.Errorf("with the measurement moved by %g: %s", off, moved)
		}
	}
	return nil
}
