package plots_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

// row is the curve of one run.
func row(label string) []result.Series {
	return []result.Series{{Label: label, X: result.Step(), Y: result.Loss(), Xs: []float64{0, 1, 2}, Ys: []float64{3, 2, 1}}}
}

// A row is what SideBySide makes of its figures, and returns the first error that it was given.
func TestRow(t *testing.T) {
	one, err := plots.LossFan(row("a"))
	if err != nil {
		t.Fatal(err)
	}
	both, err := plots.Beside(one, nil).And(plots.LossFan(row("b"))).Figure()
	if err != nil || !strings.HasPrefix(both.Alt, one.Alt) || both.Alt == one.Alt {
		t.Errorf("the row says %q (%v), and its first figure %q", both.Alt, err, one.Alt)
	}
	first, second := errors.New("first"), errors.New("second")
	if _, err := plots.Beside(one, nil).And(nil, first).And(nil, second).Figure(); err != first {
		t.Errorf("error %v, want the first", err)
	}
}

// TestRowName names a row, which otherwise has the name of its first figure.
func TestRowName(t *testing.T) {
	for want, named := range map[string]func(*plots.Row) *plots.Row{
		"one":  func(r *plots.Row) *plots.Row { return r },
		"both": func(r *plots.Row) *plots.Row { return r.Name("both") },
	} {
		folder := t.TempDir()
		t.Setenv(plots.FiguresFolder, folder)
		curves := []result.Series{descent(2, 0.1)}
		f, err := named(plots.Beside(plots.LossFan(curves, plots.Name("one"))).And(plots.LossFan(curves))).Figure()
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Show(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(folder, want+".svg")); err != nil {
			t.Error(err)
		}
	}
}
