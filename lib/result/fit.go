package result

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Fit is a power law y = c·xᵖ fitted to points on logarithmic axes.
type Fit struct {
	Points    Series
	Exponent  float64 // p, the slope on logarithmic axes
	Low, High float64 // the ends of p's 95 % confidence interval
	Intercept float64 // ln c
	Predicted float64 // the exponent that the law predicts; NaN as FitExponent returns it: the caller sets it
}

// confidence is the two-sided level of a Fit's interval.
const confidence = 0.95

// FitExponent fits y = c·xᵖ by least squares of ln y on ln x, with Student's 95 % interval for p. Points without a value
// (NaN or Inf in Ys) are left out. An error comes back if the series fails its Check, if an x or a remaining y is not
// positive, if fewer than three points remain, or if all x are equal.
//
// Exactly linear data give an interval as narrow as rounding: compare an exponent with a tolerance, not with Low and
// High alone.
func FitExponent(points Series) (Fit, error) {
	xs, ys, err := logarithms(points)
	if err != nil {
		return Fit{}, err
	}
	intercept, slope := stat.LinearRegression(xs, ys, nil, false)

	meanX := stat.Mean(xs, nil)
	var residual, spread float64
	for i, x := range xs {
		r := ys[i] - (intercept + slope*x)
		residual += r * r
		spread += (x - meanX) * (x - meanX)
	}
	freedom := float64(len(xs) - 2)
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: freedom}
	half := student.Quantile((1+confidence)/2) * math.Sqrt(residual/freedom/spread)
	return Fit{
		Points: points, Exponent: slope, Low: slope - half, High: slope + half,
		Intercept: intercept, Predicted: math.NaN(),
	}, nil
}

// logarithms returns ln x and ln y of the points that have a value.
func logarithms(points Series) (xs, ys []float64, err error) {
	if err := points.Check(); err != nil {
		return nil, nil, err
	}
	distinct := false
	for i, y := range points.Ys {
		if math.IsNaN(y) || math.IsInf(y, 0) {
			continue
		}
		x := points.Xs[i]
		if x <= 0 || y <= 0 {
			return nil, nil, fmt.Errorf("series %q: point %d is (%v, %v) and an exponent needs positive values: "+
				"leave the point out or fit its magnitude", points.Name(), i, x, y)
		}
		xs, ys = append(xs, math.Log(x)), append(ys, math.Log(y))
		distinct = distinct || xs[0] != xs[len(xs)-1]
	}
	if len(xs) < 3 {
		return nil, nil, fmt.Errorf("series %q has %d points with a value: an exponent with an interval needs at least 3",
			points.Name(), len(xs))
	}
	if !distinct {
		return nil, nil, fmt.Errorf("series %q has the one x %v: an exponent needs different x", points.Name(), math.Exp(xs[0]))
	}
	return xs, ys, nil
}

// Residual is the largest distance of a point from the fitted line, in ln y: 0.01 is a point that lies 1 % off. It says
// whether the points lie on a power law at all, which the interval does not: points that scatter make that wide, and a wide
// interval holds many exponents. It is NaN for a Fit that FitExponent did not make.
func (f Fit) Residual() float64 {
	xs, ys, err := logarithms(f.Points)
	if err != nil {
		return math.NaN()
	}
	largest := 0.0
	for i, x := range xs {
		largest = max(largest, math.Abs(ys[i]-(f.Intercept+f.Exponent*x)))
	}
	return largest
}

// At returns the fitted c·xᵖ.
func (f Fit) At(x float64) float64 { return math.Exp(f.Intercept + f.Exponent*math.Log(x)) }

// PredictedAt returns the power law with the predicted exponent that lies closest to the points (in the logarithm), at x.
// It is NaN where no exponent was predicted.
func (f Fit) PredictedAt(x float64) float64 {
	xs, ys, err := logarithms(f.Points)
	if err != nil {
		return math.NaN()
	}
	return math.Exp(stat.Mean(ys, nil) + f.Predicted*(math.Log(x)-stat.Mean(xs, nil)))
}

// visibleResidual is the distance of a point from the line, in the logarithm, from which on a fit says so.
const visibleResidual = 0.002

// Random reports whether anything in the points is left to chance: an interval, or several values at one x, as of several seeds. Where
// nothing is, the interval of the fit says how far the points lie from a line and nothing of chance.
func (f Fit) Random() bool {
	if f.Points.Lower != nil {
		return true
	}
	seen := map[float64]bool{}
	for _, x := range f.Points.Xs {
		if seen[x] {
			return true
		}
		seen[x] = true
	}
	return false
}

// String says "2.00 [1.98, 2.02]", with the interval where something is random, and otherwise "2.00, with points up to 0.01 off" in the
// logarithm, where they are as far off as to matter; ", predicted 2" follows where the law predicts an exponent.
func (f Fit) String() string {
	digits := 2
	if width := f.High - f.Low; width < 0.01 {
		digits = 3
	}
	round := func(v float64) string {
		return minus(fmt.Sprintf("%.*f", digits, math.Round(v*1e9)/1e9+0)) // +0 turns −0 into 0
	}
	s := round(f.Exponent)
	if off := f.Residual(); f.Random() {
		s += fmt.Sprintf(" [%s, %s]", round(f.Low), round(f.High))
	} else if off > visibleResidual {
		s += ", points up to " + Number(off, 2) + " off"
	}
	if !math.IsNaN(f.Predicted) {
		s += ", predicted " + Number(f.Predicted, -1)
	}
	return s
}
