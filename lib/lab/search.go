package lab

import "math"

// Peak finds the maximum of a function with one peak by golden-section search (Kiefer 1953) in the logarithm.
func Peak(f func(x float64) (float64, error), low, high float64) (float64, error) {
	ratio := (math.Sqrt(5) - 1) / 2
	a, b := math.Log(low), math.Log(high)
	for b-a > 1e-6 {
		c, d := b-ratio*(b-a), a+ratio*(b-a)
		left, err := f(math.Exp(c))
		if err != nil {
			return 0, err
		}
		right, err := f(math.Exp(d))
		if err != nil {
			return 0, err
		}
		if left > right {
			b = d
		} else {
			a = c
		}
	}
	return math.Exp((a + b) / 2), nil
}
