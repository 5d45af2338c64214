package plots_test

import (
	"errors"
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
