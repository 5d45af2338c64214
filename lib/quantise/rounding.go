package quantise

import (
	"math"

	"alphascale/lib/law"
)

// Rounding is the error that rounding made, in the unit of the numbers, and what the law of uniform errors predicts for it.
type Rounding struct {
	numbers                int
	errors, signal         float64 // sums of squares
	predicted, predictedSq float64 // sum of the predicted squares, and of their squares
}

// add counts n numbers x that were rounded by err on a grid of the given step.
func (r *Rounding) add(x, err, step float64, n int) {
	r.numbers += n
	r.signal += x * x
	r.errors += err * err
	square := law.UniformRounding(step) * law.UniformRounding(step)
	r.predicted += square
	r.predictedSq += square * square
}

// RMS is the root of the mean squared error over all numbers.
func (r Rounding) RMS() float64 { return math.Sqrt(r.errors / float64(r.numbers)) }

// Predicted is the RMS by law.UniformRounding: Δ/√12, of steps Δ that differ the root of the mean of Δ²/12. It is about
// numbers that are spread over many steps. Where most are smaller than a step, as in a badly balanced layer, it says too much:
// they all become zero, and the error is the number itself.
func (r Rounding) Predicted() float64 { return math.Sqrt(r.predicted / float64(r.numbers)) }

// Relative is the RMS over what is predicted, with the 95 % interval that independent errors, uniform over their steps, give it.
// NaN if nothing was to be rounded.
func (r Rounding) Relative() (ratio, low, high float64) {
	// A uniform error's square has the variance 4/5 of its mean squared; of independent ones, means and variances add up.
	deviation := math.Sqrt(0.8*r.predictedSq) / r.predicted
	ratio = math.Sqrt(r.errors / r.predicted)
	half := 1.96 * deviation / 2 // of a root, half the relative deviation
	return ratio, ratio * (1 - half), ratio * (1 + half)
}

// SignalToNoise is how large the numbers are beside the error, in decibels: +Inf where no number was changed.
func (r Rounding) SignalToNoise() float64 { return 10 * math.Log10(r.signal/r.errors) }
