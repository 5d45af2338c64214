package plots_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"

	"pgregory.net/rapid"
)

// TestKeyOfEveryPairOfSets sets every two sets of four α, and of four names, side by side and reads the colours back.
func TestKeyOfEveryPairOfSets(t *testing.T) {
	subset := func(of func(int) subject, bits int) (all []subject) {
		for k := range 4 {
			if bits>>k&1 == 1 {
				all = append(all, of(k))
			}
		}
		return all
	}
	for name, of := range map[string]func(int) subject{"by α": byAlpha, "by name": byName} {
		for left := 1; left < 16; left++ {
			for right := 1; right < 16; right++ {
				panels := [][]subject{subset(of, left), subset(of, right)}
				if err := fault(seen(t, besides(t, lossFan, panels), plots.TwoColumns), panels); err != nil {
					t.Fatalf("%s, %04b beside %04b: %v", name, left, right, err)
				}
			}
		}
	}
}

// TestKeyOfManyPanels draws two to five panels of any of nine curves in any order.
func TestKeyOfManyPanels(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		of := map[string]func(int) subject{"α": byAlpha, "name": byName}
		kinds := rapid.SliceOfN(rapid.SampledFrom([]string{"α", "name"}), 1, 2).Draw(r, "kinds")
		var panels [][]subject
		for i := range rapid.IntRange(2, 5).Draw(r, "panels") {
			numbers := rapid.SliceOfNDistinct(rapid.IntRange(0, 8), 1, 9, rapid.ID[int]).Draw(r, "curves")
			panels = append(panels, chosen(of[kinds[i%len(kinds)]], numbers...))
		}
		if err := fault(seen(t, besides(r, lossFan, panels), plots.TwoColumns), panels); err != nil {
			r.Fatal(err)
		}
	})
}

// TestKeyOfEveryChart sets charts of overlapping, disjoint and equal sets side by side, of every kind that draws curves.
func TestKeyOfEveryChart(t *testing.T) {
	heights := func(curves []result.Series) []result.Series { // on a linear axis
		all := slices.Clone(curves)
		for i, s := range all {
			all[i].Ys = make([]float64, len(s.Ys))
			for j, y := range s.Ys {
				all[i].Ys[j] = 1 + math.Log10(y)
			}
		}
		return all
	}
	for name, draw := range map[string]chart{
		"loss fan": lossFan,
		"depth profile": func(s []result.Series, o ...plots.Option) (*plots.Figure, error) {
			return plots.DepthProfile(s, nil, o...)
		},
		"response": func(s []result.Series, o ...plots.Option) (*plots.Figure, error) { return plots.Response(s, nil, o...) },
		"sharpness": func(s []result.Series, o ...plots.Option) (*plots.Figure, error) {
			return plots.Sharpness(s, nil, o...)
		},
		"penalty path": func(s []result.Series, o ...plots.Option) (*plots.Figure, error) {
			return plots.PenaltyPath(heights(s), nil, o...)
		},
		"exponent fit": func(s []result.Series, o ...plots.Option) (*plots.Figure, error) {
			fits := make([]result.Fit, len(s))
			for i := range s {
				fits[i] = result.Fit{Points: s[i], Intercept: math.Log(s[i].Ys[0]), Predicted: nan}
			}
			return plots.ExponentFit(fits, o...)
		},
	} {
		for _, sets := range [][][]int{
			{{0, 1}, {1, 2}},
			{{0, 1}, {2, 3}},
			{{2, 0}, {2, 0}},
			{{0}, {1}},
			{{0, 1, 2}, {1}},
			{{1}, {2, 1, 0}},
			{{0, 1}, {1, 2}, {2, 0}},
			{{0}, {1}, {2}},
			{{0, 1}, {0, 1}, {1, 0, 2}},
			{{0}, {1}, {2}, {3, 0}},
		} {
			for kind, of := range map[string]func(int) subject{"by α": byAlpha, "by name": byName} {
				if name == "exponent fit" && kind == "by α" {
					continue // fits have names
				}
				var panels [][]subject
				for _, numbers := range sets {
					panels = append(panels, chosen(of, numbers...))
				}
				if err := fault(seen(t, besides(t, draw, panels), plots.TwoColumns), panels); err != nil {
					t.Errorf("%s %s, %v: %v", name, kind, sets, err)
				}
			}
		}
	}
}

// TestKeyOfAMonitor has charts of different layers in one monitor.
func TestKeyOfAMonitor(t *testing.T) {
	panels := [][]subject{chosen(byName, 0, 1), chosen(byName, 2, 1), chosen(byName, 3)}
	var watches []result.Gauge
	for i, panel := range panels {
		watches = append(watches, result.Gauge{Title: fmt.Sprintf("panel %d", i), Series: series(panel)})
	}
	f, err := plots.Monitor(watches)
	if err != nil {
		t.Fatal(err)
	}
	if err := fault(seen(t, f, plots.TwoColumns), panels); err != nil {
		t.Error(err)
	}
}
