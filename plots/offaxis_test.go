package plots_test

import (
	"math"
	"slices"
	"testing"

	"alphascale/lib/result"
	"alphascale/plots"
)

// bottom is the height of a panel's x axis in a lone panel: that of the lowest flat line.
func bottom(p picture) float64 {
	low := math.Inf(1)
	for _, s := range p.strokes {
		if s.flat() {
			low = min(low, s.ys[0])
		}
	}
	return low
}

func drawn(t *testing.T, f *plots.Figure, err error) picture {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return seen(t, f, plots.TwoColumns)
}

// A curve that falls to zero has a sign of its colour at the axis for each fall, and one without zeros has none.
func TestSignWhereACurveFallsToZero(t *testing.T) {
	for want, ys := range [][]float64{{1, 2, 3, 4, 5, 6}, {1, 2, 0, -1, 5, 6}, {1, 0, 3, -4, 5, 6}, {0, 2, 0, 4, 0, 6}} {
		f, err := plots.DepthProfile([]result.Series{loss("a", ys...)}, nil)
		p := drawn(t, f, err)
		signs := 0
		for _, s := range p.strokes {
			if len(s.xs) == 3 && s.property("fill") == "#0072B2" && slices.Max(s.ys) < bottom(p)+6 {
				signs++
			}
		}
		if signs != want {
			t.Errorf("%v: %d signs at the axis, want %d", ys, signs, want)
		}
	}
}

// An interval that reaches zero runs down to the axis, and has no end there.
func TestIntervalThatReachesZero(t *testing.T) {
	s := loss("a", 1, 10, 5)
	s.Lower, s.Upper = []float64{0, 5, 4}, []float64{2, inf, 6}
	f, err := plots.DepthProfile([]result.Series{s}, nil)
	p := drawn(t, f, err)
	upright, ends := 0, 0
	for _, s := range p.strokes {
		if len(s.xs) != 2 || s.property("stroke") != "#0072B2" {
			continue
		}
		switch {
		case s.xs[0] == s.xs[1]:
			upright++
			if upright == 1 && s.ys[0] > bottom(p)+2 {
				t.Errorf("the interval ends at %v above an axis at %v", s.ys[0], bottom(p))
			}
		case math.Abs(math.Abs(s.xs[1]-s.xs[0])-4) < 0.1:
			ends++
		}
	}
	if upright != 3 || ends != 4 {
		t.Errorf("%d intervals with %d ends, want 3 with 4", upright, ends)
	}
}

// A run that diverges from a loss of zero has its cross at the axis.
func TestCrossOfARunThatStoppedAtZero(t *testing.T) {
	f, err := plots.LossFan([]result.Series{loss("a", 2, 1, 0, nan), loss("b", 3, 2, 1, 1)})
	p := drawn(t, f, err)
	crosses := 0
	for _, s := range p.strokes {
		if len(s.xs) == 2 && s.property("stroke") == "#0072B2" && math.Abs(s.ys[0]-s.ys[1]) > 3 && math.Abs((s.ys[0]+s.ys[1])/2-bottom(p)) < 2 {
			crosses++ // each of its two lines
		}
	}
	if crosses != 2 {
		t.Errorf("%d lines of a cross at the axis, want 2", crosses)
	}
}

// TestAxesInCommon has panels that share one quantity and not the other: those of the same have the same ticks.
func TestAxesInCommon(t *testing.T) {
	low, high := loss("a", 1, 2), loss("a", 1000, 2000)
	other := loss("a", 1e-5, 1e-6)
	other.Y = result.Quantity{Name: "weight norm"}
	high.X = result.Alpha()
	high.Xs = []float64{1, 2}
	var figures []*plots.Figure
	for _, s := range []result.Series{low, other, high} {
		f, err := plots.DepthProfile([]result.Series{s}, nil)
		if err != nil {
			t.Fatal(err)
		}
		figures = append(figures, f)
	}
	f, err := plots.SideBySide(figures...)
	heights := make(map[string][]float64)
	for _, w := range drawn(t, f, err).texts {
		heights[w.text] = append(heights[w.text], w.y)
	}
	if at := heights["10²"]; len(at) != 2 || at[0] != at[1] {
		t.Errorf("the tick 10² of two panels of a loss stands at %v", at)
	}
}

// TestBarOfManyAlphas has more α than a list can hold: one bar for all panels, and one colour for an α.
func TestBarOfManyAlphas(t *testing.T) {
	panels := [][]subject{chosen(byAlpha, 0, 1, 2, 3, 4, 5, 6, 7), chosen(byAlpha, 5, 6, 7, 8, 9, 10, 11, 12, 13)}
	p := seen(t, besides(t, lossFan, panels), plots.TwoColumns)
	lines := make(map[float64]string)
	for _, s := range p.strokes {
		if s.flat() && len(s.xs) > 50 {
			if known, has := lines[s.ys[0]]; has && known != s.line() {
				t.Errorf("one α is both %q and %q", known, s.line())
			}
			lines[s.ys[0]] = s.line()
		}
	}
	bars := 0
	for _, w := range p.texts {
		if w.text == "α" {
			bars++
		}
	}
	if len(lines) != 14 || bars != 1 {
		t.Errorf("%d curves and %d keys, want 14 and 1", len(lines), bars)
	}
}
