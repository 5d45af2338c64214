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

// TestSmoothed takes means of whole windows only, at the start and after a gap.
func TestSmoothed(t *testing.T) {
	got := smoothed(curveOf(4, 2, 6, math.NaN(), 8, 10, math.MaxFloat64, math.MaxFloat64), 2)
	want := curveOf(0, 3, 4, math.NaN(), 0, 9, math.MaxFloat64/2, math.MaxFloat64)
	n := 0
	for i, x := range want.Xs {
		if want.Ys[i] == 0 { // no whole window ends there
			continue
		}
		if n >= len(got.Ys) || got.Xs[n] != x || !(got.Ys[n] == want.Ys[i] || math.IsNaN(got.Ys[n]) && math.IsNaN(want.Ys[i])) {
			t.Fatalf("got %v at %v", got.Ys, got.Xs)
		}
		n++
	}
	if n != len(got.Ys) || len(got.Xs) != n {
		t.Errorf("got %v at %v", got.Ys, got.Xs)
	}
}

// TestSmoothBeginsWhole finds where the curves of each chart over steps begin: at the end of the first whole window.
func TestSmoothBeginsWhole(t *testing.T) {
	raw := make([]float64, 30)
	for i := range raw {
		raw[i] = 1 + float64(i)
	}
	s := curveOf(raw...)
	s.Label = "a"
	for name, chart := range map[string]func(opts ...Option) (*Figure, error){
		"LossFan": func(o ...Option) (*Figure, error) { return LossFan([]result.Series{s}, o...) },
		"NormAndAngle": func(o ...Option) (*Figure, error) {
			return NormAndAngle([]result.Series{s}, []result.Series{s}, 0, o...)
		},
		"Sharpness": func(o ...Option) (*Figure, error) { return Sharpness([]result.Series{s}, nil, o...) },
		"Compose":   func(o ...Option) (*Figure, error) { return Compose(Axes{}, []Mark{Lines(s)}, o...) },
		"Monitor": func(o ...Option) (*Figure, error) {
			return Monitor([]result.Gauge{{Title: "watched", Series: []result.Series{s}}}, o...)
		},
	} {
		f, err := chart(Smooth(14))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range f.panels {
			c := p.shown[0].curves[0]
			if len(c.Xs) != 17 || c.Xs[0] != 13 || c.Ys[0] != 7.5 {
				t.Errorf("%s begins with %v at %v, %d values in all", name, c.Ys[0], c.Xs[0], len(c.Xs))
			}
		}
		if _, err := chart(Smooth(31)); (err == nil) != (name == "Monitor") { // which is also drawn before there are values
			t.Errorf("%s of a mean longer than the curve: %v", name, err)
		} else if err != nil && !strings.Contains(err.Error(), "Smooth(31), and no curve has as many finite values") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMeansOfADivergingRunSetNoAxis: the axes are those of the losses, from the first step on, and a mean on its way to infinity
// is beyond them.
func TestMeansOfADivergingRunSetNoAxis(t *testing.T) {
	f, err := LossFan([]result.Series{named("a", 4, 3, 2, 1), named("b", 4, 1e6, 1e12, math.Inf(1))}, Smooth(2))
	if err != nil {
		t.Fatal(err)
	}
	if p := f.panels[0]; p.x.min != 0 || p.x.max != 3 || p.y.max > 20 {
		t.Errorf("axes from %v to %v and to %v", p.x.min, p.x.max, p.y.max)
	}
}

// TestSmoothSaysWhatIsTooShort names a run that has fewer values than a mean, and marks where one that diverged at once stopped.
func TestSmoothSaysWhatIsTooShort(t *testing.T) {
	long, brief, lost := curveOf(4, 3, 2, 1), curveOf(4, 3), curveOf(4, math.NaN())
	long.Label, brief.Label, lost.Label = "long", "brief", "lost"
	f, err := LossFan([]result.Series{long, brief, lost}, Smooth(3))
	if err != nil || !strings.Contains(f.Alt, "Not shown: brief, with fewer than 3 values.") || strings.Contains(f.Alt, "lost, with") {
		t.Errorf("%v, %v", f, err)
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
