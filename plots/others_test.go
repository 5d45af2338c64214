package plots_test

import (
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

func TestOtherChartsAtTheirEdges(t *testing.T) {
	a, b, empty := loss("a", 2, 1, nan), loss("b", 3, 0.1, 0.01), loss("c")
	norm := b
	norm.Y = result.Quantity{Name: "weight norm"}
	for name, make := range map[string]func() (*plots.Figure, error){
		"depth profile": func() (*plots.Figure, error) { return plots.DepthProfile([]result.Series{a, b}, nil) },
		"one layer":     func() (*plots.Figure, error) { return plots.DepthProfile([]result.Series{loss("a", 1)}, nil) },
		"predicted alone long": func() (*plots.Figure, error) {
			return plots.DepthProfile([]result.Series{a}, []result.Series{b, empty})
		},
		"no equilibrium": func() (*plots.Figure, error) {
			return plots.NormAndAngle([]result.Series{norm}, []result.Series{b}, nan)
		},
		"far equilibrium": func() (*plots.Figure, error) {
			return plots.NormAndAngle([]result.Series{norm}, []result.Series{b}, 1e6)
		},
		"no threshold":   func() (*plots.Figure, error) { return plots.Sharpness([]result.Series{a, b}, nil) },
		"one threshold":  func() (*plots.Figure, error) { return plots.Sharpness([]result.Series{a, b}, []float64{40}) },
		"no folded path": func() (*plots.Figure, error) { return plots.PenaltyPath([]result.Series{b}, nil) },
		"other labels":   func() (*plots.Figure, error) { return plots.PenaltyPath([]result.Series{b}, []result.Series{a}) },
		"nothing yet":    func() (*plots.Figure, error) { return plots.Monitor([]result.Gauge{{Title: "loss", Y: result.Loss()}}) },
		"beyond": func() (*plots.Figure, error) {
			return plots.Monitor([]result.Gauge{{Series: []result.Series{a}, Low: 10, High: 100}, {Series: []result.Series{b}, High: 1e-9, Steps: 2}})
		},
		"side by side": func() (*plots.Figure, error) {
			left, err := plots.LossFan([]result.Series{a})
			if err != nil {
				return nil, err
			}
			right, err := plots.Sharpness([]result.Series{norm}, nil)
			if err != nil {
				return nil, err
			}
			return plots.SideBySide(left, right, left, right)
		},
		"a wide table": func() (*plots.Figure, error) {
			table := result.Table{Rows: [][]string{nil}}
			for range 30 {
				table.Columns = append(table.Columns, result.Quantity{Name: "verdict"})
				table.Rows[0] = append(table.Rows[0], "an-unbreakable-word-in-a-narrow-column")
			}
			return plots.VerdictTable(table)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := make()
			if err != nil {
				t.Fatal(err)
			}
			draw(t, f)
		})
	}
}

func TestOtherChartsRefuse(t *testing.T) {
	a := loss("a", 2, 1)
	for name, make := range map[string]func() (*plots.Figure, error){
		"no profile":          func() (*plots.Figure, error) { return plots.DepthProfile(nil, []result.Series{a}) },
		"no response":         func() (*plots.Figure, error) { return plots.Response(nil, []result.Series{a}) },
		"no angles":           func() (*plots.Figure, error) { return plots.NormAndAngle([]result.Series{a}, nil, 1) },
		"negative angle":      func() (*plots.Figure, error) { return plots.NormAndAngle([]result.Series{a}, []result.Series{a}, -1) },
		"negative threshold":  func() (*plots.Figure, error) { return plots.Sharpness([]result.Series{a}, []float64{-1}) },
		"too many thresholds": func() (*plots.Figure, error) { return plots.Sharpness([]result.Series{a}, []float64{1, 2}) },
		"no path":             func() (*plots.Figure, error) { return plots.PenaltyPath(nil, nil) },
		"no rows": func() (*plots.Figure, error) {
			return plots.VerdictTable(result.Table{Columns: []result.Quantity{{Name: "id"}}})
		},
		"nothing to watch": func() (*plots.Figure, error) { return plots.Monitor(nil) },
		"upside down": func() (*plots.Figure, error) {
			return plots.Monitor([]result.Gauge{{Y: result.Loss(), Low: 2, High: 1}})
		},
		"no quantity":  func() (*plots.Figure, error) { return plots.Monitor([]result.Gauge{{Title: "loss"}}) },
		"no figures":   func() (*plots.Figure, error) { return plots.SideBySide() },
		"a nil figure": func() (*plots.Figure, error) { return plots.SideBySide(nil) },
	} {
		if f, err := make(); err == nil || f != nil {
			t.Errorf("%s: figure %v, error %v", name, f, err)
		}
	}
}
