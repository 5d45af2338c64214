package plots_test

import (
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

// TestHeatMapShowsWhatALawFilledIn tells cells that were run from those that were filled in, in the picture and in words, and refuses
// truths that are not shaped like the cells.
func TestHeatMapShowsWhatALawFilledIn(t *testing.T) {
	grid := result.Grid{
		X: result.Alpha(), Y: result.LearningRate(), Z: result.Loss(), Xs: []float64{1, 2}, Ys: []float64{1, 4}, Zs: [][]float64{{1, 2}, {2, 3}},
	}
	plain, err := plots.HeatMap(grid, nil)
	if err != nil {
		t.Fatal(err)
	}
	grid.Filled = [][]bool{{false, true}, {false, false}}
	filled, err := plots.HeatMap(grid, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(filled.Alt, "1 cell filled in by a law") || strings.Contains(plain.Alt, "law") {
		t.Errorf("it says %q, and without any %q", filled.Alt, plain.Alt)
	}
	a, err := plain.SVG(plots.Column)
	if err != nil {
		t.Fatal(err)
	}
	b, err := filled.SVG(plots.Column)
	if err != nil || string(a) == string(b) {
		t.Errorf("the pictures are the same, %v", err)
	}
	grid.Filled = grid.Filled[:1]
	if _, err := plots.HeatMap(grid, nil); err == nil || !strings.Contains(err.Error(), "Filled") {
		t.Errorf("truths for one row of two: %v", err)
	}
}
