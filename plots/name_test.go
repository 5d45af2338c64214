package plots_test

import (
	"os"
	"path/filepath"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

// TestName shows a chart of every kind under the name that it was given, and none without one.
func TestName(t *testing.T) {
	curves := []result.Series{loss("a", 3, 2, 1), loss("b", 1, 2, 3)}
	fit, err := result.FitExponent(result.Series{Label: "a", X: result.Alpha(), Y: result.Loss(), Xs: []float64{1, 2, 4}, Ys: []float64{1, 2, 4}})
	if err != nil {
		t.Fatal(err)
	}
	grid := result.Grid{X: result.Alpha(), Y: result.Alpha(), Z: result.Loss(), Xs: []float64{1, 2}, Ys: []float64{1, 2}, Zs: [][]float64{{1, 2}, {2, 3}}}
	table := result.Table{Title: "table", Columns: []result.Quantity{{Name: "id"}}, Rows: [][]string{{"W1"}}}
	charts := map[string]func(opts ...plots.Option) (*plots.Figure, error){
		"LossFan":         func(o ...plots.Option) (*plots.Figure, error) { return plots.LossFan(curves, o...) },
		"DepthProfile":    func(o ...plots.Option) (*plots.Figure, error) { return plots.DepthProfile(curves, nil, o...) },
		"Response":        func(o ...plots.Option) (*plots.Figure, error) { return plots.Response(curves, nil, o...) },
		"Sharpness":       func(o ...plots.Option) (*plots.Figure, error) { return plots.Sharpness(curves, nil, o...) },
		"PenaltyPath":     func(o ...plots.Option) (*plots.Figure, error) { return plots.PenaltyPath(curves, nil, o...) },
		"ExponentFit":     func(o ...plots.Option) (*plots.Figure, error) { return plots.ExponentFit([]result.Fit{fit}, o...) },
		"HeatMap":         func(o ...plots.Option) (*plots.Figure, error) { return plots.HeatMap(grid, nil, o...) },
		"SearchableTable": func(o ...plots.Option) (*plots.Figure, error) { return plots.SearchableTable(table, nil, o...) },
		"VerdictTable":    func(o ...plots.Option) (*plots.Figure, error) { return plots.VerdictTable(table, o...) },
		"NormAndAngle":    func(o ...plots.Option) (*plots.Figure, error) { return plots.NormAndAngle(curves, curves, 0, o...) },
		"Monitor": func(o ...plots.Option) (*plots.Figure, error) {
			return plots.Monitor([]result.Gauge{{Title: "watched", Series: curves}}, o...)
		},
		"Compose": func(o ...plots.Option) (*plots.Figure, error) {
			return plots.Compose(plots.Axes{}, []plots.Mark{plots.Lines(curves...)}, o...)
		},
		"SideBySide": func(o ...plots.Option) (*plots.Figure, error) {
			left, err := plots.LossFan(curves)
			if err != nil {
				return nil, err
			}
			right, err := plots.LossFan(curves, o...)
			if err != nil {
				return nil, err
			}
			return plots.SideBySide(left, right)
		},
	}
	for kind := range kinds {
		if charts[kind] == nil {
			t.Errorf("the chart %s is not among those that are shown under a name", kind)
		}
	}
	for kind, chart := range charts {
		t.Run(kind, func(t *testing.T) {
			folder := t.TempDir()
			t.Setenv(plots.FiguresFolder, folder)
			unnamed, err := chart()
			if err != nil {
				t.Fatal(err)
			}
			if unnamed.Show() == nil {
				t.Error("shown without a name")
			}
			named, err := chart(plots.Name("a-name"))
			if err != nil {
				t.Fatal(err)
			}
			if err := named.Show(); err != nil {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(folder, "a-name.svg")); err != nil {
				t.Error(err)
			}
		})
	}
	var none *plots.Figure
	if none.Show() == nil {
		t.Error("no figure: no error")
	}
}
