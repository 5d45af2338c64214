package plots

import (
	"math"
	"strings"
	"testing"

	"alphascale/lib/result"
)

func named(label string, ys ...float64) result.Series {
	s := curveOf(ys...)
	s.Label = label
	return s
}

// TestAltsHaveMinima reads where each chart of losses is lowest from the sentence for those who cannot see it.
func TestAltsHaveMinima(t *testing.T) {
	runs := []result.Series{named("a", 3, 1, 2), named("b", 3, 2.5, 2.5)}
	for chart, draw := range map[string]func() (*Figure, error){
		"LossFan":   func() (*Figure, error) { return LossFan(runs) },
		"Sharpness": func() (*Figure, error) { return Sharpness(runs, nil) },
		"Response":  func() (*Figure, error) { return DepthProfile(runs, nil) },
		"Compose":   func() (*Figure, error) { return Compose(Axes{}, []Mark{Lines(runs...)}) },
		"Monitor":   func() (*Figure, error) { return Monitor([]result.Gauge{{Series: runs}}) },
	} {
		f, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.Alt, "owest 1.00") {
			t.Errorf("%s: %q does not say that a is lowest with 1", chart, f.Alt)
		}
	}
}

// TestFanAlt holds the sentence to what is drawn: the means, the lowest of all with its step and run, and how many curves are one.
func TestFanAlt(t *testing.T) {
	for name, test := range map[string]struct {
		runs   []result.Series
		smooth int
		says   string
	}{
		"one run":    {[]result.Series{named("", 3, 1, 2)}, 0, "final loss 2.00; lowest 1.00 at step 1."},
		"means":      {[]result.Series{named("a", 3, 1, 2, 2), named("b", 5, 5, 5, 4)}, 2, "Loss (nats), mean of 2 steps, against step for 2 runs; final loss from 2.00 (a) to 4.50 (b); lowest 1.50 (a) at step 2."},
		"lowest two": {[]result.Series{named("a", 3, 1), named("b", 3, 1), named("c", 3, 2)}, 0, "lowest 1.00 at step 1; 2 curves are one."},
	} {
		f, err := LossFan(test.runs, Smooth(test.smooth), Title(""))
		if err != nil || !strings.HasSuffix(f.Alt, test.says) {
			t.Errorf("%s: %q should end in %q (%v)", name, f.Alt, test.says, err)
		}
	}
}

// TestAltsHaveNoRounding writes places and values without the digits that rounding adds.
func TestAltsHaveNoRounding(t *testing.T) {
	s := named("a", 2, -1.0000000002e-16, -1, 0.5, 1.2e-16)
	s.Xs = []float64{2, 1.0000000002, -6.4e-17, 0.15000000000000002, 3}
	f, err := Compose(Axes{}, []Mark{Lines(s)})
	if err != nil {
		t.Fatal(err)
	}
	if want := "a: from 2.00 to 0, lowest −1.00 at 0."; !strings.HasSuffix(f.Alt, want) {
		t.Errorf("%q should end in %q", f.Alt, want)
	}
	for x, want := range map[float64]string{0.15000000000000002: "0.15", 200000000: "2·10⁸", 1.5: "1.5", 1. / 64: "0.015625", -6e-17: "0"} {
		if got := coordinate(x, 1e-15); got != want {
			t.Errorf("%v is written %q, not %q", x, got, want)
		}
	}
}

// TestOneLineIsNamed finds the curves that lie on one another in a note, in the drawing and in the sentence, and their signs around
// one another.
func TestOneLineIsNamed(t *testing.T) {
	curves := []result.Series{named("u = αw", 1, 2, 4), named("other", 1, 3, 9), named("another's", 1, 2, 4)}
	for i := range curves {
		curves[i].Xs = []float64{1, 2, 4}
	}
	var fits []result.Fit
	for _, s := range curves {
		fits = append(fits, result.Fit{Points: s, Exponent: 1, Predicted: 1})
	}
	for chart, draw := range map[string]func() (*Figure, error){
		"Response":    func() (*Figure, error) { return Response(curves, nil) },
		"ExponentFit": func() (*Figure, error) { return ExponentFit(fits) },
	} {
		f, err := draw()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(f.Alt, "One line: u = αw and another's.") || strings.Join(f.panels[0].notes, "") != "one line: u = αw and another's" {
			t.Errorf("%s: %q, %q", chart, f.Alt, f.panels[0].notes)
		}
		var radii []float64
		for _, layer := range f.panels[0].layers {
			if m, is := layer.(marker); is {
				radii = append(radii, float64(m.radius))
			}
		}
		if len(radii) != 3 || !(radii[0] > radii[2]+1) {
			t.Errorf("%s: signs of radius %v hide one another", chart, radii)
		}
	}
	if f, err := Response(curves[:2], nil); err != nil || len(f.panels[0].notes) > 0 {
		t.Errorf("two curves that part: %v, %v", f.panels[0].notes, err)
	}
}

// TestUpTo draws a run that leaps out of the chart: the axis ends where it was told to, and a note tells what lies beyond it from what is
// not finite.
func TestUpTo(t *testing.T) {
	runs := []result.Series{named("a", 2, 40, 30, 1), named("b", 2, math.NaN(), 2, 1)}
	f, err := LossFan(runs, UpTo(10))
	if err != nil {
		t.Fatal(err)
	}
	if max := f.panels[0].y.max; max != 10 {
		t.Errorf("the axis ends at %v", max)
	}
	if want := "Not shown: 2 values of a that are above 10; 1 value of b that is not finite."; !strings.HasSuffix(f.Alt, want) {
		t.Errorf("%q should end in %q", f.Alt, want)
	}
	for says, at := range map[string]float64{"leave nothing": 0.5, "UpTo(-1)": -1, "UpTo(NaN)": math.NaN()} {
		if _, err := LossFan(runs, UpTo(at)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("UpTo(%v): %v", at, err)
		}
	}
	if f, err = LossFan(runs[:1], UpTo(100)); err != nil || f.panels[0].y.max == 100 || strings.Contains(f.Alt, "above") {
		t.Errorf("an end beyond all values: %v, %v", f.Alt, err)
	}
}

// TestFrom begins an axis above a curve that vanishes, in a chart with markers too.
func TestFrom(t *testing.T) {
	curves := []result.Series{named("a", 1, 1e-20, 1e-30), named("b", 1, 2, 3)}
	for chart, draw := range map[string]func(opts ...Option) (*Figure, error){
		"LossFan":      func(o ...Option) (*Figure, error) { return LossFan(curves, o...) },
		"DepthProfile": func(o ...Option) (*Figure, error) { return DepthProfile(curves, nil, o...) },
	} {
		f, err := draw(From(1e-12))
		if err != nil {
			t.Fatal(err)
		}
		if max := f.panels[0].y.max; max > 10 {
			t.Errorf("%s: the axis reaches to %v, as if all were shown", chart, max)
		}
		if f.panels[0].y.min != 1e-12 || !strings.Contains(f.Alt, "10⁻³⁰") || !strings.HasSuffix(f.Alt, "Not shown: 2 values of a that are below 1·10⁻¹².") {
			t.Errorf("%s: from %v, %q", chart, f.panels[0].y.min, f.Alt)
		}
		if _, err := draw(From(100)); err == nil {
			t.Errorf("%s from beyond all values: no error", chart)
		}
		if _, err := draw(From(1), UpTo(0.5)); err == nil {
			t.Errorf("%s from 1 up to 0.5: no error", chart)
		}
	}
}
