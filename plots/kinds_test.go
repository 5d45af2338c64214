package plots_test

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"alphascale/internal/declared"
	"alphascale/lib/result"
	"alphascale/plots"
)

// kinds draws the same curves by every kind of chart. Each has its curves on a logarithmic y axis, but for the penalty path.
var kinds = map[string]func(curves []result.Series) (*plots.Figure, error){
	"LossFan":      func(s []result.Series) (*plots.Figure, error) { return plots.LossFan(s) },
	"DepthProfile": func(s []result.Series) (*plots.Figure, error) { return plots.DepthProfile(s, nil) },
	"Response":     func(s []result.Series) (*plots.Figure, error) { return plots.Response(s, nil) },
	"Sharpness":    func(s []result.Series) (*plots.Figure, error) { return plots.Sharpness(s, nil) },
	"PenaltyPath":  func(s []result.Series) (*plots.Figure, error) { return plots.PenaltyPath(s, nil) },
	"Monitor": func(s []result.Series) (*plots.Figure, error) {
		return plots.Monitor([]result.Gauge{{Title: "watched", Series: s}})
	},
	"Compose": func(s []result.Series) (*plots.Figure, error) {
		return plots.Compose(plots.Axes{LogY: true}, []plots.Mark{plots.Lines(s...)})
	},
	"NormAndAngle": func(s []result.Series) (*plots.Figure, error) {
		return plots.NormAndAngle([]result.Series{flat(0)}, s, 0)
	},
	"SideBySide": func(s []result.Series) (*plots.Figure, error) {
		f, err := plots.DepthProfile([]result.Series{flat(0)}, s) // those predicted
		if err != nil {
			return nil, err
		}
		return plots.SideBySide(f)
	},
	"ExponentFit": func(s []result.Series) (*plots.Figure, error) {
		fits := make([]result.Fit, len(s))
		for i := range s {
			fits[i] = result.Fit{Points: s[i], Predicted: nan}
		}
		return plots.ExponentFit(fits)
	},
}

// TestKindsAreAll finds each exported function that returns a figure in the table, or here with what it can leave out.
func TestKindsAreAll(t *testing.T) {
	others := map[string]string{
		"HeatMap":      "TestHeatMapSaysWhatIsNotShown",
		"VerdictTable": "it wraps each cell and leaves nothing out", "SearchableTable": "it is all text",
	}
	found := charts(t)
	for _, name := range found {
		if kinds[name] == nil && others[name] == "" {
			t.Errorf("%s is in no test of what a chart leaves out", name)
		}
	}
	if len(found) != len(kinds)+len(others) {
		t.Errorf("%d functions return a figure, and %d are named", len(found), len(kinds)+len(others))
	}
}

// charts lists the exported functions that return a figure.
func charts(t *testing.T) []string {
	t.Helper()
	names, err := declared.Functions(".", "*Figure")
	if err != nil || len(names) == 0 {
		t.Fatalf("no chart is found: %v", err)
	}
	return names
}

// rising has the label and the values given, over 1, 2, 3 ….
func rising(label string, ys ...float64) result.Series {
	s := loss(label, ys...)
	for i := range s.Xs {
		s.Xs[i]++
	}
	return s
}

// TestEveryKindSaysWhatIsNotShown looks for the note in the drawing and in the sentence for those who cannot see it.
func TestEveryKindSaysWhatIsNotShown(t *testing.T) {
	full, many := rising("full", 1, 2, 3, 4), make([]result.Series, 300)
	for i := range many {
		many[i] = rising("", 1, 2+float64(i), 3)
	}
	const zero = "that are zero or negative"
	for kind, draw := range kinds {
		for _, test := range []struct {
			name   string
			curves []result.Series
			says   []string
			inKey  string   // what the key of a monitor says instead
			skip   []string // kinds that show it
		}{
			{"all shown", []result.Series{full, rising("other", 3, 1)}, nil, "", nil},
			{"too many", many, []string{"200 of 300"}, "200 of 300", []string{"PenaltyPath", "ExponentFit"}},
			{"empty", []result.Series{full, rising("hollow")}, []string{"not shown", "hollow", "without any value"}, "some not shown", nil},
			{"never finite", []result.Series{full, rising("lost", nan, inf)}, []string{"not shown", "lost", "2 values", "that are not finite"}, "", ending},
			{"a gap", []result.Series{rising("full", 1, nan, 3, 4)}, []string{"not shown: 1 value of", "full that is not finite"}, "not finite", nil},
			{"reaches zero", []result.Series{full, rising("SGD", 3, 0, 2, 0)}, []string{"not shown: 2 values of", "SGD " + zero, "▾"}, "zero or negative", linear},
			{"turns negative", []result.Series{rising("a", 3, -1), rising("b", 2, -1)}, []string{"2 values of", "a and", "b " + zero}, "zero or negative", linear},
			{"all below", []result.Series{full, rising("deep", -1, -2)}, []string{"not shown: all of", "deep", "2 values"}, "some not shown", linear},
			{"many below", []result.Series{
				rising("a", 1, 0), rising("b", 1, 0), rising("c", 1, 0), rising("d", 1, 0, 0),
			}, []string{"not shown: 5 values of 4", "curves " + zero}, "zero or negative", linear},
		} {
			f, err := draw(test.curves)
			if err != nil {
				t.Errorf("%s, %s: %v", kind, test.name, err)
				continue
			}
			text := seen(t, f, plots.TwoColumns).text()
			if slices.Contains(test.skip, kind) || len(test.says) == 0 {
				if strings.Contains(text+f.Alt, "ot shown") {
					t.Errorf("%s, %s: all is shown, and the chart says %q", kind, test.name, f.Alt)
				}
				continue
			}
			alt := strings.Replace(f.Alt, "Not shown", "not shown", 1)
			for _, says := range test.says {
				if kind == "SideBySide" { // predicted curves are counted, and not named
					says = strings.TrimPrefix(named.ReplaceAllString(says, ""), " ")
				}
				inDrawing := strings.Contains(text, says) || kind == "Monitor" && strings.Contains(text, test.inKey)
				if !inDrawing || says != "▾" && !strings.Contains(alt, says) {
					t.Errorf("%s, %s: %q is not both in the drawing, %q, and in %q", kind, test.name, says, text, f.Alt)
				}
			}
		}
	}
}

// named finds what the curves of the test are called.
var named = regexp.MustCompile(`^(hollow|lost|deep|full|SGD|a and|b|curves)\b`)

var (
	linear = []string{"PenaltyPath"}                                                // on whose axis zero has a place
	ending = []string{"LossFan", "Sharpness", "Monitor", "NormAndAngle", "Compose"} // where a cross stands for it
)

// TestEveryKindOfAxis draws values far apart and reads back where they stand.
func TestEveryKindOfAxis(t *testing.T) {
	for kind, draw := range kinds {
		if slices.Contains(linear, kind) || kind == "ExponentFit" { // which draws no line through its points
			continue
		}
		for _, ys := range [][]float64{{1e-290, 1e10, 1e20}, {math.SmallestNonzeroFloat64, 1, math.MaxFloat64}, {1e-320, 1e-315, 1e-310}, {1e300, 1e304, 1e308}} {
			if besideOne := kind == "NormAndAngle" || kind == "SideBySide"; besideOne && (ys[0] > 1 || ys[2] < 1) {
				continue
			}
			f, err := draw([]result.Series{rising("far", ys...)})
			if err != nil {
				t.Errorf("%s of %v: %v", kind, ys, err)
				continue
			}
			exponent := func(v float64) float64 { m, e := math.Frexp(v); return float64(e) + math.Log2(m) }
			want := (exponent(ys[1]) - exponent(ys[0])) / (exponent(ys[2]) - exponent(ys[0]))
			found := false
			for _, s := range seen(t, f, plots.TwoColumns).strokes {
				if len(s.ys) == 3 && s.property("stroke") != "" && s.ys[2]-s.ys[0] > 20 {
					found = found || math.Abs((s.ys[1]-s.ys[0])/(s.ys[2]-s.ys[0])-want) < 0.002
				}
			}
			if !found {
				t.Errorf("%s of %v: no line is at %v of its height in the middle", kind, ys, want)
			}
		}
	}
}

func TestHeatMapSaysWhatIsNotShown(t *testing.T) {
	grid := result.Grid{
		X: result.Alpha(), Y: result.LearningRate(), Z: result.Loss(), Xs: []float64{1, 2}, Ys: []float64{1, 2},
		Zs: [][]float64{{1, nan}, {nan, inf}},
	}
	f, err := plots.HeatMap(grid, &plots.Fold{Exponent: 2, Edge: 1e9})
	if err != nil {
		t.Fatal(err)
	}
	text := seen(t, f, plots.TwoColumns).text()
	for _, says := range []string{"2 of 4 cells, without a value", "the stability edge, beyond the axes"} {
		if !strings.Contains(text, says) || !strings.Contains(f.Alt, says) {
			t.Errorf("%q is not both in the drawing, %q, and in %q", says, text, f.Alt)
		}
	}
	if strings.Count(text, "stability edge") != 1 {
		t.Errorf("the key explains an edge that is not drawn: %q", text)
	}
}
