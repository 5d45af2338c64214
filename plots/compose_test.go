package plots_test

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

func TestComposeRefuses(t *testing.T) {
	s := rising("a", 1, 2, 3)
	other := s
	other.Y = result.Quantity{Name: "another"}
	uneven := s
	uneven.Ys = uneven.Ys[:2]
	for says, marks := range map[string][]plots.Mark{
		"no series":     {plots.Level(1, "one")},
		"draws nothing": {plots.Lines(s), {}},
		"another":       {plots.Lines(s), plots.Dots(other)},
		"3 Xs":          {plots.Bars(uneven)},
		"is positive":   {plots.Lines(rising("b", -1, -2))},
	} {
		_, err := plots.Compose(plots.Axes{LogY: true}, marks)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("error %v should say %q in one line", err, says)
		}
	}
}

// A composed figure takes its axes from all its marks, and stands beside others.
func TestComposeTakesEverythingIn(t *testing.T) {
	s := rising("a", 1, 2, 3)
	s.Lower, s.Upper = []float64{0.5, 1, 2}, []float64{2, 3, 40}
	f, err := plots.Compose(plots.Axes{}, []plots.Mark{plots.Ribbon(s), plots.Lines(s), plots.Upright(7, "end"), plots.Level(-3, "floor")})
	if err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"End: 7.00.", "Floor: −3.00."} {
		if !strings.Contains(f.Alt, says) {
			t.Errorf("%q does not say %q", f.Alt, says)
		}
	}
	beside, err := plots.Beside(f, nil).And(plots.LossFan([]result.Series{rising("a", 1, 2, 3)})).Figure()
	if err != nil || !strings.Contains(beside.Alt, f.Alt) {
		t.Errorf("%v (%v)", beside, err)
	}
	if _, err := plots.Compose(plots.Axes{LogX: true, LogY: true}, []plots.Mark{plots.Bars(rising("b", 1, math.NaN(), 3))}); err != nil {
		t.Error(err)
	}
}
