package result

import (
	"fmt"
	"sync"
)

// Response is a quantity as a function of the weight multiplier α.
type Response func(alpha float64) (float64, error)

// Relative returns the response in units of its value at α = 1, which is measured once. A value of 0 there is an error.
func (of Response) Relative() Response {
	one := sync.OnceValues(func() (float64, error) { return of(1) })
	return func(alpha float64) (float64, error) {
		unit, err := one()
		switch {
		case err != nil:
			return 0, err
		case unit == 0:
			return 0, fmt.Errorf("the quantity is 0 at α = 1, and no other value is a multiple of that: fit it as it is")
		}
		value, err := of(alpha)
		return value / unit, err
	}
}

// Points measures the quantity y at each α. An error of a measurement names the α.
func (of Response) Points(label string, y Quantity, alphas ...float64) (Series, error) {
	points := Series{Label: label, X: Alpha(), Y: y}
	for _, alpha := range alphas {
		value, err := of(alpha)
		if err != nil {
			return Series{}, fmt.Errorf("%s at α = %g: %w", label, alpha, err)
		}
		points.Xs, points.Ys = append(points.Xs, alpha), append(points.Ys, value)
	}
	return points, points.Check()
}

// Fit fits the exponent of α that the quantity follows to its Points. Errors are those of Points and of FitExponent.
func (of Response) Fit(label string, y Quantity, alphas ...float64) (Fit, error) {
	points, err := of.Points(label, y, alphas...)
	if err != nil {
		return Fit{}, err
	}
	return FitExponent(points)
}
