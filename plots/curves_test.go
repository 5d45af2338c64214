package plots

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/result"

	"gonum.org/v1/plot/vg"
)

func curveOf(ys ...float64) result.Series {
	s := result.Series{X: result.Step(), Y: result.Loss(), Ys: ys}
	for i := range ys {
		s.Xs = append(s.Xs, float64(i))
	}
	return s
}

func TestCoincidentSaysHowClosely(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		name   string
		curves []result.Series
		want   string
	}{
		{"the same bits", []result.Series{curveOf(2, 1), curveOf(2, 1), curveOf(3, 1)}, "2 curves are one, bit for bit"},
		{"one ulp apart", []result.Series{curveOf(2, 1), curveOf(2, math.Nextafter(1, 2))}, "2 curves are one within 2·10⁻¹⁴ %"},
		{"close", []result.Series{curveOf(2, 1), curveOf(2, 1.005)}, "2 curves are one within 0.5 %"},
		{"apart", []result.Series{curveOf(2, 1), curveOf(2, 1.5)}, ""},
		{"diverged at the same step", []result.Series{curveOf(2, nan), curveOf(2, nan)}, "2 curves are one, bit for bit"},
		{"diverged at another", []result.Series{curveOf(2, 1, nan), curveOf(2, nan, nan)}, ""},
		{"of another length", []result.Series{curveOf(2, 1), curveOf(2, 1, 1)}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, note := coincident(test.curves, test.curves); note != test.want {
				t.Errorf("got %q, want %q", note, test.want)
			}
		})
	}
}

// TestSmoothingDoesNotMakeBitsEqual smooths two runs to the same means: the note must not call them the same.
func TestSmoothingDoesNotMakeBitsEqual(t *testing.T) {
	raw := []result.Series{curveOf(1, 1, 1), curveOf(1, 1, 1.004)}
	same := []result.Series{raw[0], raw[0]}
	if _, note := coincident(same, raw); strings.Contains(note, "bit") || !strings.Contains(note, "0.4 %") {
		t.Errorf("note %q", note)
	}
}

func TestSmoothed(t *testing.T) {
	got := smoothed(curveOf(4, 2, 6, math.NaN(), 8, 10), 2).Ys
	want := []float64{4, 3, 4, math.NaN(), 8, 9}
	for i := range want {
		if got[i] != want[i] && !(math.IsNaN(got[i]) && math.IsNaN(want[i])) {
			t.Errorf("got %v, want %v", got, want)
			break
		}
	}
}

func TestDivergenceStandsWhereTheRunStopped(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		name string
		run  result.Series
		x, y float64
	}{
		{"at its last value", curveOf(2, 3, nan), 1, 3},
		{"where it left the axis", curveOf(1, 10000, 1e30, nan), 0.5, 100},
		{"before its first value", curveOf(nan, nan), 0, 100},
	} {
		if x, y := (divergence{run: test.run}).place(100); math.Abs(x-test.x) > 1e-9 || math.Abs(y-test.y) > 1e-9 {
			t.Errorf("%s: (%v, %v), want (%v, %v)", test.name, x, y, test.x, test.y)
		}
	}
}

func TestThinningKeepsTheExtremes(t *testing.T) {
	ys := make([]float64, 100_000)
	ys[12_345], ys[67_890] = 5, -5
	highest, lowest := 0.0, 0.0
	indices := kept(ys)
	for n, i := range indices {
		highest, lowest = math.Max(highest, ys[i]), math.Min(lowest, ys[i])
		if n > 0 && i < indices[n-1] {
			t.Fatalf("index %d follows %d", i, indices[n-1])
		}
	}
	if len(indices) > 2*maxPoints || highest != 5 || lowest != -5 {
		t.Errorf("%d points from %v to %v", len(indices), lowest, highest)
	}
}

func TestWrapFits(t *testing.T) {
	style := textStyle(tickSize, ink)
	for _, text := range []string{"", "one", "with α = 2 and scale-invariant weights", strings.Repeat("unbreakable", 9)} {
		for _, width := range []float64{20, 40, 80} {
			lines := wrap(text, style, vg.Length(width))
			for _, line := range lines {
				if style.Width(line) > vg.Length(width)+1e-9 && !strings.Contains(line, "=") {
					t.Errorf("%q is wider than %v", line, width)
				}
			}
			strip := func(s string) string { return strings.ReplaceAll(s, " ", "") }
			if strip(strings.Join(lines, "")) != strip(text) {
				t.Errorf("%q became %q", text, lines)
			}
		}
	}
}
