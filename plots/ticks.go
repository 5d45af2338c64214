package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
)

const (
	maxLabels = 7  // tick labels on an axis, before they crowd
	maxPowers = 40 // powers with a tick, before the ticks merge
)

// Ticks returns the axis' tick marks: at most maxLabels of them labelled, never none.
func (a axis) Ticks(min, max float64) []plot.Tick {
	if !(min < max) || math.IsInf(min, 0) || math.IsInf(max, 0) || a.base != 0 && min <= 0 {
		return nil // gonum/plot asks so where it did not like a range
	}
	if a.base == 0 {
		return linearTicks(min, max, a.whole)
	}
	return powerTicks(a.base, min, max)
}

// powerTicks labels whole powers of the base, every second or third … where there are many, and marks those in between, or
// every second or third … of them. Where a base of ten has fewer than three powers, it labels 1, 2 and 5 times each; within
// a factor of three, round numbers.
func powerTicks(base, min, max float64) []plot.Tick {
	lo := int(math.Ceil(ln(min)/ln(base) - 1e-9))
	hi := int(math.Floor(ln(max)/ln(base) + 1e-9))
	switch {
	case max < 3*min:
		return linearTicks(min, max, false)
	case base == 10 && hi-lo < 2:
		return decadeTicks(min, max)
	}
	stride := 1
	for (hi-lo)/stride+1 > maxLabels {
		stride++
	}
	between := 1 // divides the stride, so that a label has a tick
	for stride%between != 0 || (hi-lo)/between+1 > maxPowers && between < stride {
		between++
	}
	var ticks []plot.Tick
	for k := lo - 1; k <= hi; k++ {
		value := math.Pow(base, float64(k))
		if k >= lo && mod(k, between) == 0 && !math.IsInf(value, 0) { // 2¹⁰²⁴ is just beyond
			label := ""
			if mod(k, stride) == 0 {
				label = fmt.Sprintf("%d%s", int(base), result.Superscript(k))
			}
			ticks = append(ticks, plot.Tick{Value: value, Label: label})
		}
		for digit := 2; base == 10 && hi-lo <= 4 && digit <= 9; digit++ {
			if v := value * float64(digit); v >= min && v <= max {
				ticks = append(ticks, plot.Tick{Value: v})
			}
		}
	}
	return ticks
}

// decadeTicks labels 1, 2 and 5 times the powers of ten.
func decadeTicks(min, max float64) []plot.Tick {
	var ticks []plot.Tick
	for k := int(math.Floor(log10(min))); k <= int(math.Floor(log10(max))); k++ {
		for digit := 1; digit <= 9; digit++ {
			value := float64(digit) * math.Pow(10, float64(k))
			if value < min*(1-1e-9) || value/(1+1e-9) > max {
				continue
			}
			label := ""
			if digit == 1 || digit == 2 || digit == 5 {
				label = result.Number(value, 1)
			}
			ticks = append(ticks, plot.Tick{Value: value, Label: label})
		}
	}
	return ticks
}

func mod(k, n int) int { return ((k % n) + n) % n }

// linearTicks labels multiples of 1, 2 or 5 times a power of ten; of whole numbers if asked for.
func linearTicks(min, max float64, whole bool) []plot.Tick {
	step := niceStep((max - min) / (maxLabels - 2))
	if math.IsInf(max-min, 0) {
		step = niceStep(max/(maxLabels-2) - min/(maxLabels-2))
	}
	if whole && max-min <= 2*maxLabels {
		step = 1 // layers are named one by one
	}
	first, last := math.Ceil(min/step-1e-9), math.Floor(max/step+1e-9)
	if !(last-first <= 2*maxLabels) || math.Abs(first) > 1e15 || math.Abs(last) > 1e15 {
		// The range is below the resolution of a float64: its ends are all that can be said.
		return []plot.Tick{{Value: min, Label: result.Number(min, 3)}, {Value: max, Label: result.Number(max, 3)}}
	}
	digits := significant(math.Max(math.Abs(first*step), math.Abs(last*step)), step)
	var ticks []plot.Tick
	for n := range int(last-first) + 1 {
		value := (first + float64(n)) * step
		// Rounding to the step's own digits turns 0.30000000000000004 into 0.3.
		label := result.Number(roundTo(value, step), -1)
		if math.Abs(value) >= 1e6 || step < 1e-300 {
			label = result.Number(value, digits)
		}
		ticks = append(ticks, plot.Tick{Value: value, Label: label})
	}
	return ticks
}

func niceStep(rough float64) float64 {
	power := math.Pow(10, math.Floor(log10(rough)))
	for _, m := range []float64{1, 2, 5} {
		if rough <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// significant is the number of digits that tells neighbouring ticks apart.
func significant(size, step float64) int {
	if size == 0 {
		return 1
	}
	return max(1, int(math.Floor(log10(size))-math.Floor(log10(step)))+1)
}

func roundTo(v, step float64) float64 {
	scale := math.Pow(10, math.Max(0, -math.Floor(log10(step))))
	if math.IsInf(scale, 0) {
		return v
	}
	return math.Round(v*scale)/scale + 0 // + 0 turns −0 into 0
}
