// Package claim holds predictions against measurements and lets the measurement decide the verdict.
package claim

import (
	"fmt"
	"math"

	"alphascale/lib/result"
)

// Check is one prediction, a number computed from a law, held against one measurement.
type Check struct {
	What      string  // what is measured: "exponent of the effective learning rate, SGD"
	Predicted float64 // by the law
	Measured  float64
	Low, High float64 // the measurement's 95 % interval; both equal to Measured where it is exact
	Tolerance float64 // how far rounding and the experiment's own assumptions may move an exact law
}

const (
	// exponentTolerance is far below the tenth by which a wrong exponent is to be told from the right one, and far above
	// the rounding of float32.
	exponentTolerance = 0.002
	// widestInterval is the half-width beyond which an interval does not tell exponents a tenth apart.
	widestInterval = 0.04
)

// Exponent checks a fitted exponent against the predicted one.
func Exponent(what string, fit result.Fit, predicted float64) Check {
	return Check{what, predicted, fit.Exponent, fit.Low, fit.High, exponentTolerance}
}

// Identical checks that two records, such as the losses of two runs, agree in every bit of every value. It measures the
// number of values that differ, missing ones included, and predicts none.
func Identical(what string, a, b []float64) Check {
	different := 0.0
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			different++
		}
	}
	return Check{What: what, Measured: different, Low: different, High: different}
}

// Decided reports whether the measurement is good enough to decide: a number, and with an interval that tells the
// prediction from one a tenth away.
func (c Check) Decided() bool {
	return !math.IsNaN(c.Measured) && !math.IsNaN(c.Predicted) && c.High-c.Low <= 2*widestInterval
}

// Holds reports whether the prediction lies within the measurement's interval, widened by the tolerance. What is not
// decided does not hold.
func (c Check) Holds() bool {
	return c.Decided() && c.Predicted >= c.Low-c.Tolerance && c.Predicted <= c.High+c.Tolerance
}

// decimals rounds to four decimals, and what is none of them to a zero without a sign.
func decimals(x float64) float64 { return math.Round(x*1e4)/1e4 + 0 }

// String says what was predicted and measured, and whether the prediction holds.
func (c Check) String() string {
	outcome := "refuted"
	switch {
	case c.Holds():
		outcome = "holds"
	case !c.Decided():
		outcome = "not decided"
	}
	measured := fmt.Sprintf("%.4g", c.Measured)
	if low, high := decimals(c.Low), decimals(c.High); low != high {
		measured = fmt.Sprintf("%.4f [%.4f, %.4f]", decimals(c.Measured), low, high)
	} else if c.Low < c.High {
		// An interval as narrow as rounding says nothing, and differs from one machine to another.
		measured = fmt.Sprintf("%.4g", decimals(c.Measured))
	}
	return fmt.Sprintf("%s: predicted %.4g, measured %s: %s", c.What, c.Predicted, measured, outcome)
}
