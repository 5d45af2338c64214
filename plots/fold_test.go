package plots_test

import (
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

// The fold is written with the symbols of the grid's own axes.
func TestFoldLabel(t *testing.T) {
	grid := result.Grid{
		X: result.Alpha(), Y: result.LearningRate(), Z: result.Loss(), Xs: []float64{1, 2}, Ys: []float64{1, 2},
		Zs: [][]float64{{1, 2}, {2, 4}},
	}
	for _, test := range []struct {
		y        result.Quantity
		exponent float64
		want     string
	}{
		{result.LearningRate(), 2, " α²η "},
		{result.LearningRate(), 1, " αη "},
		{result.LearningRate(), 0, " η "},
		{result.Quantity{Name: "penalty", Symbol: "λ"}, -2, " α⁻²λ "},
		{result.Quantity{Name: "penalty", Symbol: "λ"}, -0.5, " α^−0.500·λ "},
	} {
		grid.Y = test.y
		f, err := plots.HeatMap(grid, &plots.Fold{Exponent: test.exponent})
		if err != nil {
			t.Fatal(err)
		}
		if want := "lines of constant" + test.want + "are drawn"; !strings.Contains(f.Alt, want) {
			t.Errorf("%q does not say %q", f.Alt, want)
		}
	}
}
