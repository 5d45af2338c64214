package claim

import (
	"math"

	"alphascale/lib/judge"
	"alphascale/lib/network"
	"alphascale/lib/result"
	"alphascale/lib/scaling"
)

// fewAlphas are multipliers on both sides of 1, most of them powers of two.
var fewAlphas = []float64{1. / 8, 1. / 2, 1, 3, 8}

// plainNet is the bias-free ReLU perceptron on which positive homogeneity is measured. Claims about it share its probe.
func plainNet() network.MLP {
	return network.MLP{Hidden: []int{24, 24, 24}, Outputs: 10, NoBias: true}
}

// fromSameWeights is the exponent of an observable under u = α·w with w₀ = u₀: that of multiplying the weights by α in
// place, and then of the reparameterisation that keeps what this has made of the function.
func (l *Lab) fromSameWeights(inPlace scaling.Law, of scaling.Observable) (float64, error) {
	first, err := inPlace.Exponent(of)
	if err != nil {
		return 0, err
	}
	then, err := scaling.ReparameteriseLaw().Exponent(of)
	return l.predict(first+then, err)
}

// addExponent fits the exponent of what values measures at each α, over the lab's seeds, each in units of its first, and
// adds it to the case with its check and its control.
func (l *Lab) addExponent(c *Case, of string, predicted float64, alphas []float64, values func(seed int64) ([]float64, error)) (result.Fit, error) {
	var xs, ys []float64
	for _, seed := range l.seeds() {
		measured, err := values(seed)
		if err != nil {
			return result.Fit{}, err
		}
		xs, ys = append(xs, alphas...), append(ys, perUnit(measured)...)
	}
	check, control, fit, err := l.fit(relative(of), xs, ys, predicted)
	if err != nil {
		return fit, err
	}
	c.Checks, c.Controls, c.Fits = append(c.Checks, check), append(c.Controls, control), append(c.Fits, fit)
	return fit, nil
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
