package law

import (
	"fmt"
	"math"
)

// Float8E4M3 is the 8-bit format with four bits of exponent, in the variant that has no infinity: its largest number is 448
// (Micikevicius et al. 2022, "FP8 Formats for Deep Learning").
func Float8E4M3() Format { return Format{"e4m3", 3, 0x1p-6, 448, true} }

// Float8E5M2 is the 8-bit format with five bits of exponent.
func Float8E5M2() Format { return Format{"e5m2", 2, 0x1p-14, 57344, true} }

// Spacing returns the distance of the neighbouring numbers of the format between which x lies. Where subnormal numbers do not
// exist it is still that of the smallest normal ones.
func (f Format) Spacing(x float64) float64 {
	_, exponent := math.Frexp(max(math.Abs(x), f.SmallestNormal))
	return math.Ldexp(1, exponent-1-f.FractionBits)
}

// UniformRounding returns the root mean square of the error that rounding to multiples of a step makes, step/√12, where the
// numbers are spread over many steps: the error is then uniform between −step/2 and step/2. Bennett 1948, "Spectra of
// Quantized Signals".
func UniformRounding(step float64) float64 { return step / math.Sqrt(12) }

// SignalToNoise predicts, in decibels, how large normally distributed numbers of the given standard deviation are beside the
// error of rounding them to the format: each binade has its own step, and UniformRounding holds in it, to 0.1 dB with two bits
// of fraction and to less with more. In the normal range the result hardly depends on the deviation; below, where the step stays
// the same, it falls by 6 dB per factor of two. It is about numbers that the format can hold, so deviations from half the
// smallest number, where the law ends, to a sixteenth of the largest; another one is an error.
func (f Format) SignalToNoise(deviation float64) (float64, error) {
	low, high := f.Smallest()/2, f.Largest/16
	if !(deviation >= low && deviation <= high) {
		return 0, fmt.Errorf("a standard deviation of %g in %s: it holds from %.3g to %.3g", deviation, f.Name, low, high)
	}
	within := func(x float64) float64 { return math.Erf(x / (deviation * math.Sqrt2)) } // P(|number| < x)
	noise, from := 0., 0.
	for to := f.SmallestNormal; from < 16*deviation; from, to = to, 2*to {
		step := UniformRounding(f.Spacing(from))
		noise += step * step * (within(to) - within(from))
	}
	return 10 * math.Log10(deviation*deviation/noise), nil
}
