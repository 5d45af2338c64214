package plots

import (
	"fmt"
	"math"

	"alphascale/lib/result"
	"gonum.org/v1/plot"
)

// axis is one axis of a panel: its range, its scale and its ticks. The zero base means a linear scale.
type axis struct {
	quantity result.Quantity
	min, max float64
	base     float64 // 2 or 10 for a logarithmic scale labelled in its powers
	whole    bool    // ticks at whole numbers only, for things that are counted
}

const (
	maxLabels = 7  // tick labels on an axis, before they crowd
	maxPowers = 40 // powers with a tick, before the ticks merge
)

// newAxis returns an axis over the finite values given, a little wider than they are. A logarithmic one (base 2 or 10)
// leaves out values that are not positive. An error says that no value is left.
func newAxis(q result.Quantity, base float64, values ...[]float64) (axis, error) {
	a, err := spanning(q, base, values...)
	if err != nil {
		return axis{}, err
	}
	return a.widened(), nil
}

// spanning is newAxis without the room at the ends.
func spanning(q result.Quantity, base float64, values ...[]float64) (axis, error) {
	a := axis{quantity: q, min: math.Inf(1), max: math.Inf(-1), base: base}
	for _, vs := range values {
		for _, v := range vs {
			if !math.IsNaN(v) && !math.IsInf(v, 0) && (base == 0 || v > 0) {
				a.min, a.max = math.Min(a.min, v), math.Max(a.max, v)
			}
		}
	}
	if a.min > a.max {
		kind := "finite"
		if base != 0 {
			kind = "positive and finite, as a logarithmic axis needs it"
		}
		return axis{}, fmt.Errorf("no value of %q is %s: give at least one", q.Label(), kind)
	}
	return a, nil
}

// reach is where an axis ends at most: beyond, the arithmetic of ranges and scales would overflow. What lies beyond is cut.
const reach = 1e280

// widened gives the data some room, and an axis whose values are all (nearly) the same a range.
func (a axis) widened() axis {
	a.min, a.max = math.Max(-reach, math.Min(reach, a.min)), math.Max(-reach, math.Min(reach, a.max))
	if a.base != 0 {
		lo, hi := math.Log(math.Max(a.min, 1/reach)), math.Log(math.Max(a.max, 1/reach))
		room := 0.04 * (hi - lo)
		if hi-lo < 1e-3 {
			room = math.Log(a.base) / 2
		}
		a.min, a.max = math.Exp(lo-room), math.Exp(hi+room)
		return a
	}
	room := 0.04 * (a.max - a.min)
	if size := math.Max(math.Abs(a.min), math.Abs(a.max)); a.max-a.min <= 1e-9*size {
		room = math.Max(size, 1) / 2
	}
	a.min, a.max = a.min-room, a.max+room
	return a
}

// including returns the axis widened so that a value lies on it.
func (a axis) including(v float64) axis {
	if v >= a.min && v <= a.max || math.IsNaN(v) || math.IsInf(v, 0) || a.base != 0 && v <= 0 {
		return a
	}
	a.min, a.max = math.Min(a.min, v), math.Max(a.max, v)
	return a.widened()
}

// logBase is 2 if every positive value is a power of two, as a sweep over α usually is, else 10.
func logBase(values ...[]float64) float64 {
	for _, vs := range values {
		for _, v := range vs {
			if frac, _ := math.Frexp(v); v > 0 && !math.IsInf(v, 0) && frac != 0.5 {
				return 10
			}
		}
	}
	return 2
}

// scale returns the axis' mapping to [0, 1]. Unlike gonum/plot's LogScale it does not panic outside its domain.
func (a axis) scale() plot.Normalizer {
	if a.base == 0 {
		return plot.LinearScale{}
	}
	return logScale{}
}

type logScale struct{}

func (logScale) Normalize(min, max, x float64) float64 {
	return (math.Log(x) - math.Log(min)) / (math.Log(max) - math.Log(min))
}

// Ticks returns the axis' tick marks: at most maxLabels of them labelled, never none.
func (a axis) Ticks(min, max float64) []plot.Tick {
	if !(min < max) || math.IsInf(max-min, 0) || a.base != 0 && min <= 0 {
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
	lo := int(math.Ceil(math.Log(min)/math.Log(base) - 1e-9))
	hi := int(math.Floor(math.Log(max)/math.Log(base) + 1e-9))
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
		if k >= lo && mod(k, between) == 0 {
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
	for k := int(math.Floor(math.Log10(min))); k <= int(math.Floor(math.Log10(max))); k++ {
		for digit := 1; digit <= 9; digit++ {
			value := float64(digit) * math.Pow(10, float64(k))
			if value < min*(1-1e-9) || value > max*(1+1e-9) {
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
		if math.Abs(value) >= 1e6 {
			label = result.Number(value, digits)
		}
		ticks = append(ticks, plot.Tick{Value: value, Label: label})
	}
	return ticks
}

func niceStep(rough float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(rough)))
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
	return max(1, int(math.Floor(math.Log10(size))-math.Floor(math.Log10(step)))+1)
}

func roundTo(v, step float64) float64 {
	scale := math.Pow(10, math.Max(0, -math.Floor(math.Log10(step))))
	if math.IsInf(scale, 0) {
		return v
	}
	return math.Round(v*scale)/scale + 0 // + 0 turns −0 into 0
}
