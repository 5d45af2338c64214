package law

import (
	"fmt"
	"math"
)

// Format is a binary floating-point format.
type Format struct {
	Name           string
	FractionBits   int     // explicit ones: neighbours differ by 2^−FractionBits of the power of two below them
	SmallestNormal float64 // the smallest number with all its digits
	Largest        float64
	Subnormals     bool // whether smaller numbers exist, in steps of 2^−FractionBits·SmallestNormal; otherwise they are zero
}

// Float16 is IEEE 754 binary16.
func Float16() Format { return Format{"float16", 10, 0x1p-14, 65504, true} }

// BFloat16 is the upper half of a float32.
func BFloat16() Format { return Format{"bfloat16", 7, 0x1p-126, 0x1.fep127, true} }

// Float32 is IEEE 754 binary32.
func Float32() Format { return Format{"float32", 23, 0x1p-126, math.MaxFloat32, true} }

// Flushing returns the format on hardware that replaces subnormal numbers by zero, as XLA has CPUs do.
func (f Format) Flushing() Format {
	f.Subnormals = false
	return f
}

// Smallest returns the smallest positive number of the format.
func (f Format) Smallest() float64 {
	if f.Subnormals {
		return math.Ldexp(f.SmallestNormal, -f.FractionBits)
	}
	return f.SmallestNormal
}

// Round returns the number of the format that is nearest to x, ties going to the even one; an infinity beyond the
// largest, zero below the smallest normal number if there are no subnormal ones.
func (f Format) Round(x float64) float64 {
	size := math.Abs(x)
	if size < f.SmallestNormal && !f.Subnormals {
		return 0
	}
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	spacing := f.Spacing(x)
	rounded := math.RoundToEven(x/spacing) * spacing
	if math.Abs(rounded) > f.Largest {
		return math.Inf(int(math.Copysign(1, x)))
	}
	return rounded
}

// Magnitudes are what a run without α works with: typical absolute values of the effective weights and of the gradients
// by them, while there is still something to learn.
type Magnitudes struct {
	Weight, Gradient float64
	LearningRate     float64
	Exponent         int  // p of the optimizer: 2 for SGD, 1 for Adam, see scaling.LearningRateExponent
	Squares          bool // the optimizer keeps squared gradients
	Compensated      bool // η' = η/αᵖ
}

// Limit is an end of the range of α in which a run learns, and what happens there.
type Limit struct {
	Alpha  float64
	Reason string
}

// AlphaRange predicts between which α a reparameterised run (u = α·w, w₀ = u₀/α) learns with weights, activations and
// gradients in the format: within, w = u/α and ∇_w = α·∇_u stay in the format's range, the optimizer's own numbers (∇²,
// η', the step Δw) in that of float32, which every framework keeps them in or wider, and a step still moves the weight. It
// tells the order of magnitude: real tensors have a spread about their typical values.
//
// Values that are not positive are an error.
func (f Format) AlphaRange(m Magnitudes) (low, high Limit, err error) {
	if !(m.Weight > 0 && m.Gradient > 0 && m.LearningRate > 0) || m.Exponent < 0 || m.Exponent > 2 {
		return low, high, fmt.Errorf("magnitudes %+v: weight, gradient and learning rate must be positive and p 0, 1 or 2", m)
	}
	low, high = Limit{0, "no lower limit"}, Limit{math.Inf(1), "no upper limit"}
	// keeps narrows the range to where size·α^power lies in [smallest, largest].
	keeps := func(what string, size float64, power int, smallest, largest float64) {
		if power == 0 {
			return
		}
		under, over := math.Pow(smallest/size, 1/float64(power)), math.Pow(largest/size, 1/float64(power))
		reason, other := what+" underflows", what+" overflows"
		if power < 0 {
			under, over, reason, other = over, under, other, reason
		}
		if under > low.Alpha {
			low = Limit{under, reason}
		}
		if over < high.Alpha {
			high = Limit{over, other}
		}
	}
	wide := Float32()
	wide.Subnormals = f.Subnormals
	keeps("the weight", m.Weight, -1, f.Smallest(), f.Largest)
	keeps("the gradient", m.Gradient, 1, f.Smallest(), f.Largest)
	if m.Squares {
		keeps("the squared gradient", m.Gradient*m.Gradient, 2, wide.Smallest(), wide.Largest)
	}
	step, power := m.LearningRate, m.Exponent-1 // Δw = Δu/α with Δu = αᵖ·η·…
	if m.Exponent == 2 {
		step *= m.Gradient
	}
	if m.Compensated {
		keeps("the learning rate", m.LearningRate, -m.Exponent, wide.Smallest(), wide.Largest)
		power = -1
	} else if m.Exponent > 0 {
		// Relative to w the step is αᵖ times what it was; below half a spacing it is rounded away.
		relative := step / m.Weight
		keeps("the step relative to the weight", relative, m.Exponent, math.Ldexp(1, -f.FractionBits-1), math.Inf(1))
	}
	if m.Exponent > 0 {
		half := math.Ldexp(f.SmallestNormal, -f.FractionBits-1) // of the spacing of the smallest weights
		keeps("the step", step, power, max(half, wide.Smallest()), wide.Largest)
	}
	return low, high, nil
}
