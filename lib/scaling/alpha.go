package scaling

import (
	"fmt"
	"math"
)

// CheckAlpha returns an error for a multiplier under which no law holds: zero, NaN, an infinity; and, where the law
// needs α > 0, a negative one.
func CheckAlpha(alpha float64) error {
	switch {
	case alpha == 0:
		return fmt.Errorf("α = 0 destroys the weights and cannot be undone: use a small α > 0")
	case math.IsNaN(alpha) || math.IsInf(alpha, 0):
		return fmt.Errorf("α = %g is not a number to multiply by: use a finite α > 0", alpha)
	case alpha < 0:
		return fmt.Errorf("α = %g is negative: the laws hold for α > 0; flip the sign of the weights instead", alpha)
	}
	return nil
}
