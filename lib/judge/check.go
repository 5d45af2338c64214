package judge

import (
	"fmt"
	"math"

	"alphascale/lib/result"
)

// Check is one prediction, a number computed from a law, held against one measurement. Exact, Between, Exponent and Identical
// make one, so that none is without its interval; the zero Check decides nothing.
type Check struct {
	what                string
	predicted, measured float64
	low, high           float64 // the measurement's interval; both equal to measured where it is exact
	tolerance           float64 // how far rounding and the experiment's own assumptions may move an exact law
	residual            float64 // of a fit: how far its points lie from a power law, in the logarithm
	apart               float64 // what the interval has to tell the prediction from, if not what lies a tenth away
}

const (
	// ExponentTolerance is the tolerance of Exponent. It is far below the tenth by which a wrong exponent is to be told from
	// the right one, and far above the rounding of float32. It bounds the residual of a fit too, since the laws are exact: the
	// largest residual in the ledger and the chapters is 0.0006, of what is bisected to 0.1 % or is a small difference of
	// float32 numbers, and most are below 1e-5. Points that lie further off are on no power law, and their wide interval says
	// nothing about one.
	ExponentTolerance = 0.002
	// widestInterval is the half-width beyond which an interval does not tell exponents a tenth apart, and in proportion others.
	widestInterval = 0.04
)

// Between checks a number that was measured to lie between low and high, its 95 % interval or the ends of a search. The
// prediction may lie outside by the tolerance, in the number's own unit.
func Between(what string, predicted, measured, low, high, tolerance float64) Check {
	return Check{what: what, predicted: predicted, measured: measured, low: low, high: high, tolerance: tolerance}
}

// Exact checks a number that has no interval. The prediction may differ by the tolerance, in the number's own unit.
func Exact(what string, predicted, measured, tolerance float64) Check {
	return Between(what, predicted, measured, measured, measured, tolerance)
}

// Exponent checks a fitted exponent against the predicted one. It decides only if the points lie on a power law, to 0.002 in
// the logarithm.
func Exponent(what string, fit result.Fit, predicted float64) Check {
	c := Between(what, predicted, fit.Exponent, fit.Low, fit.High, ExponentTolerance)
	c.residual = fit.Residual()
	return c
}

// Approximate checks a fitted exponent of a law that holds in a limit, of wide networks or small steps, and that has to be told from
// another exponent only if that lies apart: 1/2 where all that could be so are multiples of it. The interval may then be as wide, and
// the prediction lie outside it by a quarter of that distance, in the logarithm of a point too. A distance that is not positive decides
// nothing.
func Approximate(what string, fit result.Fit, predicted, apart float64) Check {
	c := Between(what, predicted, fit.Exponent, fit.Low, fit.High, apart/4)
	c.residual, c.apart = fit.Residual(), apart
	return c
}

// Identical checks that two records, such as the losses of two runs, agree in every bit of every value. It measures the
// number of values that differ, missing ones included, and predicts none. Two empty records decide nothing.
func Identical(what string, a, b []float64) Check {
	different := 0.0
	if len(a)+len(b) == 0 {
		different = math.NaN()
	}
	for i := range max(len(a), len(b)) {
		if i >= len(a) || i >= len(b) || math.Float64bits(a[i]) != math.Float64bits(b[i]) {
			different++
		}
	}
	return Exact(what, 0, different, 0)
}

// Control is the same measurement against a wrong prediction, which must be refuted.
func (c Check) Control(what string, wrong float64) Check {
	c.what, c.predicted = what, wrong
	return c
}

// Predicted returns the number that was predicted.
func (c Check) Predicted() float64 { return c.predicted }

// Refuted reports whether the measurement decides, and against the prediction.
func (c Check) Refuted() bool { return c.Decided() && !c.Holds() }

// Measured returns the number that was measured.
func (c Check) Measured() float64 { return c.measured }

// Decided reports whether the measurement is good enough to decide: a number within its interval, an interval that tells
// the prediction from one a tenth away, and the points of a fit on its line.
func (c Check) Decided() bool { return c.flaw() == "" }

// widest is the half-width that the interval may have.
func (c Check) widest() float64 {
	if c.apart == 0 {
		return widestInterval
	}
	return c.apart / 0.1 * widestInterval
}

// flaw says why the measurement cannot decide; it is empty where it can.
func (c Check) flaw() string {
	finite := func(x float64) bool { return math.Abs(x) <= math.MaxFloat64 } // which NaN is not
	switch {
	case c.what == "":
		return "it does not say what was measured"
	case !finite(c.predicted):
		return "no number is predicted"
	case !finite(c.measured):
		return "no number was measured"
	case !(c.low <= c.measured && c.measured <= c.high):
		return fmt.Sprintf("the number lies outside its interval [%.4g, %.4g]", c.low, c.high)
	case !(c.high-c.low <= 2*c.widest()):
		return fmt.Sprintf("the interval [%.4g, %.4g] is too wide", c.low, c.high)
	case !(c.tolerance >= 0) || !finite(c.tolerance):
		return fmt.Sprintf("%g is no tolerance", c.tolerance)
	case !(c.residual <= c.tolerance):
		return fmt.Sprintf("a point lies %.2g off the fitted power law in the logarithm, more than %g", c.residual, c.tolerance)
	}
	return ""
}

// Holds reports whether the prediction lies within the measurement's interval, widened by the tolerance. What is not
// decided does not hold.
func (c Check) Holds() bool {
	return c.Decided() && c.predicted >= c.low-c.tolerance && c.predicted <= c.high+c.tolerance
}

// decimals rounds to four decimals, and what is none of them to a zero without a sign.
func decimals(x float64) float64 { return math.Round(x*1e4)/1e4 + 0 }

// String says what was predicted and measured, and whether the prediction holds or why that is not decided.
func (c Check) String() string {
	outcome := "refuted"
	switch {
	case c.Holds():
		outcome = "holds"
	case !c.Decided():
		outcome = "not decided, " + c.flaw()
	}
	measured := fmt.Sprintf("%.4g", c.measured)
	if low, high := decimals(c.low), decimals(c.high); low != high {
		measured = fmt.Sprintf("%.4f [%.4f, %.4f]", decimals(c.measured), low, high)
	} else if c.low < c.high {
		// An interval as narrow as rounding says nothing, and differs from one machine to another.
		measured = fmt.Sprintf("%.4g", decimals(c.measured))
	}
	return fmt.Sprintf("%s: predicted %.4g, measured %s: %s", c.what, c.predicted, measured, outcome)
}
