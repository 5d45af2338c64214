package plots

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/result"

	"gonum.org/v1/plot"
)

func labels(ticks []plot.Tick) (found []string) {
	for _, tick := range ticks {
		if tick.Label != "" {
			found = append(found, tick.Label)
		}
	}
	return found
}

func TestTickLabels(t *testing.T) {
	for _, test := range []struct {
		name           string
		base, min, max float64
		whole          bool
		want           []string
	}{
		{"powers of two", 2, 0.1, 9, false, []string{"2⁻³", "2⁻²", "2⁻¹", "2⁰", "2¹", "2²", "2³"}},
		{"every third power", 2, math.Exp2(-9), math.Exp2(9), false, []string{"2⁻⁹", "2⁻⁶", "2⁻³", "2⁰", "2³", "2⁶", "2⁹"}},
		{"powers of ten", 10, 1e-3, 1, false, []string{"10⁻³", "10⁻²", "10⁻¹", "10⁰"}},
		{"less than two decades", 10, 0.3, 6, false, []string{"0.5", "1", "2", "5"}},
		{"less than a factor of three", 10, 2, 2.5, false, []string{"2", "2.1", "2.2", "2.3", "2.4", "2.5"}},
		{"through zero", 0, -0.3, 0.3, false, []string{"−0.2", "−0.1", "0", "0.1", "0.2"}[:0]},
		{"steps", 0, 0, 499, true, []string{"0", "100", "200", "300", "400"}},
		{"layers", 0, 0.7, 4.3, true, []string{"1", "2", "3", "4"}},
		{"large", 0, 0, 5e7, false, []string{"0", "1·10⁷", "2·10⁷", "3·10⁷", "4·10⁷", "5·10⁷"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := labels(axis{base: test.base, whole: test.whole}.Ticks(test.min, test.max))
			if len(test.want) == 0 {
				if !slices.Contains(got, "0") || slices.Contains(got, "−0") {
					t.Errorf("got %q, want a plain zero among them", got)
				}
				return
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// TestPowerTicksAreApart counts the ticks of long axes: each label has one, they stand in equal steps, and are never so many
// that they merge.
func TestPowerTicksAreApart(t *testing.T) {
	for _, base := range []float64{2, 10} {
		for decades := 7; decades <= 250; decades++ {
			low, high := math.Pow(base, -float64(decades)/2), math.Pow(base, float64(decades)/2)
			ticks := axis{base: base}.Ticks(low, high)
			if len(ticks) > maxPowers || len(labels(ticks)) < 2 || len(labels(ticks)) > maxLabels {
				t.Errorf("%d powers of %v: %d ticks, labels %v", decades, base, len(ticks), labels(ticks))
			}
			for i, tick := range ticks[min(2, len(ticks)):] {
				if step, first := tick.Value/ticks[i+1].Value, ticks[1].Value/ticks[0].Value; math.Abs(step/first-1) > 1e-6 {
					t.Errorf("%d powers of %v: a step by %v among steps by %v", decades, base, step, first)
				}
			}
		}
	}
}

// TestTicksEnd asks for ticks of ranges that have sent tick finders into endless loops, and wants few, within the range.
func TestTicksEnd(t *testing.T) {
	extremes := []float64{
		math.Inf(-1), -math.MaxFloat64, -1e300, -1, -1e-300, 0, math.SmallestNonzeroFloat64, 1e-300, 1,
		math.Nextafter(1, 2), 1e300, math.MaxFloat64, math.Inf(1), math.NaN(),
	}
	for _, base := range []float64{0, 2, 10} {
		for _, low := range extremes {
			for _, high := range extremes {
				ticks := axis{base: base}.Ticks(low, high)
				if len(ticks) > 3000 || len(labels(ticks)) > 20 {
					t.Errorf("base %v, %v to %v: %d ticks, %d of them labelled", base, low, high, len(ticks), len(labels(ticks)))
				}
			}
		}
	}
}

func TestNewAxisGivesARange(t *testing.T) {
	for _, base := range []float64{0, 2, 10} {
		for _, values := range [][]float64{
			{1},
			{1, 1},
			{1, math.Nextafter(1, 2)},
			{1e300},
			{math.MaxFloat64},
			{1e-300, 1e300},
			{math.SmallestNonzeroFloat64},
			{-1, 5},
			{math.NaN(), 3, math.Inf(1)},
		} {
			a, err := newAxis(result.Loss(), base, values)
			if err != nil {
				t.Errorf("base %v, %v: %v", base, values, err)
				continue
			}
			if !(a.min < a.max) || math.IsInf(a.max-a.min, 0) || base != 0 && a.min <= 0 {
				t.Errorf("base %v, %v: from %v to %v", base, values, a.min, a.max)
			}
		}
	}
	if _, err := newAxis(result.Loss(), 10, []float64{-1, 0, math.NaN()}); err == nil {
		t.Error("no positive value: no error")
	}
}
