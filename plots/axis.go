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

// widened gives the data some room, as far as a float64 has any, and an axis whose values are all (nearly) the same a range.
func (a axis) widened() axis {
	if a.base != 0 {
		lo, hi := ln(a.min), ln(a.max)
		room := 0.04 * (hi - lo)
		if hi-lo < 1e-3 {
			room = ln(a.base) / 2
		}
		a.min = math.Min(a.min, math.Max(exp(lo-room), math.SmallestNonzeroFloat64))
		a.max = math.Max(a.max, math.Min(exp(hi+room), math.MaxFloat64))
		if a.min == a.max { // the room is lost between the smallest numbers there are
			a.max *= 2
		}
		return a
	}
	room := 0.04 * span(a.min, a.max)
	size := math.Max(math.Abs(a.min), math.Abs(a.max))
	if a.max-a.min <= 1e-9*size {
		room = size / 2
	}
	if a.min-room >= a.max+room { // zero, or below what a half of it can be told from
		room = 0.5
	}
	a.min, a.max = math.Max(a.min-room, -math.MaxFloat64), math.Min(a.max+room, math.MaxFloat64)
	return a
}

// span is max − min, or the largest float64 where that would be infinite.
func span(min, max float64) float64 { return math.Min(max-min, math.MaxFloat64) }

// including returns the axis widened so that a value lies on it.
func (a axis) including(v float64) axis {
	if v >= a.min && v <= a.max || math.IsNaN(v) || math.IsInf(v, 0) || a.base != 0 && v <= 0 {
		return a
	}
	a.min, a.max = math.Min(a.min, v), math.Max(a.max, v)
	return a.widened()
}

// logBase is 2 if every positive value is a power of two, as a sweep over α usually is, otherwise 10.
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

// scale returns the axis' mapping to [0, 1]. Unlike gonum/plot's scales it takes every finite range, and a logarithmic one
// does not panic outside its domain.
func (a axis) scale() plot.Normalizer {
	if a.base == 0 {
		return linearScale{}
	}
	return logScale{}
}

type linearScale struct{}

func (linearScale) Normalize(min, max, x float64) float64 {
	if math.IsInf(max-min, 0) || math.IsInf(x-min, 0) { // a quarter of each can be subtracted
		min, max, x = min/4, max/4, x/4
	}
	return (x - min) / (max - min)
}

type logScale struct{}

func (logScale) Normalize(min, max, x float64) float64 {
	return (ln(x) - ln(min)) / (ln(max) - ln(min))
}

// at returns the value at t in [0, 1] between the ends of a range, the inverse of its scale.
func at(scale plot.Normalizer, min, max, t float64) float64 {
	if _, logarithmic := scale.(logScale); logarithmic {
		return exp((1-t)*ln(min) + t*ln(max))
	}
	return (1-t)*min + t*max
}
