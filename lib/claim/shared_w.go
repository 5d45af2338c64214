package claim

import (
	"context"
	"math"

	"alphascale/lib/lab"

	"alphascale/lib/judge"
	"alphascale/lib/result"
)

// fewAlphas are multipliers on both sides of 1, most of them powers of two.
var fewAlphas = []float64{1. / 8, 1. / 2, 1, 3, 8}

// addFit fits the exponent in α of what was measured, and adds it to the case with its check and its control.
func (c *Case) addFit(of result.Quantity, alphas, values []float64, predicted float64) (result.Fit, error) {
	check, control, fit, err := lab.Fit(of, alphas, values, predicted)
	if err != nil {
		return fit, err
	}
	c.Checks, c.Controls, c.Fits = append(c.Checks, check), append(c.Controls, control), append(c.Fits, fit)
	return fit, nil
}

// addExponent is addFit of what values measures at each α, over the lab's seeds, each in units of its first.
func addExponent(ctx context.Context, l *lab.Lab, c *Case, of string, predicted float64, alphas []float64, values func(seed int64) ([]float64, error)) (result.Fit, error) {
	var xs, ys []float64
	for _, seed := range l.Seeds() {
		measured, err := values(seed)
		if err != nil {
			return result.Fit{}, err
		}
		xs, ys = append(xs, alphas...), append(ys, lab.PerUnit(measured)...)
	}
	return c.addFit(lab.Relative(of), xs, ys, predicted)
}

// addMoved adds the control of a check which says that α leaves something alone: what the operation moves, held against the same
// exponent, has to refute it. Without it the check would hold had α not been applied at all.
func (c *Case) addMoved(of string, exponent float64, alphas, values []float64) error {
	check, _, _, err := lab.Fit(lab.Relative("control: "+of), alphas, lab.PerUnit(values), exponent)
	c.Controls = append(c.Controls, check)
	return err
}

// isExponent reports whether a fitted exponent is p.
func isExponent(fit result.Fit, p float64) bool {
	return judge.Exponent(fit.Points.Name(), fit, p).Holds()
}

// near checks that numbers are what they should be, by the largest distance relative to the largest number.
func near(what string, want, got []float64, tolerance float64) judge.Check {
	off, size := 0.0, 0.0
	for i, w := range want {
		off, size = max(off, math.Abs(got[i]-w)), max(size, math.Abs(w))
	}
	off /= size
	return judge.Exact(what, 0, off, tolerance)
}
