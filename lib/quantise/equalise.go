package quantise

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/tensors"
)

const (
	mostSweeps = 100
	// settled is how far from 1 the factors of a sweep over all pairs may lie when equalising ends.
	settled = 1e-6
)

// Equalise returns a copy of values in which each channel has the same range in both layers of its pair, √(r₁r₂): the factors
// are s = √(r₂/r₁), and the function stays the same (Nagel et al. 2019, "Data-Free Quantization Through Weight Equalization and
// Bias Correction", equation 11). Pairs that share a layer, as those of consecutive layers do, are gone through again until
// no factor differs from 1 by more than a millionth, or a hundred times.
//
// An activation that is not positively homogeneous channel by channel, such as GELU, ReLU6 or softmax, is an error, since the function
// would be another one, besides the errors of Pair.Multiply.
func Equalise(values map[string]*tensors.Tensor, pairs ...Pair) (map[string]*tensors.Tensor, error) {
	if len(pairs) == 0 {
		return nil, fmt.Errorf("no pair of layers to equalise: give at least one")
	}
	for _, p := range pairs {
		if err := p.check(values); err != nil {
			return nil, err
		}
	}
	for range mostSweeps {
		largest := 0.
		for _, p := range pairs {
			factors, err := p.Balance(values)
			if err != nil {
				return nil, err
			}
			for _, s := range factors {
				largest = max(largest, math.Abs(math.Log(s)))
			}
			if values, err = p.Multiply(values, factors); err != nil {
				return nil, err
			}
		}
		if largest <= settled || len(pairs) == 1 {
			break
		}
	}
	return values, nil
}

// Balance returns the factors s = √(r₂/r₁) by which Equalise multiplies the first layer's channels, for what is to be seen or
// changed before Pair.Multiply takes them. Errors are those of Ranges.
func (p Pair) Balance(values map[string]*tensors.Tensor) ([]float64, error) {
	first, second, err := p.Ranges(values)
	if err != nil {
		return nil, err
	}
	factors := make([]float64, len(first))
	for j := range factors {
		factors[j] = p.rounded(math.Sqrt(second[j] / first[j]))
	}
	return factors, nil
}

// Smooth moves what is hard to round from the activations to the weights that read them: with x the largest magnitude of each of
// the second layer's inputs over some rows (InputRanges measures it), and r₂ that of the weights, the channel's activations are
// divided by s = xᵃ/r₂^(1−a) and its weights multiplied by it (Xiao et al. 2023, "SmoothQuant", equation 4). At a = 1 every
// channel's activations end at 1, at a = 0 its weights, and at a = ½ both at √(x·r₂). The division is that of the first layer, which
// gives the activations, and the function stays the same.
//
// A channel with x = 0, a unit that no row made active, gets the factor that Equalise gives it. An a outside 0 to 1, ranges that are
// not one finite magnitude for each channel, and what Equalise refuses are errors.
func Smooth(values map[string]*tensors.Tensor, p Pair, x []float64, a float64) (map[string]*tensors.Tensor, error) {
	if !(a >= 0 && a <= 1) {
		return nil, fmt.Errorf("a migration strength of %g: choose one from 0, all of it in the activations, to 1, all in the weights", a)
	}
	if err := p.check(values); err != nil {
		return nil, err
	}
	_, second, err := p.Ranges(values)
	if err != nil {
		return nil, err
	}
	if len(x) != len(second) {
		return nil, fmt.Errorf("%d ranges of activations for the %d channels of %s: give one for each", len(x), len(second), p.Second)
	}
	factors, err := p.Balance(values)
	if err != nil {
		return nil, err
	}
	for j := range x {
		switch {
		case x[j] > 0 && !math.IsInf(x[j], 1):
			factors[j] = p.rounded(math.Pow(second[j], 1-a) / math.Pow(x[j], a))
		case x[j] != 0:
			return nil, fmt.Errorf("the largest activation of channel %d of %s is %g: give its magnitude, as InputRanges measures it", j, p.Second, x[j])
		}
	}
	return p.Multiply(values, factors)
}

// rounded is the factor, or the nearest power of two.
func (p Pair) rounded(factor float64) float64 {
	if !p.PowersOfTwo {
		return factor
	}
	return math.Ldexp(1, int(math.RoundToEven(math.Log2(factor))))
}
