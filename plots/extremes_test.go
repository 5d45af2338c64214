package plots_test

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"

	"pgregory.net/rapid"
)

// anyNumber is any float64, and often one of those at the ends of what there are.
var anyNumber = rapid.OneOf(
	rapid.SampledFrom([]float64{
		0, 1, -1, nan, inf, -inf, math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64, -math.SmallestNonzeroFloat64,
		0x1p-1022, 1e-300, 1e300, math.Nextafter(1, 2),
	}),
	rapid.Custom(func(r *rapid.T) float64 { return math.Float64frombits(rapid.Uint64().Draw(r, "bits")) }),
)

// TestAnyNumbers draws curves of any numbers by every kind of chart: the file holds finite places only, none of them far
// from the page, or there is an error that says what is missing.
func TestAnyNumbers(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		curves := make([]result.Series, rapid.IntRange(1, 3).Draw(r, "curves"))
		for i := range curves {
			s := result.Series{Label: string(rune('a' + i)), X: result.Step(), Y: result.Loss()}
			for range rapid.IntRange(0, 5).Draw(r, "points") {
				if x := anyNumber.Draw(r, "x"); !math.IsNaN(x) && !math.IsInf(x, 0) {
					s.Xs, s.Ys = append(s.Xs, x), append(s.Ys, anyNumber.Draw(r, "y"))
				}
			}
			curves[i] = s
		}
		kind := rapid.SampledFrom(slices.Sorted(maps.Keys(kinds))).Draw(r, "kind")
		f, err := kinds[kind](curves)
		if err != nil {
			if !strings.Contains(err.Error(), "no value of") {
				r.Errorf("%s: %v", kind, err)
			}
			return
		}
		svg, err := f.SVG(plots.TwoColumns)
		if err != nil {
			r.Fatalf("%s: %v", kind, err)
		}
		for _, m := range pathElement.FindAllStringSubmatch(string(svg), -1) {
			if strings.Contains(m[1], "NaN") || strings.Contains(m[1], "Inf") || strings.Contains(m[1], "e+") {
				r.Fatalf("%s: a path of %s", kind, m[1])
			}
		}
	})
}
