package plots

import (
	"math"
	"math/big"
	"slices"
	"testing"

	"alphascale/lib/result"

	"pgregory.net/rapid"
)

// anyPositive is a finite positive number of any size, subnormal ones included.
var anyPositive = rapid.Custom(func(r *rapid.T) float64 {
	bits := rapid.Uint64Range(1, math.Float64bits(math.MaxFloat64)).Draw(r, "bits")
	return math.Float64frombits(bits)
})

// log2 is the binary logarithm by the exponent and the mantissa, not by the chart's own.
func log2(v float64) float64 {
	fraction, exponent := math.Frexp(v)
	return float64(exponent) + math.Log2(fraction)
}

// TestLogarithmicAxisShowsEveryValue places any positive values: each is on the axis, where its logarithm says, and together
// they fill it but for the room at its ends.
func TestLogarithmicAxisShowsEveryValue(t *testing.T) {
	check := func(t interface{ Errorf(string, ...any) }, values []float64, base float64) {
		a, err := newAxis(result.Loss(), base, values)
		if err != nil {
			t.Errorf("%v: %v", values, err)
			return
		}
		least, most := slices.Min(values), slices.Max(values)
		if !(a.min > 0 && a.min <= least && a.max >= most && a.min < a.max && !math.IsInf(a.max, 0)) {
			t.Errorf("%v: an axis from %v to %v", values, a.min, a.max)
			return
		}
		place := func(v float64) float64 { return a.scale().Normalize(a.min, a.max, v) }
		for _, v := range values {
			want := (log2(v) - log2(a.min)) / (log2(a.max) - log2(a.min))
			if got := place(v); math.Abs(got-want) > 1e-6 || got < -1e-9 || got > 1+1e-9 {
				t.Errorf("%v on an axis from %v to %v stands at %v, want %v", v, a.min, a.max, got, want)
			}
		}
		if decades := (log2(most) - log2(least)) * math.Log10(2); decades > 20 && place(most)-place(least) < 0.9 {
			t.Errorf("%v: %v decades fill %v of the axis", values, decades, place(most)-place(least))
		} else if decades > 20 && decades < 0.85*(log2(a.max)-log2(a.min))*math.Log10(2) {
			t.Errorf("%v: an axis from %v to %v for %v decades", values, a.min, a.max, decades)
		}
		for _, tick := range a.Ticks(a.min, a.max) {
			if !(tick.Value > 0) || math.IsInf(tick.Value, 0) {
				t.Errorf("%v: a tick at %v", values, tick.Value)
			}
		}
	}
	for _, base := range []float64{2, 10} {
		for _, values := range [][]float64{
			{1e-290, 1e10, 1e20},
			{math.SmallestNonzeroFloat64},
			{math.MaxFloat64},
			{math.SmallestNonzeroFloat64, math.MaxFloat64},
			{1e-320, 1e-310},
			{1e-300, 1e-300},
			{1e300, 1.7e308},
			{1},
			{1e-12, 1e-12},
		} {
			check(t, values, base)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		values := rapid.SliceOfN(anyPositive, 1, 6).Draw(r, "values")
		check(r, values, rapid.SampledFrom([]float64{2, 10}).Draw(r, "base"))
	})
}

// TestLinearAxisShowsEveryValue does the same for a linear axis, in numbers of 2,000 bits.
func TestLinearAxisShowsEveryValue(t *testing.T) {
	exact := func(v float64) *big.Float { return new(big.Float).SetPrec(2200).SetFloat64(v) }
	minus := func(a, b float64) *big.Float { return new(big.Float).SetPrec(2200).Sub(exact(a), exact(b)) }
	check := func(t interface{ Errorf(string, ...any) }, values []float64) {
		a, err := newAxis(result.Loss(), 0, values)
		if err != nil || !(a.min < a.max) || a.min > slices.Min(values) || a.max < slices.Max(values) {
			t.Errorf("%v: an axis from %v to %v, %v", values, a.min, a.max, err)
			return
		}
		for _, v := range values {
			want, _ := new(big.Float).Quo(minus(v, a.min), minus(a.max, a.min)).Float64()
			if got := a.scale().Normalize(a.min, a.max, v); math.Abs(got-want) > 1e-9 {
				t.Errorf("%v on an axis from %v to %v stands at %v, want %v", v, a.min, a.max, got, want)
			}
		}
		if ticks := labels(a.Ticks(a.min, a.max)); len(ticks) < 2 || len(ticks) > 2*maxLabels+1 {
			t.Errorf("%v: labels %q", values, ticks)
		}
	}
	for _, values := range [][]float64{
		{-math.MaxFloat64, math.MaxFloat64},
		{-1e308, 0, 1e308},
		{1e300, -1e300},
		{math.MaxFloat64},
		{0},
		{0, math.SmallestNonzeroFloat64},
		{-1e-310, 3e-310},
		{math.SmallestNonzeroFloat64},
		{-7, -7},
		{1e-12, 1e-12},
		{0.3, 0.1},
	} {
		check(t, values)
	}
	rapid.Check(t, func(r *rapid.T) {
		values := rapid.SliceOfN(anyPositive, 1, 6).Draw(r, "values")
		for i := range values {
			values[i] *= float64(rapid.SampledFrom([]int{-1, 1}).Draw(r, "sign"))
		}
		check(r, values)
	})
}

// A constant value is read from its axis: the ticks are of its own size.
func TestAxisOfOneValue(t *testing.T) {
	for _, base := range []float64{0, 10} {
		for _, v := range []float64{1e-12, 3, 1e9, 1e-200} {
			a, err := newAxis(result.Loss(), base, []float64{v, v})
			if err != nil || a.min < v/10 || a.max > 10*v {
				t.Errorf("%v, base %v: an axis from %v to %v, %v", v, base, a.min, a.max, err)
			}
		}
	}
}

// TestLogarithmsOfSubnormals compares with the exponent and the mantissa.
func TestLogarithmsOfSubnormals(t *testing.T) {
	for _, v := range []float64{math.SmallestNonzeroFloat64, 1e-320, smallestNormal, 1e-300, 1, math.MaxFloat64} {
		if want := log2(v) * math.Ln2; math.Abs(ln(v)-want) > 1e-12*math.Abs(want) || math.Abs(log10(v)-want/math.Ln10) > 1e-12*math.Abs(want) {
			t.Errorf("ln %v = %v, want %v; log₁₀ = %v", v, ln(v), want, log10(v))
		}
		if back := exp(ln(v)); math.Abs(back/v-1) > 1e-12 && math.Abs(back-v) > math.SmallestNonzeroFloat64 {
			t.Errorf("exp ln %v = %v", v, back)
		}
	}
}
