package result

import "math"

// RelativeDifference is the largest difference of two traces at any step, relative to the first; infinite if one ends before
// the other.
func RelativeDifference(a, b []float64) float64 {
	if len(a) != len(b) {
		return math.Inf(1)
	}
	worst := 0.0
	for i := range a {
		worst = max(worst, math.Abs(a[i]-b[i])/math.Abs(a[i]))
	}
	return worst
}
