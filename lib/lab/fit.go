package lab

import (
	"alphascale/lib/judge"
	"alphascale/lib/result"
)

// Fit fits the exponent of a quantity in α and checks it against the prediction and, as a control, against one a fifth
// away.
func Fit(of result.Quantity, alphas, values []float64, predicted float64) (check, control judge.Check, fit result.Fit, err error) {
	points := result.Series{Label: of.Name, X: result.Alpha(), Y: of, Xs: alphas, Ys: values}
	fit, err = result.FitExponent(points)
	if err != nil {
		return judge.Check{}, judge.Check{}, fit, err
	}
	fit.Predicted = predicted
	what := "exponent in α of the " + of.Name
	check = judge.Exponent(what, fit, predicted)
	return check, check.Control("control: "+what, predicted-WrongBy), fit, nil
}

// Relative is a quantity in units of its value at the first α, which differs from seed to seed.
func Relative(name string) result.Quantity { return result.Quantity{Name: name, Unit: "relative"} }

// WrongBy is the error in an exponent that every control makes, away from the lab's own.
const WrongBy = 0.2

// PerUnit divides values by the first, so that seeds share one power law.
func PerUnit(values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = v / values[0]
	}
	return out
}
