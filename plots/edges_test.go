package plots_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

var nan, inf = math.NaN(), math.Inf(1)

func loss(label string, ys ...float64) result.Series {
	s := result.Series{Label: label, X: result.Step(), Y: result.Loss(), Ys: ys}
	for i := range ys {
		s.Xs = append(s.Xs, float64(i))
	}
	return s
}

// draw renders a figure in every format and at a narrow and a wide width.
func draw(t *testing.T, f *plots.Figure) {
	t.Helper()
	for _, width := range []float64{85, 500} {
		for format, render := range map[string]func() ([]byte, error){
			"PNG": func() ([]byte, error) { return f.PNG(plots.Column, width/2) },
			"SVG": func() ([]byte, error) { return f.SVG(plots.TwoColumns) },
			"PDF": func() ([]byte, error) { return f.PDF(plots.Column) },
		} {
			if content, err := render(); err != nil || len(content) < 500 {
				t.Errorf("%s: %d bytes, %v", format, len(content), err)
			}
		}
	}
	if !strings.HasSuffix(f.Alt, ".") {
		t.Errorf("the alternative text %q is no sentence", f.Alt)
	}
}

func TestLossFanDrawsWhatThereIs(t *testing.T) {
	thousands := make([]result.Series, 5000)
	for i := range thousands {
		thousands[i] = loss("", 2, 1, 1/float64(i+1))
		thousands[i].Alpha = 0.5 + float64(i)
	}
	unnamed := make([]result.Series, 300)
	for i := range unnamed {
		unnamed[i] = loss(fmt.Sprintf("run %d", i), 2, 1, 1/float64(i+1))
	}
	long := loss("long")
	for i := range 200_000 {
		long.Xs, long.Ys = append(long.Xs, float64(i)), append(long.Ys, 1+0.5*math.Sin(float64(i*i)))
	}
	for name, series := range map[string][]result.Series{
		"one point":               {loss("a", 1)},
		"one positive value":      {loss("a", 0, 0, 0.5, -1)},
		"all the same":            {loss("a", 2, 2, 2)},
		"diverged at once":        {loss("a", nan, nan), loss("b", 2, 1)},
		"diverged late":           {loss("a", 2, 1e20, inf), loss("b", 2, 1)},
		"everything diverged":     {loss("a", 2, 1e20, inf), loss("b", 3, nan)},
		"gaps":                    {loss("a", 2, nan, 1, nan, 0.5)},
		"huge and tiny":           {loss("a", 1e300, 1e-300), loss("b", math.MaxFloat64, math.SmallestNonzeroFloat64)},
		"one ulp apart":           {loss("a", 1, math.Nextafter(1, 2))},
		"empty beside full":       {loss("a"), loss("b", 2, 1)},
		"thousands with α":        thousands,
		"hundreds without":        unnamed,
		"200,000 points":          {long},
		"negative α":              {{Alpha: -1, X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1}, Ys: []float64{2, 1}}},
		"a long name":             {loss(strings.Repeat("a long name ", 20), 2, 1)},
		"steps beyond 2⁵³":        {{X: result.Step(), Y: result.Loss(), Xs: []float64{1e17, 1e17 + 16}, Ys: []float64{2, 1}}},
		"coinciding and diverged": {loss("a", 2, 1, inf), loss("b", 2, 1, inf)},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := plots.LossFan(series)
			if err != nil {
				t.Fatal(err)
			}
			draw(t, f)
			none := name == "one point" || name == "gaps" // as long as a mean of two
			f, err = plots.LossFan(series, plots.Smooth(2))
			if none != (err != nil && strings.Contains(err.Error(), "average over fewer")) {
				t.Fatal(err)
			}
			if !none {
				draw(t, f)
			}
		})
	}
}

func TestLossFanRefuses(t *testing.T) {
	other := loss("b", 1)
	other.Y = result.Quantity{Name: "accuracy"}
	for says, series := range map[string][]result.Series{
		"at least one":              nil,
		"positive and finite":       {loss("a", 0, -1, nan, inf)},
		"one pair of axes":          {loss("a", 1), other},
		"no value":                  {loss("a")},
		"2 Xs and 1 Ys":             {{X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1}, Ys: []float64{1}}},
		"Y: quantity":               {{X: result.Step(), Xs: []float64{0}, Ys: []float64{1}}},
		"points without a finite x": {{X: result.Step(), Y: result.Loss(), Xs: []float64{nan}, Ys: []float64{1}}},
	} {
		if f, err := plots.LossFan(series); err == nil || f != nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
	if _, err := plots.LossFan([]result.Series{loss("a", 1)}, plots.Smooth(-1)); err == nil {
		t.Error("Smooth(-1): no error")
	}
}

func TestExponentFitEdges(t *testing.T) {
	points := result.Series{
		X: result.Alpha(), Y: result.EffectiveLearningRate(),
		Xs: []float64{1, 2, 4, 8}, Ys: []float64{1, 1, 1, nan}, Lower: []float64{0, 0.5, 0.9, nan}, Upper: []float64{1, 1e9, 1.1, nan},
	}
	flat, err := result.FitExponent(points)
	if err != nil {
		t.Fatal(err)
	}
	many := make([]result.Fit, 30)
	for i := range many {
		many[i] = flat
		many[i].Points.Label = fmt.Sprintf("optimizer %d", i)
	}
	for name, fits := range map[string][]result.Fit{"flat": {flat}, "thirty": many} {
		t.Run(name, func(t *testing.T) {
			f, err := plots.ExponentFit(fits)
			if err != nil {
				t.Fatal(err)
			}
			draw(t, f)
		})
	}
	if _, err := plots.ExponentFit(nil); err == nil {
		t.Error("no fits: no error")
	}
	if _, err := plots.ExponentFit([]result.Fit{{Points: points, Exponent: nan}}); err == nil {
		t.Error("an exponent of NaN: no error")
	}
}

func TestHeatMapEdges(t *testing.T) {
	grid := func(xs, ys []float64, zs ...[]float64) result.Grid {
		return result.Grid{X: result.Alpha(), Y: result.LearningRate(), Z: result.Loss(), Xs: xs, Ys: ys, Zs: zs}
	}
	fine := grid(nil, nil)
	for i := range 100 {
		fine.Xs, fine.Ys = append(fine.Xs, 0.01*float64(i+1)), append(fine.Ys, 3*float64(i+1))
		row := make([]float64, 100)
		for j := range row {
			row[j] = float64(i * j)
		}
		fine.Zs = append(fine.Zs, row)
	}
	fold := &plots.Fold{Exponent: 2, Edge: 1}
	for name, test := range map[string]struct {
		grid result.Grid
		fold *plots.Fold
	}{
		"one cell":       {grid([]float64{1}, []float64{0.1}, []float64{2}), fold},
		"mostly holes":   {grid([]float64{1, 2}, []float64{0.1}, []float64{2, nan}), fold},
		"diverged":       {grid([]float64{1, 2}, []float64{0.1}, []float64{2, inf}), &plots.Fold{Exponent: 0}},
		"negative":       {grid([]float64{-1, 0, 2}, []float64{0.1}, []float64{-2, 0, 7}), nil},
		"fine":           {fine, &plots.Fold{Exponent: -1.5, Edge: 1e9}},
		"huge and tiny":  {grid([]float64{1e-300, 1e300}, []float64{0.1}, []float64{1e-300, 1e300}), fold},
		"all one number": {grid([]float64{1, 2}, []float64{0.1, 0.2}, []float64{3, 3}, []float64{3, 3}), fold},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := plots.HeatMap(test.grid, test.fold)
			if err != nil {
				t.Fatal(err)
			}
			draw(t, f)
		})
	}
	for says, test := range map[string]struct {
		grid result.Grid
		fold *plots.Fold
	}{
		"finite":   {grid([]float64{1}, []float64{1}, []float64{nan}), nil},
		"positive": {grid([]float64{0, 1}, []float64{1}, []float64{1, 2}), fold},
		"edge ≥ 0": {grid([]float64{1, 2}, []float64{1}, []float64{1, 2}), &plots.Fold{Exponent: 2, Edge: nan}},
		"no Xs":    {grid(nil, []float64{1}), nil},
	} {
		if _, err := plots.HeatMap(test.grid, test.fold); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}
